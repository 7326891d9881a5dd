import {closeSync, constants, lstatSync, openSync, readFileSync} from 'node:fs'

const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/**
 * Bytes of a regular file; `absent` where there is nothing, `other` for a link, a folder, a pipe or a device. Small files
 * are read in microseconds; as promises, hundreds of them take several times as long.
 */
export function readRegular(path: string): Buffer | 'absent' | 'other' {
  try {
    // Most often there is nothing, and an error costs more than all else here.
    const stats = lstatSync(path, {throwIfNoEntry: false})
    if (stats === undefined) return 'absent'
    // Opening a pipe would wait for a writer, and a link may lead anywhere.
    if (!stats.isFile()) return 'other'
    const file = openSync(path, flags)
    try {
      return readFileSync(file)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'absent'
    if (code === 'ELOOP') return 'other'
    throw error
  }
}
