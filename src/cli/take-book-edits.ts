import {findBrokenLine} from '../book/broken-line.ts'
import {carryBook} from '../book/carry-book.ts'
import type {BookParts, CarriedText} from '../book/carry-edits.ts'
import type {BlockedEdit} from '../book/own-edits.ts'
import {isSameMarkdown} from '../book/same-book.ts'
import {normaliseLineEnds} from '../model/content-address.ts'
import type {JobId} from '../model/job.ts'
import type {FileWriter} from '../store/file-writer.ts'
import type {Manifest} from '../store/manifest.ts'
import {SectionsFolder} from '../store/sections-folder.ts'
import {isWrittenBook, writtenBook} from './book-guard.ts'
import {isBookAsWritten} from './book-segments.ts'
import type {BookPlan} from './build-book.ts'
import type {OpenBooks} from './open-books.ts'
import type {BookTarget} from './project.ts'
import {bookParts, placeholder} from './write-book.ts'
import {writeEditedText} from './write-edited-text.ts'

/** What became of edits in `book.md`; a book that the program wrote has none. */
export type BookEdits =
  | {readonly type: 'none'}
  | {readonly type: 'carried'; readonly edits: ReadonlyMap<JobId, number>}
  /** Nothing was changed; without edits where what was written last is not known. */
  | {readonly type: 'blocked'; readonly edits: readonly BlockedEdit[]}

/**
 * Takes what an author changed in `book.md` into the section files that it is in (contract, F2): all of it, or nothing.
 * After that the book is what outline and section files give. The book's folder is to be locked.
 */
export async function takeBookEdits(
  open: OpenBooks,
  plan: BookPlan,
  manifest: Manifest | undefined,
  present: string | undefined,
  files: FileWriter,
): Promise<BookEdits> {
  const found = await findBookEdits(open, plan, manifest, present)
  if (found.type !== 'carried') return found
  const missing = [...found.texts].filter(([id, {text}]) => !plan.texts.has(id) && isNoText(text, id))
  if (missing.length > 0)
    return {type: 'blocked', edits: missing.map(([id, {line}]) => ({line, because: 'missing', id}))}
  const sections = new SectionsFolder(plan.context.loaded.target.outputFolder, files)
  for (const [id, {text, line}] of found.texts) {
    if (await writeEditedText(id, text, plan.texts.get(id), sections)) continue
    return {type: 'blocked', edits: [{line, because: 'both', id}]}
  }
  return {type: 'carried', edits: new Map([...found.texts].map(([id, {edits}]) => [id, edits]))}
}

/** What takes in the edits of a `book.md`; writes nothing. */
type FoundEdits =
  | Exclude<BookEdits, {type: 'carried'}>
  | {readonly type: 'carried'; readonly texts: ReadonlyMap<JobId, CarriedText>}

/** Finds the edits of a `book.md`, and the texts that take them in. Writes nothing. */
export async function findBookEdits(
  open: OpenBooks,
  {context, texts}: BookPlan,
  manifest: Manifest | undefined,
  present: string | undefined,
): Promise<FoundEdits> {
  const {loaded} = context
  if (present === undefined) return {type: 'none'}
  const parts = bookParts(loaded, texts, open.config)
  const composed = parts.book.markdown
  if (await isWrittenBook(loaded.target, present, manifest, composed)) return {type: 'none'}
  const edited = normaliseLineEnds(present.replace(/^\ufeff/, ''))
  const found = manifest === undefined ? unknownEdits : await carryFrom(loaded.target, parts, manifest, edited)
  if (found.type !== 'blocked') return found
  // The edits of a build that was cut off while it wrote them are in the section files.
  return isSameMarkdown(edited, composed) ? {type: 'none'} : found
}

/** What was written last is not known. */
const unknownEdits: FoundEdits = {type: 'blocked', edits: []}

async function carryFrom(
  target: BookTarget,
  parts: BookParts,
  manifest: Manifest,
  edited: string,
): Promise<FoundEdits> {
  const composed = parts.book.markdown
  const written = isBookAsWritten(composed, manifest) ? composed : await writtenBook(target, manifest)
  if (written === undefined) return unknownEdits
  const broken = findBrokenLine(edited, written)
  if (broken !== undefined) return {type: 'blocked', edits: [broken]}
  const carried = carryBook(parts, written, edited)
  // What only is written otherwise is no edit.
  return carried.type === 'carried' && carried.texts.size === 0 ? {type: 'none'} : carried
}

/** Whether nothing was written in place of a text that is missing. */
function isNoText(text: string, id: JobId): boolean {
  return text.trim() === '' || text.includes(placeholder(id))
}
