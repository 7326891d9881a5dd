import type {JobId} from '../model/job.ts'
import type {JobResult} from '../model/job-result.ts'
import {messageSeverity} from '../model/report.ts'
import type {Judgement} from '../plan/judge-state.ts'
import {type BookPlan, type BookRun, planRequest} from './build-book.ts'
import {displayPath} from './project.ts'

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
}

/** What a build sent and spent, over all of its books. */
export interface RunSpending {
  readonly sent: number
  readonly retried: number
  readonly rateLimited: number
  /** Requests that may have been billed without an answer, and what they may have cost. */
  readonly inDoubt: number
  readonly inDoubtUsd: number
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
  readonly repairs: number
  readonly hasWritten: boolean
  /** `book.md` was changed by hand and is left alone. */
  readonly isBlocked: boolean
  /** `book.md` is complete and older than the outline, because texts are missing now. */
  readonly isBookLeft: boolean
  readonly usedModel: boolean
  readonly hasFindings: boolean
  readonly refreshable: readonly string[]
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
}

/** Counts and findings of a book after a run. */
export function bookOutcome({planned, judged, run, writing, cwd}: OutcomeInput): BookOutcome {
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
  const refreshable = new Set<string>()
  let words = 0
  for (const {id, directive} of plan.jobs.values()) {
    const text = planned.texts.get(id)
    const result = run.results.get(id)
    const judgement = judged.get(id) ?? {state: 'missing', reasons: [], parts: []}
    const outcome = countOutcome(result, judgement)
    jobs[outcome]++
    if (text?.isEdited === true) jobs.edited++
    if (text?.isDraft === true) jobs.drafts++
    words += text === undefined ? 0 : countWords(text.file.body)
    if (outcome === 'drifted') for (const part of judgement.parts) refreshable.add(part)
    const finding = describeOutcome(outcome, result, judgement, text?.isEdited === true)
    if (finding !== undefined) findings.push({id, line: directive.position.start.line, ...finding})
  }
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
    repairs: [...run.repairs.values()].reduce((sum, own) => sum + own.length, 0),
    hasWritten: writing.hasWritten,
    isBlocked: writing.isBlocked,
    isBookLeft: writing.isBookLeft ?? false,
    usedModel: usesModel,
    hasFindings:
      writing.isBlocked || writing.isBookLeft === true || jobs.failed > 0 || jobs.missing > 0 || jobs.skipped > 0,
    refreshable: [...refreshable],
  }
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
        message: `${outcome}: ${reasons.join('; ')}${isEdited ? '; edited by hand and kept, remove the section file for a new text' : ''}`,
      }
    default:
      return undefined
  }
}

/** The JSON document of a build (contract, C7). */
export function buildReport(outcome: BuildOutcome): unknown {
  const {sent, retried, rateLimited, inDoubt, inDoubtUsd, usage, costUsd} = outcome.spending
  return {
    version: 1,
    command: 'build',
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
    costUsd: costUsd ?? null,
    elapsedMs: outcome.elapsedMs,
  }
}

/** Words that an average section has, and tokens a word, for an estimate before anything is known of the course. */
const wordsPerSection = 200
const tokensPerWord = 1.4
const wordsPerPage = 350

/** What would be sent and come back; a rough estimate. */
export function countSpending(plans: readonly BookPlan[]): {
  total: number
  requests: number
  texts: number
  replaced: number
  words: number
  pages: number
  inputTokens: number
  outputTokens: number
} {
  let requests = 0
  let characters = 0
  let total = 0
  let texts = 0
  let replaced = 0
  for (const book of plans) {
    const {plan} = book.context.loaded
    total += plan.jobs.size
    texts += book.texts.size
    for (const id of book.make) {
      const job = plan.jobs.get(id)
      if (job === undefined) continue
      requests++
      // A draft that a model's text replaces is no loss.
      if (book.texts.get(id)?.isDraft === false) replaced++
      for (const {content} of planRequest(job, book).messages) characters += content.length
    }
  }
  const words = requests * wordsPerSection
  return {
    total,
    requests,
    texts,
    replaced,
    words,
    pages: Math.ceil(words / wordsPerPage),
    inputTokens: Math.ceil(characters / 4),
    outputTokens: Math.ceil(words * tokensPerWord),
  }
}

export function countWords(text: string): number {
  return text.match(/[\p{L}\p{N}]+(?:[’'.-][\p{L}\p{N}]+)*/gu)?.length ?? 0
}

/** Pages that so many words fill in print. */
export function pagesOf(words: number): number {
  return Math.max(1, Math.ceil(words / wordsPerPage))
}
