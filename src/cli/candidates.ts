import {completionAddress} from '../model/completion.ts'
import type {ContentAddress} from '../model/content-address.ts'
import type {Job, JobId} from '../model/job.ts'
import {costUsd as costOf} from '../model/price.ts'
import {priceOf} from '../model/price-of.ts'
import {requestAddress} from '../model/request.ts'
import {CompletionStore} from '../store/completion-store.ts'
import {storeFolder} from '../store/store-paths.ts'
import {type BookPlan, planRequest} from './build-book.ts'
import {CompletionReview} from './completion-review.ts'
import {UsageError} from './exit-codes.ts'
import {roundUsd} from './format-amounts.ts'
import {countWords} from './text-size.ts'
import {UpstreamReader} from './upstream-reader.ts'

/** One completion of a request, as it would stand in the book. */
export interface Candidate {
  /** Its place in the store's list, from 1. */
  readonly number: number
  readonly completion: ContentAddress
  readonly model: string
  /** ISO 8601. */
  readonly generated: string
  /** Null where the model's price is not known. */
  readonly costUsd: number | null
  readonly words: number
  /** Whether the text that stands now was made of it. */
  readonly isPresent: boolean
  /** What it lacks of what was asked for. */
  readonly lacks: readonly string[]
  readonly text: string
}

/** The candidates for a directive. */
export interface CandidateList {
  readonly book: string
  readonly id: JobId
  readonly request: ContentAddress
  readonly candidates: readonly Candidate[]
}

/** Completions that the store has for the requests of the texts that are made again. */
export class Candidates {
  private readonly store: CompletionStore

  constructor(private readonly plan: BookPlan) {
    this.store = new CompletionStore(storeFolder(plan.context.loaded.target.root))
  }

  /** By directive, in the outline's order; those whose text is lost or damaged are left out. */
  async read(): Promise<CandidateList[]> {
    const {context, texts} = this.plan
    const {loaded, again, prices} = context
    const review = new CompletionReview(context, 0)
    const upstream = new UpstreamReader(this.plan, (address) => this.store.readText(address))
    const lists: CandidateList[] = []
    for (const job of loaded.plan.jobs.values()) {
      if (again?.ids.has(job.id) !== true) continue
      const request = await this.requestOf(job, upstream)
      const candidates: Candidate[] = []
      for (const [at, entry] of (await this.store.list(request)).entries.entries()) {
        const {completion, mends: _, ...facts} = entry
        const raw = await this.store.readText(completion)
        if (raw === undefined) continue
        const {text, failures} = review.review(job, {request, text: raw, ...facts})
        const price = priceOf(facts.model, prices)
        candidates.push({
          number: at + 1,
          completion: completionAddress(raw),
          model: facts.model,
          generated: facts.generated,
          costUsd: price === undefined ? null : roundUsd(costOf(facts.usage, price)),
          words: countWords(text),
          isPresent: texts.get(job.id)?.file.record?.completion === completion,
          lacks: failures.filter(({severity}) => severity !== 'info').map(({message}) => message),
          text,
        })
      }
      lists.push({book: loaded.target.name, id: job.id, request, candidates})
    }
    return lists
  }

  /** Refuses picks of candidates that the store does not have. */
  async refuseMissing(): Promise<void> {
    const takes = this.plan.context.again?.takes
    if (takes === undefined || typeof takes === 'string') return
    for (const {id, candidates} of await this.read()) {
      const wanted = takes.get(id) ?? 0
      if (candidates.some(({number}) => number === wanted)) continue
      const numbers = candidates.map(({number}) => number).join(', ')
      throw new UsageError(
        'no-candidate',
        candidates.length === 0
          ? `Unexpected --pick for \`${id}\`, expected candidates in the store for its request; \`msk-course regenerate ${id} --candidates 3\` with the same model and server buys some`
          : `Unexpected candidate ${wanted} of \`${id}\`, expected ${numbers}`,
      )
    }
  }

  private async requestOf(job: Job, upstream: UpstreamReader): Promise<ContentAddress> {
    return requestAddress(planRequest(job, this.plan, await upstream.read(job)))
  }
}
