import {wordsOf} from '../syntax/words-of.ts'
import type {BookQuiz} from './book-nodes.ts'
import type {BookWords} from './book-words.ts'
import type {BookPart, Chapter, ExportBook} from './export-book.ts'
import {exportWords} from './export-words.ts'
import type {AnswerPlace} from './lay-out-quizzes.ts'
import {answerSections, chapterHeading, pdfBlocks} from './pdf-blocks.ts'
import type {PdfConversion} from './pdf-conversion.ts'
import {PdfIds} from './pdf-ids.ts'
import type {PdfRoom} from './pdf-look.ts'
import type {PdfEntry, PdfIndexGroup, PdfNode} from './pdf-node.ts'
import {pdfPhrasing} from './pdf-phrasing.ts'
import {blockText} from './plain-text.ts'

interface PdfPart {
  readonly title: string
  /** What stands at the left and the right above its pages. */
  readonly head: readonly [string, string]
  readonly isMain: boolean
  readonly nodes: readonly PdfNode[]
}

/** A book as the template of a PDF reads it. */
export interface PdfDocument {
  readonly title: string
  readonly subtitle?: string
  readonly authors: readonly string[]
  readonly description?: string
  readonly language: string
  /** Lines of the title page below the authors. */
  readonly facts: readonly string[]
  /** What stands before the first chapter, the chapters, and what the program puts behind them. */
  readonly parts: readonly PdfPart[]
  readonly hasTables: boolean
  /** Whether chapters follow one another on a page, for they are short. */
  readonly runsOn: boolean
  readonly words: Pick<BookWords, 'contents' | 'tables' | 'page'>
  /** Every formula of the book once, in LaTeX. */
  readonly formulas: readonly string[]
}

export interface PdfOptions {
  readonly answers: AnswerPlace
  readonly isPrint: boolean
  readonly images: ReadonlySet<string>
  readonly room: PdfRoom
  /** Whether chapters may follow one another on a page where they are short; default false. */
  readonly mayRunOn?: boolean
}

/** Words of a chapter, on the average, below which a page of its own would stay nearly empty. */
const shortChapter = 200

/** Makes the tree that the template draws. */
export function makePdfDocument(
  book: ExportBook,
  {answers, isPrint, images, room, mayRunOn = false}: PdfOptions,
): PdfDocument {
  const ids = new PdfIds()
  const formulas = new Set<string>()
  const {metadata, frontMatter, glossary, index} = book
  const words = exportWords(metadata.language)
  const conversionOf = (part: BookPart | undefined): PdfConversion => {
    const footnotes = new Map((part?.footnotes ?? []).map((footnote) => [footnote.id, footnote]))
    return {ids, answers, isPrint, words, room, noted: new Set(), images, footnotes, formulas}
  }
  const none = conversionOf(undefined)
  const parts: Omit<PdfPart, 'head'>[] = []
  const front = pdfBlocks(frontMatter.children, {...conversionOf(frontMatter), answers: 'inline'})
  const runsOn = mayRunOn && areShort(book.chapters)
  // The first heading of a document is of the first level, so that these words get one where they begin without.
  if (front.length > 0 && !runsOn)
    parts.push({title: metadata.title, isMain: false, nodes: [made(metadata.title), ...front]})
  const main: PdfNode[] = runsOn ? [...front] : []
  for (const chapter of book.chapters) {
    const conversion = conversionOf(chapter)
    const nodes = [...chapterHeading(chapter.heading, conversion), ...pdfBlocks(chapter.children, conversion)]
    if (answers === 'chapter') nodes.push(...answerSections(quizzesIn(chapter), conversion))
    if (runsOn) main.push(...nodes)
    else parts.push({title: chapter.title, isMain: true, nodes})
  }
  if (runsOn) parts.push({title: metadata.title, isMain: true, nodes: main})
  if (answers === 'end' && book.quizzes.length > 0)
    parts.push({
      title: words.answers,
      isMain: true,
      nodes: [made(words.answers), ...answerSections(book.quizzes, none)],
    })
  if (glossary.length > 0)
    parts.push({title: words.glossary, isMain: true, nodes: [made(words.glossary), glossaryNode(book, none)]})
  if (index.length > 0)
    parts.push({title: words.index, isMain: true, nodes: [made(words.index), indexNode(book, none)]})
  ids.settle()
  const {title, subtitle, authors = [], description, language, edition, date, rights, isbn} = metadata
  const facts = [edition, date, rights, isbn === undefined ? undefined : `ISBN ${isbn}`]
  return {
    title,
    ...(subtitle === undefined ? {} : {subtitle}),
    authors,
    ...(description === undefined ? {} : {description}),
    language,
    facts: facts.filter((fact): fact is string => fact !== undefined && fact !== ''),
    parts: parts.map((part) => ({...part, head: headOf(metadata.title, part.title, room, isPrint)})),
    hasTables: book.tables.length > 1,
    runsOn,
    words: {contents: words.contents, tables: words.tables, page: words.page},
    formulas: [...formulas],
  }
}

function areShort(chapters: readonly Chapter[]): boolean {
  const words = chapters.reduce((sum, {children}) => sum + wordsOf(blockText(children)).length, 0)
  return words < shortChapter * chapters.length
}

/** Titles of book and chapter as they fit above a page, or above two facing ones in print; the book's gives way. */
function headOf(book: string, chapter: string, {columns}: PdfRoom, isPrint: boolean): [string, string] {
  // Letters there are smaller than those of code, and two titles need room between them.
  const most = Math.floor(columns * 0.95)
  const cut = (title: string): string =>
    title.length <= most
      ? title
      : `${[...title]
          .slice(0, most - 1)
          .join('')
          .trimEnd()}…`
  const isBoth = isPrint || (book !== chapter && book.length + chapter.length + 4 <= most)
  return [isBoth ? cut(book) : '', cut(chapter)]
}

function made(title: string): PdfNode {
  return {t: 'heading', level: 1, c: [{t: 'text', v: title}]}
}

function quizzesIn({children}: BookPart): BookQuiz[] {
  return children.filter((block) => block.type === 'quiz')
}

function glossaryNode({glossary}: ExportBook, conversion: PdfConversion): PdfNode {
  const phrasing = (nodes: Parameters<typeof pdfPhrasing>[0]): PdfNode[] =>
    pdfPhrasing(nodes, conversion, 'heading', pdfBlocks)
  const entries = glossary.map(({id, label, definitions}): PdfEntry => {
    const own = conversion.ids.define(id)
    return {
      ...(own === undefined ? {} : {id: own}),
      term: phrasing(label),
      said: definitions.map(({place, children}) => ({
        ...(conversion.ids.has(place.id) ? {place: place.id} : {}),
        c: phrasing(children),
      })),
    }
  })
  return {t: 'glossary', entries}
}

function indexNode({index}: ExportBook, conversion: PdfConversion): PdfNode {
  const groups: {letter: string; entries: PdfIndexGroup['entries'][number][]}[] = []
  for (const {term, label, places} of index) {
    const known = places.filter(({id}) => conversion.ids.has(id))
    if (known.length === 0) continue
    const initial = /[\p{L}\p{N}]/u.exec(term.normalize('NFD'))?.[0].toUpperCase() ?? ''
    const letter = /\p{L}/u.test(initial) ? initial : conversion.words.symbols
    if (groups.at(-1)?.letter !== letter) groups.push({letter, entries: []})
    groups.at(-1)?.entries.push({
      label: pdfPhrasing(label, conversion, 'heading', pdfBlocks),
      places: known.map(({id, isMain}) => ({id, isMain})),
    })
  }
  return {t: 'index', groups}
}
