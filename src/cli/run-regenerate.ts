import type {Job, JobId} from '../model/job.ts'
import {otherBookId} from '../model/other-book.ts'
import {RegenerateNotes} from '../store/regenerate-notes.ts'
import {ReplacedTexts} from '../store/replaced-texts.ts'
import {formatSectionFile} from '../store/section-file.ts'
import type {Again} from './again.ts'
import {type AgainFlags, asBuildFlags} from './again-flags.ts'
import {type BookContext, planBook} from './build-book.ts'
import {buildBooks} from './build-books.ts'
import {type CandidateList, Candidates} from './candidates.ts'
import {exitCode, UsageError} from './exit-codes.ts'
import type {GlobalOptions} from './global-options.ts'
import {parsePicks} from './parse-picks.ts'
import type {PlannedBook} from './planned-book.ts'
import {putSections, type SectionPuts} from './put-sections.ts'
import {Reporter} from './reporter.ts'
import type {BuildSession} from './run-session.ts'
import {
  refuseDraft,
  type SelectedBook,
  type Selection,
  type SelectionUse,
  selectAgain,
  selectorOf,
} from './select-again.ts'
import {selectCarried} from './select-carried.ts'
import {refuseOtherFile, showCandidates} from './show-candidates.ts'
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
  if (flags.html !== undefined) await refuseOtherFile(flags.html, options)
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
  const select = (use: SelectionUse): Promise<Selection> => selectAgain(all, flags, options, reporter, use)
  if (flags.undo) {
    const carried = await selectCarried(() => select('none'), flags, session)
    return typeof carried === 'number' ? carried : undo(carried, flags, session)
  }
  if (picks.length > 0) return takePicks(await select('stored'), picks, flags, session)
  const taken = await takeFromBeside(select, flags, session)
  if (typeof taken === 'number') return taken
  const selection = await select('model')
  refuseDraft(selection.books, 'regenerate')
  refuseOverwriting(selection, flags)
  if (flags.candidates !== undefined) return makeCandidates(selection, flags.candidates, flags, session)
  const remade = new Set<JobId>()
  const books = selection.books.map((book) => {
    const ids = new Set([...book.ids].filter((id) => taken.get(book.loaded.target.outputFolder)?.has(id) !== true))
    return againBook({...book, ids}, flags, {takes: 'new'}, remade)
  })
  return make(selection, books, flags, session)
}

/** Takes candidates that the store has; sends nothing. */
async function takePicks(
  selection: Selection,
  picks: ReturnType<typeof parsePicks>,
  flags: RegenerateFlags,
  session: BuildSession,
): Promise<number> {
  refuseOverwriting(selection, flags)
  const books = selection.books.map((book) => {
    const takes = new Map<JobId, number>()
    for (const {selector, number} of picks) for (const id of book.bySelector.get(selector) ?? []) takes.set(id, number)
    return againBook(book, flags, {takes})
  })
  for (const {plan} of await planned(books)) await new Candidates(plan).refuseMissing()
  return make(selection, books, {...flags, offline: true}, session)
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
  remade: Set<JobId> = new Set(),
): AgainBook {
  const {ids, plan} = book
  const again: Again = {ids, overwrites: flags.overwrite ? book.named : new Set(), ...how}
  const only = flags.withDownstream ? withReaders(ids, plan.context, remade) : ids
  for (const id of only) remade.add(otherBookId(book.loaded.target.name, id))
  const refresh = flags.withDownstream ? new Set(['upstream' as const]) : plan.context.refresh
  return {book, context: {...plan.context, only, refresh, again, remade}}
}

