import type {Job, JobId} from '../model/job.ts'
import {type BookContext, planBook} from './build-book.ts'
import {exitCode} from './exit-codes.ts'
import type {GlobalOptions} from './global-options.ts'
import {judgedBy} from './judged-by.ts'
import {type ListedContract, listContracts} from './list-contracts.ts'
import {costCells, costLines, type TextCost, textCost} from './list-cost.ts'
import {hasErrors} from './load-course.ts'
import {bookContext, openBooks, refuseUnbuildable} from './open-books.ts'
import {Reporter} from './reporter.ts'
import {type ReviewState, reviewStateOf} from './review-state.ts'
import {selectInBook} from './select-in-book.ts'
import {showMessages} from './show-messages.ts'
import {withDefaultModel} from './with-default-model.ts'

export interface ListFlags {
  readonly section?: string
  /** Shows what each text cost. */
  readonly cost: boolean
  /** Shows what the text of each directive must hold. */
  readonly contracts: boolean
  readonly out?: string
}

interface ListRow extends Partial<TextCost> {
  readonly book: string
  readonly id: string
  readonly kind: string
  readonly container: string
  readonly depth: number
  readonly line: number
  readonly state: string
  readonly edited: boolean
  readonly draft: boolean
  /** Whether somebody read its text as it stands; `unread` also without a text. */
  readonly reviewed: ReviewState
  readonly reasons: readonly string[]
  readonly contracts?: readonly ListedContract[]
  /** Whether the sources say anything to it; absent where its request is to carry no passages. */
  readonly covered?: boolean
}

/** Every directive and its state. Sends and writes nothing, reads no key. */
export async function runList(outlines: readonly string[], flags: ListFlags, options: GlobalOptions): Promise<number> {
  const reporter = new Reporter(options)
  const open = await openBooks(outlines, {...options, ...(flags.out === undefined ? {} : {out: flags.out})})
  await showMessages(
    open.files.filter((file) => hasErrors([file])),
    reporter,
    options,
  )
  refuseUnbuildable(open, options.cwd)
  const rows: ListRow[] = []
  const sums: string[][] = []
  let isReviewed = false
  for (const loaded of open.books) {
    const {choice, usesModel} = await judgedBy(loaded, {}, open.config)
    const context = bookContext(open, loaded, choice, usesModel)
    const plan = await planBook(context)
    const {judged} = plan
    isReviewed ||= [...plan.texts.values()].some(({file}) => reviewStateOf(file) !== 'unread')
    const listed = new Set<JobId>()
    const selected = flags.section === undefined ? undefined : selectInBook(flags.section, open.books, plan)
    for (const job of loaded.plan.jobs.values()) {
      const {id, kind, depth, directive} = job
      if (selected !== undefined && !selected.has(id)) continue
      listed.add(id)
      const text = plan.texts.get(id)
      const judgement = judged.get(id)
      rows.push({
        book: loaded.target.name,
        id,
        kind,
        container: directive.container,
        depth,
        line: directive.position.start.line,
        state: judgement?.state ?? 'missing',
        edited: text?.isEdited ?? false,
        draft: text?.isDraft ?? false,
        reviewed: reviewStateOf(text?.file),
        reasons: judgement?.state === 'fresh' ? [] : (judgement?.reasons ?? []),
        ...coverage(job, context),
        ...(flags.cost ? textCost(id, plan) : {}),
        ...(flags.contracts ? {contracts: listContracts(id, plan)} : {}),
      })
    }
    if (flags.cost && !options.json) sums.push(costLines(withDefaultModel(plan), listed))
  }
  if (options.json) reporter.json(open.books.length > 1 ? rows : rows.map(({book: _, ...row}) => row))
  else {
    showRows(rows, {hasBooks: open.books.length > 1, isReviewed}, reporter)
    if (rows.some(({state}) => hasText(state))) reporter.info(reviewLine(rows))
    for (const lines of sums) reporter.result(`\n${lines.join('\n')}`)
  }
  return exitCode.clean
}

/** `isReviewed`: whether anybody read a text of the project, be it listed or not. */
function showRows(
  rows: readonly ListRow[],
  {hasBooks, isReviewed}: {readonly hasBooks: boolean; readonly isReviewed: boolean},
  reporter: Reporter,
): void {
  const lines = rows.flatMap(
    ({book, id, kind, line, state, edited, draft, reviewed, reasons, contracts, covered, usage = null, costUsd}) => {
      const cost = costUsd === undefined ? '' : alignCost(costCells({usage, costUsd}))
      // Where nobody reads texts this way, a mark on each of them says nothing.
      const review = !isReviewed || reviewed === 'read' || !hasText(state) ? [] : [reviewMarks[reviewed]]
      const flags = [...(edited ? ['edited'] : []), ...(draft ? ['draft'] : []), ...review]
      const note = [...flags, ...reasons, ...(covered === false ? ['no source covers it'] : [])].join('; ')
      const row = `${state.padEnd(8)} ${String(line).padStart(6)}${cost}  ${hasBooks ? `${book}:` : ''}${id}  (${kind})${note === '' ? '' : `  ${note}`}`
      return [row, ...(contracts ?? []).map(contractLine)]
    },
  )
  const hasCost = rows.some(({costUsd}) => costUsd !== undefined)
  if (hasCost)
    reporter.result(`${'state'.padEnd(8)} ${'line'.padStart(6)}${alignCost(['in', 'cached', 'out', '$'])}  directive`)
  reporter.result(lines.join('\n'))
  const counts = new Map<string, number>()
  for (const {state} of rows) counts.set(state, (counts.get(state) ?? 0) + 1)
  reporter.info(
    `${rows.length} ${rows.length === 1 ? 'directive' : 'directives'}: ${[...counts].map(([state, count]) => `${count} ${state}`).join(', ')}`,
  )
}

function coverage(job: Job, {sources, render}: BookContext): {covered?: boolean} {
  const covered = sources.covers(job, render)
  return covered === undefined ? {} : {covered}
}

const reviewMarks = {unread: 'unread', changed: 'changed since it was read'} as const

function hasText(state: string): boolean {
  return state !== 'missing' && state !== 'failed'
}

/** How many texts nobody read as they stand. */
function reviewLine(rows: readonly ListRow[]): string {
  const texts = rows.filter(({state}) => hasText(state))
  const count = (state: ReviewState): number => texts.filter(({reviewed}) => reviewed === state).length
  return `${texts.length} ${texts.length === 1 ? 'text' : 'texts'}: ${count('read')} read, ${count('changed')} changed since they were read, ${count('unread')} unread`
}

function contractLine({ruleId, expected, failures}: ListedContract): string {
  const lacking = failures.length === 0 ? '' : `; ${failures.join('; ')}`
  return `${' '.repeat(17)}${ruleId}: ${expected}${lacking}`
}

function alignCost(cells: readonly string[]): string {
  return cells.map((cell, at) => cell.padStart(at === 3 ? 9 : 7)).join('')
}
