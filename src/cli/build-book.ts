import type {Repair} from '../book/repair.ts'
import {RunSamples} from '../check/near-copies.ts'
import type {ContentAddress} from '../model/content-address.ts'
import type {Job, JobId} from '../model/job.ts'
import type {JobResult} from '../model/job-result.ts'
import type {PriceSettings} from '../model/price-of.ts'
import type {Request} from '../model/request.ts'
import {fitUpstream} from '../plan/fit-upstream.ts'
import type {BasisPart, Judgement} from '../plan/judge-state.ts'
import {estimateTokens} from '../plan/load-tokenizer.ts'
import {contextTokensOf, type RenderContext, renderRequest, type UpstreamText} from '../plan/render-request.ts'
import {revisionRequest} from '../plan/revision-request.ts'
import {draftRequest} from '../providers/draft-provider.ts'
import {type RunnableJob, type RunOptions, runPlan} from '../schedule/run-plan.ts'
import type {FileWriter} from '../store/file-writer.ts'
import type {Manifest} from '../store/manifest.ts'
import type {SectionFile} from '../store/section-file.ts'
import {SectionsFolder} from '../store/sections-folder.ts'
import type {Again} from './again.ts'
import {
  type BookText,
  judgeBook,
  notesOf,
  readBookTexts,
  refuseBroken,
  sectionLocation,
  upstreamOf,
} from './book-texts.ts'
import {type AskedAgain, CompletionReview, notAsked, type ReviewContext} from './completion-review.ts'
import type {CourseSources} from './course-sources.ts'
import {IdleWork} from './idle-work.ts'
import type {LoadedOutline, LoadedProject} from './load-course.ts'
import {moveSections} from './move-sections.ts'
import {missingOthers, readOtherTexts} from './other-texts.ts'
import {draftTaskOf} from './plan-drafts.ts'
import {ReadableTexts} from './readable-texts.ts'
import {outdatedTexts, renormalise} from './renormalise.ts'
import {withTexts} from './request-texts.ts'
import {SectionWriter} from './section-writer.ts'
import {type FailuresById, notedFailures, noteFailures, noteNearCopies} from './standing-failures.ts'
import {wordsIn} from './text-size.ts'
import {textsBeside} from './texts-beside.ts'
import {UpstreamReader} from './upstream-reader.ts'

/** What one book is built with. */
export interface BookContext extends ReviewContext {
  readonly loaded: LoadedOutline
  readonly project: LoadedProject
  readonly render: RenderContext
  readonly sources: CourseSources
  readonly usesModel: boolean
  /** How the command line names a directive: with `BOOK:` before its id where the project has several books. */
  selectorOf(id: JobId): string
  readonly staleParts: ReadonlySet<BasisPart>
  /** Drifted parts that are taken as stale in this run. */
  readonly refresh: ReadonlySet<BasisPart>
  /** The config's number of further requests that a text may take. */
  readonly repairs?: number
  /** The config's prices. */
  readonly prices?: PriceSettings
  /** Directives that may be made; undefined for all. */
  readonly only?: ReadonlySet<JobId>
  /** Texts of elsewhere that stand for their directives here: they are read, and never made, moved or written. */
  readonly standing?: ReadonlyMap<JobId, BookText>
  /** Directives that get a new text whatever their state. */
  readonly again?: Again
  /** Directives of other books, as `BOOK:ID`, that the same run makes before this book. */
  readonly remade?: ReadonlySet<JobId>
}

/** A book before anything is sent: its texts, their states, and what is to be made. */
export interface BookPlan {
  readonly context: BookContext
  readonly texts: Map<JobId, BookText>
  readonly orphans: readonly string[]
  /** New texts that lie beside edited ones, by the location of the section file that each lies beside. */
  readonly besideFiles: ReadonlyMap<string, SectionFile>
  /** Those of directives. */
  readonly beside: Map<JobId, SectionFile>
  /** Directives whose text that lies beside is the wanted one: nothing more is made for them. */
  readonly waiting: ReadonlySet<JobId>
  readonly manifest: Manifest | undefined
  /** Section files that cannot be used as they are. */
  readonly broken: readonly SectionFile[]
  readonly judged: ReadonlyMap<JobId, Judgement>
  readonly make: ReadonlySet<JobId>
  /** Texts that another version of the normaliser made, with the titles that it took off them. */
  readonly outdated: ReadonlyMap<JobId, readonly string[]>
  /** What texts do not hold of what was asked for. */
  readonly failures: FailuresById
}

/** How each directive came out of a run. */
export interface BookRun {
  readonly results: ReadonlyMap<JobId, JobResult>
  /** Of each text that was normalised in this run. */
  readonly repairs: ReadonlyMap<JobId, readonly Repair[]>
  /** Texts that are other ones now because the normaliser is. */
  readonly renewed: ReadonlySet<JobId>
  readonly askedAgain: AskedAgain
  /** Edited texts that a new one was merged into. */
  readonly merged: ReadonlySet<JobId>
  /** Lines of section files, from 1, at which a new text could not be merged. */
  readonly conflicts: ReadonlyMap<JobId, readonly number[]>
}