/** Directives with those that read them or what is made again of other books, and those that read these. */
function withReaders(ids: ReadonlySet<JobId>, {loaded}: BookContext, remade: ReadonlySet<JobId>): Set<JobId> {
  const all = new Set(ids)
  for (const id of loaded.plan.order) {
    const {dependsOn} = loaded.plan.jobs.get(id) as Job
    if (dependsOn.some((upstream) => all.has(upstream) || remade.has(upstream))) all.add(id)
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

/**
 * With `--overwrite`, takes new texts that lie beside edited ones and are still wanted: they are what is asked for. Gives
 * the directives that have their text by this, by output folder, or the exit code where nothing is left to do.
 */
async function takeFromBeside(
  select: (use: SelectionUse) => Promise<Selection>,
  flags: RegenerateFlags,
  session: BuildSession,
): Promise<ReadonlyMap<string, SectionPuts['contents']> | number> {
  if (!flags.overwrite || flags.candidates !== undefined) return new Map()
  const standing = await select('none')
  refuseOverwriting(standing, flags)
  if (standing.books.every((book) => textsBesideOf(book).size === 0)) return new Map()
  const selection = await selectCarried(() => select('none'), flags, session)
  if (typeof selection === 'number') return selection
  const puts = selection.books
    .map((book) => ({book, contents: textsBesideOf(book), dropsBeside: true, said: saidOfBeside}))
    .filter(({contents}) => contents.size > 0)
  const taken = new Map(puts.map(({book, contents}) => [book.loaded.target.outputFolder, contents]))
  if (puts.length === 0 || flags.dryRun) return taken
  const isAll = selection.books.every(
    ({ids, loaded}) => ids.size === (taken.get(loaded.target.outputFolder)?.size ?? 0),
  )
  if (isAll) return putSections(selection, puts, flags, session)
  const code = await putSections(selection, puts, flags, {...session, conclude: async () => {}})
  return code >= exitCode.usage ? code : taken
}

const saidOfBeside = (id: JobId): string => `${id}: takes the new text that lay beside, without a request`

function textsBesideOf({named, plan}: SelectedBook): Map<JobId, string> {
  const contents = new Map<JobId, string>()
  for (const id of named) {
    const lying = plan.waiting.has(id) ? plan.beside.get(id) : undefined
    if (lying?.record === undefined) continue
    const {extra} = plan.texts.get(id)?.file ?? {}
    contents.set(id, formatSectionFile({...lying.record, directive: id}, lying.body, extra))
  }
  return contents
}

/** Only what an id or a line names is overwritten. */
function refuseOverwriting({books}: Selection, {overwrite}: RegenerateFlags): void {
  if (overwrite && books.some(({ids, named}) => [...ids].some((id) => !named.has(id))))
    throw odd('--overwrite for a selector of many', 'directives named by id or line')
}

/** Brings back the texts that were replaced last. */
async function undo(selection: Selection, flags: RegenerateFlags, session: BuildSession): Promise<number> {
  const puts: SectionPuts[] = []
  const lacking: JobId[] = []
  for (const book of selection.books) {
    const {root, outputFolder} = book.loaded.target
    const replaced = new ReplacedTexts(root, outputFolder)
    const notes = new RegenerateNotes(root)
    const contents = new Map<JobId, string>()
    for (const id of book.ids) {
      const {file} = book.plan.texts.get(id) ?? {}
      const before = await replaced.before(id, file?.source)
      // What is undone was seen: a run that was cut off does not bring it back.
      if (file?.record !== undefined && !flags.dryRun) await notes.remove(file.record.request)
      if (before === undefined) lacking.push(id)
      else contents.set(id, before)
    }
    const said = (id: JobId): string =>
      `${selectorOf(id, book, selection)}: the text before is back; undo again for the other`
    if (contents.size > 0) puts.push({book, contents, dropsBeside: false, said})
  }
  if (puts.length === 0) {
    throw new UsageError(
      'nothing-kept',
      `Cannot undo \`${lacking.join('`, `')}\`, expected a text that a command replaced here; \`git log\` shows older ones`,
    )
  }
  for (const id of lacking) session.reporter.info(`${id}: no text was replaced here, it stays as it is`)
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
