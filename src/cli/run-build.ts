import {join} from 'node:path'
import type {JobId} from '../model/job.ts'
import type {BasisPart, Judgement} from '../plan/judge-state.ts'
import {CompletionStore, readIfThere} from '../store/completion-store.ts'
import {formatManifest, readManifest} from '../store/manifest.ts'
import {LockedError, OutputLock} from '../store/output-lock.ts'
import {ignoreState, isOwnBook, noteBook, refuseForeignOutput} from './book-guard.ts'
import {judgeBook, refreshParts, sectionLocation} from './book-texts.ts'
import {type BookPlan, type BookRun, judgeOptions, planBook, runBook} from './build-book.ts'
import type {BuildFlags} from './build-flags.ts'
import {type BookOutcome, type BuildOutcome, bookOutcome, buildReport} from './build-report.ts'
import {chooseProvider, type ProviderChoice} from './build-settings.ts'
import {exitCode, UsageError} from './exit-codes.ts'
import type {GlobalOptions} from './global-options.ts'
import type {LoadedOutline} from './load-course.ts'
import {makeProvider, realClock} from './make-provider.ts'
import {bookContext, type OpenBooks, openBooks, refuseUnbuildable} from './open-books.ts'
import type {PlannedBook} from './planned-book.ts'
import {Progress} from './progress.ts'
import {displayPath} from './project.ts'
import {Reporter} from './reporter.ts'
import {selectInBook} from './select-in-book.ts'
import {showMessages} from './show-messages.ts'
import {listenForStop, type StopSignals} from './signals.ts'
import {askConsent, showDryRun} from './spending.ts'
import {StampWriter} from './stamp-writer.ts'
import {summarise} from './summarise.ts'
import {composeBook, copyImages, makeManifest, writeBookFiles} from './write-book.ts'

const defaultConcurrency = 16
const defaultTimeoutSeconds = 600
const lockPollMs = 200

/** The main job: outlines to books. Gives the exit code. */
export async function runBuild(
  outlines: readonly string[],
  flags: BuildFlags,
  options: GlobalOptions,
): Promise<number> {
  const reporter = new Reporter(options)
  const startMs = performance.now()
  const stamp = StampWriter.begin(outlines, options, reporter)
  const open = await openBooks(
    outlines,
    {...options, ...(flags.out === undefined ? {} : {out: flags.out})},
    (project, targets) => stamp?.take(project, targets),
  )
  stamp?.takeFiles(open)
  await showMessages(open.files, reporter, options)
  refuseUnbuildable(open, options.cwd)
  if (!flags.frozen && (flags.strict || !flags.drafts)) {
    throw new UsageError(
      'needs-frozen',
      `Unexpected ${flags.strict ? '--strict' : '--no-drafts'}, expected it with --frozen`,
    )
  }
  const refresh = parseRefresh(flags.refresh)
  if (flags.frozen) {
    const {runFrozen} = await import('./run-frozen.ts')
    return runFrozen(open, flags, options, reporter, startMs)
  }
  const books: PlannedBook[] = []
  for (const loaded of open.books) {
    const manifest = await readManifest(loaded.target.outputFolder)
    refuseForeignOutput(loaded, manifest, options.cwd)
    const choose = (needsKey: boolean): ProviderChoice =>
      chooseProvider(flags, open.config, manifest?.record, process.env, options.cwd, needsKey)
    const context = bookContext(open, loaded, choose(false), choose(false).name === 'openai', {refresh})
    let plan = await planBook(context)
    if (flags.section !== undefined) {
      const only = selectInBook(flags.section, open.books, plan)
      plan = await planBook({...context, only})
    }
    // A book that needs nothing needs no key either.
    books.push({loaded, choice: choose(plan.make.size > 0), manifest, plan})
  }
  if (flags.maxCost !== undefined && books.some(({choice}) => choice.name === 'openai')) {
    throw new UsageError(
      'unknown-price',
      `Cannot hold --max-cost ${flags.maxCost}: the price of \`${books[0]?.choice.model}\` is not known; leave --max-cost out to build without a limit`,
    )
  }
  if (flags.dryRun) return showDryRun(books, reporter, options)
  const consent = await askConsent(books, flags, reporter)
  if (consent !== 'yes') {
    reporter.info('stopped; nothing was sent or written')
    return consent === 'interrupted' ? exitCode.interrupted : exitCode.findings
  }
  return build(open, books, flags, options, reporter, startMs, stamp)
}

