import fs, {fdatasyncSync, fsyncSync} from 'node:fs'
import {promisify} from 'node:util'

const fsync = promisify(fs.fsync)
const fdatasync = promisify(fs.fdatasync)

/** A flush that takes less is waited for at once: handing it to another thread and back takes longer. */
const quickMs = 2

/** Weight of the newest flush in what flushes take: one that is slow among many says nothing of the disk. */
const newest = 0.1

/** What flushes in this thread took lately, in milliseconds. */
let usualMs = 0

/** Flushes an open file, or a folder's names, to disk: in this thread while the disk is quick, else in another. */
export async function flush(file: number): Promise<void> {
  if (isQuick()) timed(() => fsyncSync(file))
  else await fsync(file)
}

/** As `flush`, without the times of the file. */
export async function flushData(file: number): Promise<void> {
  if (isQuick()) timed(() => fdatasyncSync(file))
  else await fdatasync(file)
}

/** Whether a flush is waited for at once. */
export function isQuick(): boolean {
  return usualMs < quickMs
}

function timed(flushNow: () => void): void {
  const startMs = performance.now()
  flushNow()
  usualMs += newest * (performance.now() - startMs - usualMs)
}
