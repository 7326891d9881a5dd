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
 * Reads what a user names a book by: its `book.md` or folder, which lead to the outline by the manifest, else an outline
 * or a book's name.
 */
export async function outlineOfBook(name: string, cwd: string): Promise<NamedBook> {
  const path = resolve(cwd, name)
  const isFolder = statSync(path, {throwIfNoEntry: false})?.isDirectory() === true
  const isBook = basename(path) === 'book.md' && existsSync(join(dirname(path), 'manifest.json'))
  if (!isBook && !(isFolder && existsSync(join(path, 'manifest.json')))) return {outline: name}
  const folder = isBook ? dirname(path) : path
  const manifest = await readManifest(folder)
  const outline = manifest === undefined ? undefined : resolve(folder, manifest.outline)
  if (outline === undefined || !existsSync(outline)) {
    throw new UsageError(
      'no-outline',
      `Cannot find the outline of the book \`${name}\` by its manifest.json, expected it to be named there; name the outline itself`,
    )
  }
  return {outline, out: folder}
}
