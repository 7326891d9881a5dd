import type {BookOutcome, BuildOutcome, RunSpending} from './build-report.ts'
import {duration} from './duration.ts'
import {formatUsd} from './format-amounts.ts'
import type {Reporter} from './reporter.ts'
import {totalLine} from './spending-lines.ts'
import {pagesOf} from './text-size.ts'

/** How many places a summary names before it counts the rest. */
const shownPlaces = 10

/** Directives that were not tried have one reason together, and are no places to look at. */
const leftOutMark = 'left out, '

function leftOut({findings}: BookOutcome): Map<string, number> {
  const reasons = new Map<string, number>()
  for (const {message} of findings) {
    if (message.startsWith(leftOutMark)) reasons.set(message, (reasons.get(message) ?? 0) + 1)
  }
  return reasons
}

/** The closing lines of a build for the reader. */
export function summarise(outcome: BuildOutcome, reporter: Reporter): void {
  for (const book of outcome.books) summariseBook(book, outcome, reporter)
  if (outcome.spending.sent > 0) summariseSpending(outcome.spending, reporter)
}

/** What a run sent and what that cost, in one or two lines. */
export function summariseSpending(spending: RunSpending, reporter: Reporter): void {
  const {sent, retried, rateLimited, inDoubt, inDoubtUsd, usage, costUsd, isEstimated} = spending
  const extra = retried > 0 ? ` (${retried} again, ${rateLimited} for a rate limit)` : ''
  const cost = costUsd === undefined ? 'price unknown' : `${isEstimated ? 'about ' : ''}${formatUsd(costUsd)}`
  reporter.info(
    `  ${count(sent, 'request')}${extra}, ${usage.inputTokens} input and ${usage.outputTokens} output tokens, ${cost}`,
  )
  if (inDoubt > 0) {
    const most = inDoubtUsd > 0 ? `, up to ${formatUsd(inDoubtUsd)}` : ''
    reporter.info(`  ${count(inDoubt, 'request')} may have been billed${most}, though no whole answer came`)
  }
}

function summariseBook(book: BookOutcome, outcome: BuildOutcome, reporter: Reporter): void {
  const {jobs} = book
  const isUpToDate =
    !book.hasWritten && !book.isUnfinished && jobs.generated + jobs.stored + jobs.drifted + jobs.stale === 0
  if (isUpToDate)
    reporter.info(`${book.name}: all ${count(jobs.total, 'section')} up to date, nothing was sent or written`)
  else {
    const parts = [
      ...(jobs.generated > 0 ? [`${jobs.generated} ${book.usedModel ? 'generated' : 'drafted'}`] : []),
      ...(jobs.stored > 0 ? [`${jobs.stored} from the store`] : []),
      ...(jobs.fresh > 0 ? [`${jobs.fresh} unchanged`] : []),
      ...(jobs.drifted > 0 ? [`${jobs.drifted} drifted`] : []),
      ...(jobs.stale > 0 ? [`${jobs.stale} stale`] : []),
      ...(jobs.failed > 0 ? [`${jobs.failed} failed`] : []),
      ...(jobs.skipped > 0 ? [`${jobs.skipped} left out`] : []),
      ...(jobs.missing > 0 ? [`${jobs.missing} missing`] : []),
    ]
    const seconds = duration(outcome.elapsedMs / 1000)
    reporter.info(
      `${book.name}: ${count(jobs.total, 'section')}${parts.length > 0 ? ` (${parts.join(', ')})` : ''}, ${book.words} words, about ${count(pagesOf(book.words), 'page')}, ${seconds}`,
    )
  }
  if (jobs.edited > 0) reporter.info(`  ${jobs.edited} edited by hand, kept`)
  if (book.merged.length > 0)
    reporter.info(
      `  ${count(book.merged.length, 'new text')} merged into what was edited by hand: ${book.merged.join(', ')}`,
    )
  if (jobs.drafts > 0)
    reporter.info(`  ${jobs.drafts} ${jobs.drafts === 1 ? 'is a draft' : 'are drafts'}, not written by a model`)
  if (book.renewed > 0)
    reporter.info(`  ${count(book.renewed, 'text')} normalised anew from the store, without a request`)
  if (book.askedAgain.texts > 0) reporter.info(`  ${askedAgainLine(book.askedAgain)}`)
  if (book.repairs.size > 0) reporter.info(repairLine(book.repairs))
  if (jobs.drifted > 0) for (const line of driftLines(book)) reporter.info(line)
  if (jobs.stale > 0) reporter.info(`  ${jobs.stale} stale, ${keptBecause(book)}`)
  if (book.failing.texts > 0) reporter.info(`  ${needsLook(book.failing)}`)
  for (const [message, number] of leftOut(book)) reporter.info(`  ${number} ${message}`)
  const serious = book.findings.filter(
    ({state, message, ruleId}) =>
      ruleId !== undefined || reporter.isVerbose || (state !== 'drifted' && !message.startsWith(leftOutMark)),
  )
  // What has no text or a broken one comes first.
  serious.sort((one, other) => Number(one.severity === 'warning') - Number(other.severity === 'warning'))
  for (const {id, line, message, ruleId} of serious.slice(0, reporter.isVerbose ? serious.length : shownPlaces)) {
    const rule = ruleId === undefined ? '' : ` (${ruleId})`
    reporter.info(`  ${book.outlinePath}:${line} ${id}: ${message}${rule}`)
  }
  if (serious.length > shownPlaces && !reporter.isVerbose)
    reporter.info(`  … and ${serious.length - shownPlaces} more; --verbose shows all`)
  if (book.isBookLeft)
    reporter.info(
      `  ${book.bookPath} is left as it was, because texts are missing; --allow-missing writes it with placeholders`,
    )
  else if (!book.isBlocked) reporter.result(book.bookPath)
}

