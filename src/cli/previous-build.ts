import {join} from 'node:path'
import type {JobId} from '../model/job.ts'
import {systemFaultCode} from '../model/system-fault.ts'
import {readIfThere} from '../store/completion-store.ts'
import {type FileTree, KeptTree} from '../store/file-tree.ts'
import type {FileWriter} from '../store/file-writer.ts'
import {formatManifest, type Manifest} from '../store/manifest.ts'
import {previousBuildPath} from '../store/store-paths.ts'
import type {BookText} from './book-texts.ts'
import type {BookTarget} from './project.ts'

/** A book as it stood before a build. */
export interface BookBefore {
  readonly texts: ReadonlyMap<JobId, BookText>
  readonly book: string | undefined
  readonly manifest: Manifest | undefined
}

/**
 * Keeps what a book was before a build, if the build changed a text of it or `book.md`: `diff --previous` compares with
 * that. A first build has nothing to keep, and one that changes nothing leaves what was kept. Gives the code of a fault of
 * the file system, which is no reason for a build to fail.
 */
export async function keepPrevious(
  {root, name, outputFolder}: BookTarget,
  {texts, book, manifest}: BookBefore,
  now: ReadonlyMap<JobId, BookText>,
  files: FileWriter,
): Promise<string | undefined> {
  if (texts.size === 0) return undefined
  const isSameText = ([id, text]: [JobId, BookText]): boolean => texts.get(id)?.file.body === text.file.body
  const isSame = texts.size === now.size && [...now].every(isSameText)
  if (isSame && (await readIfThere(join(outputFolder, 'book.md'))) === book) return undefined
  const kept: Record<string, string> = {}
  if (book !== undefined) kept['book.md'] = book
  if (manifest !== undefined) kept['manifest.json'] = formatManifest(manifest)
  for (const {location, file} of texts.values()) if (location.startsWith('sections/')) kept[location] = file.source
  try {
    await files.write(previousBuildPath(root, name), `${JSON.stringify({version: 1, files: kept})}\n`)
    return undefined
  } catch (error) {
    const code = systemFaultCode(error)
    if (code === undefined) throw error
    return code
  }
}

/** The files of a book's folder before the last build that changed it; undefined where none were kept. */
export async function readPrevious({root, name}: Pick<BookTarget, 'root' | 'name'>): Promise<FileTree | undefined> {
  const text = await readIfThere(previousBuildPath(root, name))
  const files = text === undefined ? undefined : keptFiles(text)
  return files === undefined ? undefined : new KeptTree(new Map(files))
}

/** Paths and contents; undefined for a file that is torn or of another form. */
function keptFiles(text: string): [string, string][] | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
  if (typeof value !== 'object' || value === null || !('version' in value) || value.version !== 1) return undefined
  const files = 'files' in value && typeof value.files === 'object' ? Object.entries(value.files ?? {}) : []
  return files.filter((entry): entry is [string, string] => typeof entry[1] === 'string')
}
