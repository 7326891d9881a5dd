import {readFile} from 'node:fs/promises'
import {basename, dirname, extname, join, relative, resolve} from 'node:path'
import {type AssembledBook, type AssembleOptions, assembleBook} from '../book/assemble-book.ts'
import type {BookParts} from '../book/carry-edits.ts'
import {normaliserVersion} from '../book/normalise-completion.ts'
import type {Repair} from '../book/repair.ts'
import {PreparedForms, type SectionText} from '../book/section-form.ts'
import type {ContractFailure} from '../check/contract.ts'
import type {Config} from '../config/config-schema.ts'
import type {Job, JobId} from '../model/job.ts'
import type {SourceEdit} from '../model/outline.ts'
import type {Judgement} from '../plan/judge-state.ts'
import {readIfThere} from '../store/completion-store.ts'
import type {FileWriter} from '../store/file-writer.ts'
import {type Manifest, type ManifestRow, rowFinder} from '../store/manifest.ts'
import {writeWhole} from '../store/write-whole.ts'
import {segmentBook} from './book-segments.ts'
import type {BookText} from './book-texts.ts'
import type {LoadedOutline} from './load-course.ts'
import {isCopiedImage} from './outline-images.ts'

/** The text that stands in a book for a directive that has none. */
export function placeholder(id: JobId): string {
  return `*Not written yet: ${id.replace(/([*_\\])/g, '\\$1')}*`
}

export interface ComposedBook {
  readonly book: AssembledBook
  readonly isComplete: boolean
  /** Images to copy: from absolute paths to names below `images/`. */
  readonly images: ReadonlyMap<string, string>
}

/** The book that was put together last of an outline, and the texts in it. */
const lastComposed = new WeakMap<
  LoadedOutline,
  {readonly bodies: readonly (string | undefined)[]; readonly composed: ComposedBook}
>()

/** Puts the book together from the outline and the texts that stand; the same bytes on any machine. Writes nothing. */
export function composeBook(loaded: LoadedOutline, texts: ReadonlyMap<JobId, BookText>, config: Config): ComposedBook {
  const bodies = [...loaded.plan.jobs.keys()].map((id) => texts.get(id)?.file.body)
  const last = lastComposed.get(loaded)
  // A build asks for it before and after its run, and often nothing has changed.
  if (last?.bodies.every((body, at) => body === bodies[at]) === true) return last.composed
  const composed = compose(loaded, texts, config)
  lastComposed.set(loaded, {bodies, composed})
  return composed
}

function compose(loaded: LoadedOutline, texts: ReadonlyMap<JobId, BookText>, config: Config): ComposedBook {
  const {outline} = loaded
  const sections = sectionTexts(loaded, texts)
  const book = assembleBook(outline, sections, assembleOptions(loaded, config))
  return {book, images: copiedImages(loaded), isComplete: sections.every(({id}) => texts.has(id))}
}

function assembleOptions(loaded: LoadedOutline, {listItemHeadings}: Config): AssembleOptions {
  const {outline, target, bibliography} = loaded
  const {language} = outline.metadata
  const {edits} = rebaseLinks(outline, target.outlinePath, target.outputFolder)
  const forms = preparedForms.get(loaded)
  return {
    edits,
    ...(bibliography === undefined ? {} : {bibliography}),
    ...(language === undefined ? {} : {language}),
    ...(listItemHeadings === undefined ? {} : {listItemHeadings}),
    ...(forms === undefined ? {} : {forms}),
  }
}

/** Texts that were made ready for their places as they arrived. */
const preparedForms = new WeakMap<LoadedOutline, PreparedForms>()

/** Makes a text ready for its place in the book, so that less is left to do when all are there. */
export function prepareText(loaded: LoadedOutline, {id, depth}: Job, text: string, config: Config): void {
  const {listItemHeadings} = config
  let forms = preparedForms.get(loaded)
  if (forms === undefined) {
    const numbers = new Set(loaded.bibliography?.entries.map(({number}) => number))
    const options = {numbers, ...(listItemHeadings === undefined ? {} : {listItemHeadings})}
    forms = new PreparedForms(loaded.outline, loaded.plan.jobs.keys(), options)
    preparedForms.set(loaded, forms)
  }
  forms.prepare({id, depth, text})
}

