import {serialiseMarkdown} from '../syntax/serialise-markdown.ts'
import type {ExportBook} from './export-book.ts'
import {exportWords} from './export-words.ts'
import type {AnswerPlace} from './lay-out-quizzes.ts'
import {type ProjectPage, projectLinks, projectPages, type TextFile} from './project-pages.ts'
import {footnoteNodes, type MarkdownDialect, toMdast} from './to-mdast.ts'

/** The book as a project of mdBook: `book.toml`, `src/SUMMARY.md`, a file per chapter. Images go to `src/` by their paths. */
export function writeMdbook(book: ExportBook, answers: AnswerPlace): TextFile[] {
  const dialect: MarkdownDialect = {
    linkUrl: projectLinks(book, 'title', '.md'),
    imageUrl: (path) => path.split('/').map(encodeURIComponent).join('/'),
    // The last braces of a heading are its attributes, where the text has some of its own too.
    headingSuffix: ({id, title}) => (id !== '' ? ` {#${id}}` : /\}\s*$/.test(title) ? ' {#section}' : ''),
    code: showRust,
  }
  const pages = projectPages(book, answers, 'title')
  return [
    {path: 'book.toml', text: bookToml(book)},
    {path: 'src/SUMMARY.md', text: summary(pages, exportWords(book.metadata.language).untitled)},
    ...pages.map(({name, blocks, footnotes}) => ({
      path: `src/${name}.md`,
      text: `${serialiseMarkdown([...toMdast(blocks, dialect), ...footnoteNodes(footnotes, dialect)])}\n`,
    })),
  ]
}

/** mdBook hides lines of Rust that begin with `#` alone, for which two of them stand for one. */
function showRust(code: string, language?: string): string {
  return language === 'rust' ? code.replace(/^([^\S\n]*)#(?=[# \n]|$)/gm, '$1##') : code
}

function bookToml({metadata, chapters}: ExportBook): string {
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
    '# Text stays as it is written.',
    'smart-punctuation = false',
    'definition-lists = false',
    ...(chapters.some(({isNumbered}) => isNumbered)
      ? ['# Chapters have their own numbers.', 'no-section-label = true']
      : []),
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

function summary(pages: readonly ProjectPage[], untitled: string): string {
  const link = ({title, name}: ProjectPage): string =>
    serialiseMarkdown([
      {
        type: 'paragraph',
        children: [
          {type: 'link', url: `${name}.md`, children: [{type: 'text', value: title.trim() === '' ? untitled : title}]},
        ],
      },
    ])
  const lines = pages.map((page) => (page.isChapter ? `- ${link(page)}` : `\n${link(page)}\n`))
  return `# Summary\n${lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`
}
