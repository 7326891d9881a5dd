import type {NormalisedCompletion} from '../book/normalise-completion.ts'
import {checkText} from '../check/check-contracts.ts'
import type {Contract, ContractFailure, ContractSettings} from '../check/contract.ts'
import {deriveContracts} from '../check/derive-contracts.ts'
import {isPartOnly} from '../check/is-part-only.ts'
import {endsInRow} from '../check/open-row.ts'
import {isWorthRepair, leastFailing} from '../check/rank-failures.ts'
import {repairRequest} from '../check/repair-request.ts'
import {type Completion, completionAddress} from '../model/completion.ts'
import type {Job} from '../model/job.ts'
import type {Request} from '../model/request.ts'
import type {RuleId} from '../model/rules.ts'
import {normaliseFor} from './renormalise.ts'
import {textsIn, withTexts} from './request-texts.ts'
import {notingSettings} from './standing-failures.ts'

/** A completion as it would stand in the book, with what it does not hold of what was asked. */
export interface ReviewedCompletion extends NormalisedCompletion {
  readonly failures: readonly ContractFailure[]
}

/** Texts of a run for which a better one was asked, and those that are better for it. */
export interface AskedAgain {
  readonly texts: number
  readonly better: number
}

/** No text of a run was asked for again. */
export const notAsked: AskedAgain = {texts: 0, better: 0}

/** What completions are judged by. */
export interface ReviewContext {
  readonly contracts: ContractSettings
  /** Rules beside errors for which a better text is asked for. */
  readonly repairRules: ReadonlySet<RuleId>
}

/** A repair that would lose what the text before it has. */
const partOnly: ContractFailure = {
  ruleId: 'truncated-text',
  severity: 'error',
  message: 'Unexpected rest of the text alone, expected the whole text from its beginning',
  count: 1000,
}

/** Judges the completions of a run: what a text misses, whether a better one is to be asked for, and which is best. */
export class CompletionReview {
  private readonly contracts = new Map<Job, readonly Contract[]>()
  readonly askedAgain = {texts: 0, better: 0}
  private readonly settings: ContractSettings
  private readonly reviewed = new WeakMap<Completion, {readonly job: Job; readonly review: ReviewedCompletion}>()

  /** `repairs` is how many further requests a text may take. */
  constructor(
    private readonly context: ReviewContext,
    private readonly repairs: number,
  ) {
    this.settings = {...context.contracts, rules: notingSettings(context.contracts.rules ?? {})}
  }

  /** The text of a completion; a draft is held to nothing. */
  review(job: Job, completion: Completion): ReviewedCompletion {
    const known = this.reviewed.get(completion)
    // Jobs with equal requests share completions and have titles of their own.
    if (known?.job === job) return known.review
    const normalised = normaliseFor(job, completion.text)
    const review = {...normalised, failures: this.judge(job, normalised, completion)}
    this.reviewed.set(completion, {job, review})
    return review
  }

  /** What the text that was made of a completion does not hold. */
  judge(
    job: Job,
    {text, endsInFence}: NormalisedCompletion,
    {text: raw, finish, provider}: Pick<Completion, 'text' | 'finish' | 'provider'>,
  ): readonly ContractFailure[] {
    if (provider === 'draft') return []
    const facts = {finish, hasOpenFence: endsInFence === true, hasOpenRow: endsInRow(raw)}
    return checkText(text, this.contractsOf(job), facts)
  }

  /** Does what can be done for a text before it comes. */
  expect(job: Job): void {
    this.contractsOf(job)
  }

  private contractsOf(job: Job): readonly Contract[] {
    const known = this.contracts.get(job) ?? deriveContracts(job, this.settings)
    this.contracts.set(job, known)
    return known
  }

  /** The request for a better text than those so far, the first of which the planned request brought. */
  followUp(job: Job, request: Request, completions: readonly Completion[]): Request | undefined {
    // A mended text whose first version is no longer there was paid for as one repair.
    const made = completions.length - (completions[0]?.mends === undefined ? 1 : 0)
    if (made >= this.repairs || !isWorthRepair(this.best(job, completions).review.failures, this.context.repairRules)) {
      return undefined
    }
    const failures = this.failuresOf(job, completions)
    const tried = completions.map(({text}, at) => ({text, failures: failures[at] ?? []}))
    const carried = completions.map(({text}) => ({text, address: completionAddress(text), isStored: true}))
    return withTexts(repairRequest(request, tried), [...textsIn(request), ...carried])
  }

  /** Chooses the best completion for the book, and counts what this run asked for again. */
  take(job: Job, completions: readonly Completion[], from: 'store' | 'provider'): ReturnType<CompletionReview['best']> {
    const best = this.best(job, completions)
    if (from === 'provider' && completions.length > 1) {
      this.askedAgain.texts++
      if (best.completion !== completions[0]) this.askedAgain.better++
    }
    return best
  }

  /** The completion that misses least; the first of equals. */
  best(job: Job, completions: readonly Completion[]): {completion: Completion; review: ReviewedCompletion} {
    const at = leastFailing(this.failuresOf(job, completions), this.context.repairRules)
    const completion = completions[at] as Completion
    return {completion, review: this.review(job, completion)}
  }

  /** What each completion misses; one that goes on from a text that broke off, where all of it was asked for, misses most. */
  private failuresOf(job: Job, completions: readonly Completion[]): (readonly ContractFailure[])[] {
    const [first, ...later] = completions.map((completion) => this.review(job, completion))
    if (first === undefined) return []
    const isCut = first.failures.some(({ruleId}) => ruleId === 'truncated-text')
    return [
      first.failures,
      ...later.map(({text, failures}) => (isCut && isPartOnly(text, first.text) ? [...failures, partOnly] : failures)),
    ]
  }
}
