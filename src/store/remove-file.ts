import {unlinkSync} from 'node:fs'

/** Removes a file where there is one. `rm` loads code for whole trees first, which a build would wait for at both ends. */
export function removeFile(path: string): void {
  try {
    unlinkSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
