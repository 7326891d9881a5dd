import type {ContentAddress} from '../model/content-address.ts'
import type {Job, JobId} from '../model/job.ts'
import {isOfOtherBook} from '../model/other-book.ts'
import {fitsByBytes, fitUpstream} from '../plan/fit-upstream.ts'
import {type CountTokens, loadTokenizer} from '../plan/load-tokenizer.ts'
import {contextTokensOf, type UpstreamText} from '../plan/render-request.ts'
import {upstreamOf} from './book-texts.ts'
import type {BookPlan} from './build-book.ts'
import {missingOthers} from './other-texts.ts'

/** Reads the texts that jobs of a run read, raw and within their budgets; jobs that share a list share the work. */
export class UpstreamReader {
  /** By list: how many jobs are still to read it, and what was read, by budget. */
  private readonly shared = new Map<readonly JobId[], {left: number; fitted: Map<number, Promise<UpstreamText[]>>}>()
  private tokenizer: Promise<CountTokens> | undefined

  /** `readRaw` gives a raw completion from the store. */
  constructor(
    private readonly book: BookPlan,
    private readonly readRaw: (address: ContentAddress) => Promise<string | undefined>,
  ) {
    for (const id of book.make) {
      const list = book.context.loaded.plan.jobs.get(id)?.dependsOn ?? []
      const known = this.shared.get(list)
      if (known === undefined) this.shared.set(list, {left: 1, fitted: new Map()})
      else known.left++
    }
  }

  /** Why a job is to be left out because of what it reads; undefined when it can be made. */
  missing({id: own, dependsOn, readsChapter}: Job): string | undefined {
    const {texts, make} = this.book
    const because = missingOthers({dependsOn}, texts)
    if (because !== undefined) return because
    // Of other books, those texts are read that stand.
    const lacking = dependsOn.filter((upstream) => !texts.has(upstream) && !isOfOtherBook(upstream))
    if (readsChapter !== true) {
      return lacking[0] === undefined ? undefined : `\`${lacking[0]}\`, which it reads, has no text`
    }
    // Texts that this run was not to make are left out; those that it failed to make would make this one drift.
    const failed = lacking.filter((upstream) => make.has(upstream))
    if (failed.length === 0) return undefined
    const others = failed.length === 1 ? '' : ` and ${failed.length - 1} more`
    return `\`${failed[0]}\`${others}, which it reads, got no text; the next build makes both, \`--section ${own}\` makes this one from the others`
  }

  /** The texts that a job reads, in their order: raw completions, or texts as an author edited them. */
  async read(job: Job): Promise<readonly UpstreamText[]> {
    if (job.dependsOn.length === 0) return []
    const budget = contextTokensOf(job, this.book.context.render)
    const entry = this.shared.get(job.dependsOn) ?? {left: 1, fitted: new Map<number, Promise<UpstreamText[]>>()}
    let fitted = entry.fitted.get(budget)
    if (fitted === undefined) {
      fitted = this.readWithin(job.dependsOn, budget)
      entry.fitted.set(budget, fitted)
    }
    entry.left--
    if (entry.left === 0) this.shared.delete(job.dependsOn)
    return fitted
  }

  private async readWithin(dependsOn: readonly JobId[], budget: number): Promise<UpstreamText[]> {
    const {context, texts} = this.book
    const raw = await this.rawTexts(dependsOn)
    const upstream = upstreamOf({dependsOn}, context.loaded.plan, texts, raw)
    const isStored = (text: UpstreamText): boolean => raw.get(text.id) === text.text
    if (fitsByBytes(upstream, budget)) return upstream.map((text) => ({...text, isStored: isStored(text)}))
    this.tokenizer ??= loadTokenizer()
    const fitted = fitUpstream(upstream, budget, await this.tokenizer)
    return fitted.map((text) => ({...text, isStored: isStored(text)}))
  }

  /** A text that was edited, or that the store does not have, goes as it stands. */
  private async rawTexts(dependsOn: readonly JobId[]): Promise<Map<JobId, string>> {
    const raw = new Map<JobId, string>()
    for (const id of dependsOn) {
      const text = this.book.texts.get(id)
      if (text === undefined || text.isEdited || text.file.record === undefined) continue
      const stored = await this.readRaw(text.file.record.completion)
      if (stored !== undefined) raw.set(id, stored)
    }
    return raw
  }
}
