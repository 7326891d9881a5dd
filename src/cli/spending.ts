import {join} from 'node:path'
import type {ContentAddress} from '../model/content-address.ts'
import type {JobId} from '../model/job.ts'
import {priceOf} from '../model/price-of.ts'
import type {Range} from '../model/range.ts'
import {type Request, requestAddress} from '../model/request.ts'
import {modelOf} from '../plan/render-request.ts'
import {CompletionStore, type StoredCompletion} from '../store/completion-store.ts'
import {RegenerateNotes} from '../store/regenerate-notes.ts'
import {findBought} from './again-store.ts'
import {askHowMuch, canAsk, type HowMuch} from './ask.ts'
import {type BookPlan, planRequest} from './build-book.ts'
import type {SpendingFlags} from './build-settings.ts'
import {CompletionReview} from './completion-review.ts'
import {addSpending, type BookEstimate, estimateBook, noSpending, type SpendingEstimate} from './estimate-book.ts'
import {exitCode, UsageError} from './exit-codes.ts'
import {roundUsd} from './format-amounts.ts'
import type {GlobalOptions} from './global-options.ts'
import type {PlannedBook} from './planned-book.ts'
import type {Reporter} from './reporter.ts'
import {repairsOf} from './sending.ts'
import {priceLines, spendingLines, totalLine} from './spending-lines.ts'
import {pagesOf} from './text-size.ts'
import {UpstreamReader} from './upstream-reader.ts'

/** More requests than this to another machine are shown and asked for first, on a terminal. */
const fewRequests = 5

/** What a build would spend on one book. */
interface BookSpending {
  readonly book: PlannedBook
  readonly estimate: BookEstimate
  /** Texts that come from the store, or with an equal request of the same run. */
  readonly stored: number
  /** Requests that stored texts lead to, since they miss something and nothing better is stored. */
  readonly mending: number
  /** Most requests that may come on top of the estimated ones, for texts that miss something. */
  readonly repairs: number
}

/** Whether this run may spend what it would (contract, C2); asks on a terminal. A sample is one answer where one is offered. */
export async function askConsent(
  books: readonly PlannedBook[],
  flags: SpendingFlags,
  reporter: Reporter,
  {offersSample = false} = {},
): Promise<HowMuch> {
  const paid = books.filter(({choice}) => choice.name === 'openai')
  if (flags.yes || paid.length === 0) return 'yes'
  const replaced = paid.map(({plan}) => countReplaced(plan)).find((own) => own.replaced > own.texts / 2)
  if (!canAsk()) {
    if (replaced === undefined) return 'yes'
    throw new UsageError(
      'needs-yes',
      `Unexpected build that would replace ${replaced.replaced} of ${replaced.texts} texts of a book, expected --yes to confirm it`,
    )
  }
  const asked = replaced === undefined ? paid.filter(({choice}) => !choice.isLoopback) : paid
  const spending = await Promise.all(asked.map((book) => spendingOf(book, flags)))
  const requests = totalOf(spending).requests + sumOf(spending, 'mending')
  if (requests <= (replaced === undefined ? fewRequests : 0)) return 'yes'
  for (const line of tableLines(spending)) reporter.info(line)
  for (const line of repairLines(spending)) reporter.info(line)
  return askHowMuch(`Send ${requests} requests to ${asked[0]?.choice.endpoint}?`, offersSample)
}

