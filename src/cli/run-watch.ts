import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {systemFaultCode} from '../model/system-fault.ts'
import type {BuildFlags} from './build-flags.ts'
import type {BookOutcome, BuildOutcome} from './build-report.ts'
import {duration} from './duration.ts'
import {UsageError} from './exit-codes.ts'
import {FolderWatcher} from './folder-watcher.ts'
import {formatUsd} from './format-amounts.ts'
import type {GlobalOptions} from './global-options.ts'
import {displayPath} from './project.ts'
import {runBuild} from './run-build.ts'
import {listenForStop} from './signals.ts'
import {WatchRecorder} from './watch-recorder.ts'
import {WatchReporter} from './watch-reporter.ts'

/** How many findings and changed files a line names before it counts the rest. */
const shownFindings = 10
const shownFiles = 3

/** Faults of what an author edits, or that pass: the next save may mend them. */
const passing = new Set([
  'binary-file',
  'broken-section',
  'check-failed',
  'empty-file',
  'invalid-config',
  'locked',
  'no-directives',
])

/**
 * Builds, and builds again whenever something that the books are made from is edited, until a signal comes. Nothing is
 * sent without `--yes`. Gives the exit code.
 */
export async function runWatch(
  outlines: readonly string[],
  flags: BuildFlags,
  options: GlobalOptions,
): Promise<number> {
  refuseOtherModes(flags, options)
  const own: BuildFlags = flags.yes ? flags : {...flags, offline: true}
  const reporter = new WatchReporter(options)
  const recorder = new WatchRecorder(outlines.length === 0)
  const signals = listenForStop()
  const watcher = new FolderWatcher(flags.poll === true, (because) =>
    reporter.line(`folders cannot be watched here (${because}); looking for edits twice a second instead`),
  )
  let changed: readonly string[] = []
  let fault: string | undefined
  let spentUsd = 0
  try {
    for (let round = 1; signals.exitCode === undefined; round++) {
      reporter.startRound()
      recorder.begin()
      const because = changed.map((path) => displayPath(path, options.cwd))
      const conclude = async (outcome: BuildOutcome): Promise<void> => {
        spentUsd += outcome.spending.costUsd ?? 0
        sayRound(outcome, because, reporter)
      }
      // It is held over all of the builds.
      const left = own.maxCost === undefined ? {} : {maxCost: Math.max(0, own.maxCost - spentUsd)}
      fault = await buildRound(
        () => runBuild(outlines, {...own, ...left}, options, {reporter, signals, stamp: recorder, conclude}),
        {
          recorder,
          reporter,
          isFirst: round === 1,
        },
      )
      if (round === 1 && signals.exitCode === undefined) reporter.line(watchingLine(own, recorder))
      changed = await nextChange(recorder, watcher, fault, signals.stop)
    }
    return signals.exitCode
  } finally {
    watcher.close()
    signals.dispose()
  }
}

function refuseOtherModes({frozen, dryRun, watch}: BuildFlags, {json}: GlobalOptions): void {
  if (watch !== true) throw new UsageError('needs-watch', 'Unexpected --poll, expected it with --watch')
  const other = frozen ? '--frozen' : dryRun ? '--dry-run' : json ? '--json' : undefined
  if (other === undefined) return
  const why = {
    '--frozen': 'which writes nothing',
    '--dry-run': 'which only shows',
    '--json': 'which prints one document at the end',
  }[other]
  throw new UsageError('conflicting-flags', `Unexpected --watch with ${other}, ${why}, expected one of the two`)
}

/** Builds once; gives the code of what kept it from being built, which has been said. */
async function buildRound(
  build: () => Promise<number>,
  {recorder, reporter, isFirst}: {recorder: WatchRecorder; reporter: WatchReporter; isFirst: boolean},
): Promise<string | undefined> {
  const {configPath} = recorder
  if (configPath !== undefined && !existsSync(configPath)) {
    // Without it another folder would be the project's.
    reporter.error(`Cannot read the config \`${configPath}\`, expected it to come back`)
    return 'not-found'
  }
  try {
    await build()
    return undefined
  } catch (error) {
    const code = error instanceof UsageError ? error.code : systemFaultCode(error)
    if (code === undefined || (isFirst && (!passing.has(code) || recorder.targets.length === 0))) throw error
    reporter.error((error as Error).message)
    return code
  }
}

/** Files that changed since the last build; waits until there are some, or the lock that it met is free. Empty after a signal. */
async function nextChange(
  recorder: WatchRecorder,
  watcher: FolderWatcher,
  fault: string | undefined,
  stop: AbortSignal,
): Promise<readonly string[]> {
  while (!stop.aborted) {
    watcher.follow(recorder.folders())
    const changed = recorder.changed()
    if (changed.length > 0) return changed
    const locks = recorder.targets.map(({outputFolder}) => join(outputFolder, '.lock'))
    if (fault === 'locked' && !locks.some((path) => existsSync(path))) return locks
    await watcher.next(stop)
  }
  return []
}

function watchingLine({offline, poll}: BuildFlags, {targets}: WatchRecorder): string {
  const names = targets.map(({name}) => name).join(', ')
  const spending = offline ? 'nothing is sent (--yes lets it buy texts)' : 'texts that are missing or stale are bought'
  return `watching ${names}${poll === true ? ' twice a second' : ''}; ${spending}; Ctrl-C ends it`
}

/** A line for each book, and what is to be looked at. */
function sayRound(
  {books, spending, elapsedMs}: BuildOutcome,
  because: readonly string[],
  reporter: WatchReporter,
): void {
  const time = new Date().toTimeString().slice(0, 8)
  const more = because.length > shownFiles ? ` and ${because.length - shownFiles} more` : ''
  const what = because.length === 0 ? '' : ` for ${because.slice(0, shownFiles).join(', ')}${more}`
  const cost =
    spending.sent === 0
      ? ''
      : `, ${spending.sent} ${spending.sent === 1 ? 'request' : 'requests'}, ${spending.costUsd === undefined ? 'price unknown' : formatUsd(spending.costUsd)}`
  for (const book of books) {
    const state = book.isBlocked ? 'not written' : book.isBookLeft ? 'book.md left as it was' : 'built'
    const parts = countParts(book)
    reporter.line(
      `${time} ${book.name}: ${book.hasWritten || book.isBlocked || book.isBookLeft ? state : 'as it was'}${what}: ${parts.join(', ')}, ${duration(elapsedMs / 1000)}${cost}`,
    )
    const findings = book.findings.filter(({state: own}) => own !== 'drifted' || reporter.isVerbose)
    for (const {id, line, message} of findings.slice(0, shownFindings))
      reporter.line(`  ${book.outlinePath}:${line} ${id}: ${message}`)
    if (findings.length > shownFindings) reporter.line(`  … and ${findings.length - shownFindings} more`)
  }
}

function countParts({jobs, usedModel}: BookOutcome): string[] {
  const counts: [number, string][] = [
    [jobs.generated, usedModel ? 'generated' : 'drafted'],
    [jobs.stored, 'from the store'],
    [jobs.fresh, 'unchanged'],
    [jobs.drifted, 'drifted'],
    [jobs.stale, 'stale'],
    [jobs.failed, 'failed'],
    [jobs.skipped, 'left out'],
    [jobs.missing, 'missing'],
    [jobs.edited, 'edited by hand'],
  ]
  return counts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`)
}
