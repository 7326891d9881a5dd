import {systemFaultCode} from '../model/system-fault.ts'
import {LockedError, OutputLock} from '../store/output-lock.ts'
import {UsageError} from './exit-codes.ts'
import type {LoadedOutline} from './load-course.ts'
import {displayPath} from './project.ts'

const pollMs = 200

/** How books are locked. */
export interface LockOptions {
  /** The command as the lock names it. */
  readonly command: string
  readonly cwd: string
  /** Waits while another command works on a book. */
  readonly wait: boolean
}

/** Does work while the folders of some books are locked; another command that holds one is a usage error. */
export async function withLockedBooks<Result>(
  books: readonly LoadedOutline[],
  {command, cwd, wait}: LockOptions,
  work: () => Promise<Result>,
): Promise<Result> {
  const locks: OutputLock[] = []
  try {
    // Always in the same order, so that two commands never wait for each other.
    const folders = books.map(({target}) => target.outputFolder).sort()
    for (const folder of folders) locks.push(await takeLock(folder, command, cwd, wait))
    return await work()
  } finally {
    for (const lock of locks) await lock.release()
  }
}

async function takeLock(folder: string, command: string, cwd: string, wait: boolean): Promise<OutputLock> {
  try {
    return await OutputLock.take(folder, `msk-course ${command}`, {
      nowMs: Date.now(),
      ...(wait ? {waitMs: pollMs} : {}),
    })
  } catch (error) {
    if (error instanceof LockedError) throw new UsageError('locked', error.message)
    const code = systemFaultCode(error)
    if (code === undefined) throw error
    throw new UsageError(
      'unwritable-output',
      `Cannot write to the output folder \`${displayPath(folder, cwd)}\` (${code}), expected a folder that may be written`,
    )
  }
}
