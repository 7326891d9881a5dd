import {join} from 'node:path'
import {type ContentAddress, textAddress} from '../model/content-address.ts'
import type {Basis, Job, JobId, Plan} from '../model/job.ts'
import {
  type BasisPart,
  type Judgement,
  type JudgeOptions,
  judgeState,
  matchTexts,
  missing,
} from '../plan/judge-state.ts'
import {basisOf, promptAddress, type RenderContext, type UpstreamText} from '../plan/render-request.ts'
import {type Manifest, readManifest} from '../store/manifest.ts'
import type {SectionFile, SectionRecord} from '../store/section-file.ts'
import {sectionPath} from '../store/section-path.ts'
import {SectionsFolder} from '../store/sections-folder.ts'
import {canonicalMarkdown} from '../syntax/canonical-markdown.ts'
import {splitTitle} from '../syntax/chapter-number.ts'
import type {CourseSources} from './course-sources.ts'
import {UsageError} from './exit-codes.ts'

/** The text that stands for a directive. */
export interface BookText {
  readonly file: SectionFile
  /** Path below the output folder, `sections/…` or `unused/…`. */
  readonly location: string
  readonly isEdited: boolean
  readonly isDraft: boolean
}

/** Texts of a book by job, and the files that no directive wants. */
export interface BookTexts {
  readonly texts: Map<JobId, BookText>
  readonly orphans: readonly string[]
  /** Section files that cannot be used as they are; the text of one that a directive has is all that it holds. */
  readonly broken: readonly SectionFile[]
  readonly manifest: Manifest | undefined
  /** New texts that lie beside edited ones, by the location of the section file that each lies beside. */
  readonly besideFiles: ReadonlyMap<string, SectionFile>
}

/** Reads the section files of a book and finds the one of each directive (contract, F1). */
export async function readBookTexts(outputFolder: string, plan: Plan): Promise<BookTexts> {
  const files = await new SectionsFolder(outputFolder).read()
  return matchSectionFiles({...files, manifest: await readManifest(outputFolder)}, plan, promptAddress)
}

/** The section files of a book and its manifest, from wherever they were read. */
export interface SectionFiles {
  readonly used: readonly SectionFile[]
  readonly unused: readonly SectionFile[]
  /** New texts that lie beside edited ones, by the location of these. Default: none. */
  readonly beside?: ReadonlyMap<string, SectionFile>
  readonly manifest: Manifest | undefined
}

/** Finds the section file of each directive (contract, F1). */
export function matchSectionFiles(
  {used, unused, beside = new Map(), manifest}: SectionFiles,
  plan: Plan,
  promptOf: (job: Job) => string,
): BookTexts {
  const broken = used.filter(({problem}) => problem !== undefined)
  const idByPath = new Map<string, JobId>()
  for (const id of plan.jobs.keys()) {
    const path = sectionPath(id)
    const folded = path.toLowerCase()
    const other = idByPath.get(folded)
    if (other !== undefined) {
      throw new UsageError(
        'name-clash',
        `Unexpected file name \`${path}\` for both \`${other}\` and \`${id}\`, expected names that differ; give one an \`id\` of its own`,
      )
    }
    idByPath.set(folded, id)
  }
  const idOfPath = (location: string): string =>
    (location.startsWith('sections/') ? idByPath.get(location.slice('sections/'.length).toLowerCase()) : undefined) ??
    ''
  const rows = new Map(manifest?.directives.map((row) => [row.file, row]))
  const files = [
    ...used.map((file) => ({file, location: `sections/${file.path}`})),
    ...unused.map((file) => ({file, location: `unused/${file.path}`})),
  ].map(({file, location}) => ({
    file,
    location,
    // A file without the program's front matter is known by the manifest's row, else by its path.
    id: String(file.record?.directive ?? rows.get(location)?.id ?? idOfPath(location)),
    // A text that lies beside an edited one was made for the prompt as it is since.
    prompt: String(
      (beside.get(location) ?? file).record?.basis.prompt ??
        file.record?.basis.prompt ??
        rows.get(location)?.prompt ??
        location,
    ),
    isUsed: location.startsWith('sections/'),
  }))
  const jobs = [...plan.jobs.values()]
  const prompts = new Map<string, string>(jobs.map((job) => [job.id, promptOf(job)]))
  const matched = matchTexts(jobs, ({id}) => prompts.get(id) ?? '', files)
  const texts = new Map<JobId, BookText>()
  for (const [id, {file, location}] of matched) {
    texts.set(id as JobId, {file, location, isEdited: isEdited(file), isDraft: file.record?.provider === 'draft'})
  }
  const taken = new Set([...texts.values()].map(({location}) => location))
  // Files without the program's front matter are somebody else's: they stay where they are.
  const orphans = files
    .filter(({file, location, isUsed}) => isUsed && !taken.has(location) && file.record !== undefined)
    .map(({location}) => location)
  return {texts, orphans, broken, manifest, besideFiles: beside}
}

