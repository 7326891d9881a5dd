import {FileThread} from '../store/file-thread.ts'
import {type FileWriter, ownThread} from '../store/file-writer.ts'
import type {OutputLock} from '../store/output-lock.ts'
import type {BuildFlags} from './build-flags.ts'
import type {BuildRecorder} from './build-recorder.ts'
import {type BuildOutcome, noSpending, type RunSpending} from './build-report.ts'
import type {GlobalOptions} from './global-options.ts'
import {lockBook} from './lock-book.ts'
import {OddAnswers} from './odd-answers.ts'
import type {PlannedBook} from './planned-book.ts'
import {Progress} from './progress.ts'
import type {Reporter} from './reporter.ts'
import type {BuildTools} from './send-texts.ts'
import type {Sending} from './sending.ts'
import {listenForStop, type StopSignals} from './signals.ts'
import {unusedProxy} from './unused-proxy.ts'

/** From so many texts on, a thread that writes them is worth its start. */
const manyTexts = 16

/** What a command that makes texts brings along beside its books. */
export interface BuildSession {
  readonly options: GlobalOptions
  readonly reporter: Reporter
  /** When the command began, by `performance.now()`. */
  readonly startMs: number
  /** Absent for commands whose result the next build may not replay. */
  readonly stamp: BuildRecorder | undefined
  /** The command as the lock names it; default `build`. */
  readonly command?: string
  /** Signals that the caller listens for, and goes on listening for; default those of this run alone. */
  readonly signals?: StopSignals
  /** Tells what came of it in the place of the summary and the JSON document of a build. */
  conclude?(outcome: BuildOutcome): Promise<void>
}

/** What a run gave, and what it spent. */
export interface SessionResult<Result> {
  /** Undefined where a signal ended the wait for a lock. */
  readonly result: Result | undefined
  readonly spending: RunSpending
  /** Exit code of the signal that came; undefined when none did. */
  readonly stoppedBy: number | undefined
}

/** Runs `work` with all that making texts takes, while it holds the locks of the folders; signals end it as a build. */
export async function runSession<Result>(
  books: readonly PlannedBook[],
  folders: readonly string[],
  flags: BuildFlags,
  session: BuildSession,
  work: (tools: BuildTools) => Promise<Result>,
): Promise<SessionResult<Result>> {
  const {options, reporter, stamp, command = 'build'} = session
  const progress = new Progress(reporter, options.quiet || options.json)
  const signals = session.signals ?? listenForStop()
  const stopSaying = saySignals(signals, progress, reporter)
  const locks: OutputLock[] = []
  const sendings = new Map<string, Sending>()
  const oddAnswers = new OddAnswers()
  const tools: BuildTools = {reporter, progress, signals, sendings, stamp, files: filesFor(books), oddAnswers}
  let result: Result
  try {
    warnOfProxy(books, reporter)
    // Always in the same order, so that two builds never wait for each other.
    for (const folder of [...folders].sort()) {
      const lock = await lockBook(folder, {command, waits: flags.wait, cwd: options.cwd, signals})
      if (lock === undefined) return {result: undefined, spending: noSpending, stoppedBy: signals.exitCode}
      locks.push(lock)
    }
    result = await work(tools)
  } finally {
    progress.stop()
    stopSaying()
    if (session.signals === undefined) signals.dispose()
    try {
      for (const sending of sendings.values()) await sending.close(signals.abort.aborted)
    } finally {
      await tools.files.close()
      for (const lock of locks) await lock.release()
    }
  }
  oddAnswers.report(reporter)
  const spending = flags.offline ? noSpending : spendingOf(sendings.get('openai'))
  return {result, spending, stoppedBy: signals.exitCode}
}

/** Says what a signal does; gives what ends that. */
function saySignals({stop, abort}: StopSignals, {counts}: Progress, reporter: Reporter): () => void {
  const onStop = (): void =>
    reporter.info(
      `stopping: no new requests, keeping the ${counts.inFlight} in flight; press Ctrl-C again to give them up`,
    )
  const onAbort = (): void => reporter.info('giving up the requests in flight')
  stop.addEventListener('abort', onStop)
  abort.addEventListener('abort', onAbort)
  return () => {
    stop.removeEventListener('abort', onStop)
    abort.removeEventListener('abort', onAbort)
  }
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
