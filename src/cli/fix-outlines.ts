import {readFile} from 'node:fs/promises'
import type {SourceEdit} from '../model/outline.ts'
import {idEdits} from '../plan/id-edits.ts'
import {writeWhole} from '../store/write-whole.ts'
import {applyEdits, fixOutline} from '../syntax/fix-outline.ts'
import {linePatch} from '../syntax/line-patch.ts'
import {hasErrors, type LoadedOutline, readOptions} from './load-course.ts'
import type {OpenBooks} from './open-books.ts'
import type {Reporter} from './reporter.ts'

/** What `check --fix` mends: irregular forms, or tags without an id. */
export type FixKind = 'forms' | 'ids'

/** Rules that `--fix` mends. */
const fixableRules = new Set([
  'missing-closing-tag',
  'swapped-quote',
  'other-delimiter',
  'other-tag-name',
  'doubled-heading-mark',
  'accidental-heading',
  'outer-fence',
  'stray-closing-tag',
])

/** Edits of an outline, and the number of places that they mend. */
interface Fix {
  readonly edits: readonly SourceEdit[]
  readonly count: number
}

/** How many ids a line names. */
const mostNamed = 5

/** Rewrites outlines, or prints the patch; gives the number of places. */
export async function fixOutlines(
  {books, config}: OpenBooks,
  kind: FixKind,
  isPatch: boolean,
  reporter: Reporter,
): Promise<number> {
  let count = 0
  const patches: string[] = []
  for (const book of books) {
    const {outline, file, target} = book
    // A companion's outline is its template's to mend.
    if (target.companion !== undefined) continue
    const fix = kind === 'ids' ? fixIds(book, config, reporter) : fixForms(book, config.tags ?? [])
    if (fix.edits.length === 0) continue
    const before = await readFile(target.outlinePath)
    const mark = before.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? '\ufeff' : ''
    if (!before.equals(Buffer.from(mark + outline.source, 'utf8'))) {
      reporter.warn(`${file.path} is no UTF-8, or was changed just now, and is left as it is`)
      continue
    }
    count += fix.count
    if (isPatch) {
      const edits = fix.edits.map((edit) => shiftEdit(edit, mark.length))
      patches.push(linePatch(file.path, mark + outline.source, edits))
      continue
    }
    await writeWhole(target.outlinePath, mark + applyEdits(outline.source, fix.edits))
  }
  if (!isPatch) return count
  if (reporter.isJson) reporter.json({version: 1, command: 'check', patch: patches.join('')})
  else if (patches.length > 0) reporter.resultBytes(patches.join(''))
  return count
}

function fixForms({outline, file}: LoadedOutline, ownTagNames: readonly string[]): Fix {
  const edits = fixOutline(outline, ownTagNames)
  return {edits, count: file.messages.filter(({ruleId}) => fixableRules.has(ruleId ?? '')).length}
}

/** Says which directives stay without an id, and why. */
function fixIds({outline, plan, file}: LoadedOutline, config: OpenBooks['config'], reporter: Reporter): Fix {
  // Where two directives claim one id, the ids that they have now are not those that the author wants.
  if (hasErrors([file])) {
    reporter.warn(`${file.path} has errors and gets no ids, expected an outline without; the errors are listed below`)
    return {edits: [], count: 0}
  }
  const {edits, unwritable, unread} = idEdits(outline, plan, readOptions(config))
  const say = (ids: readonly string[], because: string): void => {
    if (ids.length === 0) return
    const most = reporter.isVerbose ? ids.length : mostNamed
    const named = ids.slice(0, most).map((id) => `\`${id}\``)
    const others = ids.length > most ? ` and ${ids.length - most} more` : ''
    const what = ids.length === 1 ? '1 directive gets no id' : `${ids.length} directives get no id`
    reporter.info(`${file.path}: ${what}, ${because}: ${named.join(', ')}${others}`)
  }
  say(unwritable, 'as an `id` cannot hold the name that it has now; give it one of your own')
  say(unread, 'as it would be read otherwise with one')
  return {edits, count: edits.length}
}

function shiftEdit({start, end, text}: SourceEdit, by: number): SourceEdit {
  return {start: start + by, end: end + by, text}
}
