import type {Repair} from '../book/repair.ts'
import type {JobId} from '../model/job.ts'
import type {JobResult} from '../model/job-result.ts'
import {messageSeverity} from '../model/report.ts'
import type {RuleId, Severity} from '../model/rules.ts'
import type {BasisPart, Judgement} from '../plan/judge-state.ts'
import {besideFinding} from './beside-finding.ts'
import {refreshParts} from './book-texts.ts'
import type {BookPlan, BookRun} from './build-book.ts'
import type {AskedAgain} from './completion-review.ts'
import {estimateRefresh, type RefreshEstimate} from './estimate-refresh.ts'
import {exitCode} from './exit-codes.ts'
import {roundUsd} from './format-amounts.ts'
import {displayPath} from './project.ts'
import {wordsIn} from './text-size.ts'

/** How many directives came out how; the first eight add up to `total`, the last two are flags beside them. */
export interface JobCounts {
  total: number
  fresh: number
  drifted: number
  stored: number
  generated: number
  failed: number
  skipped: number
  stale: number
  missing: number
  edited: number
  drafts: number
}

export interface Finding {
  readonly id: string
  readonly line: number
  readonly state: string
  readonly reasons: readonly string[]
  readonly message: string
  /** The rule that a text breaks; absent where the finding is about its state. */
  readonly ruleId?: RuleId
  readonly severity?: Severity
}

/** What a build sent and spent, over all of its books. */
export interface RunSpending {
  readonly sent: number
  readonly retried: number
  readonly rateLimited: number
  /** Requests that may have been billed without an answer, and what they may have cost. */
  readonly inDoubt: number
  readonly inDoubtUsd: number
  /** Whether some usage is a guess, because a server did not tell it. */
  readonly isEstimated: boolean
  readonly usage: {readonly inputTokens: number; readonly cachedInputTokens: number; readonly outputTokens: number}
  /** Undefined where a price is unknown. */
  readonly costUsd: number | undefined
}

/** A build that sent nothing. */
export const noSpending: RunSpending = {
  sent: 0,
  retried: 0,
  rateLimited: 0,
  inDoubt: 0,
  inDoubtUsd: 0,
  isEstimated: false,
  usage: {inputTokens: 0, cachedInputTokens: 0, outputTokens: 0},
  costUsd: 0,
}

/** What a build of one book gave. */
export interface BookOutcome {
  readonly name: string
  readonly outlinePath: string
  readonly bookPath: string
  readonly jobs: JobCounts
  readonly messages: {readonly error: number; readonly warning: number; readonly info: number}
  readonly findings: readonly Finding[]
  readonly words: number
  /** How often each rule mended a text that this build made. */
  readonly repairs: ReadonlyMap<string, number>
  /** Texts that are other ones because the normaliser is. */
  readonly renewed: number
  readonly askedAgain: AskedAgain
  /** Edited texts that a new one was merged into. */
  readonly merged: readonly string[]
  /** New texts that lie beside edited ones. */
  readonly beside: number
  /** Texts that miss something of what was asked for, and those among them that miss what is an error. */
  readonly failing: {readonly texts: number; readonly errors: number}
  readonly hasWritten: boolean
  /** `book.md` was changed by hand and is left alone. */
  readonly isBlocked: boolean
  /** `book.md` is complete and older than the outline, because texts are missing now. */
  readonly isBookLeft: boolean
  readonly usedModel: boolean
  /** Whether only some directives were to be made. */
  readonly isPartial: boolean
  /** Whether something is missing or was left as it was, so that another build has more to do. */
  readonly isUnfinished: boolean
  readonly hasFindings: boolean
  readonly refreshable: readonly BasisPart[]
  /** What making the drifted texts again would cost; absent where nothing drifted that `--refresh` takes, and for a frozen build. */
  readonly refresh?: RefreshEstimate
}

export interface BuildOutcome {
  readonly books: readonly BookOutcome[]
  readonly spending: RunSpending
  readonly elapsedMs: number
}

interface OutcomeInput {
  readonly planned: BookPlan
  readonly judged: ReadonlyMap<JobId, Judgement>
  readonly run: BookRun
  readonly writing: {readonly hasWritten: boolean; readonly isBlocked: boolean; readonly isBookLeft?: boolean}
  readonly cwd: string
  /** What placing the texts changed. */
  readonly placed?: ReadonlyMap<JobId, readonly Repair[]>
  /** Nothing is shown of what drifted: its cost is then not estimated. */
  readonly isFrozen?: boolean
}

/** The exit code of a build: 1 where a book is unfinished, or texts lack what was asked for. */
export function exitCodeOf({books}: BuildOutcome): number {
  return books.some(({hasFindings}) => hasFindings) ? exitCode.findings : exitCode.clean
}

