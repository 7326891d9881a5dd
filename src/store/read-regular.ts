import {constants} from 'node:fs'
import {lstat, open} from 'node:fs/promises'

/** Bytes of a regular file; `absent` where there is nothing, `other` for a link, a folder, a pipe or a device. */
export async function readRegular(path: string): Promise<Buffer | 'absent' | 'other'> {
  try {
    // Opening a pipe would wait for a writer, and a link may lead anywhere.
    if (!(await lstat(path)).isFile()) return 'other'
    const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
    try {
      return await file.readFile()
    } finally {
      await file.close()
    }
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'absent'
    if (code === 'ELOOP') return 'other'
    throw error
  }
}
