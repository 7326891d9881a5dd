import {randomBytes} from 'node:crypto'
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  writeSync,
} from 'node:fs'
import {rm} from 'node:fs/promises'
import {basename, dirname, join} from 'node:path'
import {Slots, whenFree} from './descriptors.ts'
import {flush} from './flush.ts'

const fileSlots = new Slots(6)
/** Of folders, which are also flushed by those who hold a slot for a file. */
const folderSlots = new Slots(4)

/**
 * Writes a file whole or not at all: to a temporary file in the same folder, every byte checked, flushed, renamed, and
 * the folder flushed. When anything fails the old file stays as it was. Missing folders are made, and a symbolic link is
 * followed.
 */
export async function writeWhole(target: string, data: string | Uint8Array): Promise<void> {
  await flushFolders(await replaceWhole(followLink(target), data))
}

/**
 * Appends one line, flushed together with the `changed` folders. It begins with a line end, so that a torn line before it
 * spoils nothing. A symbolic link, a folder or a pipe is no list: ELOOP, EISDIR or ENXIO.
 */
export function appendLine(path: string, line: string, changed: readonly string[] = []): Promise<void> {
  return fileSlots.run(() => appendNow(path, line, changed))
}

async function appendNow(path: string, line: string, changed: readonly string[]): Promise<void> {
  const {handle, changed: own} = await openToAppend(path)
  // Whoever waits for a descriptor for a folder must not hold one.
  await Promise.all([finish(handle, Buffer.from(`\n${line}`, 'utf8')), flushFolders([...changed, ...own])])
}

async function finish(handle: number, bytes: Uint8Array): Promise<void> {
  try {
    writeFully(handle, bytes)
    await flush(handle)
  } finally {
    closeSync(handle)
  }
}

/**
 * Puts a file whole in the place of another, every byte of it on disk; gives the folders whose flush then makes it last.
 * No symbolic link is followed.
 */
export function replaceWhole(path: string, data: string | Uint8Array): Promise<readonly string[]> {
  return fileSlots.run(() => replaceNow(path, data))
}

async function replaceNow(path: string, data: string | Uint8Array): Promise<readonly string[]> {
  const folder = dirname(path)
  const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : data
  const temporary = join(folder, `.${basename(path).slice(0, 60)}.${process.pid}.${randomBytes(6).toString('hex')}.tmp`)
  const {handle, changed} = await openNew(temporary, constants.O_WRONLY)
  try {
    try {
      writeFully(handle, bytes)
      const {size} = fstatSync(handle)
      if (size !== bytes.length) throw diskLied(`the file has ${size} bytes, expected ${bytes.length}`)
      await flush(handle)
    } finally {
      closeSync(handle)
    }
    await renameOver(temporary, path)
  } catch (error) {
    await rm(temporary, {force: true})
    throw error
  }
  return changed
}

/** An open file, and the folders that have a new name in them by it. */
interface Opened {
  readonly handle: number
  readonly changed: readonly string[]
}

async function openToAppend(path: string): Promise<Opened> {
  const flags = constants.O_WRONLY | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
  try {
    return await openNew(path, flags)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return {handle: await whenFree(() => openSync(path, flags)), changed: []}
  }
}

/**
 * Opens a new file. Its folder is made only when it turns out to be missing, since it hardly ever is; then the folders
 * above it change too: what is in a folder that a power cut takes away is lost with it.
 */
async function openNew(path: string, flags: number): Promise<Opened> {
  const folder = dirname(path)
  const open = (): Promise<number> =>
    whenFree(() => openSync(path, flags | constants.O_CREAT | constants.O_EXCL, 0o666))
  try {
    return {handle: await open(), changed: [folder]}
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    const first = mkdirSync(folder, {recursive: true})
    const changed = [folder]
    for (let made = folder; first !== undefined && made.length >= first.length; made = dirname(made))
      changed.push(dirname(made))
    return {handle: await open(), changed}
  }
}

/** Where a symbolic link leads, so that the file it names is written and the link stays. */
function followLink(path: string): string {
  return lstatSync(path, {throwIfNoEntry: false})?.isSymbolicLink() === true ? realpathSync(path) : path
}

/** Writes all bytes, however many calls it takes. They go to the system's memory; flushing is what takes time. */
function writeFully(file: number, bytes: Uint8Array): void {
  let at = 0
  while (at < bytes.length) {
    const bytesWritten = writeSync(file, bytes, at, bytes.length - at)
    if (bytesWritten === 0) throw diskLied(`0 of ${bytes.length - at} bytes were taken`)
    at += bytesWritten
  }
}

/** A disk that does not do what it says has a fault of its own, whatever it says. */
function diskLied(what: string): Error {
  return Object.assign(new Error(`Cannot write: ${what}`), {code: 'EIO'})
}

/** Renames, and on Windows tries again for a moment while another program has the old file open. */
async function renameOver(from: string, to: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      renameSync(from, to)
      return
    } catch (error) {
      const {code} = error as NodeJS.ErrnoException
      const isPassing = process.platform === 'win32' && (code === 'EPERM' || code === 'EACCES' || code === 'EBUSY')
      if (!isPassing || attempt >= 9) throw error
      await new Promise((resolve) => setTimeout(resolve, 10 * 2 ** Math.min(attempt, 5)))
    }
  }
}

/** Flushes the names in folders to disk, each once. */
export async function flushFolders(folders: readonly string[]): Promise<void> {
  await Promise.all([...new Set(folders)].map(syncFolder))
}

const flushes = new Map<string, {readonly running: Promise<void>; next?: Promise<void>}>()

/**
 * Flushes a folder's names to disk; Windows has no such thing. A call that comes while one is under way shares the next
 * one with all others that wait.
 */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const current = flushes.get(folder)
  if (current === undefined) return startFlush(folder)
  current.next ??= current.running.then(
    () => startFlush(folder),
    () => startFlush(folder),
  )
  return current.next
}

function startFlush(folder: string): Promise<void> {
  const running = folderSlots
    .run(() => flushNow(folder))
    .finally(() => {
      if (flushes.get(folder)?.running === running) flushes.delete(folder)
    })
  flushes.set(folder, {running})
  return running
}

async function flushNow(folder: string): Promise<void> {
  const handle = await whenFree(() => openSync(folder, 'r'))
  try {
    await flush(handle)
  } finally {
    closeSync(handle)
  }
}