async function build(
  open: OpenBooks,
  books: readonly PlannedBook[],
  flags: BuildFlags,
  options: GlobalOptions,
  reporter: Reporter,
  startMs: number,
  stamp: StampWriter | undefined,
): Promise<number> {
  const idle = new Set<PlannedBook>()
  for (const planned of books) if (await isUpToDate(planned, open)) idle.add(planned)
  const progress = new Progress(reporter, options.quiet || options.json)
  const signals = listenForStop(
    () =>
      reporter.info(
        `stopping: no new requests, keeping the ${progress.counts.inFlight} in flight; press Ctrl-C again to give them up`,
      ),
    () => reporter.info('giving up the requests in flight'),
  )
  const outcomes: BookOutcome[] = []
  const locks: OutputLock[] = []
  try {
    // Always in the same order, so that two builds never wait for each other.
    const inOrder = books.toSorted((a, b) => (a.loaded.target.outputFolder < b.loaded.target.outputFolder ? -1 : 1))
    for (const {loaded} of idle.size === books.length ? [] : inOrder)
      locks.push(await takeLock(loaded, flags, options, signals))
    for (const planned of books) {
      const outcome =
        idle.has(planned) && locks.length === 0
          ? idleOutcome(planned, options, stamp)
          : await buildOne(open, planned, flags, options, {reporter, progress, signals, stamp})
      outcomes.push(outcome)
      if (signals.exitCode !== undefined) break
    }
    if (signals.exitCode === undefined && !outcomes.some(({hasFindings}) => hasFindings))
      await stamp?.write(open, reporter)
  } finally {
    progress.stop()
    signals.dispose()
    for (const lock of locks) await lock.release()
  }
  const outcome: BuildOutcome = {
    books: outcomes,
    requests: {
      sent: flags.offline ? 0 : progress.counts.sent,
      retried: progress.counts.retried,
      rateLimited: progress.counts.rateLimited,
    },
    elapsedMs: Math.round(performance.now() - startMs),
  }
  if (options.json) reporter.json(buildReport(outcome))
  else summarise(outcome, reporter)
  if (signals.exitCode !== undefined) return signals.exitCode
  return outcomes.some(({hasFindings}) => hasFindings) ? exitCode.findings : exitCode.clean
}

async function buildOne(
  open: OpenBooks,
  planned: PlannedBook,
  flags: BuildFlags,
  options: GlobalOptions,
  tools: {
    readonly reporter: Reporter
    readonly progress: Progress
    readonly signals: StopSignals
    readonly stamp: StampWriter | undefined
  },
): Promise<BookOutcome> {
  const {loaded, choice} = planned
  const {target} = loaded
  const {reporter, progress, signals, stamp} = tools
  // What stood was read before the lock was taken; another build may have ended in between.
  const manifest = await readManifest(target.outputFolder)
  const plan = await planBook(planned.plan.context)
  const present = await readIfThere(join(target.outputFolder, 'book.md'))
  const composed = composeBook(loaded, plan.texts, open.config).book.markdown
  if (present !== undefined && !flags.discardBookEdits && !(await isOwnBook(target, present, manifest, composed))) {
    return blockedOutcome(plan, reporter, options)
  }
  await ignoreState(target.root)
  const store = new CompletionStore(join(target.root, '.msk-course', 'store'))
  if (choice.reason !== undefined && plan.make.size > 0) reporter.info(choice.reason)
  await progress.start(plan.make.size)
  const run = await runBook(plan, {
    provider: await makeProvider(choice, open),
    // A draft is composed anew at no cost, also by a later version that composes better.
    store: choice.name === 'draft' ? {find: async () => undefined, put: (completion) => store.put(completion)} : store,
    clock: realClock,
    random: Math.random,
    concurrency: flags.concurrency ?? open.config.concurrency ?? defaultConcurrency,
    timeoutMs: (flags.timeout ?? open.config.timeout ?? defaultTimeoutSeconds) * 1000,
    failFast: flags.failFast,
    stop: signals.stop,
    abort: signals.abort,
    onEvent: (event) => progress.on(event),
    readRaw: (address) => store.readText(address),
  })
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
  const writing = await writeResults(open, {...planned, plan, manifest}, run, judged, flags, present, stamp).catch(
    (error: NodeJS.ErrnoException) => {
      if (typeof error.code !== 'string' || !/^E[A-Z]+$/.test(error.code)) throw error
      reporter.error(
        `Cannot write the book to \`${displayPath(target.outputFolder, options.cwd)}\` (${error.code}); what was there before stands, and every completion that was stored is kept for the next build`,
      )
      return {hasWritten: true, isBlocked: false, isBookLeft: true}
    },
  )
  if (writing.isBlocked) sayBlocked(plan, reporter, options)
  stamp?.stands(plan, judged)
  return bookOutcome({planned: plan, judged, run, writing, cwd: options.cwd})
}