/** `12 repairs to completions: 5 repeated-title, 4 chatter, …`, all rules named. */
function repairLine(repairs: BookOutcome['repairs']): string {
  const sum = [...repairs.values()].reduce((total, own) => total + own, 0)
  const byRule = [...repairs].map(([ruleId, own]) => `${own} ${ruleId}`).join(', ')
  return `  ${count(sum, 'repair')} to completions: ${byRule}; listed in manifest.json`
}

function askedAgainLine({texts, better}: BookOutcome['askedAgain']): string {
  const were = texts === 1 ? 'was' : 'were'
  return `${count(texts, 'text')} missed something and ${were} asked for again; ${better === 0 ? 'none' : better} of them ${better > 1 ? 'are' : 'is'} better for it`
}

/** What drifted, and what making it again would cost. */
function driftLines(book: BookOutcome): string[] {
  const {jobs, refresh, refreshable, usedModel} = book
  if (refresh === undefined) return [`  ${jobs.drifted} drifted, kept`]
  if (refresh.texts === 0) return [`  ${jobs.drifted} drifted, ${keptBecause(book)}`]
  const same = jobs.drifted === 1 ? 'it' : 'them'
  const what = refresh.texts === jobs.drifted ? same : count(refresh.texts, 'text')
  return [
    `  ${jobs.drifted} drifted, kept; --refresh ${refreshable.join(',')} would make ${what} again`,
    ...(usedModel ? [`    with ${totalLine(refresh.spending)}`] : []),
  ]
}

function needsLook({texts, errors}: BookOutcome['failing']): string {
  const broken = errors === 0 ? '' : `, ${errors} of them ${errors === 1 ? 'is' : 'are'} incomplete`
  return `${count(texts, 'section')} ${texts === 1 ? 'needs' : 'need'} a look${broken}`
}

function keptBecause({usedModel, isPartial}: BookOutcome): string {
  if (isPartial) return 'kept, as they were not asked for'
  return usedModel ? 'kept: edited by hand' : 'kept; a draft never replaces the text of a model or an author'
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