/** Shows what a build would do and spend; sends nothing. `more` are further keys of the JSON document. */
export async function showDryRun(
  books: readonly PlannedBook[],
  flags: SpendingFlags,
  reporter: Reporter,
  options: GlobalOptions,
  command = 'build',
  more: Readonly<Record<string, unknown>> = {},
): Promise<number> {
  const spending: BookSpending[] = []
  for (const book of books) spending.push(await spendingOf(book, flags))
  if (options.json) {
    const costUsd = costJson(totalOf(spending).costUsd)
    reporter.json({version: 1, command, dryRun: true, books: spending.map(bookJson), ...more, costUsd})
    return exitCode.clean
  }
  for (const {book, stored} of spending) {
    const {loaded, choice, plan} = book
    reporter.result(
      `${loaded.target.name}: ${plan.make.size} of ${loaded.plan.jobs.size} sections would be written by ${choice.name}${choice.name === 'draft' ? '' : ` (${choice.model})`}${stored > 0 ? `, ${stored} of them from the store` : ''}`,
    )
  }
  for (const line of tableLines(spending)) reporter.result(line)
  for (const line of repairLines(spending)) reporter.result(line)
  return exitCode.clean
}

/** Refuses `--max-cost` where a model that would be asked has no price: a sum of unknowns cannot be held. */
export function refuseUnpricedCap(books: readonly PlannedBook[], flags: SpendingFlags): void {
  if (flags.maxCost === undefined) return
  for (const {choice, plan} of books) {
    if (choice.name !== 'openai') continue
    for (const id of plan.make) {
      const job = plan.context.loaded.plan.jobs.get(id)
      if (job === undefined) continue
      const model = modelOf(job, plan.context.render)
      if (priceOf(model, plan.context.prices) !== undefined) continue
      throw new UsageError(
        'unknown-price',
        `Cannot hold --max-cost ${flags.maxCost}: the price of \`${model}\` is not known; give it with \`prices:\` in the config, or leave --max-cost out to build without a limit`,
      )
    }
  }
}

/** The table of each book, the sum where there are several, and the prices that it rests on. */
function tableLines(spending: readonly BookSpending[]): string[] {
  const paid = spending.filter(({book}) => book.choice.name === 'openai' && book.plan.make.size > 0)
  if (paid.length === 0) return []
  const models = paid.flatMap(({estimate}) => estimate.models)
  return [
    ...paid.flatMap(({book, estimate}) => [
      ...(spending.length > 1 ? [`${book.loaded.target.name}:`] : []),
      ...spendingLines(estimate),
    ]),
    ...(paid.length > 1 ? [`all: ${totalLine(totalOf(paid))}`] : []),
    ...priceLines(models, paid[0]?.book.plan.context.prices),
  ]
}

/** How many requests may come on top of those that are estimated, for texts that miss what was asked for. */
function repairLines(spending: readonly BookSpending[]): string[] {
  const repairs = sumOf(spending, 'repairs')
  if (repairs === 0) return []
  return [
    `plus up to ${repairs} ${repairs === 1 ? 'repair' : 'repairs'} of texts that miss something; --repairs 0 asks for none`,
  ]
}

function sumOf(spending: readonly BookSpending[], what: 'mending' | 'repairs'): number {
  return spending.reduce((sum, own) => sum + own[what], 0)
}

async function spendingOf(book: PlannedBook, flags: SpendingFlags): Promise<BookSpending> {
  const {choice, loaded, plan} = book
  if (choice.name !== 'openai')
    return {book, estimate: {chapters: [], total: noSpending, models: []}, stored: 0, mending: 0, repairs: 0}
  const repairs = repairsOf(flags, plan.context, choice)
  const store = new CompletionStore(join(loaded.target.root, '.msk-course', 'store'))
  const {requests, stored, mending} = await readRequests(plan, store, new CompletionReview(plan.context, repairs))
  const free = choice.isOffline === true ? new Set(requests.keys()) : stored
  const estimate = estimateBook(plan, requests, free, await lackingCandidates(plan, requests, store))
  return {book, estimate, stored: stored.size, mending, repairs: (estimate.total.requests + mending) * repairs}
}

/**
 * The requests to come, those whose completions are stored or come with an equal request, and how many of the stored ones
 * are to be asked for again.
 */
