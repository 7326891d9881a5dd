import type {OutputLock} from '../store/output-lock.ts'
import type {LoadedOutline} from './load-course.ts'
import {type LockOptions, lockBook} from './lock-book.ts'

/** Does work while the folders of some books are locked; another command that holds one is a usage error. */
export async function withLockedBooks<Result>(
  books: readonly LoadedOutline[],
  options: Omit<LockOptions, 'signals'>,
  work: () => Promise<Result>,
): Promise<Result> {
  const locks: (OutputLock | undefined)[] = []
  try {
    // Always in the same order, so that two commands never wait for each other.
    const folders = books.map(({target}) => target.outputFolder).sort()
    for (const folder of folders) locks.push(await lockBook(folder, options))
    return await work()
  } finally {
    for (const lock of locks) await lock?.release()
  }
}