/** A run in which nothing happened. */
export const noRun: BookRun = {
  results: new Map(),
  repairs: new Map(),
  renewed: new Set(),
  askedAgain: notAsked,
  merged: new Set(),
  conflicts: new Map(),
}

/** Reads what stands and decides what is to be made. Refuses section files that cannot be used, unless `reportsBroken`. */
export async function planBook(context: BookContext, {reportsBroken = false} = {}): Promise<BookPlan> {
  const {plan, target} = context.loaded
  const {texts: own, orphans, broken, manifest, besideFiles} = await readBookTexts(target.outputFolder, plan)
  const texts = new ReadableTexts(own, await readOtherTexts(context.loaded))
  if (!reportsBroken) refuseBroken(broken, target.outputFolder)
  for (const [id, text] of context.standing ?? []) texts.set(id, {...text, location: sectionLocation(id)})
  const judged = judgeBook(plan, texts, context.render, context.sources, judgeOptions(context))
  for (const {id, state} of manifest?.directives ?? []) {
    // The last build tried it in vain.
    const judgement = judged.get(id as JobId)
    if (state === 'failed' && judgement?.state === 'missing')
      judged.set(id as JobId, {...judgement, state: 'failed', reasons: ['the last build failed to get a text']})
  }
  const {beside, waiting} = textsBeside(context, texts, besideFiles)
  const make = jobsToMake(judged, texts, context, waiting)
  const failures = notedFailures(manifest, texts, context.contracts.rules ?? {})
  // What names the texts that it makes leaves all others as they are.
  const outdated = context.again === undefined ? outdatedTexts(texts, make, manifest) : new Map()
  return {context, texts, orphans, besideFiles, beside, waiting, manifest, broken, judged, make, outdated, failures}
}

/** What a run in this context would make of texts in these states. */
export function jobsToMake(
  judged: ReadonlyMap<JobId, Judgement>,
  texts: ReadonlyMap<JobId, BookText>,
  context: BookContext,
  waiting: ReadonlySet<JobId>,
): Set<JobId> {
  const make = new Set<JobId>()
  for (const [id, judgement] of judged) {
    if (context.again?.ids.has(id) === true) make.add(id)
    else if (!mayBeMade(id, context) || waiting.has(id)) continue
    else if (isToBeMade(judgement, texts.get(id), context)) make.add(id)
  }
  if (context.refresh.has('upstream') || context.staleParts.has('upstream'))
    addDownstream(make, context, texts, waiting)
  return make
}

function mayBeMade(id: JobId, {only, standing}: BookContext): boolean {
  return (only === undefined || only.has(id)) && standing?.has(id) !== true
}

/** Takes what reads a text that is made again, and what reads that, so that one run brings a whole chain up to date. */
function addDownstream(
  make: Set<JobId>,
  context: BookContext,
  texts: ReadonlyMap<JobId, BookText>,
  waiting: ReadonlySet<JobId>,
): void {
  const {remade, usesModel, loaded} = context
  // A draft reads no other text of its book.
  const isRemade = (id: JobId): boolean => (usesModel && make.has(id)) || remade?.has(id) === true
  for (const id of loaded.plan.order) {
    const {dependsOn, readsChapter} = loaded.plan.jobs.get(id) as Job
    if (make.has(id) || !mayBeMade(id, context) || waiting.has(id)) continue
    if (!dependsOn.some(isRemade)) continue
    const text = texts.get(id)
    // It was made before there were default edges, so that nothing that it was made from changes.
    if (readsChapter === true && text?.file.record?.basis.upstream === undefined) continue
    if (isToBeMade({state: 'stale', reasons: [], parts: []}, text, context)) make.add(id)
  }
}

export function judgeOptions(context: BookContext): {usesModel: boolean; staleParts: ReadonlySet<BasisPart>} {
  return {usesModel: context.usesModel, staleParts: context.staleParts}
}

function isToBeMade({state, parts}: Judgement, text: BookText | undefined, context: BookContext): boolean {
  if (state === 'missing' || state === 'failed') return true
  // A draft never takes the place of the text of a model or an author, nor does a model's text that of an edited draft.
  if (text === undefined || (!context.usesModel && (text.isEdited || !text.isDraft))) return false
  if (text.isEdited && text.isDraft && !parts.some((part) => part !== 'draft')) return false
  return state === 'stale' || (state === 'drifted' && parts.some((part) => context.refresh.has(part)))
}

