import type {BuildFlags} from './build-flags.ts'
import {buildOne, idleOutcome, isUpToDate} from './build-one.ts'
import {type BookOutcome, type BuildOutcome, buildReport, exitCodeOf} from './build-report.ts'
import type {OpenBooks} from './open-books.ts'
import type {PlannedBook} from './planned-book.ts'
import {type BuildSession, runSession} from './run-session.ts'
import {summarise} from './summarise.ts'

/** Builds books that are planned and agreed to, one after the other, and says what came of it. Gives the exit code. */
export async function buildBooks(
  open: OpenBooks,
  books: readonly PlannedBook[],
  flags: BuildFlags,
  session: BuildSession,
): Promise<number> {
  const {options, reporter, startMs, stamp} = session
  const idle = new Set<PlannedBook>()
  for (const planned of books) if (await isUpToDate(planned, open)) idle.add(planned)
  const isIdle = idle.size === books.length
  const folders = isIdle ? [] : books.map(({loaded}) => loaded.target.outputFolder)
  const {result, spending, stoppedBy} = await runSession(books, folders, flags, session, async (tools) => {
    const outcomes: BookOutcome[] = []
    for (const planned of books) {
      const isLeft = isIdle && idle.has(planned)
      outcomes.push(
        isLeft ? idleOutcome(planned, options, stamp) : await buildOne(open, planned, flags, options, tools),
      )
      if (tools.signals.exitCode !== undefined) break
    }
    await open.shared.sources.save()
    if (tools.signals.exitCode === undefined && !outcomes.some(({isUnfinished}) => isUnfinished)) {
      // A log that is left over would make the stamp void.
      for (const sending of tools.sendings.values()) await sending.close(false)
      await stamp?.write(open, reporter)
    }
    return outcomes
  })
  if (result === undefined) return stoppedBy as number
  const outcome: BuildOutcome = {books: result, spending, elapsedMs: Math.round(performance.now() - startMs)}
  if (session.conclude !== undefined) await session.conclude(outcome)
  else if (options.json) reporter.json(buildReport(outcome, session.command))
  else summarise(outcome, reporter)
  return stoppedBy ?? exitCodeOf(outcome)
}
