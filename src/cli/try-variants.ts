import {join, resolve} from 'node:path'
import {loadStyle} from '../config/load-prompts.ts'
import {textAddress} from '../model/content-address.ts'
import type {JobId} from '../model/job.ts'
import {pickSample, type Sample} from '../plan/pick-sample.ts'
import {readManifest} from '../store/manifest.ts'
import type {BookText} from './book-texts.ts'
import {type BookContext, type BookPlan, planBook} from './build-book.ts'
import {chooseProvider, type ProviderChoice} from './build-settings.ts'
import {UsageError} from './exit-codes.ts'
import type {GlobalOptions} from './global-options.ts'
import type {LoadedOutline} from './load-course.ts'
import {bookContext, type OpenBooks} from './open-books.ts'
import type {PlannedBook} from './planned-book.ts'
import {readable} from './project.ts'
import {type SampleChapter, sampleChapter} from './sample-chapter.ts'
import {selectInBook} from './select-in-book.ts'
import {buildFlagsOf, type TryFlags} from './try-flags.ts'

/** A model and a style with which a sample is made. */
export interface TryVariant {
  /** The model and, where styles are compared, the style's file. */
  readonly title: string
  /** Name of its folder below the sample's. */
  readonly folder: string
  readonly style: string | undefined
  readonly choice: ProviderChoice
  /** The book as it stands, as a build with this variant sees it. */
  readonly book: BookPlan
  readonly sample: Sample
  /** The sample, before anything is sent. */
  readonly planned: PlannedBook
}

/** A sample of a book in all of its variants, before anything is sent. */
export interface TryPlan {
  readonly loaded: LoadedOutline
  readonly chapter: SampleChapter
  readonly variants: readonly TryVariant[]
}

/** Plans the sample of a book; the texts of variant `x` go into `base/x`. Reads what an earlier sample left there. */
export async function planTry(
  open: OpenBooks,
  loaded: LoadedOutline,
  base: string,
  flags: TryFlags,
  options: GlobalOptions,
): Promise<TryPlan> {
  const manifest = await readManifest(loaded.target.outputFolder)
  const styles = await readStyles(flags.style, options)
  const variants: TryVariant[] = []
  const folders = new Set<string>()
  const models = flags.model.length === 0 ? [undefined] : [...new Set(flags.model)]
  let chapter: SampleChapter | undefined
  for (const model of models) {
    const choose = (needsKey: boolean): ProviderChoice =>
      chooseProvider(buildFlagsOf(flags, model), open.config, manifest?.record, process.env, options.cwd, needsKey)
    const first = choose(false)
    const usesModel = first.name === 'openai'
    for (const style of usesModel ? styles : [undefined]) {
      const title = usesModel ? [first.model, ...(style === undefined ? [] : [style.name])].join(', ') : 'drafts'
      // Without a model all variants are the same.
      if (!usesModel && variants.length > 0) break
      const context = withStyle(bookContext(open, loaded, first, usesModel), style?.text)
      const book = await planBook(context)
      chapter ??= chooseChapter(open, book, flags.section)
      const sample = pickSample(loaded.plan, chapter.ids, (id) => !usesModel || standsForGood(id, book))
      const folder = freeFolder(title, folders)
      const target = {...loaded.target, name: `${loaded.target.name} (${title})`, outputFolder: join(base, folder)}
      const own = {...loaded, target}
      const plan = await planBook({
        ...context,
        loaded: own,
        only: new Set(sample.ids),
        refresh: new Set(['upstream', 'sources', 'model']),
        standing: standingTexts(book, new Set(sample.ids)),
      })
      const planned: PlannedBook = {loaded: own, choice: choose(plan.make.size > 0), manifest: undefined, plan}
      variants.push({title, folder, style: style?.name, choice: planned.choice, book, sample, planned})
    }
  }
  return {loaded, chapter: chapter as SampleChapter, variants}
}

function chooseChapter(open: OpenBooks, book: BookPlan, selector: string | undefined): SampleChapter {
  const {loaded} = book.context
  const [wanted] = selector === undefined ? [] : selectInBook(selector, open.books, book)
  // A directive that was selected is in a chapter, and a book without directives was refused.
  return sampleChapter(loaded, wanted) as SampleChapter
}

/** Whether a build of the whole book would leave the text as it is, so that what reads it reads this one. */
function standsForGood(id: JobId, {texts, make}: BookPlan): boolean {
  return texts.has(id) && !make.has(id)
}

/**
 * Texts of the book that are part of the sample as they are: what an author edited, what this very variant has made
 * already, and whatever stands outside the sample.
 */
function standingTexts(book: BookPlan, sample: ReadonlySet<JobId>): Map<JobId, BookText> {
  const standing = new Map<JobId, BookText>()
  for (const [id, text] of book.texts) {
    if (!standsForGood(id, book)) continue
    const isOtherModels = book.judged.get(id)?.parts.includes('model') === true
    if (text.isEdited || !sample.has(id) || !isOtherModels) standing.set(id, text)
  }
  return standing
}

function withStyle(context: BookContext, style: string | undefined): BookContext {
  if (style === undefined) return context
  const {render} = context
  return {...context, render: {...render, prompts: {...render.prompts, style, isStyleShipped: false}}}
}

async function readStyles(
  files: readonly string[],
  {cwd}: GlobalOptions,
): Promise<readonly ({readonly name: string; readonly text: string} | undefined)[]> {
  if (files.length === 0) return [undefined]
  const styles: {readonly name: string; readonly text: string}[] = []
  for (const name of new Set(files)) {
    const text = await readable(name, () => loadStyle(resolve(cwd, name)))
    if (text === '') throw new UsageError('empty-file', `Unexpected empty file \`${name}\`, expected a style`)
    styles.push({name, text})
  }
  return styles
}

/** A name for a folder that any file system takes, of its own for each title. */
function freeFolder(title: string, taken: Set<string>): string {
  const plain = title
    .toLowerCase()
    .replace(/\.md$/, '')
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 60)
  const isSame = plain !== '' && !taken.has(plain) && plain === title.replace(/, /g, '-')
  const name = isSame ? plain : `${plain === '' ? 'model' : plain}-${textAddress(title).slice(0, 6)}`
  taken.add(name)
  return name
}
