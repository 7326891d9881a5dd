/** How long files wait for a descriptor when there is none, in milliseconds. */
const mostLackMs = 2000

/** Since when no file could be opened for want of a descriptor. */
let lackingSinceMs: number | undefined

/**
 * Opens or reads a file by `open`. Where the process or the system has no descriptor left, waits for one: connections and files that are
 * being flushed give theirs back. All who wait give up two seconds after the last file that could be opened, with EMFILE
 * or ENFILE.
 */
export async function whenFree<Value>(open: () => Value | Promise<Value>): Promise<Value> {
  for (let waitMs = 5; ; waitMs = Math.min(2 * waitMs, 100)) {
    try {
      const value = await open()
      lackingSinceMs = undefined
      return value
    } catch (error) {
      const {code} = error as NodeJS.ErrnoException
      if (code !== 'EMFILE' && code !== 'ENFILE') throw error
      const nowMs = performance.now()
      lackingSinceMs ??= nowMs
      if (nowMs - lackingSinceMs >= mostLackMs) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, waitMs))
  }
}

/** Lets so many run at once, for more would only take descriptors: the system's threads that flush are few. */
export class Slots {
  private readonly waiting: (() => void)[] = []

  constructor(private free: number) {}

  /** Runs `write` when a slot is free. Not to be nested. */
  async run<Value>(write: () => Promise<Value>): Promise<Value> {
    if (this.free > 0) this.free--
    else await new Promise<void>((resolve) => this.waiting.push(resolve))
    try {
      return await write()
    } finally {
      const next = this.waiting.shift()
      if (next === undefined) this.free++
      else next()
    }
  }
}