/** What a run of one book needs beside the book. */
export interface RunBookOptions extends Omit<RunOptions, 'onCompleted' | 'followUp' | 'turn'> {
  /** Further requests that a text may take. */
  readonly repairs: number
  /** A raw completion from the store. */
  readRaw(address: ContentAddress): Promise<string | undefined>
  readonly files: FileWriter
  /** Told of each request before it is looked for. */
  onRequest?(id: JobId, request: Request): void
  /** Makes a text that was written ready for the book, when there is nothing else to do. */
  prepareText?(job: Job, text: string): void
}

/** Moves section files to where their directives are now, then makes what is wanted and writes each text as it arrives. */
export async function runBook(book: BookPlan, options: RunBookOptions): Promise<BookRun> {
  const {context, texts, make, failures} = book
  const {again} = context
  const {plan, target} = context.loaded
  const sections = new SectionsFolder(target.outputFolder, options.files)
  const writer = new SectionWriter(book, sections, options.readRaw)
  if (again?.isTrial !== true) await moveSections(book, sections)
  const review = new CompletionReview(context, options.repairs)
  const {repairs, renewed} = await renormalise(book, sections, options.readRaw, (job, made, completion) =>
    noteFailures(failures, job.id, review.judge(job, made, completion)),
  )
  const upstream = new UpstreamReader(book, options.readRaw)
  const idle = new IdleWork()
  const jobs = plan.order
    .filter((id) => make.has(id))
    .map((id) => runnableJob(plan.jobs.get(id) as Job, book, upstream, options.onRequest))
  const samples = new RunSamples()
  const results = await runPlan(jobs, {
    ...options,
    turn: () => idle.turn(),
    onEvent: (event) => {
      options.onEvent(event)
      // While the answer is on its way there is time for it.
      if (event.type === 'sent') idle.add(() => review.expect(plan.jobs.get(event.id) as Job))
    },
    followUp: (id, request, completions) => review.followUp(plan.jobs.get(id) as Job, request, completions),
    onCompleted: async (id, completion, from, followUps) => {
      const job = plan.jobs.get(id) as Job
      const best = review.take(job, [completion, ...followUps], from)
      if (again?.isTrial === true) return undefined
      const made = await writer.write(job, best.completion, best.review.text)
      if (typeof made === 'string') return made
      if (made === undefined) return undefined
      repairs.set(id, best.review.repairs)
      texts.set(id, made)
      noteFailures(failures, id, made.isEdited ? [] : best.review.failures)
      idle.add(() => {
        if (!made.isDraft && !made.isEdited) samples.prepare(made.file.body)
        options.prepareText?.(job, made.file.body)
        wordsIn(made.file)
      })
      return undefined
    },
  }).finally(() => idle.end())
  // Also where none was made: what another is a copy of may be gone, or an author's by now.
  noteNearCopies(failures, texts, plan.jobs.keys(), context.contracts.rules ?? {}, samples)
  const {merged, conflicts} = writer
  return {results, repairs, renewed, askedAgain: review.askedAgain, merged, conflicts}
}

function runnableJob(
  job: Job,
  book: BookPlan,
  upstream: UpstreamReader,
  onRequest: RunBookOptions['onRequest'],
): RunnableJob {
  // A draft is put together from the sources and from other books: it waits for nothing.
  if (!book.context.usesModel) {
    const because = missingOthers(job, book.texts)
    return {
      id: job.id,
      after: [],
      prepare: async () => (because === undefined ? planRequest(job, book) : {skip: because}),
    }
  }
  return {
    id: job.id,
    after: job.dependsOn.filter((id) => book.make.has(id)),
    prepare: async () => {
      const because = upstream.missing(job)
      if (because !== undefined) return {skip: because}
      const texts = await upstream.read(job)
      const request = withTexts(planRequest(job, book, texts), texts)
      onRequest?.(job.id, request)
      return request
    },
  }
}

/**
 * The request for a job as things stand now. Without `upstream`, the texts that it is to read are those of the section
 * files within an estimate of the budget: good for estimates, while the request that is sent may differ.
 */
export function planRequest(
  job: Job,
  {context, texts}: Pick<BookPlan, 'context' | 'texts'>,
  upstream?: readonly UpstreamText[],
): Request {
  const {plan} = context.loaded
  if (!context.usesModel) {
    return draftRequest(draftTaskOf(job, context, texts), context.sources.ofDraft)
  }
  const {render, project, again} = context
  const {file} = texts.get(job.id) ?? {}
  const estimated = (): UpstreamText[] =>
    fitUpstream(upstreamOf(job, plan, texts), contextTokensOf(job, render), estimateTokens)
  const excerpt = context.sources.excerptFor(job, render)
  const request = renderRequest(job, upstream ?? estimated(), render, project.engine, notesOf(file), excerpt)
  if (again?.note === undefined || file === undefined || !again.ids.has(job.id)) return request
  return revisionRequest(request, file.body, again.note)
}
