import {existsSync, statSync} from 'node:fs'
import {mkdir} from 'node:fs/promises'
import {join, resolve} from 'node:path'
import {textAddress} from '../model/content-address.ts'
import {readIfThere} from '../store/completion-store.ts'
import type {Manifest} from '../store/manifest.ts'
import {writeWhole} from '../store/write-whole.ts'
import {canonicalMarkdown} from '../syntax/canonical-markdown.ts'
import {isBookAsWritten} from './book-segments.ts'
import {UsageError} from './exit-codes.ts'
import type {LoadedOutline} from './load-course.ts'
import {type BookTarget, displayPath} from './project.ts'

/**
 * Whether `book.md` is what the program wrote last, so that it may be written anew: by the manifest, by the note that is
 * made before each write (a kill may come between book and manifest), or because it is what would be written now.
 */
export async function isOwnBook(
  target: BookTarget,
  present: string,
  manifest: Manifest | undefined,
  composed: () => string,
): Promise<boolean> {
  const text = present.replace(/\r\n?/g, '\n')
  if (manifest !== undefined && isBookAsWritten(text, manifest)) return true
  if ((await readIfThere(notePath(target)))?.trim() === textAddress(text)) return true
  const wanted = composed()
  // Re-wrapping and a formatter's pass are no change.
  return text === wanted || canonicalMarkdown(text) === canonicalMarkdown(wanted)
}

/** Notes which book is about to be written. */
export async function noteBook(target: BookTarget, markdown: string): Promise<void> {
  await ignoreState(target.root)
  await writeWhole(notePath(target), `${textAddress(markdown)}\n`)
}

/** Makes the folder of local state, which git is to leave alone. */
export async function ignoreState(root: string): Promise<void> {
  const folder = join(root, '.msk-course')
  await mkdir(folder, {recursive: true})
  if (!existsSync(join(folder, '.gitignore'))) await writeWhole(join(folder, '.gitignore'), '*\n')
}

function notePath({root, outputFolder}: BookTarget): string {
  return join(root, '.msk-course', 'books', `${textAddress(outputFolder).slice(0, 16)}.txt`)
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
