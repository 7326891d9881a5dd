import type {JobId} from '../model/job.ts'
import {ReplacedTexts} from '../store/replaced-texts.ts'
import {sectionPath} from '../store/section-path.ts'
import {besidePath, SectionsFolder} from '../store/sections-folder.ts'
import {type AgainFlags, asBuildFlags} from './again-flags.ts'
import {isEdited, sectionLocation} from './book-texts.ts'
import {planBook} from './build-book.ts'
import {buildBooks} from './build-books.ts'
import {exitCode} from './exit-codes.ts'
import {lockBook} from './lock-book.ts'
import type {PlannedBook} from './planned-book.ts'
import type {BuildSession} from './run-session.ts'
import type {SelectedBook, Selection} from './select-again.ts'

/** New contents of section files of one book. */
export interface SectionPuts {
  readonly book: SelectedBook
  readonly contents: ReadonlyMap<JobId, string>
  /** Whether the new texts that lie beside them go. */
  readonly dropsBeside: boolean
  /** What is said of a section file once it is written. */
  said(id: JobId): string
}

/**
 * Puts other contents in the place of section files, keeping those that stood for `--undo`, and puts the books together.
 * Sends nothing. Gives the exit code.
 */
export async function putSections(
  {open}: Selection,
  puts: readonly SectionPuts[],
  flags: AgainFlags,
  session: BuildSession,
): Promise<number> {
  let isClean = true
  const books: PlannedBook[] = []
  for (const {book, contents, dropsBeside, said} of puts) {
    const {plan, loaded, manifest, choice} = book
    const {command = 'regenerate', options, reporter} = session
    const lock = await lockBook(loaded.target.outputFolder, {command, waits: flags.wait, cwd: options.cwd})
    try {
      for (const [id, content] of contents) {
        if (await putSection(book, id, content, dropsBeside)) {
          reporter.info(said(id))
          continue
        }
        reporter.error(`Cannot write \`${sectionLocation(id)}\`, which was changed in this moment and is left as it is`)
        isClean = false
      }
    } finally {
      await lock?.release()
    }
    books.push({loaded, choice, manifest, plan: await planBook({...plan.context, only: new Set()})})
  }
  const built = await buildBooks(open, books, {...asBuildFlags(flags), offline: true}, session)
  return isClean ? built : Math.max(built, exitCode.findings)
}

async function putSection(
  {plan, loaded}: SelectedBook,
  id: JobId,
  content: string,
  dropsBeside: boolean,
): Promise<boolean> {
  const {root, outputFolder} = loaded.target
  const sections = new SectionsFolder(outputFolder)
  const replaced = new ReplacedTexts(root, outputFolder)
  const text = plan.texts.get(id)
  // A file whose directive moved since the last build is written where it is; the build then moves it.
  const path =
    text?.location.startsWith('sections/') === true ? text.location.slice('sections/'.length) : sectionPath(id)
  if (text !== undefined) await replaced.keep(id, text.file.source)
  if (!(await sections.write(path, content, text?.file.source))) return false
  const lying = dropsBeside ? plan.beside.get(id) : undefined
  if (lying !== undefined) {
    if (isEdited(lying)) await replaced.keep(`${id}.new` as JobId, lying.source)
    await sections.remove(besidePath(path), lying.source)
  }
  return true
}
