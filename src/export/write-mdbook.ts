import type {RootContent} from 'mdast'
import {serialiseMarkdown} from '../syntax/serialise-markdown.ts'
import type {BookBlock, BookHeading, BookPhrasing, BookQuiz, LinkTarget} from './book-nodes.ts'
import type {BookPlace, ExportBook} from './export-book.ts'
import {type AnswerPlace, layOutQuizzes} from './lay-out-quizzes.ts'
import {answerBlocks} from './quiz-blocks.ts'
import {footnoteNodes, type MarkdownDialect, toMdast} from './to-mdast.ts'

/** A text file of an export, by its path with `/` below the export's folder. */
export interface TextFile {
  readonly path: string
  readonly text: string
}

/** The book as a project of mdBook: `book.toml`, `src/SUMMARY.md`, a file per chapter. Images go to `src/` by their paths. */
export function writeMdbook(book: ExportBook, answers: AnswerPlace): TextFile[] {
  const {chapters, metadata} = book
  const dialect = dialectOf(book)
  const page = (path: string, blocks: readonly BookBlock[], notes: RootContent[] = []): TextFile => ({
    path: `src/${path}`,
    text: `${serialiseMarkdown([...toMdast(blocks, dialect), ...notes])}\n`,
  })
  const later: BookQuiz[] = []
  const files = chapters.map(({heading, children, footnotes}, at) => {
    const laid = layOutQuizzes(children, answers)
    if (answers === 'end') later.push(...laid.later)
    const behind = answers === 'chapter' ? laid.later.flatMap((quiz) => answerSection(quiz, 2)) : []
    return page(fileOf(at), [heading, ...laid.blocks, ...behind], footnoteNodes(footnotes, dialect))
  })
  const front = layOutQuizzes(book.frontMatter.children, 'inline').blocks
  const extra: {readonly title: string; readonly path: string; readonly blocks: readonly BookBlock[]}[] = []
  if (later.length > 0)
    extra.push({title: 'Answers', path: 'answers.md', blocks: later.flatMap((quiz) => answerSection(quiz, 2))})
  if (book.glossary.length > 0) extra.push({title: 'Glossary', path: 'glossary.md', blocks: glossaryBlocks(book)})
  if (book.index.length > 0) extra.push({title: 'Index', path: 'terms.md', blocks: indexBlocks(book)})
  const entries = [
    {title: metadata.title, path: 'title.md', isNumbered: false},
    ...chapters.map(({title}, at) => ({title, path: fileOf(at), isNumbered: true})),
    ...extra.map(({title, path}) => ({title, path, isNumbered: false})),
  ]
  return [
    {path: 'book.toml', text: bookToml(book)},
    {path: 'src/SUMMARY.md', text: summary(entries)},
    page('title.md', [...titleBlocks(book), ...front], footnoteNodes(book.frontMatter.footnotes, dialect)),
    ...files,
    ...extra.map(({title, path, blocks}) => page(path, [made(title, 1), ...blocks])),
  ]
}

function fileOf(chapter: number): string {
  return chapter === -1 ? 'title.md' : `chapter-${String(chapter + 1).padStart(2, '0')}.md`
}

function dialectOf(book: ExportBook): MarkdownDialect {
  const terms = new Set(book.glossary.map(({id}) => id))
  return {
    linkUrl(target: LinkTarget) {
      if (target.type === 'external') return target.url
      if (target.type === 'file') return undefined
      return `${terms.has(target.id) ? 'glossary.md' : fileOf(target.chapter)}#${encodeURIComponent(target.id)}`
    },
    imageUrl: (path) => path.split('/').map(encodeURIComponent).join('/'),
    headingSuffix: ({id}) => (id === '' ? '' : ` {#${id}}`),
  }
}

function bookToml({metadata}: ExportBook): string {
  const {title, authors = [], description, language} = metadata
  const lines = [
    '[book]',
    `title = ${tomlString(title)}`,
    `authors = [${authors.map(tomlString).join(', ')}]`,
    ...(description === undefined ? [] : [`description = ${tomlString(description)}`]),
    `language = ${tomlString(language)}`,
    'src = "src"',
    '',
    '[build]',
    '# What looks like a command of mdBook in a text is text.',
    'use-default-preprocessors = false',
    '',
    '[output.html]',
    '',
  ]
  return lines.join('\n')
}

function tomlString(text: string): string {
  return JSON.stringify(text).replaceAll('\u007f', '\\u007f')
}

function summary(
  entries: readonly {readonly title: string; readonly path: string; readonly isNumbered: boolean}[],
): string {
  const link = ({title, path}: {readonly title: string; readonly path: string}): string =>
    serialiseMarkdown([
      {type: 'paragraph', children: [{type: 'link', url: path, children: [{type: 'text', value: title}]}]},
    ])
  const lines = entries.map((entry) => (entry.isNumbered ? `- ${link(entry)}` : `\n${link(entry)}\n`))
  return `# Summary\n${lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`
}

function titleBlocks({metadata}: ExportBook): BookBlock[] {
  const {title, subtitle, authors, edition, date, description, rights, isbn} = metadata
  const facts = [authors?.join(', '), edition, date, rights, isbn === undefined ? undefined : `ISBN ${isbn}`]
  const paragraphs = [description, ...facts].filter((text) => text !== undefined && text !== '')
  return [
    made(title, 1),
    ...(subtitle === undefined ? [] : [paragraph([{type: 'strong', children: [{type: 'text', value: subtitle}]}])]),
    ...paragraphs.map((text) => paragraph([{type: 'text', value: text as string}])),
  ]
}

function answerSection(quiz: BookQuiz, depth: BookHeading['depth']): BookBlock[] {
  return [made(`Answers: ${quiz.title}`, depth), ...answerBlocks(quiz)]
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