/** Refuses to work with a section file that cannot be used as it is. */
export function refuseBroken([first]: readonly SectionFile[], outputFolder: string): void {
  if (first?.problem === undefined) return
  throw new UsageError(
    'broken-section',
    `Cannot use the section file \`${join(outputFolder, 'sections', first.path)}\`: ${first.problem.reason}; mend it, or restore it from git`,
  )
}

/** Whether an author changed a section file's text; wrapping and white space are no change (contract, F2). */
export function isEdited(file: SectionFile): boolean {
  if (file.record === undefined) return true
  const {text} = file.record
  // What the program wrote is canonical: a text that only was re-wrapped has it as its canonical form.
  const forms = [
    () => file.body,
    () => canonicalMarkdown(file.body),
    () => canonicalMarkdown(file.body, {lists: 'tight'}),
  ]
  return forms.every((form) => textAddress(form()) !== text)
}

/** What its author asked of earlier texts of a section. */
export function notesOf(file: SectionFile | undefined): readonly string[] {
  const notes = file?.extra.notes
  return Array.isArray(notes) ? notes.filter((note) => typeof note === 'string') : []
}

/** Address of a text as those that read it see it: the author's where it was edited, else the raw completion. */
export function upstreamAddress(text: BookText): ContentAddress {
  const {record, body} = text.file
  return text.isEdited || record === undefined ? textAddress(body) : record.completion
}

/** Texts that a job reads, as far as there are any. */
export function upstreamOf(
  job: Pick<Job, 'dependsOn'>,
  plan: Plan,
  texts: ReadonlyMap<JobId, BookText>,
  raw: ReadonlyMap<JobId, string> = new Map(),
): UpstreamText[] {
  return job.dependsOn.flatMap((id) => {
    const text = texts.get(id)
    if (text === undefined) return []
    return [
      {
        id,
        title: plan.jobs.get(id)?.headingPath.at(-1) ?? titleOfOther(plan.others?.get(id)?.job) ?? id,
        text: raw.get(id) ?? text.file.body,
        address: upstreamAddress(text),
      },
    ]
  })
}

/** A text of another book goes by its heading, one that closes or opens a chapter by the chapter's. */
function titleOfOther(job: Job | undefined): string | undefined {
  const title = job?.kind === 'section' ? job.headingPath.at(-1) : job?.headingPath[0]
  return title === undefined ? undefined : (splitTitle(title)?.rest ?? title)
}

/** What a job's text must be made from now; of sources as far as they count for the text with this record. */
export function wantedBasis(
  job: Job,
  plan: Plan,
  texts: ReadonlyMap<JobId, BookText>,
  context: RenderContext,
  sources: CourseSources,
  record: SectionRecord | undefined = texts.get(job.id)?.file.record,
): Basis {
  return basisOf(job, upstreamOf(job, plan, texts), context, sourcesFor(job, record, context, sources))
}

/** A text from before requests carried passages is not held against them: nothing tells what it would have read. */
function sourcesFor(
  job: Job,
  record: SectionRecord | undefined,
  context: RenderContext,
  sources: CourseSources,
): ContentAddress | undefined {
  if (record?.basis.sources === undefined) return undefined
  return record.provider === 'draft' ? sources.ofDraft : sources.addressFor(job, context)
}

/** States of all directives, in the outline's order. */
export function judgeBook(
  plan: Plan,
  texts: ReadonlyMap<JobId, BookText>,
  context: RenderContext,
  sources: CourseSources,
  options: JudgeOptions,
): Map<JobId, Judgement> {
  const judged = new Map<JobId, Judgement>()
  for (const job of plan.jobs.values()) {
    const text = texts.get(job.id)
    if (text === undefined) {
      judged.set(job.id, missing)
      continue
    }
    const {record} = text.file
    if (record === undefined) {
      // A file without the program's front matter is the author's own: there is nothing to compare.
      judged.set(job.id, {state: 'fresh', reasons: [], parts: []})
      continue
    }
    const facts = {basis: record.basis, isDraft: text.isDraft}
    const reads = {
      ...(job.readsChapter === true ? {readsChapter: true} : {}),
      lacking: new Set(job.dependsOn.filter((id) => !texts.has(id))),
    }
    judged.set(job.id, judgeState(wantedBasis(job, plan, texts, context, sources), facts, options, reads))
  }
  return judged
}

/** Parts that `--refresh` may name. */
export const refreshParts: readonly BasisPart[] = ['upstream', 'sources', 'model']

/** Path of a directive's section file below the output folder. */
export function sectionLocation(id: JobId): string {
  return join('sections', sectionPath(id)).replaceAll('\\', '/')
}
