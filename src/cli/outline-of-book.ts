import {existsSync, statSync} from 'node:fs'
import {basename, dirname, join, resolve} from 'node:path'
import {readManifest} from '../store/manifest.ts'
import {UsageError} from './exit-codes.ts'

/** The outline of a book that was named, and the book's folder where it was named by that. */
export interface NamedBook {
  readonly outline: string
  readonly out?: string
}

/**
 * Reads what a user names a book by: its `book.md` or folder, which lead to the outline by the manifest or else by their
 * place below `output/`; else an outline or a book's name.
 */
export async function outlineOfBook(name: string, cwd: string): Promise<NamedBook> {
  const path = resolve(cwd, name)
  const isFolder = statSync(path, {throwIfNoEntry: false})?.isDirectory() === true
  if (!isFolder && basename(path) !== 'book.md') return {outline: name}
  const folder = isFolder ? path : dirname(path)
  const manifest = existsSync(join(folder, 'manifest.json')) ? await readManifest(folder) : undefined
  const outline = manifest === undefined ? outlineByPlace(folder) : resolve(folder, manifest.outline)
  if (outline !== undefined && existsSync(outline)) return {outline, out: folder}
  const isBook = ['manifest.json', 'sections'].some((part) => existsSync(join(folder, part)))
  if (!isBook) return {outline: name}
  throw new UsageError(
    'no-outline',
    `Cannot find the outline of the book \`${name}\` by its manifest.json, expected it to be named there; name the outline itself`,
  )
}

/** `outline/PATH.md` for `output/PATH`; undefined for a folder elsewhere. */
function outlineByPlace(folder: string): string | undefined {
  let path = basename(folder)
  for (let above = dirname(folder); above !== dirname(above); above = dirname(above)) {
    if (basename(above) === 'output') return join(dirname(above), 'outline', `${path}.md`)
    path = join(basename(above), path)
  }
  return undefined
}
