import fs, {fdatasyncSync, fsyncSync} from 'node:fs'
import {promisify} from 'node:util'

const fsync = promisify(fs.fsync)
const fdatasync = promisify(fs.fdatasync)

/** How long flushes take lately, in milliseconds. Once they are slow they are no longer waited for, and not measured. */
export class FlushPace {
  /** A flush that takes less is waited for at once: handing it to another thread and back takes longer. */
  static readonly quickMs = 2
  /** Weight of the newest flush: one that is slow among many says nothing of the disk. */
  private static readonly newest = 0.1
  private usualMs = 0

  get isQuick(): boolean {
    return this.usualMs < FlushPace.quickMs
  }

  /** Takes in what a flush took. */
  note(ms: number): void {
    this.usualMs += FlushPace.newest * (ms - this.usualMs)
  }
}

/** Of the flushes in this thread. */
const pace = new FlushPace()

/** Flushes an open file, or a folder's names, to disk: in this thread while the disk is quick, else in another. */
export async function flush(file: number): Promise<void> {
  if (pace.isQuick) timed(() => fsyncSync(file))
  else await fsync(file)
}

/** As `flush`, without the times of the file. */
export async function flushData(file: number): Promise<void> {
  if (pace.isQuick) timed(() => fdatasyncSync(file))
  else await fdatasync(file)
}

function timed(flushNow: () => void): void {
  const startMs = performance.now()
  flushNow()
  pace.note(performance.now() - startMs)
}
