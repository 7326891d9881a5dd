import {serialiseMarkdown} from '../syntax/serialise-markdown.ts'
import type {ExportBook} from './export-book.ts'
import {exportWords} from './export-words.ts'
import type {AnswerPlace} from './lay-out-quizzes.ts'
import {hidePandocCode, hidePandocText, showPandocText} from './pandoc-text.ts'
import {type ProjectPage, projectLinks, projectPages, type TextFile} from './project-pages.ts'
import {footnoteNodes, type MarkdownDialect, toMdast} from './to-mdast.ts'

/** Stands above every page: code in it is never run, whatever it looks like. */
const lead = '---\nengine: markdown\n---\n\n'

/** The book as a project of Quarto: `_quarto.yml` and a `.qmd` per page. Images lie beside them by their paths. */
export function writeQuarto(book: ExportBook, answers: AnswerPlace): TextFile[] {
  const links = projectLinks(book, 'index', '.qmd')
  const dialect: MarkdownDialect = {
    linkUrl: (target) => links(target)?.replace(/[{}]/g, encodeURIComponent),
    imageUrl: (path) => path.split('/').map(encodeURIComponent).join('/'),
    headingSuffix: ({id}) => (/^[^\s{}#"'=<>\\]+$/.test(id) ? ` {#${id}}` : ''),
    text: hidePandocText,
    code: hidePandocCode,
    hasDivisions: true,
  }
  const pages = projectPages(book, answers, 'index')
  return [
    {path: '_quarto.yml', text: quartoYaml(book, pages)},
    ...pages.map(({name, blocks, footnotes}) => {
      const nodes = [...toMdast(blocks, dialect), ...footnoteNodes(footnotes, dialect)]
      return {path: `${name}.qmd`, text: `${lead}${showPandocText(serialiseMarkdown(nodes))}\n`}
    }),
  ]
}

function quartoYaml({metadata}: ExportBook, pages: readonly ProjectPage[]): string {
  const {title, subtitle, authors = [], description, date, language} = metadata
  const row = (key: string, text: string | undefined): string[] =>
    text === undefined || text.trim() === '' ? [] : [`  ${key}: ${yamlText(text)}`]
  const names = authors.filter((author) => author.trim() !== '')
  const lines = [
    'project:',
    '  type: book',
    '',
    'book:',
    ...row('title', title.trim() === '' ? exportWords(language).untitled : title),
    ...row('subtitle', subtitle),
    ...(names.length === 0 ? [] : ['  author:', ...names.map((author) => `    - ${yamlText(author)}`)]),
    // Words such as `today` would be read.
    ...row('date', /^\d{4}-\d{2}-\d{2}$/.test(date ?? '') ? date : undefined),
    ...row('description', description),
    '  chapters:',
    ...pages.map(({name}) => `    - ${name}.qmd`),
    '',
    `lang: ${JSON.stringify(language)}`,
    'number-sections: false',
    '',
    '# No code of the book is run.',
    'execute:',
    '  enabled: false',
    '',
    'format:',
    '  html:',
    '    toc: true',
    '',
  ]
  return lines.join('\n')
}

/** Text that Quarto reads as Markdown, on one line in quotes. */
function yamlText(text: string): string {
  const value = hidePandocText(text.replace(/\s+/g, ' ').trim())
  const markdown = serialiseMarkdown([{type: 'paragraph', children: [{type: 'text', value}]}])
  return JSON.stringify(showPandocText(markdown).toWellFormed()).replace(
    /[\u007f-\u009f\u2028\u2029\ufffe\uffff]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
