import {existsSync} from 'node:fs'
import {join} from 'node:path'
import type {BlockedEdit} from '../book/own-edits.ts'
import type {JobId} from '../model/job.ts'
import type {Price} from '../model/price.ts'
import {priceOf} from '../model/price-of.ts'
import {systemFaultCode} from '../model/system-fault.ts'
import type {Judgement} from '../plan/judge-state.ts'
import type {CompletionKeeper} from '../schedule/run-plan.ts'
import {CompletionStore, readIfThere} from '../store/completion-store.ts'
import type {FileWriter} from '../store/file-writer.ts'
import {formatManifest, readManifest} from '../store/manifest.ts'
import {NoRoomError, Reserve} from '../store/reserve.ts'
import {storedTextPath, storeFolder} from '../store/store-paths.ts'
import {sayBlocked, sayCarried} from './book-edit-lines.ts'
import {claimStore, noteBook} from './book-guard.ts'
import {type BookText, judgeBook, sectionLocation} from './book-texts.ts'
import {type BookPlan, type BookRun, judgeOptions, noRun, planBook} from './build-book.ts'
import type {BuildFlags} from './build-flags.ts'
import {type BookOutcome, bookOutcome} from './build-report.ts'
import {UsageError} from './exit-codes.ts'
import type {GlobalOptions} from './global-options.ts'
import {makeTexts} from './make-texts.ts'
import type {OddAnswers} from './odd-answers.ts'
import type {OpenBooks} from './open-books.ts'
import {PaidStore} from './paid-store.ts'
import type {PlannedBook} from './planned-book.ts'
import {keepPrevious} from './previous-build.ts'
import type {Progress} from './progress.ts'
import type {BookTarget} from './project.ts'
import {displayPath} from './project.ts'
import {reportCutOffRuns} from './report-cut-off.ts'
import type {Reporter} from './reporter.ts'
import {openSending, repairsOf, type Sending} from './sending.ts'
import type {StopSignals} from './signals.ts'
import type {StampWriter} from './stamp-writer.ts'
import {takeBookEdits} from './take-book-edits.ts'
import {usageHistory} from './usage-history.ts'
import {composeBook, copyImages, makeManifest, writeBookFiles} from './write-book.ts'

/** What the books of a build share. */
export interface BuildTools {
  readonly reporter: Reporter
  readonly progress: Progress
  readonly signals: StopSignals
  /** By the provider's name. */
  readonly sendings: Map<string, Sending>
  readonly stamp: StampWriter | undefined
  /** Writes what is paid for and made of it. */
  readonly files: FileWriter
  readonly oddAnswers: OddAnswers
}

