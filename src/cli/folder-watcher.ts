import {type FSWatcher, statSync, watch} from 'node:fs'
import {dirname} from 'node:path'

/** Milliseconds without an event after which a save counts as done: editors write, rename and touch in one go. */
const quietMs = 80
const pollMs = 500

/**
 * Tells that something happened in some folders, not what. Folders that are swapped, renamed or made later are found
 * by their paths each time. Where the system cannot watch, it is a clock.
 */
export class FolderWatcher {
  private readonly watchers = new Map<string, {readonly watcher: FSWatcher; readonly inode: bigint}>()
  private hasEvent = false
  private wake: (() => void) | undefined

  /** `onPolling` is told when folders cannot be watched, and why. */
  constructor(
    private polls: boolean,
    private readonly onPolling: (because: string) => void,
  ) {}

  /** Watches these folders and no others; of one that is not there the nearest that is. Call it before looking for changes. */
  follow(folders: readonly string[]): void {
    if (this.polls) return
    const wanted = new Set(folders.map(nearestFolder))
    for (const [path, {watcher, inode}] of this.watchers) {
      if (wanted.has(path) && inodeOf(path) === inode) continue
      watcher.close()
      this.watchers.delete(path)
    }
    for (const path of wanted) if (!this.polls && !this.watchers.has(path)) this.open(path)
  }

  /** Resolves when something happened since the last call and it is quiet again, after a while where it polls, or at `signal`. */
  async next(signal: AbortSignal): Promise<void> {
    if (this.polls) return pause(pollMs, signal)
    if (!this.hasEvent && !signal.aborted) {
      const stopped = (): void => this.wake?.()
      signal.addEventListener('abort', stopped)
      await new Promise<void>((resolve) => {
        this.wake = resolve
      })
      signal.removeEventListener('abort', stopped)
    }
    while (this.hasEvent && !signal.aborted && !this.polls) {
      this.hasEvent = false
      await pause(quietMs, signal)
    }
  }

  close(): void {
    for (const {watcher} of this.watchers.values()) watcher.close()
    this.watchers.clear()
  }

  private open(path: string): void {
    const inode = inodeOf(path)
    if (inode === undefined) {
      this.note()
      return
    }
    try {
      const watcher = watch(path, () => this.note())
      watcher.on('error', (error: NodeJS.ErrnoException) => this.fault(path, error))
      this.watchers.set(path, {watcher, inode})
    } catch (error) {
      this.fault(path, error as NodeJS.ErrnoException)
    }
  }

  /** A folder that went is looked for again; whatever else is wrong will be so for all of them. */
  private fault(path: string, {code}: NodeJS.ErrnoException): void {
    if (code === undefined) throw new Error(`Cannot watch \`${path}\`, expected a fault of the system with a code`)
    this.watchers.get(path)?.watcher.close()
    this.watchers.delete(path)
    if (!['ENOENT', 'EPERM', 'ENOTDIR'].includes(code)) {
      this.polls = true
      this.close()
      this.onPolling(code)
    }
    this.note()
  }

  private note(): void {
    this.hasEvent = true
    this.wake?.()
  }
}

function nearestFolder(path: string): string {
  let at = path
  while (statSync(at, {throwIfNoEntry: false})?.isDirectory() !== true && dirname(at) !== at) at = dirname(at)
  return at
}

function inodeOf(path: string): bigint | undefined {
  return statSync(path, {throwIfNoEntry: false, bigint: true})?.ino
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done, {once: true})
  })
}
