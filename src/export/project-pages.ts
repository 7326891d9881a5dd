import type {BookBlock, BookHeading, BookPhrasing, BookQuiz, LinkTarget} from './book-nodes.ts'
import {type BookWords, fillWords} from './book-words.ts'
import type {BookPlace, ExportBook, Footnote} from './export-book.ts'
import {exportWords} from './export-words.ts'
import {type AnswerPlace, layOutQuizzes} from './lay-out-quizzes.ts'
import {answerBlocks} from './quiz-blocks.ts'

/** A text file of an export, by its path with `/` below the export's folder. */
export interface TextFile {
  readonly path: string
  readonly text: string
}

/** A page of a project of Markdown files, with its quizzes as ordinary blocks. */
export interface ProjectPage {
  /** Without an extension: `chapter-01`. */
  readonly name: string
  readonly title: string
  readonly isChapter: boolean
  readonly blocks: readonly BookBlock[]
  readonly footnotes: readonly Footnote[]
}

/** The pages of a book for tools that take Markdown files: title page, chapters, answers, glossary and index. */
export function projectPages(book: ExportBook, answers: AnswerPlace, titleName: string): ProjectPage[] {
  const {chapters, metadata, frontMatter, glossary, index} = book
  const later: BookQuiz[] = []
  const words = exportWords(metadata.language)
  const front = layOutQuizzes(frontMatter.children, 'inline').blocks
  const extra = (name: string, title: string, blocks: readonly BookBlock[]): ProjectPage => ({
    name,
    title,
    isChapter: false,
    blocks: [made(title, 1), ...blocks],
    footnotes: [],
  })
  const pages = [
    {...extra(titleName, metadata.title, [...titleBlocks(book), ...front]), footnotes: frontMatter.footnotes},
    ...chapters.map(({heading, title, children, footnotes}, at): ProjectPage => {
      const laid = layOutQuizzes(children, answers)
      if (answers === 'end') later.push(...laid.later)
      const behind = answers === 'chapter' ? laid.later.flatMap((quiz) => answerSection(quiz, words)) : []
      return {name: chapterName(at), title, isChapter: true, blocks: [heading, ...laid.blocks, ...behind], footnotes}
    }),
  ]
  if (later.length > 0)
    pages.push(
      extra(
        'answers',
        words.answers,
        later.flatMap((quiz) => answerSection(quiz, words)),
      ),
    )
  if (glossary.length > 0) pages.push(extra('glossary', words.glossary, glossaryBlocks(book)))
  if (index.length > 0) pages.push(extra('terms', words.index, indexBlocks(book)))
  return pages
}

/** Addresses of links between the pages of a project; undefined for a file, which the project does not hold. */
export function projectLinks(
  book: ExportBook,
  titleName: string,
  extension: string,
): (target: LinkTarget) => string | undefined {
  const terms = new Set(book.glossary.map(({id}) => id))
  return (target) => {
    if (target.type === 'external') return target.url
    if (target.type === 'file') return undefined
    const name = terms.has(target.id) ? 'glossary' : target.chapter === -1 ? titleName : chapterName(target.chapter)
    return `${name}${extension}#${encodeURIComponent(target.id)}`
  }
}

function chapterName(chapter: number): string {
  return `chapter-${String(chapter + 1).padStart(2, '0')}`
}

function titleBlocks({metadata}: ExportBook): BookBlock[] {
  const {subtitle, authors, edition, date, description, rights, isbn} = metadata
  const facts = [authors?.join(', '), edition, date, rights, isbn === undefined ? undefined : `ISBN ${isbn}`]
  const paragraphs = [description, ...facts].filter((text) => text !== undefined && text !== '')
  return [
    ...(subtitle === undefined ? [] : [paragraph([{type: 'strong', children: [{type: 'text', value: subtitle}]}])]),
    ...paragraphs.map((text) => paragraph([{type: 'text', value: text as string}])),
  ]
}

function answerSection(quiz: BookQuiz, {answersOf}: BookWords): BookBlock[] {
  return [made(fillWords(answersOf, {title: quiz.title}), 2), ...answerBlocks(quiz)]
}

function glossaryBlocks({glossary}: ExportBook): BookBlock[] {
  return glossary.flatMap(({id, term, label, definitions}): BookBlock[] => [
    {type: 'heading', depth: 2, id, title: term, children: label},
    ...definitions.map(({place, children}) =>
      paragraph([...children, {type: 'text', value: ' ('}, placeLink(place), {type: 'text', value: ')'}]),
    ),
  ])
}

function indexBlocks({index}: ExportBook): BookBlock[] {
  const children = index.map(({label, places}) => ({
    type: 'listItem' as const,
    children: [
      paragraph([
        ...label,
        ...places.flatMap((place, at): BookPhrasing[] => [
          {type: 'text', value: at === 0 ? ': ' : '; '},
          place.isMain ? {type: 'strong', children: [placeLink(place)]} : placeLink(place),
        ]),
      ]),
    ],
  }))
  return [{type: 'list', isOrdered: false, start: 1, isLoose: false, children}]
}

function placeLink({chapter, id, title}: BookPlace): BookPhrasing {
  return {type: 'link', target: {type: 'internal', chapter, id}, children: [{type: 'text', value: title}]}
}

function paragraph(children: readonly BookPhrasing[]): BookBlock {
  return {type: 'paragraph', children}
}

/** A heading that the program makes, without an id of its own. */
function made(title: string, depth: BookHeading['depth']): BookHeading {
  return {type: 'heading', depth, id: '', title, children: [{type: 'text', value: title}]}
}