/** Builds one book, under its lock: makes what is wanted, and puts the book together. */
export async function buildOne(
  open: OpenBooks,
  planned: PlannedBook,
  flags: BuildFlags,
  options: GlobalOptions,
  tools: BuildTools,
): Promise<BookOutcome> {
  const {loaded, choice} = planned
  const {target} = loaded
  const {reporter, progress, stamp} = tools
  // What stood was read before the lock was taken; another build may have ended in between.
  const manifest = await readManifest(target.outputFolder)
  const isUntouched =
    manifest === undefined && planned.plan.texts.size === 0 && !existsSync(join(target.outputFolder, 'sections'))
  const standing = isUntouched ? planned.plan : await planBook(planned.plan.context)
  const present = await readIfThere(join(target.outputFolder, 'book.md'))
  const taken = flags.discardBookEdits ? undefined : await takeBookEdits(open, standing, manifest, present, tools.files)
  if (taken?.type === 'blocked') return blockedOutcome(standing, reporter, options, taken.edits)
  if (taken?.type === 'carried') sayCarried(taken.edits, reporter)
  // Nothing is made that was not agreed to, though a text that was edited may be read by others.
  const plan = taken?.type === 'carried' ? await planBook({...standing.context, only: planned.plan.make}) : standing
  await claimStore(target)
  const store = new CompletionStore(join(target.root, '.msk-course', 'store'), tools.files)
  if (choice.reason !== undefined && plan.make.size > 0) reporter.info(choice.reason)
  const sending = await sendingFor(planned, open, flags, tools, store)
  const isPaid = choice.name === 'openai'
  const before = {texts: new Map(plan.texts), book: present, manifest}
  await progress.start(plan.make.size, isPaid ? sending.ledger : undefined)
  const reserve = isPaid && plan.make.size > 0 ? await takeReserve(target, sending, plan, options) : undefined
  const paid = {buysAgain: flags.yes, prices: open.config.prices, cwd: options.cwd, reserve}
  const keeper = isPaid ? new PaidStore(store, paid) : draftStore(store)
  const run = await makeTexts(plan, store, keeper, {
    ...sending.options,
    width: 2 * sending.concurrency + 16,
    failFast: flags.failFast,
    files: tools.files,
    onEvent: (event) => progress.on(event),
    readRaw: (address) => store.readText(address),
    repairs: repairsOf(flags, open.config, choice),
  }).finally(() => reserve?.free())
  tools.oddAnswers.note(plan, run)
  for (const {address, movedTo} of store.corrupt) {
    reporter.warn(
      `a stored completion does not match its address ${address.slice(0, 12)} and was put aside: ${displayPath(movedTo, options.cwd)}`,
    )
  }
  if (plan.orphans.length > 0) {
    const what = plan.orphans.length === 1 ? '1 text is' : `${plan.orphans.length} texts are`
    reporter.info(
      `${target.name}: ${what} no longer in the outline, kept in ${displayPath(join(target.outputFolder, 'unused'), options.cwd)}`,
    )
  }
  const {render, sources} = plan.context
  const judged = judgeBook(loaded.plan, plan.texts, render, sources, judgeOptions(plan.context))
  if (plan.context.again?.isTrial === true) {
    return bookOutcome({planned: plan, judged, run, writing: {hasWritten: false, isBlocked: false}, cwd: options.cwd})
  }
  const writing = await writeResults(open, {...planned, plan, manifest}, run, judged, flags, present, stamp).catch(
    (error: unknown) => {
      const code = systemFaultCode(error)
      if (code === undefined) throw error
      reporter.error(
        `Cannot write the book to \`${displayPath(target.outputFolder, options.cwd)}\` (${code}); what was there before stands, and every completion that was stored is kept for the next build`,
      )
      return {hasWritten: true, isBlocked: false, isBookLeft: true}
    },
  )
  if (writing.isBlocked) sayBlocked(plan, [], reporter, options.cwd)
  const fault = await keepPrevious(target, before, plan.texts, tools.files)
  if (fault !== undefined) reporter.warn(`Cannot keep what the book was before (${fault}), for \`diff --previous\``)
  stamp?.stands(plan, judged)
  const placed = composeBook(loaded, plan.texts, open.config).book.repairs
  return bookOutcome({planned: plan, judged, run, writing, cwd: options.cwd, placed})
}

/** The one way of sending of a provider in this build; what an earlier build left in doubt is told first. */
async function sendingFor(
  {loaded, choice, plan}: PlannedBook,
  open: OpenBooks,
  flags: BuildFlags,
  {signals, sendings, reporter}: BuildTools,
  store: CompletionStore,
): Promise<Sending> {
  const known = sendings.get(choice.name)
  if (known !== undefined) return known
  const stateFolder = join(loaded.target.root, '.msk-course')
  const price = (model: string): Price | undefined => priceOf(model, open.config.prices)
  if (choice.name === 'openai') await reportCutOffRuns(stateFolder, store, price, reporter)
  const history = usageHistory(plan)
  const sending = await openSending({choice, open, flags, signals, stateFolder, history, priceOf: price})
  sendings.set(choice.name, sending)
  return sending
}

/** Sets room aside before anything is sent; a disk without room or a store that may not be written stops the build here. */
async function takeReserve(
  {root}: BookTarget,
  {concurrency}: Sending,
  {make}: BookPlan,
  options: GlobalOptions,
): Promise<Reserve> {
  const store = storeFolder(root)
  try {
    return await Reserve.take(store, concurrency, make.size)
  } catch (error) {
    const reason = error instanceof NoRoomError ? error.message : systemFaultCode(error)
    if (reason === undefined) throw error
    throw new UsageError(
      'unwritable-store',
      `Cannot keep completions in \`${displayPath(store, options.cwd)}\`: ${reason}`,
    )
  }
}

/** A draft is composed anew at no cost, also by a later version that composes better. */
function draftStore(store: CompletionStore): CompletionKeeper {
  return {find: async () => ({type: 'none'}), put: (completion) => store.put(completion)}
}

