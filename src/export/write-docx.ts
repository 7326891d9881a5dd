import type {DocxContext} from './docx-context.ts'
import {DocxFootnotes} from './docx-footnotes.ts'
import {type DocxImage, docxImages} from './docx-images.ts'
import {DocxNumbering} from './docx-numbering.ts'
import {
  appXml,
  contentTypesXml,
  coreXml,
  documentXml,
  fontTableXml,
  footerXml,
  footnotesXml,
  packageRelations,
  settingsXml,
  twips,
} from './docx-package.ts'
import {bodyXml} from './docx-pages.ts'
import {DocxPlaces} from './docx-places.ts'
import {DocxRelations} from './docx-relations.ts'
import {stylesXml} from './docx-styles.ts'
import {DocxWriter} from './docx-writer.ts'
import type {ExportBook, ExportFinding} from './export-book.ts'
import {exportWords} from './export-words.ts'
import type {AnswerPlace} from './lay-out-quizzes.ts'
import type {PdfPage} from './pdf-look.ts'
import {zipFiles} from './zip-files.ts'

/** What a Word document is made of beside the book. */
export interface DocxInput {
  readonly answers: AnswerPlace
  /** By their paths in the book. */
  readonly images: ReadonlyMap<string, Uint8Array>
  readonly page: PdfPage
  /** When the book was last changed, as `2026-01-31T00:00:00Z`; the document says nothing of it without. */
  readonly date?: string
}

/** A body with all that it came to need. */
interface WrittenBody {
  readonly body: string
  readonly places: DocxPlaces
  readonly numbering: DocxNumbering
  readonly relations: DocxRelations
  readonly footnotes: DocxFootnotes
}

/** The book as a document of Word. The same input gives the same bytes; what it cannot show is a finding. */
export function writeDocx(
  book: ExportBook,
  input: DocxInput,
): {readonly content: Uint8Array; readonly findings: readonly ExportFinding[]} {
  const {shown, findings} = docxImages(input.images)
  const {places} = writeBody(book, input, shown)
  const written = writeBody(book, input, shown, places)
  return {content: zipFiles(packageFiles(book, input, written, [...shown.values()]), new Set()), findings}
}

function writeBody(
  book: ExportBook,
  {answers, page}: DocxInput,
  images: ReadonlyMap<string, DocxImage>,
  known?: DocxPlaces,
): WrittenBody {
  const places = new DocxPlaces(known)
  const numbering = new DocxNumbering()
  const relations = new DocxRelations()
  const footnotes = new DocxFootnotes(book)
  const width = textWidth(page)
  const height = twips(page.height - page.top - page.bottom)
  let drawings = 0
  const context: DocxContext = {
    words: exportWords(book.metadata.language),
    places,
    numbering,
    relations,
    images,
    // 15 twentieths of a point are a pixel.
    room: {width: width / 15, height: (height * 0.8) / 15},
    nextDrawing: () => ++drawings,
    callFootnote: (id) => footnotes.call(id, context, width),
  }
  const place = {answers, indent: 0, width, depth: 0, isOwn: true}
  const body = bodyXml(book, new DocxWriter(context), place)
  return {body, places, numbering, relations, footnotes}
}

function packageFiles(
  book: ExportBook,
  {page, date}: DocxInput,
  {body, numbering, relations, footnotes}: WrittenBody,
  images: readonly DocxImage[],
): {path: string; content: string | Uint8Array}[] {
  const {language} = book.metadata
  const document = documentXml(body, page, language, relations)
  for (const name of ['styles', 'numbering', 'settings', 'fontTable']) relations.part(name, `${name}.xml`)
  const notes = footnotes.isEmpty
    ? []
    : [
        {path: 'word/footnotes.xml', content: footnotesXml(footnotes.xml())},
        {path: 'word/_rels/footnotes.xml.rels', content: footnotes.relations.xml()},
      ]
  if (notes.length > 0) relations.part('footnotes', 'footnotes.xml')
  const files = [
    {path: '_rels/.rels', content: packageRelations},
    {path: 'docProps/core.xml', content: coreXml(book, date)},
    {path: 'docProps/app.xml', content: appXml},
    {path: 'word/document.xml', content: document},
    {path: 'word/_rels/document.xml.rels', content: relations.xml()},
    {path: 'word/styles.xml', content: stylesXml(language, textWidth(page))},
    {path: 'word/numbering.xml', content: numbering.xml()},
    {path: 'word/settings.xml', content: settingsXml(notes.length > 0)},
    {path: 'word/fontTable.xml', content: fontTableXml},
    {path: 'word/footer.xml', content: footerXml},
    ...notes,
    ...images.map(({path, content}) => ({path: `word/${path}`, content})),
  ]
  return [{path: '[Content_Types].xml', content: contentTypesXml(files.map(({path}) => path))}, ...files]
}

function textWidth({width, inside, outside}: PdfPage): number {
  return twips(width - inside - outside)
}
