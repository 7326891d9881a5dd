import type {Job, JobId} from '../model/job.ts'
import {ReplacedTexts} from '../store/replaced-texts.ts'
import {formatSectionFile} from '../store/section-file.ts'
import type {Again} from './again.ts'
import {type AgainFlags, asBuildFlags} from './again-flags.ts'
import {type BookContext, planBook} from './build-book.ts'
import {type BuildSession, buildBooks} from './build-books.ts'
import {type CandidateList, Candidates} from './candidates.ts'
import {exitCode, UsageError} from './exit-codes.ts'
import type {GlobalOptions} from './global-options.ts'
import {parsePicks} from './parse-picks.ts'
import type {PlannedBook} from './planned-book.ts'
import {putSections, type SectionPuts} from './put-sections.ts'
import {Reporter} from './reporter.ts'
import {refuseDraft, type SelectedBook, type Selection, selectAgain} from './select-again.ts'
import {showCandidates} from './show-candidates.ts'
import {askConsent, refuseUnpricedCap, showDryRun} from './spending.ts'

/** Flags of `regenerate`. */
export interface RegenerateFlags extends AgainFlags {
  readonly withDownstream: boolean
  readonly overwrite: boolean
  readonly candidates?: number
  /** File for the candidates side by side. */
  readonly html?: string
  readonly pick: readonly string[]
  readonly undo: boolean
}

/** Makes new texts for some directives, past the store. Gives the exit code. */
export async function runRegenerate(
  selectors: readonly string[],
  flags: RegenerateFlags,
  options: GlobalOptions,
): Promise<number> {
  refuseOddFlags(selectors, flags)
  const reporter = new Reporter(options)
  const session: BuildSession = {
    options,
    reporter,
    startMs: performance.now(),
    stamp: undefined,
    command: 'regenerate',
  }
  const picks = parsePicks(selectors, flags.pick)
  const all = [...new Set([...selectors, ...picks.map(({selector}) => selector)])]
  const use = flags.undo ? 'none' : picks.length > 0 ? 'stored' : 'model'
  const selection = await selectAgain(all, flags, options, reporter, use)
  if (flags.undo) return undo(selection, flags, session)
  if (flags.overwrite && selection.books.some(({ids, named}) => [...ids].some((id) => !named.has(id))))
    throw odd('--overwrite for a selector of many', 'directives named by id or line')
  if (picks.length > 0) {
    const takes = (book: SelectedBook): Map<JobId, number> => {
      const numbers = new Map<JobId, number>()
      for (const {selector, number} of picks)
        for (const id of book.bySelector.get(selector) ?? []) numbers.set(id, number)
      return numbers
    }
    const books = selection.books.map((book) => againBook(book, flags, {takes: takes(book)}))
    for (const {plan} of await planned(books)) await new Candidates(plan).refuseMissing()
    return make(selection, books, {...flags, offline: true}, session)
  }
  refuseDraft(selection.books, 'regenerate')
  if (flags.candidates !== undefined) return makeCandidates(selection, flags.candidates, flags, session)
  const standing = takeFromBeside(selection, flags)
  if (standing.length > 0 && !flags.dryRun) {
    for (const {contents} of standing)
      for (const id of contents.keys()) reporter.info(`${id}: took the new text that lay beside, without a request`)
    const rest = selection.books.some((book) => book.ids.size > (contentsOf(standing, book)?.size ?? 0))
    // What else is asked for is made after the lock is free again.
    const code = await putSections(selection, standing, flags, rest ? {...session, conclude: async () => {}} : session)
    if (!rest || code !== exitCode.clean) return code
  }
  const books = selection.books.map((book) => {
    const taken = contentsOf(standing, book)
    return againBook({...book, ids: new Set([...book.ids].filter((id) => taken?.has(id) !== true))}, flags, {
      takes: 'new',
    })
  })
  return make(selection, books, flags, session)
}

/** A book whose selected texts are made again. */
interface AgainBook {
  readonly book: SelectedBook
  readonly context: BookContext
}

function againBook(
  book: SelectedBook,
  flags: RegenerateFlags,
  how: Pick<Again, 'takes' | 'candidates' | 'isTrial'>,
): AgainBook {
  const {ids, plan} = book
  const again: Again = {ids, overwrites: flags.overwrite ? book.named : new Set(), ...how}
  const only = flags.withDownstream ? withReaders(ids, plan.context) : ids
  const refresh = flags.withDownstream ? new Set(['upstream' as const]) : plan.context.refresh
  return {book, context: {...plan.context, only, refresh, again}}
}

/** Directives with those that read them, and those that read these. */
function withReaders(ids: ReadonlySet<JobId>, {loaded}: BookContext): Set<JobId> {
  const all = new Set(ids)
  for (const id of loaded.plan.order) {
    const {dependsOn} = loaded.plan.jobs.get(id) as Job
    if (dependsOn.some((upstream) => all.has(upstream))) all.add(id)
  }
  return all
}

