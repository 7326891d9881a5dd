import type {Repair} from '../book/repair.ts'
import {type Completion, completionAddress} from '../model/completion.ts'
import {type ContentAddress, textAddress} from '../model/content-address.ts'
import type {Basis, Job, JobId} from '../model/job.ts'
import type {JobResult} from '../model/job-result.ts'
import type {PriceSettings} from '../model/price-of.ts'
import type {Request} from '../model/request.ts'
import {fitUpstream} from '../plan/fit-upstream.ts'
import type {BasisPart, Judgement} from '../plan/judge-state.ts'
import {estimateTokens} from '../plan/load-tokenizer.ts'
import {
  basisOf,
  contextTokensOf,
  modelOf,
  type RenderContext,
  renderRequest,
  type UpstreamText,
} from '../plan/render-request.ts'
import {draftRequest} from '../providers/draft-provider.ts'
import {type RunnableJob, type RunOptions, runPlan} from '../schedule/run-plan.ts'
import type {FileWriter} from '../store/file-writer.ts'
import {formatSectionFile, type SectionFile} from '../store/section-file.ts'
import {sectionPath} from '../store/section-path.ts'
import {SectionsFolder} from '../store/sections-folder.ts'
import {
  type BookText,
  judgeBook,
  readBookTexts,
  refuseBroken,
  sectionLocation,
  upstreamOf,
  wantedBasis,
} from './book-texts.ts'
import {type AskedAgain, CompletionReview, notAsked, type ReviewContext} from './completion-review.ts'
import type {LoadedOutline, LoadedProject} from './load-course.ts'
import {renamedTitles} from './renamed-titles.ts'
import {outdatedTexts, renormalise} from './renormalise.ts'
import {type FailuresById, notedFailures, noteFailures, noteNearCopies} from './standing-failures.ts'
import {UpstreamReader} from './upstream-reader.ts'

/** What one book is built with. */
export interface BookContext extends ReviewContext {
  readonly loaded: LoadedOutline
  readonly project: LoadedProject
  readonly render: RenderContext
  readonly sources: ContentAddress
  readonly usesModel: boolean
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
}

/** A book before anything is sent: its texts, their states, and what is to be made. */
export interface BookPlan {
  readonly context: BookContext
  readonly texts: Map<JobId, BookText>
  readonly orphans: readonly string[]
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
}

/** A run in which nothing happened. */
export const noRun: BookRun = {results: new Map(), repairs: new Map(), renewed: new Set(), askedAgain: notAsked}

/** Reads what stands and decides what is to be made. Refuses section files that cannot be used, unless `reportsBroken`. */
export async function planBook(context: BookContext, {reportsBroken = false} = {}): Promise<BookPlan> {
  const {plan, target} = context.loaded
  const basis = (job: Job): Basis => wantedBasis(job, plan, new Map(), context.render, context.sources)
  const {texts, orphans, broken, manifest} = await readBookTexts(target.outputFolder, plan, basis)
  if (!reportsBroken) refuseBroken(broken, target.outputFolder)
  for (const [id, text] of context.standing ?? []) texts.set(id, {...text, location: sectionLocation(id)})
  const judged = judgeBook(plan, texts, context.render, context.sources, judgeOptions(context))
  for (const {id, state} of manifest?.directives ?? []) {
    // The last build tried it in vain.
    const judgement = judged.get(id as JobId)
    if (state === 'failed' && judgement?.state === 'missing')
      judged.set(id as JobId, {...judgement, state: 'failed', reasons: ['the last build failed to get a text']})
  }
  const make = jobsToMake(judged, texts, context)
  const failures = notedFailures(manifest, texts, context.contracts.rules ?? {})
  const outdated = outdatedTexts(texts, make, manifest)
  return {context, texts, orphans, broken, judged, make, outdated, failures}
}

/** What a run in this context would make of texts in these states. */
export function jobsToMake(
  judged: ReadonlyMap<JobId, Judgement>,
  texts: ReadonlyMap<JobId, BookText>,
  context: BookContext,
): Set<JobId> {
  const make = new Set<JobId>()
  for (const [id, judgement] of judged) {
    if (!mayBeMade(id, context)) continue
    if (isToBeMade(judgement, texts.get(id), context)) make.add(id)
  }
  if (context.refresh.has('upstream') || context.staleParts.has('upstream')) addDownstream(make, context, texts)
  return make
}

function mayBeMade(id: JobId, {only, standing}: BookContext): boolean {
  return (only === undefined || only.has(id)) && standing?.has(id) !== true
}

