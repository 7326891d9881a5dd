import {createHash, type Hash} from 'node:crypto'
import {readdirSync, readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'

/** What files hold, as one SHA-256, and when they were changed last, which tells a file that was changed and changed back. */
export interface FileDigest {
  readonly content: string
  /** Empty unless times were asked for. */
  readonly times: string
}

export interface DigestOptions {
  /** Whether times of change are taken too. */
  readonly hasTimes: boolean
}

/** Which files below a folder count; paths are relative to it, with `/`. */
export interface FolderFilter {
  isFile(path: string): boolean
  isFolder?(path: string): boolean
}

/** Digest of a file's bytes, or of its absence. Throws where it cannot be read or is no file. */
export function digestFile(path: string, options: DigestOptions): FileDigest {
  const times = createHash('sha256')
  const stat = statSync(path, {throwIfNoEntry: false, bigint: true})
  if (stat === undefined) return {content: 'absent', times: ''}
  // Read one after the other: hundreds of reads at once take several times as long.
  const content = createHash('sha256').update(readFileSync(path)).digest('hex')
  if (!options.hasTimes) return {content, times: ''}
  return {content, times: times.update(`${stat.ino} ${stat.ctimeNs} ${stat.mtimeNs}`).digest('hex')}
}

/** Digest of the names and bytes of the files below a folder, none where there is no folder. Links are passed over. */
export function digestFolder(root: string, filter: FolderFilter, options: DigestOptions): FileDigest {
  const content = createHash('sha256')
  const times = createHash('sha256')
  for (const path of listFiles(root, '', filter).sort()) {
    const full = join(root, path)
    if (options.hasTimes) {
      const {ino, ctimeNs, mtimeNs} = statSync(full, {bigint: true})
      times.update(`${ino} ${ctimeNs} ${mtimeNs}\n`)
    }
    addFile(content, path, readFileSync(full))
  }
  return {content: content.digest('hex'), times: options.hasTimes ? times.digest('hex') : ''}
}

/** The content that `digestFolder` finds when exactly these texts are in the folder, by their paths. */
export function digestTexts(texts: ReadonlyMap<string, string>): string {
  const content = createHash('sha256')
  for (const path of [...texts.keys()].sort()) addFile(content, path, texts.get(path) as string)
  return content.digest('hex')
}

/** The content that `digestFile` finds when the file holds this text, or these bytes. */
export function digestText(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Lengths first, so that no two lists of files look the same. */
function addFile(hash: Hash, path: string, content: Uint8Array | string): void {
  hash.update(`${Buffer.byteLength(path)} ${Buffer.byteLength(content)} ${path}`)
  hash.update(content)
}

function listFiles(root: string, below: string, filter: FolderFilter, found: string[] = []): string[] {
  let entries: {name: string; isFile(): boolean; isDirectory(): boolean}[]
  try {
    entries = readdirSync(join(root, below), {withFileTypes: true})
  } catch (error) {
    if (below === '' && (error as NodeJS.ErrnoException).code === 'ENOENT') return found
    throw error
  }
  for (const entry of entries) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`
    if (entry.isDirectory()) {
      if (filter.isFolder?.(path) ?? true) listFiles(root, path, filter, found)
    } else if (entry.isFile() && filter.isFile(path)) found.push(path)
  }
  return found
}
