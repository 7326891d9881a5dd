import {existsSync, statSync} from 'node:fs'
import {mkdir} from 'node:fs/promises'
import {isAbsolute, join, relative, resolve} from 'node:path'
import {normaliseLineEnds, textAddress} from '../model/content-address.ts'
import {readIfThere} from '../store/completion-store.ts'
import {type FileWriter, ownThread} from '../store/file-writer.ts'
import {GitRepository} from '../store/git-repository.ts'
import type {Manifest} from '../store/manifest.ts'
import {LockedError, OutputLock} from '../store/output-lock.ts'
import {storeFolder} from '../store/store-paths.ts'
import {namesIn} from '../store/walk-store.ts'
import {writeWhole} from '../store/write-whole.ts'
import {canonicalMarkdown} from '../syntax/canonical-markdown.ts'
import {isBookAsWritten} from './book-segments.ts'
import {UsageError} from './exit-codes.ts'
import type {LoadedOutline} from './load-course.ts'
import {type BookTarget, displayPath} from './project.ts'

/** How many commits that changed a book are looked through for the one that was written last. */
const recentVersions = 20

/**
 * Whether `book.md` is what the program wrote last, so that it may be written anew: by the manifest, by the note that is
 * made before each write (a kill may come between book and manifest), or because it is what would be written now.
 */
export async function isOwnBook(
  target: BookTarget,
  present: string,
  manifest: Manifest | undefined,
  composed: string,
): Promise<boolean> {
  if (await isWrittenBook(target, present, manifest, composed)) return true
  // Re-wrapping and a formatter's pass are no change.
  return canonicalMarkdown(normaliseLineEnds(present)) === canonicalMarkdown(composed)
}

/** As `isOwnBook`, where a book that only was re-wrapped is not the program's; parses nothing. */
export async function isWrittenBook(
  target: BookTarget,
  present: string,
  manifest: Manifest | undefined,
  composed: string,
): Promise<boolean> {
  const text = normaliseLineEnds(present)
  if (text === composed || (manifest !== undefined && isBookAsWritten(text, manifest))) return true
  return (await readNote(target))?.text === textAddress(text)
}

/** Notes which book is about to be written, and keeps a copy, by which edits of it are found. */
export async function noteBook(target: BookTarget, markdown: string, files: FileWriter): Promise<void> {
  await writeNote(target, textAddress(markdown), files)
  await files.write(copyPath(target), markdown)
}

/** The book as it was written last, by the copy in local state, else by git; undefined where neither has it. */
export async function writtenBook(target: BookTarget, manifest: Manifest): Promise<string | undefined> {
  const copy = await readIfThere(copyPath(target))
  if (copy !== undefined && isBookAsWritten(copy, manifest)) return copy
  const path = join(target.outputFolder, 'book.md')
  const repository = await GitRepository.open(target.outputFolder)
  const versions = (await repository?.versions(path, recentVersions)) ?? []
  return versions.map(normaliseLineEnds).find((text) => isBookAsWritten(text, manifest))
}

/**
 * Notes that a book is built with the project's store, before anything is kept there: `store gc` looks for uses in every
 * folder that is noted. Refuses while `store gc` removes.
 */
export async function claimStore(target: BookTarget): Promise<void> {
  const note = await readNote(target)
  if (note?.folder !== noteFolder(target)) await writeNote(target, note?.text ?? '')
  try {
    await OutputLock.refuseHeld(storeFolder(target.root))
  } catch (error) {
    if (error instanceof LockedError) throw new UsageError('locked', error.message)
    throw error
  }
}

/** Folders of the books that were built with a store, and the notes that do not say which folder they are of. */
export async function notedFolders(root: string): Promise<{folders: string[]; unknown: string[]}> {
  const folders: string[] = []
  const unknown: string[] = []
  for (const name of await namesIn(notesFolder(root))) {
    const path = join(notesFolder(root), name)
    if (!name.endsWith('.txt')) continue
    const folder = (await readIfThere(path))?.split('\n')[1] ?? ''
    if (folder === '') unknown.push(path)
    else folders.push(resolve(root, folder))
  }
  return {folders, unknown}
}

/** Makes the folder of local state, which git is to leave alone. */
export async function ignoreState(root: string): Promise<void> {
  const folder = join(root, '.msk-course')
  await mkdir(folder, {recursive: true})
  if (!existsSync(join(folder, '.gitignore'))) await writeWhole(join(folder, '.gitignore'), '*\n')
}

/** A note: on the first line the address of the book that was written last, on the second the book's folder. */
async function readNote(target: BookTarget): Promise<{text: string; folder: string} | undefined> {
  const lines = (await readIfThere(notePath(target)))?.split('\n')
  return lines === undefined ? undefined : {text: lines[0]?.trim() ?? '', folder: lines[1] ?? ''}
}

async function writeNote(target: BookTarget, text: string, files = ownThread): Promise<void> {
  await ignoreState(target.root)
  await files.write(notePath(target), `${text}\n${noteFolder(target)}\n`)
}

/** The book's folder as notes have it: from the project's folder where it is in it, so that a project may be moved. */
function noteFolder({root, outputFolder}: BookTarget): string {
  const below = relative(root, outputFolder)
  if (below === '') return '.'
  return below.startsWith('..') || isAbsolute(below) ? outputFolder : below.replaceAll('\\', '/')
}

/** The note of a book's folder. */
export function notePath({root, outputFolder}: Pick<BookTarget, 'root' | 'outputFolder'>): string {
  return join(notesFolder(root), `${textAddress(outputFolder).slice(0, 16)}.txt`)
}

/** The copy of a book as it was written last. */
function copyPath(target: BookTarget): string {
  return notePath(target).replace(/\.txt$/, '.md')
}

function notesFolder(root: string): string {
  return join(root, '.msk-course', 'books')
}

/** Refuses an output folder that is another outline's, or in which something has the wrong kind. */
export function refuseForeignOutput({target}: LoadedOutline, manifest: Manifest | undefined, cwd: string): void {
  const {outputFolder, outlinePath} = target
  const shown = displayPath(outputFolder, cwd)
  for (const [name, isFolder] of [
    ['book.md', false],
    ['manifest.json', false],
    ['sections', true],
    ['images', true],
    ['unused', true],
  ] as const) {
    // A folder that cannot be one is the lock's to report.
    const path = join(outputFolder, name)
    const stat = existsSync(path) ? statSync(path) : undefined
    if (stat !== undefined && stat.isDirectory() !== isFolder) {
      throw new UsageError(
        'unwritable-output',
        `Unexpected ${isFolder ? 'file' : 'folder'} \`${shown}/${name}\`, expected a ${isFolder ? 'folder' : 'file'}; give another folder with --out`,
      )
    }
  }
  if (manifest === undefined) return
  const other = resolve(outputFolder, manifest.outline)
  if (other !== outlinePath && existsSync(other)) {
    throw new UsageError(
      'shared-output',
      `Unexpected output folder \`${shown}\`, which is that of \`${displayPath(other, cwd)}\`, expected one of its own; give another with --out`,
    )
  }
}
