import {join} from 'node:path'
import type {Usage} from '../model/completion.ts'
import type {ContentAddress} from '../model/content-address.ts'
import type {Job, JobId} from '../model/job.ts'
import {type Request, requestAddress} from '../model/request.ts'
import type {CompletionStore} from '../store/completion-store.ts'
import type {BookMap} from './book-map.ts'
import type {BookPlan} from './build-book.ts'
import {type ListedContract, listContracts} from './list-contracts.ts'
import {textCost} from './list-cost.ts'
import {displayPath} from './project.ts'
import {type ReviewState, reviewOf, reviewStateOf} from './review-state.ts'
import {countWords} from './text-size.ts'
import type {UpstreamReader} from './upstream-reader.ts'
import {type WantedRequest, wantedRequest} from './wanted-request.ts'
import {type BasisFact, basisFacts} from './why-basis.ts'
import {type Neighbour, neighbours} from './why-neighbours.ts'
import {madeRequest, type RequestDifference, type WhySent} from './why-sent.ts'
import {type WhySources, whySources} from './why-sources.ts'

/** What `why` knows of one book. */
export interface WhyBook {
  readonly plan: BookPlan
  readonly map: BookMap
  readonly store: CompletionStore
  readonly upstream: UpstreamReader
  /** By directive, those that read it. */
  readonly readers: ReadonlyMap<JobId, readonly JobId[]>
  readonly cwd: string
}

/** All that is known of a directive, as `why --json` gives it. */
export interface WhyFacts {
  readonly book: string
  readonly id: JobId
  readonly kind: string
  readonly container: string
  readonly label: string | null
  readonly depth: number
  readonly place: {readonly file: string; readonly line: number; readonly column: number; readonly endLine: number}
  /** Titles of the headings above. */
  readonly headings: readonly string[]
  readonly prompt: string
  readonly state: string
  readonly edited: boolean
  readonly draft: boolean
  /** Whether somebody read the text as it stands. */
  readonly reviewed: ReviewState
  /** Who read it last. */
  readonly reviewedBy: string | null
  readonly reasons: readonly string[]
  /** What the next build does with it. */
  readonly next: string
  readonly text: WhyText | null
  /** What its text must hold, and what of it the last build found lacking. */
  readonly contracts: readonly ListedContract[]
  readonly basis: readonly BasisFact[]
  readonly upstream: readonly Neighbour[]
  readonly downstream: readonly Neighbour[]
  /** Passages of the sources that the request carries; null where it is to carry none. */
  readonly sources: WhySources | null
  readonly request: WhyRequest
  /** The request that made the text, as it was sent; null where none did, or where it was not kept. */
  readonly sent: WhySent | null
  /** In what `request` differs from the planned request that made the text; null where that was not kept. */
  readonly differences: readonly RequestDifference[] | null
}

/** What is shown of requests. */
export interface WhyOptions {
  /** The messages of the request of now. */
  readonly request: boolean
  /** The messages of the request that made the text. */
  readonly sent: boolean
  /** The words in which the two differ. */
  readonly diff: boolean
}

/** The text that stands for a directive. */
export interface WhyText {
  readonly file: string
  readonly words: number
  /** Where it stands in `book.md`; null where it does not. */
  readonly bookLines: {readonly file: string; readonly start: number; readonly end: number} | null
  /** What made it; null for a file without the program's front matter. */
  readonly made: {
    readonly provider: string
    readonly model: string
    readonly finish: string
    readonly generated: string
    readonly usage: Usage
    readonly costUsd: number | null
    readonly request: ContentAddress
    readonly completion: ContentAddress
    /** Completions that the store keeps for that request. */
    readonly stored: number
    /** Whether it was asked for because an earlier one missed something. */
    readonly mends: boolean
  } | null
  /** What was mended in it. */
  readonly repairs: readonly {readonly ruleId: string; readonly detail: string}[]
}

/** The request that would be sent now. */
export interface WhyRequest extends Omit<Request, 'endpoint' | 'messages'> {
  /** Null where only a flag or the environment names the server. */
  readonly endpoint: string | null
  readonly messages: readonly {readonly role: string; readonly characters: number; readonly content?: string}[]
  readonly roughInputTokens: number
  /** Computed with the default server where the endpoint is null. */
  readonly address: ContentAddress
  /** Whether the text was made by this very request; null where that cannot be told without the server. */
  readonly madeText: boolean | null
  /** The one thing in which it differs from the request that made the text, where that is proven by its address. */
  readonly differsOnlyIn: 'model' | null
  /** Completions that the store keeps for it. */
  readonly stored: number
  /** Directives that it reads and that have no text yet: it would be sent after theirs. */
  readonly waitsFor: readonly JobId[]
}

