import {systemFaultCode} from '../model/system-fault.ts'
import type {BasisPart} from '../plan/judge-state.ts'
import {FileThread} from '../store/file-thread.ts'
import {type FileWriter, ownThread} from '../store/file-writer.ts'
import {readManifest} from '../store/manifest.ts'
import {LockedError, OutputLock} from '../store/output-lock.ts'
import {refuseForeignOutput} from './book-guard.ts'
import {refreshParts} from './book-texts.ts'
import {planBook} from './build-book.ts'
import type {BuildFlags} from './build-flags.ts'
import {type BuildTools, buildOne, idleOutcome, isUpToDate} from './build-one.ts'
import {
  type BookOutcome,
  type BuildOutcome,
  buildReport,
  exitCodeOf,
  noSpending,
  type RunSpending,
} from './build-report.ts'
import {chooseProvider, type ProviderChoice} from './build-settings.ts'
import {exitCode, UsageError} from './exit-codes.ts'
import type {GlobalOptions} from './global-options.ts'
import type {LoadedOutline} from './load-course.ts'
import {OddAnswers} from './odd-answers.ts'
import {bookContext, type OpenBooks, openBooks, refuseUnbuildable} from './open-books.ts'
import type {PlannedBook} from './planned-book.ts'
import {Progress} from './progress.ts'
import {displayPath} from './project.ts'
import {Reporter} from './reporter.ts'
import {selectInBook} from './select-in-book.ts'
import type {Sending} from './sending.ts'
import {showMessages} from './show-messages.ts'
import {listenForStop, type StopSignals} from './signals.ts'
import {askConsent, refuseUnpricedCap, showDryRun} from './spending.ts'
import {StampWriter} from './stamp-writer.ts'
import {summarise} from './summarise.ts'
import {unusedProxy} from './unused-proxy.ts'

const lockPollMs = 200

/** From so many texts on, a thread that writes them is worth its start. */
const manyTexts = 16

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
  refuseUnpricedCap(books, flags)
  if (flags.dryRun) return showDryRun(books, flags, reporter, options)
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
  const sendings = new Map<string, Sending>()
  const oddAnswers = new OddAnswers()
  const tools: BuildTools = {reporter, progress, signals, sendings, stamp, files: filesFor(books), oddAnswers}
  warnOfProxy(books, reporter)
  try {
    // Always in the same order, so that two builds never wait for each other.
    const inOrder = books.toSorted((a, b) => (a.loaded.target.outputFolder < b.loaded.target.outputFolder ? -1 : 1))
    for (const {loaded} of idle.size === books.length ? [] : inOrder) {
      const lock = await takeLock(loaded, flags, options, signals)
      if (lock === undefined) return signals.exitCode as number
      locks.push(lock)
    }
    for (const planned of books) {
      const outcome =
        idle.has(planned) && locks.length === 0
          ? idleOutcome(planned, options, stamp)
          : await buildOne(open, planned, flags, options, tools)
      outcomes.push(outcome)
      if (signals.exitCode !== undefined) break
    }
    if (signals.exitCode === undefined && !outcomes.some(({isUnfinished}) => isUnfinished)) {
      // A log that is left over would make the stamp void.
      for (const sending of sendings.values()) await sending.close(false)
      await stamp?.write(open, reporter)
    }
  } finally {
    progress.stop()
    signals.dispose()
    for (const sending of sendings.values()) await sending.close(signals.abort.aborted)
    await tools.files.close()
    for (const lock of locks) await lock.release()
  }
  oddAnswers.report(reporter)
  const outcome: BuildOutcome = {
    books: outcomes,
    spending: flags.offline ? noSpending : spendingOf(sendings.get('openai')),
    elapsedMs: Math.round(performance.now() - startMs),
  }
  if (options.json) reporter.json(buildReport(outcome))
  else summarise(outcome, reporter)
  if (signals.exitCode !== undefined) return signals.exitCode
  return exitCodeOf(outcome)
}

/** Says once that the environment's proxy is not used, where something is to be sent. */
function warnOfProxy(books: readonly PlannedBook[], reporter: Reporter): void {
  const sending = books.find(({choice, plan}) => choice.name === 'openai' && !choice.isOffline && plan.make.size > 0)
  const {baseUrl, isLoopback = true} = sending?.choice ?? {}
  const warning = baseUrl === undefined || isLoopback ? undefined : unusedProxy(baseUrl, process.env)
  if (warning !== undefined) reporter.warn(warning)
}

function spendingOf(sending: Sending | undefined): RunSpending {
  if (sending === undefined) return noSpending
  const {sent, retried, rateLimited, inDoubt, inDoubtUsd, isEstimated, totalUsage, spentUsd} = sending.ledger
  return {sent, retried, rateLimited, inDoubt, inDoubtUsd, isEstimated, usage: totalUsage, costUsd: spentUsd}
}

/** Undefined when a signal ended the wait for it. */
async function takeLock(
  loaded: LoadedOutline,
  flags: BuildFlags,
  options: GlobalOptions,
  signals: StopSignals,
): Promise<OutputLock | undefined> {
  const {outputFolder} = loaded.target
  try {
    return await OutputLock.take(outputFolder, 'msk-course build', {
      nowMs: Date.now(),
      signal: signals.stop,
      ...(flags.wait ? {waitMs: lockPollMs} : {}),
    })
  } catch (error) {
    if (signals.exitCode !== undefined) return undefined
    if (error instanceof LockedError) throw new UsageError('locked', error.message)
    const code = systemFaultCode(error)
    if (code !== undefined) {
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

function filesFor(books: readonly PlannedBook[]): FileWriter {
  return books.some(({plan}) => plan.make.size >= manyTexts) ? FileThread.start() : ownThread
}