/** Takes what reads a text that is made again, and what reads that, so that one run brings a whole chain up to date. */
function addDownstream(make: Set<JobId>, context: BookContext, texts: ReadonlyMap<JobId, BookText>): void {
  // A draft reads no other text.
  if (!context.usesModel) return
  const {plan} = context.loaded
  for (const id of plan.order) {
    const {dependsOn, readsChapter} = plan.jobs.get(id) as Job
    if (make.has(id) || !mayBeMade(id, context) || !dependsOn.some((upstream) => make.has(upstream))) continue
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
  // An author's text is never overwritten, and a draft never takes the place of a model's text.
  if (text === undefined || text.isEdited || (!context.usesModel && !text.isDraft)) return false
  return state === 'stale' || (state === 'drifted' && parts.some((part) => context.refresh.has(part)))
}

/** What a run of one book needs beside the book. */
export interface RunBookOptions extends Omit<RunOptions, 'onCompleted' | 'followUp'> {
  /** Further requests that a text may take. */
  readonly repairs: number
  /** A raw completion from the store. */
  readRaw(address: ContentAddress): Promise<string | undefined>
  readonly files: FileWriter
}

/** Moves section files to where their directives are now, then makes what is wanted and writes each text as it arrives. */
export async function runBook(book: BookPlan, options: RunBookOptions): Promise<BookRun> {
  const {context, texts, make, failures} = book
  const {plan, target} = context.loaded
  const sections = new SectionsFolder(target.outputFolder, options.files)
  await moveSections(book, sections)
  const review = new CompletionReview(context, options.repairs)
  const {repairs, renewed} = await renormalise(book, sections, options.readRaw, (job, made, completion) =>
    noteFailures(failures, job.id, review.judge(job, made, completion)),
  )
  const upstream = new UpstreamReader(book, options.readRaw)
  const jobs = plan.order
    .filter((id) => make.has(id))
    .map((id) => runnableJob(plan.jobs.get(id) as Job, book, upstream))
  const results = await runPlan(jobs, {
    ...options,
    followUp: (id, request, completions) => review.followUp(plan.jobs.get(id) as Job, request, completions),
    onCompleted: async (id, completion, from, followUps) => {
      const job = plan.jobs.get(id) as Job
      const best = review.take(job, [completion, ...followUps], from)
      const made = await writeSection(job, best.completion, best.review.text, book, sections)
      if (typeof made === 'string') return made
      repairs.set(id, best.review.repairs)
      texts.set(id, made)
      noteFailures(failures, id, best.review.failures)
      return undefined
    },
  })
  // Also where none was made: what another is a copy of may be gone, or an author's by now.
  noteNearCopies(failures, texts, plan.jobs.keys(), context.contracts.rules ?? {})
  return {results, repairs, renewed, askedAgain: review.askedAgain}
}

function runnableJob(job: Job, book: BookPlan, upstream: UpstreamReader): RunnableJob {
  // A draft is put together from the sources alone: it waits for nothing.
  if (!book.context.usesModel) return {id: job.id, after: [], prepare: async () => planRequest(job, book)}
  return {
    id: job.id,
    after: job.dependsOn.filter((id) => book.make.has(id)),
    prepare: async () => {
      const because = upstream.missing(job)
      return because === undefined ? planRequest(job, book, await upstream.read(job)) : {skip: because}
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
    const {id, kind, headingPath, siblingTitles, directive} = job
    return draftRequest(
      {
        id,
        kind,
        prompt: directive.value,
        headingPath,
        siblingTitles,
        chapterTitles: context.render.chapterTitles,
        container: directive.container,
        ...(directive.label === undefined ? {} : {label: directive.label}),
      },
      context.sources,
    )
  }
  const {render, project} = context
  const estimated = (): UpstreamText[] =>
    fitUpstream(upstreamOf(job, plan, texts), contextTokensOf(job, render), estimateTokens)
  return renderRequest(job, upstream ?? estimated(), render, project.engine)
}

/** Writes the text of a completion; gives the reason when the file may not be written. */
async function writeSection(
  job: Job,
  completion: Completion,
  text: string,
  {context, texts}: BookPlan,
  sections: SectionsFolder,
): Promise<BookText | string> {
  const isDraft = completion.provider === 'draft'
  // A draft rests on the sources, a text from a model on the texts that it reads.
  const {model: _, ...basis} = isDraft
    ? basisOf({...job, readsChapter: false}, [], context.render, context.sources)
    : wantedBasis(job, context.loaded.plan, texts, context.render, undefined)
  const record = {
    directive: job.id,
    request: completion.request,
    basis: {...basis, model: isDraft ? 'draft' : modelOf(job, context.render)},
    completion: completionAddress(completion.text),
    text: textAddress(text),
    provider: completion.provider,
    model: completion.model,
    finish: completion.finish,
    usage: completion.usage,
    generated: completion.generated,
  }
  const path = sectionPath(job.id)
  const old = texts.get(job.id)?.file
  const extra = old?.extra ?? {}
  const content = formatSectionFile(record, text, extra)
  if (!(await sections.write(path, content, old?.source))) {
    return `\`${sectionLocation(job.id)}\` was changed while the build ran and is left as it is; the new text is in the store`
  }
  const file: SectionFile = {path, record, extra, body: text, source: content}
  return {file, location: sectionLocation(job.id), isEdited: false, isDraft}
}

/** Renames section files of directives that moved, and puts those that no directive wants into `unused/`. */
async function moveSections(book: BookPlan, sections: SectionsFolder): Promise<void> {
  const moves = book.orphans.map((from) => ({from, to: from.replace(/^sections\//, 'unused/')}))
  for (const [id, text] of book.texts) {
    const to = sectionLocation(id)
    if (text.location !== to) moves.push({from: text.location, to})
  }
  if (moves.length === 0) return
  await sections.move(moves)
  for (const [id, text] of book.texts) {
    const {record, extra, body, source} = text.file
    const path = sectionPath(id)
    let file: SectionFile = {...text.file, path}
    if (record !== undefined && record.directive !== id) {
      const moved = {...record, directive: id}
      // The former id tells the headings' old titles, which other texts may name.
      const isRenamed = renamedTitles(record.directive, id).length > 0
      const kept = isRenamed ? {...extra, formerly: record.directive} : extra
      const content = formatSectionFile(moved, body, kept)
      if (await sections.write(path, content, source)) file = {path, record: moved, extra: kept, body, source: content}
    }
    book.texts.set(id, {...text, location: sectionLocation(id), file})
  }
}