/** Explains a directive. Sends and writes nothing. */
export async function whyFacts(job: Job, book: WhyBook, options: WhyOptions): Promise<WhyFacts> {
  const {plan, cwd, store, upstream} = book
  const {id, kind, depth, directive, headingPath} = job
  const {target} = plan.context.loaded
  const {start, end} = directive.position
  const text = plan.texts.get(id)
  const judgement = plan.judged.get(id)
  const wanted = await wantedRequest(job, plan, upstream)
  const shown = {isWhole: options.sent, hasPieces: options.diff}
  const made = await madeRequest(text?.file.record, wanted, store, shown)
  return {
    book: target.name,
    id,
    kind,
    container: directive.container,
    label: directive.label ?? null,
    depth,
    place: {
      file: displayPath(target.outlinePath, cwd),
      line: start.line,
      column: start.column,
      endLine: end.line,
    },
    headings: headingPath,
    prompt: directive.value,
    state: judgement?.state ?? 'missing',
    edited: text?.isEdited ?? false,
    draft: text?.isDraft ?? false,
    reviewed: reviewStateOf(text?.file),
    reviewedBy: text === undefined ? null : (reviewOf(text.file)?.by ?? null),
    reasons: judgement?.reasons ?? [],
    next: nextStep(id, plan),
    text: await whyText(id, book),
    contracts: listContracts(id, plan),
    basis: basisFacts(job, plan),
    ...neighbours(job, plan, book.readers),
    sources: whySources(job, plan),
    request: await whyRequest(job, book, wanted, {isWhole: options.request, isSame: made.isSame}),
    sent: made.sent,
    differences: made.differences,
  }
}

async function whyText(id: JobId, {plan, map, store, cwd}: WhyBook): Promise<WhyText | null> {
  const text = plan.texts.get(id)
  if (text === undefined) return null
  const {outputFolder} = plan.context.loaded.target
  const {record, body} = text.file
  const span = map.spans.get(id)
  const entries = record === undefined ? [] : (await store.list(record.request)).entries
  const {usage, costUsd} = textCost(id, plan)
  return {
    file: displayPath(join(outputFolder, text.location), cwd),
    words: countWords(body),
    bookLines: span === undefined ? null : {file: displayPath(join(outputFolder, 'book.md'), cwd), ...span},
    made:
      record === undefined || usage === null
        ? null
        : {
            provider: record.provider,
            model: record.model,
            finish: record.finish,
            generated: record.generated,
            usage,
            costUsd,
            request: record.request,
            completion: record.completion,
            stored: entries.length,
            mends: entries.some(({completion, mends}) => completion === record.completion && mends !== undefined),
          },
    repairs: map.repairs.get(id) ?? [],
  }
}

async function whyRequest(
  job: Job,
  {plan, store}: WhyBook,
  {request, isEndpointKnown, address, roughInputTokens}: WantedRequest,
  {isWhole, isSame: isKnownSame}: {readonly isWhole: boolean; readonly isSame: boolean | undefined},
): Promise<WhyRequest> {
  const record = plan.texts.get(job.id)?.file.record
  const {usesModel} = plan.context
  const isOtherKind = record === undefined || (record.provider === 'draft') === usesModel
  const isSame = record?.request === address
  const withItsModel = isOtherKind ? undefined : requestAddress({...request, model: record.basis.model})
  return {
    endpoint: isEndpointKnown ? request.endpoint : null,
    model: request.model,
    messages: request.messages.map(({role, content}) => ({
      role,
      characters: content.length,
      ...(isWhole ? {content} : {}),
    })),
    sampling: request.sampling,
    limits: request.limits,
    roughInputTokens,
    address,
    madeText: isKnownSame ?? (isSame || (isOtherKind || isEndpointKnown ? false : null)),
    differsOnlyIn: !isSame && withItsModel === record?.request && !isOtherKind ? 'model' : null,
    stored: (await store.list(address)).entries.length,
    waitsFor: usesModel ? job.dependsOn.filter((id) => !plan.texts.has(id)) : [],
  }
}

function nextStep(id: JobId, {judged, texts, make, waiting, context}: BookPlan): string {
  const text = texts.get(id)
  const {state = 'missing', parts = []} = judged.get(id) ?? {}
  if (waiting.has(id)) return 'the next build keeps it, and the new text that lies beside it'
  if (make.has(id) && text?.isEdited === true)
    return 'the next build makes a new text and merges it into what an author edited'
  if (make.has(id)) return text === undefined ? 'the next build makes it' : 'the next build makes it anew'
  if (state === 'fresh') return 'the next build keeps it'
  if (text?.isEdited === true) return 'the next build keeps it, as an author edited it'
  if (!context.usesModel && text?.isDraft === false) return 'a build without a model keeps it; `--model` makes it anew'
  return `the next build keeps it; \`build --refresh ${parts.join(',')}\` makes it anew`
}