/** `book.md` holds what the program did not write. */
function sayBlocked(plan: BookPlan, reporter: Reporter, options: GlobalOptions): void {
  const path = displayPath(join(plan.context.loaded.target.outputFolder, 'book.md'), options.cwd)
  reporter.error(
    `${path} was changed by hand, or is not this program's, and is left as it is; move the change into the section file below \`sections/\` (or take it over with \`msk-course adopt\`), or build with --discard-book-edits`,
  )
}

function blockedOutcome(plan: BookPlan, reporter: Reporter, options: GlobalOptions): BookOutcome {
  sayBlocked(plan, reporter, options)
  return bookOutcome({
    planned: plan,
    judged: plan.judged,
    run: noRun,
    writing: {hasWritten: false, isBlocked: true},
    cwd: options.cwd,
  })
}

const noRun: BookRun = {results: new Map(), repairs: new Map()}

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
  const hasMoved = plan.orphans.length > 0
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

function idleOutcome({plan}: PlannedBook, options: GlobalOptions, stamp: StampWriter | undefined): BookOutcome {
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
async function isUpToDate({loaded, plan, manifest}: PlannedBook, open: OpenBooks): Promise<boolean> {
  const {outputFolder} = loaded.target
  const isMoved = [...plan.texts].some(([id, {location}]) => location !== sectionLocation(id))
  if (plan.make.size > 0 || plan.orphans.length > 0 || isMoved || manifest === undefined) return false
  const composed = composeBook(loaded, plan.texts, open.config)
  if (!composed.isComplete || composed.images.size > 0) return false
  const next = makeManifest({
    loaded,
    texts: plan.texts,
    judged: plan.judged,
    repairs: new Map(),
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

async function takeLock(
  loaded: LoadedOutline,
  flags: BuildFlags,
  options: GlobalOptions,
  signals: StopSignals,
): Promise<OutputLock> {
  const {outputFolder} = loaded.target
  try {
    return await OutputLock.take(outputFolder, 'msk-course build', {
      nowMs: Date.now(),
      signal: signals.stop,
      ...(flags.wait ? {waitMs: lockPollMs} : {}),
    })
  } catch (error) {
    if (error instanceof LockedError) throw new UsageError('locked', error.message)
    const {code} = error as NodeJS.ErrnoException
    if (typeof code === 'string' && /^E[A-Z]+$/.test(code)) {
      throw new UsageError(
        'unwritable-output',
        `Cannot write to the output folder \`${displayPath(outputFolder, options.cwd)}\` (${code}), expected a folder that may be written; give another one with --out`,
      )
    }
    throw error
  }
}

function parseRefresh(refresh: string | undefined): Set<BasisPart> {
  const wanted = (refresh ?? '').split(',').filter((part) => part !== '')
  for (const part of wanted) {
    if (!(refreshParts as readonly string[]).includes(part)) {
      throw new UsageError(
        'bad-refresh',
        `Unexpected \`${part}\` for --refresh, expected ${refreshParts.join(', ')}, joined by commas`,
      )
    }
  }
  return new Set(wanted as BasisPart[])
}
