import {serialiseMarkdown} from '../syntax/serialise-markdown.ts'
import type {ExportBook} from './export-book.ts'
import type {AnswerPlace} from './lay-out-quizzes.ts'
import {type ProjectPage, projectLinks, projectPages, type TextFile} from './project-pages.ts'
import {footnoteNodes, type MarkdownDialect, toMdast} from './to-mdast.ts'

/** The book as a project of mdBook: `book.toml`, `src/SUMMARY.md`, a file per chapter. Images go to `src/` by their paths. */
export function writeMdbook(book: ExportBook, answers: AnswerPlace): TextFile[] {
  const dialect: MarkdownDialect = {
    linkUrl: projectLinks(book, 'title', '.md'),
    imageUrl: (path) => path.split('/').map(encodeURIComponent).join('/'),
    headingSuffix: ({id}) => (id === '' ? '' : ` {#${id}}`),
  }
  const pages = projectPages(book, answers, 'title')
  return [
    {path: 'book.toml', text: bookToml(book)},
    {path: 'src/SUMMARY.md', text: summary(pages)},
    ...pages.map(({name, blocks, footnotes}) => ({
      path: `src/${name}.md`,
      text: `${serialiseMarkdown([...toMdast(blocks, dialect), ...footnoteNodes(footnotes, dialect)])}\n`,
    })),
  ]
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
    '[output.html.playground]',
    '# No button sends code to a server.',
    'runnable = false',
    '',
  ]
  return lines.join('\n')
}

function tomlString(text: string): string {
  return JSON.stringify(text).replaceAll('\u007f', '\\u007f')
}

function summary(pages: readonly ProjectPage[]): string {
  const link = ({title, name}: ProjectPage): string =>
    serialiseMarkdown([
      {type: 'paragraph', children: [{type: 'link', url: `${name}.md`, children: [{type: 'text', value: title}]}]},
    ])
  const lines = pages.map((page) => (page.isChapter ? `- ${link(page)}` : `\n${link(page)}\n`))
  return `# Summary\n${lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`
}
