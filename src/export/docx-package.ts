import {paragraphXml} from './docx-paragraph.ts'
import type {DocxRelations} from './docx-relations.ts'
import {codeFont, fieldRuns, textRun} from './docx-run.ts'
import {escapeXml} from './escape-xml.ts'
import type {ExportBook} from './export-book.ts'
import {isRightToLeft} from './is-right-to-left.ts'
import type {PdfPage} from './pdf-look.ts'

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const spaces =
  'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
const types = 'application/vnd.openxmlformats-officedocument.wordprocessingml'

/** Parts of a document whose types are named one by one: the others are told by their extensions. */
const parts: Readonly<Record<string, string>> = {
  'word/document.xml': `${types}.document.main+xml`,
  'word/styles.xml': `${types}.styles+xml`,
  'word/numbering.xml': `${types}.numbering+xml`,
  'word/settings.xml': `${types}.settings+xml`,
  'word/fontTable.xml': `${types}.fontTable+xml`,
  'word/footnotes.xml': `${types}.footnotes+xml`,
  'word/footer.xml': `${types}.footer+xml`,
  'docProps/core.xml': 'application/vnd.openxmlformats-package.core-properties+xml',
  'docProps/app.xml': 'application/vnd.openxmlformats-officedocument.extended-properties+xml',
}

/** Types of the parts that are there. */
export function contentTypesXml(paths: readonly string[]): string {
  const named = paths.flatMap((path) =>
    parts[path] === undefined ? [] : [`<Override PartName="/${path}" ContentType="${parts[path]}"/>`],
  )
  const extensions = Object.entries({
    rels: 'application/vnd.openxmlformats-package.relationships+xml',
    xml: 'application/xml',
    png: 'image/png',
    jpg: 'image/jpeg',
    gif: 'image/gif',
  }).map(([extension, type]) => `<Default Extension="${extension}" ContentType="${type}"/>`)
  return `${head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">\n${[...extensions, ...named].join('\n')}\n</Types>\n`
}

/** What the package leads to. */
export const packageRelations = `${head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>
<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>
<Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/extended-properties" Target="docProps/app.xml"/>
</Relationships>
`

/** The properties that every program shows; `date` as `2026-01-31T00:00:00Z`. */
export function coreXml({metadata}: ExportBook, date: string | undefined): string {
  const {title, authors = [], description, language} = metadata
  const row = (name: string, text: string | undefined): string =>
    text === undefined || text === '' ? '' : `<${name}>${escapeXml(text)}</${name}>\n`
  const dated = (name: string): string =>
    date === undefined ? '' : `<dcterms:${name} xsi:type="dcterms:W3CDTF">${escapeXml(date)}</dcterms:${name}>\n`
  return `${head}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
${row('dc:title', title)}${row('dc:creator', authors.join('; '))}${row('dc:description', description)}${row('dc:language', language)}${dated('created')}${dated('modified')}</cp:coreProperties>
`
}

/** The program that wrote it, without a version: that is no part of the book. */
export const appXml = `${head}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>msk-course</Application></Properties>
`

/** Fields are brought up to date when the document is opened: only then are the pages known. */
export function settingsXml(hasFootnotes: boolean): string {
  const notes = hasFootnotes ? '<w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>' : ''
  return `${head}<w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:updateFields w:val="true"/>${notes}<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>
`
}

/** What stands in for the font of code where it is missing: one whose characters are as wide too. */
export const fontTableXml = `${head}<w:fonts xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:font w:name="${codeFont}"><w:altName w:val="Courier New"/><w:family w:val="modern"/><w:pitch w:val="fixed"/></w:font></w:fonts>
`

/** The number of the page. */
export const footerXml = `${head}<w:ftr ${spaces}>${paragraphXml(fieldRuns('PAGE', textRun('1')), {style: 'Footer'})}</w:ftr>
`

/** The document itself; its last words are the page. */
export function documentXml(body: string, page: PdfPage, language: string, relations: DocxRelations): string {
  const footer = relations.part('footer', 'footer.xml')
  const {width, height, inside, outside, top, bottom} = page
  const sized = `<w:pgSz w:w="${twips(width)}" w:h="${twips(height)}"/><w:pgMar w:top="${twips(top)}" w:right="${twips(outside)}" w:bottom="${twips(bottom)}" w:left="${twips(inside)}" w:header="600" w:footer="600" w:gutter="0"/>`
  const direction = isRightToLeft(language) ? '<w:bidi/>' : ''
  const section = `<w:sectPr><w:footerReference w:type="default" r:id="${footer}"/>${sized}<w:titlePg/>${direction}</w:sectPr>`
  return `${head}<w:document ${spaces}><w:body>\n${body}${section}</w:body></w:document>\n`
}

export function footnotesXml(body: string): string {
  return `${head}<w:footnotes ${spaces}>\n${body}</w:footnotes>\n`
}

/** Millimetres in twentieths of a point. */
export function twips(millimetres: number): number {
  return Math.round((millimetres * 1440) / 25.4)
}