async function readRequests(
  plan: BookPlan,
  store: CompletionStore,
  review: CompletionReview,
): Promise<{requests: Map<JobId, Request>; stored: Set<JobId>; mending: number}> {
  const requests = new Map<JobId, Request>()
  const stored = new Set<JobId>()
  const seen = new Set<ContentAddress>()
  let mending = 0
  const reader = new UpstreamReader(plan, (address) => store.readText(address))
  for (const id of plan.make) {
    const job = plan.context.loaded.plan.jobs.get(id)
    if (job === undefined) continue
    // A text that it reads will be another one: so will the request.
    const isSettled = !job.dependsOn.some((id) => plan.make.has(id) || plan.context.remade?.has(id) === true)
    const request = planRequest(job, plan, isSettled ? await reader.read(job) : undefined)
    requests.set(id, request)
    if (!isSettled) continue
    const address = requestAddress(request)
    const found = seen.has(address) ? undefined : await findStored(address, id, plan, store)
    if (seen.has(address) || found?.type === 'found') stored.add(id)
    seen.add(address)
    if (found?.type !== 'found') continue
    const next = review.followUp(job, request, [found.completion, ...(found.followUps ?? [])])
    if (next !== undefined && (await store.find(requestAddress(next))) === undefined) mending++
  }
  return {requests, stored, mending}
}

/** How many completions of each request are to be bought for candidates; none for other runs. */
async function lackingCandidates(
  {context: {again}}: BookPlan,
  requests: ReadonlyMap<JobId, Request>,
  store: CompletionStore,
): Promise<Map<JobId, number>> {
  const lacking = new Map<JobId, number>()
  if (again?.candidates === undefined) return lacking
  for (const [id, request] of requests) {
    const {entries} = await store.list(requestAddress(request))
    lacking.set(id, Math.max(0, again.candidates - entries.length))
  }
  return lacking
}

/** What the store has for a request, as far as the run would take it. */
async function findStored(
  address: ContentAddress,
  id: JobId,
  {texts, context: {again, loaded}}: BookPlan,
  store: CompletionStore,
): Promise<StoredCompletion | undefined> {
  if (again?.candidates !== undefined) return undefined
  if (again?.takes !== 'new' || !again.ids.has(id)) return store.lookUp(address)
  const present = texts.get(id)?.file.record?.completion
  return findBought(address, present, again, store, new RegenerateNotes(loaded.target.root))
}

function countReplaced({texts, make}: BookPlan): {replaced: number; texts: number} {
  // A draft that a model's text replaces is no loss.
  const replaced = [...make].filter((id) => texts.get(id)?.isDraft === false).length
  return {replaced, texts: texts.size}
}

function totalOf(spending: readonly BookSpending[]): SpendingEstimate {
  return spending.map(({estimate}) => estimate.total).reduce(addSpending, noSpending)
}

function bookJson({book, estimate, stored, repairs}: BookSpending): unknown {
  const {loaded, choice, plan} = book
  return {
    name: loaded.target.name,
    provider: choice.name,
    model: choice.name === 'draft' ? null : choice.model,
    make: [...plan.make],
    stored,
    total: loaded.plan.jobs.size,
    ...countReplaced(plan),
    ...sizesJson(estimate.total),
    repairs,
    chapters: estimate.chapters.map(({title, ...spending}) => ({title, ...sizesJson(spending)})),
  }
}

/** An estimate in the form of JSON documents. */
export function sizesJson({requests, words, inputTokens, outputTokens, costUsd}: SpendingEstimate): object {
  return {
    requests,
    words: Math.round(words.expected),
    pages: requests === 0 ? 0 : pagesOf(words.expected),
    inputTokens: Math.round(inputTokens.expected),
    outputTokens: Math.round(outputTokens.expected),
    costUsd: costJson(costUsd),
  }
}

function costJson(cost: Range | undefined): Range | null {
  if (cost === undefined) return null
  return {low: roundUsd(cost.low), expected: roundUsd(cost.expected), high: roundUsd(cost.high)}
}
