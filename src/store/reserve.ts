import {mkdir, statfs} from 'node:fs/promises'
import {join} from 'node:path'
import {removeFile} from './remove-file.ts'
import {writeWhole} from './write-whole.ts'

/** Room that is kept for each request in flight, so that its completion can be kept when the disk is full meanwhile. */
const bytesPerFlight = 8 * 1024
/** What a directive takes on the disk at least: text, list and section file, a block each. */
const blocksPerJob = 3

/** Too little room for what a run is going to write. */
export class NoRoomError extends Error {}

/**
 * Room on the disk that a run sets aside before it sends anything, in a file that is given up when a completion cannot be
 * kept otherwise. Making it also shows that the store can be written.
 */
export class Reserve {
  private constructor(private readonly path: string) {}

  /** Throws `NoRoomError`, or what the system says, where completions of `jobs` directives could not be kept. */
  static async take(store: string, flights: number, jobs: number): Promise<Reserve> {
    await mkdir(store, {recursive: true})
    const size = bytesPerFlight * Math.min(flights, jobs)
    const {blocks, bavail, bsize, files, ffree} = await statfs(store)
    const needed = size + blocksPerJob * jobs * Math.max(bsize, 4096)
    // Some mounted systems do not say how large they are.
    if (blocks > 0 && bavail * bsize < needed) {
      throw new NoRoomError(
        `not enough space, ${kilobytes(bavail * bsize)} are free on the disk of \`${store}\`, expected at least ${kilobytes(needed)} for ${jobs} texts; nothing was sent, make room first`,
      )
    }
    // Systems without a table of files say 0 for both.
    if (files > 0 && ffree < blocksPerJob * jobs + 16) {
      throw new NoRoomError(
        `not enough space, the disk of \`${store}\` takes ${ffree} more files, expected at least ${blocksPerJob * jobs + 16} for ${jobs} texts; nothing was sent, make room first`,
      )
    }
    const path = join(store, '.reserve')
    await writeWhole(path, new Uint8Array(size))
    return new Reserve(path)
  }

  /** Gives the room up. */
  async free(): Promise<void> {
    removeFile(this.path)
  }
}

function kilobytes(bytes: number): string {
  return `${Math.floor(bytes / 1024)} KB`
}
