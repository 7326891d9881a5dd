import type {BookQuiz} from './book-nodes.ts'
import {fillWords} from './book-words.ts'
import {listIndent} from './docx-numbering.ts'
import {paragraphXml} from './docx-paragraph.ts'
import {phrasingRuns, placeLink} from './docx-phrasing.ts'
import {bookmarkXml, type DocxEntry} from './docx-places.ts'
import {answersXml} from './docx-quiz.ts'
import {fieldRuns, rawRun, textRun} from './docx-run.ts'
import type {BlockPlace, DocxWriter} from './docx-writer.ts'
import type {BookPlace, ExportBook} from './export-book.ts'

/** Depth of the table of contents. */
const contentsDepth = 2

/** The body of a document: title page, contents, chapters and what comes behind them. */
export function bodyXml(book: ExportBook, writer: DocxWriter, place: BlockPlace): string {
  const {frontMatter, chapters, glossary, index} = book
  const {words, places} = writer.context
  const later: BookQuiz[] = []
  const made = (key: string, title: string): string => writer.madeHeading(`page:${key}`, 1, title, place)
  const answerSection = (quiz: BookQuiz): string =>
    writer.madeHeading(`answers:${quiz.id}`, 2, fillWords(words.answersOf, {title: quiz.title}), place) +
    answersXml(quiz, writer, place)
  const parts = [titlePage(book), contents(places.knownHeadings, places.knownTables, writer)]
  const front = writer.blocks(frontMatter.children, {...place, answers: 'inline'})
  if (front !== '') parts.push(paragraphXml(rawRun('<w:br w:type="page"/>'), {style: 'AfterTable'}), front)
  for (const {heading, children} of chapters) {
    parts.push(writer.heading(heading, place), writer.blocks(children, place))
    const quizzes = writer.takeLater()
    if (place.answers === 'end') later.push(...quizzes)
    else parts.push(...quizzes.map(answerSection))
  }
  if (later.length > 0) parts.push(made('answers', words.answers), ...later.map(answerSection))
  if (glossary.length > 0) parts.push(made('glossary', words.glossary), glossaryXml(book, writer))
  if (index.length > 0) parts.push(made('index', words.index), indexXml(book, writer))
  return parts.join('')
}

function titlePage({metadata}: ExportBook): string {
  const {title, subtitle, authors = [], description, edition, date, rights, isbn} = metadata
  const row = (style: string, text: string | undefined): string =>
    text === undefined || text.trim() === '' ? '' : paragraphXml(textRun(text), {style})
  const facts = [edition, date, rights, isbn === undefined ? undefined : `ISBN ${isbn}`]
  return [
    row('Title', title),
    row('Subtitle', subtitle),
    ...authors.map((author) => row('Author', author)),
    row('Abstract', description),
    ...facts.map((fact) => row('Facts', fact)),
  ].join('')
}

/** Fields that Word brings up to date when it opens the document; what is shown before is without page numbers. */
function contents(headings: readonly DocxEntry[], tables: readonly DocxEntry[], {context}: DocxWriter): string {
  const shown = headings.filter(({depth}) => depth <= contentsDepth)
  const list = (title: string, instruction: string, entries: readonly DocxEntry[], style: (depth: number) => string) =>
    paragraphXml(textRun(title), {style: 'ContentsHeading'}) + entriesXml(instruction, entries, style)
  const head = list(context.words.contents, `TOC \\o "1-${contentsDepth}" \\h \\z \\u`, shown, (depth) => `TOC${depth}`)
  const part = `<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/></w:docPartObj></w:sdtPr><w:sdtContent>\n${head}</w:sdtContent></w:sdt>\n`
  if (tables.length === 0) return part
  return part + list(context.words.tables, 'TOC \\h \\z \\c "Table"', tables, () => 'TableofFigures')
}

/** A field whose shown text is a paragraph for each entry: it begins in the first and ends in the last. */
function entriesXml(instruction: string, entries: readonly DocxEntry[], style: (depth: number) => string): string {
  const marker = '\u0000'
  const [begin = '', end = ''] = fieldRuns(instruction, marker).split(marker)
  const rows = entries.map(({bookmark, depth, title}, at) => {
    const page = fieldRuns(`PAGEREF ${bookmark} \\h`, '')
    const link = `<w:hyperlink w:anchor="${bookmark}" w:history="1">${textRun(title)}${rawRun('<w:tab/>')}${page}</w:hyperlink>`
    return paragraphXml(`${at === 0 ? begin : ''}${link}${at === entries.length - 1 ? end : ''}`, {style: style(depth)})
  })
  return rows.length === 0 ? paragraphXml(begin + end) : rows.join('')
}

function glossaryXml(book: ExportBook, writer: DocxWriter): string {
  const {context} = writer
  return book.glossary
    .map(({id, label, definitions}) => {
      const name = bookmarkXml(context.places.place(id))
      const term = paragraphXml(name + phrasingRuns(label, context, {isBold: true}), {style: 'GlossaryTerm'})
      const said = definitions.map(({place, children}) => {
        const runs = `${phrasingRuns(children, context)}${textRun(' (')}${sectionLink(place, book, writer)}${textRun(')')}`
        return paragraphXml(runs, {style: 'Definition', indent: listIndent})
      })
      return term + said.join('')
    })
    .join('')
}

function indexXml(book: ExportBook, writer: DocxWriter): string {
  return book.index
    .map(({label, places}) => {
      const links = places.map((place) => sectionLink(place, book, writer, place.isMain)).join(textRun('; '))
      return paragraphXml(`${phrasingRuns(label, writer.context)}${textRun(': ')}${links}`, {style: 'Index1'})
    })
    .join('')
}

/** A section by its title, with the number of its chapter: many chapters have a section of the same title. */
function sectionLink(
  {chapter, id, title}: BookPlace,
  {chapters}: ExportBook,
  {context}: DocxWriter,
  isBold = false,
): string {
  const own = chapters[chapter]
  const named = title.trim() === '' ? '…' : title
  return placeLink(id, own === undefined || own.id === id ? named : `${own.number}, ${named}`, context, {isBold})
}
