import {randomBytes} from 'node:crypto'
import {constants, existsSync} from 'node:fs'
import {type FileHandle, lstat, mkdir, open, realpath, rename, rm} from 'node:fs/promises'
import {basename, dirname, join} from 'node:path'

/**
 * Writes a file whole or not at all: to a temporary file in the same folder, every byte checked, flushed, renamed, and
 * the folder flushed. When anything fails the old file stays as it was. Missing folders are made.
 */
export async function writeWhole(target: string, data: string | Uint8Array): Promise<void> {
  const path = await followLink(target)
  const folder = dirname(path)
  await mkdir(folder, {recursive: true})
  const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : data
  const temporary = join(folder, `.${basename(path).slice(0, 60)}.${process.pid}.${randomBytes(6).toString('hex')}.tmp`)
  const file = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o666)
  try {
    try {
      await writeFully(file, bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await renameOver(temporary, path)
  } catch (error) {
    await rm(temporary, {force: true})
    throw error
  }
  await syncFolder(folder)
}

/** Appends one line, flushed. It begins with a line end, so that a torn line before it spoils nothing. */
export async function appendLine(path: string, line: string): Promise<void> {
  const folder = dirname(path)
  await mkdir(folder, {recursive: true})
  const isNew = !existsSync(path)
  const file = await open(path, 'a', 0o666)
  try {
    await writeFully(file, Buffer.from(`\n${line}`, 'utf8'), false)
    await file.sync()
  } finally {
    await file.close()
  }
  if (isNew) await syncFolder(folder)
}

/** Where a symbolic link leads, so that the file it names is written and the link stays. */
async function followLink(path: string): Promise<string> {
  try {
    return (await lstat(path)).isSymbolicLink() ? await realpath(path) : path
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return path
    throw error
  }
}

/** Writes all bytes, however many calls it takes, and checks the size that the file then has. */
async function writeFully(file: FileHandle, bytes: Uint8Array, isWhole = true): Promise<void> {
  let at = 0
  while (at < bytes.length) {
    const {bytesWritten} = await file.write(bytes, at, bytes.length - at)
    if (bytesWritten === 0) throw new Error(`Cannot write: 0 of ${bytes.length - at} bytes were taken`)
    at += bytesWritten
  }
  if (!isWhole) return
  const {size} = await file.stat()
  if (size !== bytes.length) throw new Error(`Cannot write: the file has ${size} bytes, expected ${bytes.length}`)
}

/** Renames, and on Windows tries again for a moment while another program has the old file open. */
async function renameOver(from: string, to: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await rename(from, to)
      return
    } catch (error) {
      const {code} = error as NodeJS.ErrnoException
      const isPassing = process.platform === 'win32' && (code === 'EPERM' || code === 'EACCES' || code === 'EBUSY')
      if (!isPassing || attempt >= 9) throw error
      await new Promise((resolve) => setTimeout(resolve, 10 * 2 ** Math.min(attempt, 5)))
    }
  }
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
