import {join} from 'node:path'
import type {BlockedEdit} from '../book/own-edits.ts'
import type {JobId} from '../model/job.ts'
import {sectionLocation} from './book-texts.ts'
import type {BookPlan} from './build-book.ts'
import {escapeTerminal} from './escape-terminal.ts'
import {displayPath} from './project.ts'
import type {Reporter} from './reporter.ts'

/** How many edits that stand in the way are named before the rest is counted. */
const shownEdits = 20

/** Says which section files took in edits of `book.md`. */
export function sayCarried(edits: ReadonlyMap<JobId, number>, reporter: Reporter): void {
  for (const [id, count] of edits) reporter.info(`carried ${count} ${count === 1 ? 'edit' : 'edits'} into ${id}`)
}

/** Says why `book.md` is left as it is, with the place of each edit that no section file can take, and what to do. */
export function sayBlocked(plan: BookPlan, edits: readonly BlockedEdit[], reporter: Reporter, cwd: string): void {
  const path = displayPath(join(plan.context.loaded.target.outputFolder, 'book.md'), cwd)
  const ways = `take it over with \`msk-course adopt ${path}\`, or build with --discard-book-edits`
  if (edits.length === 0) {
    reporter.error(
      `${path} was changed by hand, or is not this program's, and is left as it is; move the change into the section file below \`sections/\`, ${ways}`,
    )
    return
  }
  const count = edits.length === 1 ? 'an edit' : `${edits.length} edits`
  reporter.error(`${path} is left as it is, and nothing was sent or written: no section file can take ${count}`)
  for (const edit of edits.slice(0, shownEdits))
    reporter.raw(`  ${escapeTerminal(blockedLine(edit, path, plan, cwd))}\n`)
  if (edits.length > shownEdits) reporter.raw(`  … and ${edits.length - shownEdits} more\n`)
  reporter.raw(`  ${escapeTerminal(`move what is named there, ${ways}`)}\n`)
}

/** An edit that stands in the way: `output/tea/book.md:12: why, and where to make it instead`. */
function blockedLine(edit: BlockedEdit, path: string, {context}: BookPlan, cwd: string): string {
  const {target} = context.loaded
  const file = edit.id === undefined ? '' : displayPath(join(target.outputFolder, sectionLocation(edit.id)), cwd)
  const place = `${path}:${edit.line}: `
  switch (edit.because) {
    case 'outline':
      return `${place}this is the outline's own text; change it in ${displayPath(target.outlinePath, cwd)}:${edit.outlineLine}`
    case 'several':
      return `${place}the edit goes across the texts of several sections${file === '' ? '' : `, the first in ${file}`}; make it in each of them`
    case 'both':
      return `${place}the same place was changed in the outline or ${file === '' ? 'a section file' : file} after this book was written; make the edit there`
    case 'missing':
      return `${place}there is no text of \`${edit.id}\` yet; write one in its place, or leave the line as it is`
    case 'unreadable':
      return `${place}there are bytes that are no UTF-8; save the book as UTF-8`
    case 'bibliography':
      return `${place}this is the bibliography; change the source in ${displayPath(join(target.root, context.project.bibliography?.path ?? 'sources.yaml'), cwd)}`
    case 'unmerged':
      return `${place}here is the mark of a merge that was not ended; end the merge in the outline and the section files, where it counts`
    case 'unplaceable':
      return `${place}no text of \`${edit.id}\` stands so in the book, where its headings stay below its own and a list item keeps its marker and label; make the edit in ${file} as far as it goes`
  }
}
