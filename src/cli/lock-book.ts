import {systemFaultCode} from '../model/system-fault.ts'
import {LockedError, OutputLock} from '../store/output-lock.ts'
import {UsageError} from './exit-codes.ts'
import {displayPath} from './project.ts'
import type {StopSignals} from './signals.ts'

const lockPollMs = 200

/** How a command takes the lock of a book. */
export interface LockOptions {
  /** The command as the lock names it. */
  readonly command: string
  /** Whether it waits while another command holds the lock. */
  readonly waits: boolean
  readonly cwd: string
  /** Ends the wait. */
  readonly signals?: Pick<StopSignals, 'stop' | 'exitCode'>
}

/** Takes the lock of an output folder; undefined when a signal ended the wait for it. A lock that is held is a usage error. */
export async function lockBook(
  outputFolder: string,
  {command, waits, cwd, signals}: LockOptions,
): Promise<OutputLock | undefined> {
  try {
    return await OutputLock.take(outputFolder, `msk-course ${command}`, {
      nowMs: Date.now(),
      ...(signals === undefined ? {} : {signal: signals.stop}),
      ...(waits ? {waitMs: lockPollMs} : {}),
    })
  } catch (error) {
    if (signals?.exitCode !== undefined) return undefined
    if (error instanceof LockedError) throw new UsageError('locked', error.message)
    const code = systemFaultCode(error)
    if (code !== undefined) {
      throw new UsageError(
        'unwritable-output',
        `Cannot write to the output folder \`${displayPath(outputFolder, cwd)}\` (${code}), expected a folder that may be written; give another one with --out`,
      )
    }
    throw error
  }
}