/** Counts and findings of a book after a run. */
export function bookOutcome({planned, judged, run, writing, cwd, placed, isFrozen}: OutcomeInput): BookOutcome {
  const {loaded, usesModel} = planned.context
  const {plan, target, file} = loaded
  const jobs: JobCounts = {
    total: plan.jobs.size,
    fresh: 0,
    drifted: 0,
    stored: 0,
    generated: 0,
    failed: 0,
    skipped: 0,
    stale: 0,
    missing: 0,
    edited: 0,
    drafts: 0,
  }
  const findings: Finding[] = []
  const refreshable = new Set<BasisPart>()
  const failing = {texts: 0, errors: 0}
  let words = 0
  for (const job of plan.jobs.values()) {
    const {id, directive} = job
    const text = planned.texts.get(id)
    const result = run.results.get(id)
    const judgement = judged.get(id) ?? {state: 'missing', reasons: [], parts: []}
    const outcome = countOutcome(result, judgement)
    jobs[outcome]++
    if (text?.isEdited === true) jobs.edited++
    if (text?.isDraft === true) jobs.drafts++
    words += text === undefined ? 0 : wordsIn(text.file)
    if (outcome === 'drifted')
      for (const part of judgement.parts) if (refreshParts.includes(part)) refreshable.add(part)
    const {line} = directive.position.start
    const finding = planned.beside.has(id)
      ? besideFinding(id, planned.context, judgement, run.conflicts.get(id))
      : describeOutcome(outcome, result, judgement, text?.isEdited === true, usesModel)
    if (finding !== undefined) findings.push({id, line, ...finding})
    if (
      result?.type === 'completed' &&
      usesModel &&
      planned.context.sources.covers(job, planned.context.render) === false
    )
      findings.push({id, line, state: judgement.state, reasons: [], ...uncovered})
    const failures = (planned.failures.get(id) ?? []).filter(({severity}) => severity !== 'info')
    if (failures.length > 0) failing.texts++
    if (failures.some(({severity}) => severity === 'error')) failing.errors++
    for (const {ruleId, severity, message} of failures)
      findings.push({id, line, state: judgement.state, reasons: [], message, ruleId, severity})
  }
  const isBookLeft = writing.isBookLeft ?? false
  const isUnfinished =
    writing.isBlocked || isBookLeft || jobs.failed + jobs.missing + jobs.skipped + planned.beside.size > 0
  const messages = {error: 0, warning: 0, info: 0}
  for (const message of file.messages) messages[messageSeverity(message)]++
  return {
    name: target.name,
    outlinePath: displayPath(target.outlinePath, cwd),
    bookPath: displayPath(`${target.outputFolder}/book.md`, cwd),
    jobs,
    messages,
    findings,
    words,
    repairs: countRepairs(run, placed),
    renewed: run.renewed.size,
    askedAgain: run.askedAgain,
    merged: [...run.merged],
    beside: planned.beside.size,
    failing,
    hasWritten: writing.hasWritten,
    isBlocked: writing.isBlocked,
    isBookLeft,
    usedModel: usesModel,
    isPartial: planned.context.only !== undefined,
    isUnfinished,
    hasFindings: isUnfinished || failing.errors > 0,
    refreshable: [...refreshable],
    ...(refreshable.size === 0 || isFrozen === true ? {} : {refresh: estimateRefresh(planned, judged, refreshable)}),
  }
}

/** What a build says of a text for which the sources had nothing. */
const uncovered = {
  message: 'no source covers this; its request asked to say so or to keep to what is widely known',
  ruleId: 'uncovered-directive',
  severity: 'info',
} as const

/** Repairs of the texts that a run made or normalised to another text, by rule, the most frequent first. */
function countRepairs(
  {results, repairs, renewed}: BookRun,
  placed: OutcomeInput['placed'],
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const [id, own] of repairs) {
    if (results.get(id)?.type !== 'completed' && !renewed.has(id)) continue
    for (const {ruleId} of [...own, ...(placed?.get(id) ?? [])]) counts.set(ruleId, (counts.get(ruleId) ?? 0) + 1)
  }
  return new Map([...counts].sort(([a, one], [b, two]) => two - one || (a < b ? -1 : 1)))
}

type Outcome = Exclude<keyof JobCounts, 'total' | 'edited' | 'drafts'>

function countOutcome(result: JobResult | undefined, {state}: Judgement): Outcome {
  if (result?.type === 'completed') return result.from === 'store' ? 'stored' : 'generated'
  if (result?.type === 'failed') return 'failed'
  if (result?.type === 'skipped') return 'skipped'
  return state
}

function describeOutcome(
  outcome: Outcome,
  result: JobResult | undefined,
  {state, reasons}: Judgement,
  isEdited: boolean,
  usesModel: boolean,
): Omit<Finding, 'id' | 'line'> | undefined {
  switch (outcome) {
    case 'failed':
      return {state: 'failed', reasons, message: result?.type === 'failed' ? result.cause.message : 'no completion'}
    case 'skipped':
      return {state, reasons, message: result?.type === 'skipped' ? result.because : 'left out'}
    case 'missing':
      return {state, reasons, message: 'no text yet'}
    case 'stale':
    case 'drifted':
      return {
        state,
        reasons,
        message: `${outcome}: ${reasons.join('; ')}${isEdited ? `; edited by hand${usesModel ? ', a new text is merged with it' : ' and kept'}` : ''}`,
      }
    default:
      return undefined
  }
}

/** The JSON document of a build (contract, C7). */
export function buildReport(outcome: BuildOutcome, command = 'build'): object {
  const {sent, retried, rateLimited, inDoubt, inDoubtUsd, usage, costUsd} = outcome.spending
  return {
    version: 1,
    command,
    books: outcome.books.map(({name, outlinePath, bookPath, jobs, messages, findings}) => ({
      name,
      outline: outlinePath,
      book: bookPath,
      jobs,
      messages,
      findings,
    })),
    requests: {sent, retried, rateLimited},
    ...(inDoubt === 0 ? {} : {inDoubt: {requests: inDoubt, costUsd: costUsd === undefined ? null : inDoubtUsd}}),
    usage,
    costUsd: costUsd === undefined ? null : roundUsd(costUsd),
    elapsedMs: outcome.elapsedMs,
  }
}
