import type {NormalisedCompletion} from '../book/normalise-completion.ts'
import {checkText} from '../check/check-contracts.ts'
import type {Contract, ContractFailure, ContractSettings} from '../check/contract.ts'
import {deriveContracts} from '../check/derive-contracts.ts'
import {isWorthRepair, leastFailing} from '../check/rank-failures.ts'
import {repairRequest} from '../check/repair-request.ts'
import type {Completion} from '../model/completion.ts'
import type {Job} from '../model/job.ts'
import type {Request} from '../model/request.ts'
import type {RuleId} from '../model/rules.ts'
import {normaliseFor} from './renormalise.ts'

/** A completion as it would stand in the book, with what it does not hold of what was asked. */
export interface ReviewedCompletion extends NormalisedCompletion {
  readonly failures: readonly ContractFailure[]
}

/** What completions are judged by. */
export interface ReviewContext {
  readonly contracts: ContractSettings
  /** Rules beside errors for which a better text is asked for. */
  readonly repairRules: ReadonlySet<RuleId>
}

/** Judges the completions of a run: what a text misses, whether a better one is to be asked for, and which is best. */
export class CompletionReview {
  private readonly contracts = new Map<Job, readonly Contract[]>()
  private readonly reviewed = new WeakMap<Completion, {readonly job: Job; readonly review: ReviewedCompletion}>()

  /** `repairs` is how many further requests a text may take. */
  constructor(
    private readonly context: ReviewContext,
    private readonly repairs: number,
  ) {}

  /** The text of a completion; a draft is held to nothing. */
  review(job: Job, completion: Completion): ReviewedCompletion {
    const known = this.reviewed.get(completion)
    // Jobs with equal requests share completions and have titles of their own.
    if (known?.job === job) return known.review
    const normalised = normaliseFor(job, completion.text)
    const {finish, provider} = completion
    const facts = {finish, hasOpenFence: normalised.endsInFence === true}
    const failures = provider === 'draft' ? [] : checkText(normalised.text, this.contractsOf(job), facts)
    const review = {...normalised, failures}
    this.reviewed.set(completion, {job, review})
    return review
  }

  private contractsOf(job: Job): readonly Contract[] {
    const known = this.contracts.get(job) ?? deriveContracts(job, this.context.contracts)
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
    const tried = completions.map((completion) => ({
      text: completion.text,
      failures: this.review(job, completion).failures,
    }))
    return repairRequest(request, tried)
  }

  /** The completion that misses least; the first of equals. */
  best(job: Job, completions: readonly Completion[]): {completion: Completion; review: ReviewedCompletion} {
    const reviews = completions.map((completion) => this.review(job, completion))
    const at = leastFailing(
      reviews.map(({failures}) => failures),
      this.context.repairRules,
    )
    return {completion: completions[at] as Completion, review: reviews[at] as ReviewedCompletion}
  }
}
