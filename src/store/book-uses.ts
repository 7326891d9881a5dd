import {readdir, readFile, realpath, stat} from 'node:fs/promises'
import {join} from 'node:path'

/** A file of a book that names completions or requests of the store. */
export interface BookUse {
  readonly path: string
  readonly content: string
  readonly addresses: readonly string[]
}

/**
 * Files below the books' folders that name an address of `wanted`, wherever in the file: also one whose front matter is
 * broken, or a manifest, keeps what it names.
 */
export async function* findUses(folders: readonly string[], wanted: ReadonlySet<string>): AsyncGenerator<BookUse> {
  const visited = new Set<string>()
  for (const folder of folders) {
    for await (const path of walkBook(folder, visited)) {
      const content = await readFile(path, 'utf8')
      const addresses = [...content.matchAll(/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g)]
        .map(([address]) => address)
        .filter((address) => wanted.has(address))
      if (addresses.length > 0) yield {path, content, addresses: [...new Set(addresses)]}
    }
  }
}

/** Text files of a book, links followed; `visited` keeps each folder from being read twice. */
async function* walkBook(folder: string, visited: Set<string>): AsyncGenerator<string> {
  const real = await realpath(folder).catch(ignoreMissing)
  if (real === undefined || visited.has(real)) return
  visited.add(real)
  const entries = await readdir(folder, {withFileTypes: true})
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    const kind = entry.isSymbolicLink() ? await stat(path).catch(ignoreMissing) : entry
    if (kind?.isDirectory() === true && entry.name !== '.msk-course') yield* walkBook(path, visited)
    else if (kind?.isFile() === true && /\.(?:md|json|ya?ml)$/.test(entry.name)) yield path
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ELOOP' || error.code === 'ENOTDIR') return undefined
  throw error
}