function blockedOutcome(
  plan: BookPlan,
  reporter: Reporter,
  options: GlobalOptions,
  edits: readonly BlockedEdit[],
): BookOutcome {
  sayBlocked(plan, edits, reporter, options.cwd)
  return bookOutcome({
    planned: plan,
    judged: plan.judged,
    run: noRun,
    writing: {hasWritten: false, isBlocked: true},
    cwd: options.cwd,
  })
}

async function writeResults(
  open: OpenBooks,
  planned: PlannedBook,
  run: BookRun,
  judged: ReadonlyMap<JobId, Judgement>,
  flags: BuildFlags,
  present: string | undefined,
  stamp: StampWriter | undefined,
): Promise<{hasWritten: boolean; isBlocked: boolean; isBookLeft: boolean}> {
  const {loaded, choice, manifest, plan} = planned
  const {target} = loaded
  const composed = composeBook(loaded, plan.texts, open.config)
  const {markdown} = composed.book
  const hasMade = [...run.results.values()].some(({type}) => type === 'completed')
  const hasMoved = plan.orphans.length > 0 || run.renewed.size > 0
  // A complete book is not replaced by one with placeholders unless that is asked for.
  const wasComplete = present !== undefined && manifest?.complete === true
  const isBookLeft = !composed.isComplete && wasComplete && !flags.allowMissing
  if (isBookLeft) return {hasWritten: hasMade || hasMoved, isBlocked: false, isBookLeft}
  const failed = new Set([...run.results].filter(([, {type}]) => type === 'failed').map(([id]) => id))
  const record =
    hasMade || manifest === undefined
      ? {provider: choice.name, model: choice.model === '' ? null : choice.model}
      : manifest.record
  const next = makeManifest({
    loaded,
    texts: plan.texts,
    judged,
    repairs: run.repairs,
    failures: plan.failures,
    failed,
    composed,
    record,
    before: manifest,
  })
  const bookPath = join(target.outputFolder, 'book.md')
  if ((await readIfThere(bookPath)) !== present) return {hasWritten: hasMade, isBlocked: true, isBookLeft}
  if (present !== markdown) await noteBook(target, markdown)
  const hasImages = await copyImages(loaded, composed.images)
  const hasFiles = await writeBookFiles(target.outputFolder, markdown, next)
  stamp?.wrote(target, markdown, formatManifest(next))
  return {hasWritten: hasMade || hasImages || hasFiles || hasMoved, isBlocked: false, isBookLeft}
}

/** The outcome of a book that needs nothing. */
export function idleOutcome({plan}: PlannedBook, options: GlobalOptions, stamp: StampWriter | undefined): BookOutcome {
  stamp?.stands(plan, plan.judged)
  return bookOutcome({
    planned: plan,
    judged: plan.judged,
    run: noRun,
    writing: {hasWritten: false, isBlocked: false},
    cwd: options.cwd,
  })
}

/** Whether nothing is to be made, moved or written; then the folder is not even locked. */
export async function isUpToDate({loaded, plan, manifest}: PlannedBook, open: OpenBooks): Promise<boolean> {
  const {outputFolder} = loaded.target
  const isMoved = [...plan.texts].some(([id, {location}]) => location !== sectionLocation(id))
  if (plan.make.size > 0 || plan.orphans.length > 0 || isMoved || manifest === undefined) return false
  // A text whose raw completion is at hand can be normalised again.
  const store = storeFolder(loaded.target.root)
  const hasRaw = ({file}: BookText): boolean =>
    file.record !== undefined && existsSync(storedTextPath(store, file.record.completion))
  if ([...plan.outdated.keys()].some((id) => hasRaw(plan.texts.get(id) as BookText))) return false
  const composed = composeBook(loaded, plan.texts, open.config)
  if (!composed.isComplete || composed.images.size > 0) return false
  const next = makeManifest({
    loaded,
    texts: plan.texts,
    judged: plan.judged,
    repairs: new Map(),
    failures: plan.failures,
    failed: new Set(),
    composed,
    record: manifest.record,
    before: manifest,
  })
  const [book, rows] = await Promise.all([
    readIfThere(join(outputFolder, 'book.md')),
    readIfThere(join(outputFolder, 'manifest.json')),
  ])
  return book === composed.book.markdown && rows === formatManifest(next)
}