/** The book as `composeBook` puts it together, with what it is put together of. */
export function bookParts(loaded: LoadedOutline, texts: ReadonlyMap<JobId, BookText>, config: Config): BookParts {
  const {book} = composeBook(loaded, texts, config)
  return {outline: loaded.outline, texts: sectionTexts(loaded, texts), options: assembleOptions(loaded, config), book}
}

/** The texts of a book as they are placed: those of the section files, else placeholders. */
export function sectionTexts({plan}: LoadedOutline, texts: ReadonlyMap<JobId, BookText>): SectionText[] {
  return [...plan.jobs.values()].map(({id, depth}) => ({
    id,
    depth,
    text: texts.get(id)?.file.body ?? placeholder(id),
  }))
}

/** The images of an outline that are copied, from absolute paths to names below `images/`. */
export function copiedImages({outline, target}: LoadedOutline): ReadonlyMap<string, string> {
  return rebaseLinks(outline, target.outlinePath, target.outputFolder).images
}

/** Relative links of the outline, as seen from the book; images are to be copied beside it. */
function rebaseLinks(
  outline: LoadedOutline['outline'],
  outlinePath: string,
  outputFolder: string,
): {edits: SourceEdit[]; images: Map<string, string>} {
  const folder = dirname(outlinePath)
  const images = new Map<string, string>()
  const names = new Map<string, string>()
  const edits = outline.relativeLinks.map(({type, url, start, end}): SourceEdit => {
    const [path = '', suffix = ''] = splitSuffix(url)
    const from = resolve(folder, decodePath(path))
    if (type !== 'image' || !isCopiedImage(from, folder)) {
      return {start, end, text: encodePath(relative(outputFolder, from)) + suffix}
    }
    const name = images.get(from) ?? freeName(basename(from), names)
    images.set(from, name)
    names.set(name.toLowerCase(), from)
    return {start, end, text: `images/${encodePath(name)}${suffix}`}
  })
  return {edits, images}
}

