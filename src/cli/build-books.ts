import {FileThread} from '../store/file-thread.ts'
import {type FileWriter, ownThread} from '../store/file-writer.ts'
import type {OutputLock} from '../store/output-lock.ts'
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
import type {GlobalOptions} from './global-options.ts'
import {lockBook} from './lock-book.ts'
import {OddAnswers} from './odd-answers.ts'
import type {OpenBooks} from './open-books.ts'
import type {PlannedBook} from './planned-book.ts'
import {Progress} from './progress.ts'
import type {Reporter} from './reporter.ts'
import type {Sending} from './sending.ts'
import {listenForStop} from './signals.ts'
import type {StampWriter} from './stamp-writer.ts'
import {summarise} from './summarise.ts'
import {unusedProxy} from './unused-proxy.ts'

/** From so many texts on, a thread that writes them is worth its start. */
const manyTexts = 16

/** What a command that builds brings along beside its books. */
export interface BuildSession {
  readonly options: GlobalOptions
  readonly reporter: Reporter
  /** When the command began, by `performance.now()`. */
  readonly startMs: number
  /** Absent for commands whose result the next build may not replay. */
  readonly stamp: StampWriter | undefined
  /** The command as the lock names it; default `build`. */
  readonly command?: string
  /** Tells what came of it in the place of the summary and the JSON document of a build. */
  conclude?(outcome: BuildOutcome): Promise<void>
}

/** Builds books that are planned and agreed to, one after the other, and says what came of it. Gives the exit code. */
export async function buildBooks(
  open: OpenBooks,
  books: readonly PlannedBook[],
  flags: BuildFlags,
  {options, reporter, startMs, stamp, command = 'build', conclude}: BuildSession,
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
      const {outputFolder} = loaded.target
      const lock = await lockBook(outputFolder, {command, waits: flags.wait, cwd: options.cwd, signals})
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
  if (conclude !== undefined) await conclude(outcome)
  else if (options.json) reporter.json(buildReport(outcome, command))
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

function filesFor(books: readonly PlannedBook[]): FileWriter {
  return books.some(({plan}) => plan.make.size >= manyTexts) ? FileThread.start() : ownThread
}