async function planned(books: readonly AgainBook[]): Promise<(PlannedBook & AgainBook)[]> {
  const plans: (PlannedBook & AgainBook)[] = []
  for (const {book, context} of books) {
    const {loaded, choice, manifest} = book
    plans.push({book, context, loaded, choice, manifest, plan: await planBook(context)})
  }
  return plans
}

/** Shows, asks and makes, as `build` does. */
async function make(
  {open}: Selection,
  again: readonly AgainBook[],
  flags: RegenerateFlags,
  session: BuildSession,
): Promise<number> {
  const books = await planned(again)
  const {options, reporter} = session
  refuseUnpricedCap(books, flags)
  if (flags.dryRun) return showDryRun(books, asBuildFlags(flags), reporter, options, 'regenerate')
  const consent = await askConsent(books, asBuildFlags(flags), reporter)
  if (consent !== 'yes') {
    reporter.info('stopped; nothing was sent or written')
    return consent === 'interrupted' ? exitCode.interrupted : exitCode.findings
  }
  return buildBooks(open, books, asBuildFlags(flags), session)
}

/** Buys candidates and shows them; the book stays as it is. */
async function makeCandidates(
  selection: Selection,
  candidates: number,
  flags: RegenerateFlags,
  session: BuildSession,
): Promise<number> {
  const how = {takes: 'stored', candidates, isTrial: true} as const
  const books = selection.books.map((book) => againBook(book, {...flags, withDownstream: false}, how))
  const show = async (outcome: Parameters<NonNullable<BuildSession['conclude']>>[0]): Promise<void> => {
    const lists: CandidateList[] = []
    for (const {plan} of await planned(books)) lists.push(...(await new Candidates(plan).read()))
    await showCandidates(lists, outcome, session, flags.html)
  }
  return make(selection, books, flags, {...session, conclude: show})
}

/** New texts that lie beside edited ones and are still wanted: with `--overwrite` they are what is asked for. */
function takeFromBeside({books}: Selection, {overwrite}: RegenerateFlags): SectionPuts[] {
  if (!overwrite) return []
  return books.flatMap((book) => {
    const contents = new Map<JobId, string>()
    for (const id of book.named) {
      const lying = book.plan.waiting.has(id) ? book.plan.beside.get(id) : undefined
      if (lying?.record === undefined) continue
      const {extra} = book.plan.texts.get(id)?.file ?? {}
      contents.set(id, formatSectionFile({...lying.record, directive: id}, lying.body, extra))
    }
    return contents.size === 0 ? [] : [{book, contents, dropsBeside: true}]
  })
}

function contentsOf(puts: readonly SectionPuts[], book: SelectedBook): SectionPuts['contents'] | undefined {
  return puts.find((own) => own.book === book)?.contents
}

/** Brings back the texts that were replaced last. */
async function undo(selection: Selection, flags: RegenerateFlags, session: BuildSession): Promise<number> {
  const puts: SectionPuts[] = []
  const lacking: JobId[] = []
  for (const book of selection.books) {
    const {root, outputFolder} = book.loaded.target
    const replaced = new ReplacedTexts(root, outputFolder)
    const contents = new Map<JobId, string>()
    for (const id of book.ids) {
      const before = await replaced.before(id, book.plan.texts.get(id)?.file.source)
      if (before === undefined) lacking.push(id)
      else contents.set(id, before)
    }
    if (contents.size > 0) puts.push({book, contents, dropsBeside: false})
  }
  if (puts.length === 0) {
    throw new UsageError(
      'nothing-kept',
      `Cannot undo \`${lacking.join('`, `')}\`, expected a text that a command replaced here; \`git log\` shows older ones`,
    )
  }
  for (const id of lacking) session.reporter.info(`${id}: no text was replaced here, it stays as it is`)
  for (const {contents} of puts)
    for (const id of contents.keys()) session.reporter.info(`${id}: the text before is back; undo again for the other`)
  return putSections(selection, puts, flags, session)
}

function refuseOddFlags(selectors: readonly string[], flags: RegenerateFlags): void {
  const {candidates, pick, undo: isUndo, html, overwrite, withDownstream} = flags
  const modes = [
    ...(candidates === undefined ? [] : ['--candidates']),
    ...(pick.length === 0 ? [] : ['--pick']),
    ...(isUndo ? ['--undo'] : []),
  ]
  if (modes.length > 1) throw odd(`${modes.join(' with ')}`, 'one of them')
  if (html !== undefined && candidates === undefined) throw odd('--html', 'it with --candidates')
  if (isUndo && (overwrite || withDownstream)) throw odd('--undo with other flags', 'it alone')
  if (selectors.length === 0 && pick.length === 0)
    throw odd('`regenerate` alone', 'a selector such as `security/encryption`')
}

function odd(what: string, expected: string): UsageError {
  return new UsageError('bad-flag', `Unexpected ${what}, expected ${expected}`)
}