function freeName(name: string, taken: ReadonlyMap<string, string>): string {
  const extension = extname(name)
  const stem = name.slice(0, name.length - extension.length)
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${stem}-${number}${extension}`
    if (!taken.has(candidate.toLowerCase())) return candidate
  }
}

function splitSuffix(url: string): [string, string] {
  const at = url.search(/[?#]/)
  return at === -1 ? [url, ''] : [url.slice(0, at), url.slice(at)]
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    // A `%` that encodes nothing is part of the name.
    return path
  }
}

function encodePath(path: string): string {
  return path
    .replaceAll('\\', '/')
    .replace(/[\s()<>%?#"]/g, (character) => encodeURIComponent(character).replace('(', '%28').replace(')', '%29'))
}

/** Copies the outline's images; one that is not there is reported. Gives whether anything was written. */
export async function copyImages(loaded: LoadedOutline, images: ReadonlyMap<string, string>): Promise<boolean> {
  let hasWritten = false
  for (const [from, name] of images) {
    const to = join(loaded.target.outputFolder, 'images', name)
    try {
      const [source, present] = await Promise.all([readFile(from), readFile(to).catch(() => undefined)])
      if (present?.equals(source) === true) continue
      await writeWhole(to, source)
      hasWritten = true
    } catch (error) {
      const {code} = error as NodeJS.ErrnoException
      if (code !== 'ENOENT' && code !== 'EISDIR' && code !== 'EACCES') throw error
      // An image that is not there was reported when the outline was read.
    }
  }
  return hasWritten
}

export interface ManifestInput {
  readonly loaded: LoadedOutline
  readonly texts: ReadonlyMap<JobId, BookText>
  readonly judged: ReadonlyMap<JobId, Judgement>
  readonly repairs: ReadonlyMap<JobId, readonly Repair[]>
  /** What texts do not hold. */
  readonly failures: ReadonlyMap<JobId, readonly ContractFailure[]>
  readonly failed: ReadonlySet<JobId>
  readonly composed: ComposedBook
  readonly record: Manifest['record']
  readonly before: Manifest | undefined
  /** Address of a companion's outline as it is written now; default what was noted. */
  readonly rendered?: string
}

/** The manifest of a book as it stands. */
export function makeManifest(input: ManifestInput): Manifest {
  const {loaded, composed, rendered = input.before?.rendered} = input
  const jobs = [...loaded.plan.jobs.values()]
  const before = new Map(input.before?.directives.map((row) => [row.id, row]))
  const lastLines = jobs.map(({id}) => composed.book.lines.get(id)?.end ?? 0)
  const {segments, bibliography} = segmentBook(composed.book.markdown, lastLines, composed.book.bibliography?.line)
  const findRow = rowFinder(input.before)
  const directives = jobs.map((job, number) => {
    const completion = input.texts.get(job.id)?.file.record?.completion
    const rows = {
      before: before.get(job.id),
      noted: completion === undefined ? undefined : findRow(job.id, completion),
    }
    return manifestRow(job, number, input, rows, segments[number] ?? {span: 0, book: ''})
  })
  return {
    version: 1,
    outline: relative(loaded.target.outputFolder, loaded.target.outlinePath).replaceAll('\\', '/'),
    title: loaded.outline.metadata.title ?? null,
    ...(rendered === undefined ? {} : {rendered}),
    complete: composed.isComplete,
    record: input.record,
    ...(bibliography === undefined ? {} : {bibliography}),
    directives,
  }
}

/** The repair that placing makes; it is known anew each time that the book is put together. */
const placingRule = 'too-deep-heading'

function manifestRow(
  job: Job,
  number: number,
  input: ManifestInput,
  {before, noted}: {readonly before: ManifestRow | undefined; readonly noted: ManifestRow | undefined},
  segment: {readonly span: number; readonly book: string},
): ManifestRow {
  const {id, kind, depth, directive} = job
  const text = input.texts.get(id)
  const record = text?.file.record
  const span = input.composed.book.lines.get(id)
  const state = input.failed.has(id) && text === undefined ? 'failed' : (input.judged.get(id)?.state ?? 'missing')
  // Repairs are known when a text is normalised; later builds keep what was noted while its completion is the same.
  const made = input.repairs.get(id)
  const kept = noted?.repairs.filter(({ruleId}) => ruleId !== placingRule) ?? []
  const isNormalised = record !== undefined && text?.isEdited === false
  const failures = input.failures.get(id)
  const citations = input.composed.book.citations.get(id)
  return {
    id,
    place: number + 1,
    kind,
    depth,
    container: directive.container,
    state,
    edited: text?.isEdited ?? false,
    draft: text?.isDraft ?? false,
    file: text?.location ?? null,
    prompt: record?.basis.prompt ?? before?.prompt ?? null,
    request: record?.request ?? null,
    completion: record?.completion ?? null,
    text: record?.text ?? null,
    provider: record?.provider ?? null,
    model: record?.model ?? null,
    usage:
      record === undefined ? null : {inputTokens: record.usage.inputTokens, outputTokens: record.usage.outputTokens},
    repairs: [...(made ?? kept), ...(input.composed.book.repairs.get(id) ?? [])],
    normaliser: made !== undefined ? normaliserVersion : isNormalised ? (noted?.normaliser ?? null) : null,
    ...(failures === undefined ? {} : {failures: failures.map(({ruleId, message}) => ({ruleId, message}))}),
    ...(citations === undefined ? {} : {citations}),
    lines: span === undefined ? 0 : span.end - span.start + 1,
    ...segment,
  }
}

/** Writes `book.md` and `manifest.json` where they differ from what stands, the book first. Gives whether anything was written. */
export async function writeBookFiles(
  outputFolder: string,
  markdown: string,
  manifest: string,
  files: FileWriter,
): Promise<boolean> {
  let hasWritten = false
  const contents = [
    ['book.md', markdown],
    ['manifest.json', manifest],
  ] as const
  for (const [name, content] of contents) {
    const path = join(outputFolder, name)
    if ((await readIfThere(path)) === content) continue
    await files.write(path, content)
    hasWritten = true
  }
  return hasWritten
}
