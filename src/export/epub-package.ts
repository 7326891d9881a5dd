import {createHash} from 'node:crypto'
import {escapeXml} from './escape-xml.ts'
import type {ExportBook} from './export-book.ts'
import {exportWords} from './export-words.ts'
import {isRightToLeft} from './is-right-to-left.ts'

/** A file of the container beside the package document. */
export interface PackagedFile {
  /** Below the folder of the package document. */
  readonly path: string
  readonly mediaType: string
  readonly content: string | Uint8Array
  /** What the manifest says of it. */
  readonly property?: 'nav' | 'cover-image' | 'mathml'
  /** Whether it is in the reading order. */
  readonly isPage?: true
}

/** What the package document says beside the metadata of the course. */
export interface PackageFacts {
  /** In reading order where they are pages. */
  readonly files: readonly PackagedFile[]
  /** When the book was last changed: `2026-01-31T00:00:00Z`. */
  readonly modified: string
  /** Whether every image has an alternative text; undefined for a book without images. */
  readonly areImagesDescribed: boolean | undefined
  readonly hasFormulas: boolean
  /** Whether an image may move. */
  readonly mayFlash: boolean
}

/** The package document. The book's own number is its ISBN, else made from the bytes of all its files. */
export function writePackage({metadata}: Pick<ExportBook, 'metadata'>, facts: PackageFacts): string {
  const {title, subtitle, authors = [], language, description, date, rights, edition, isbn} = metadata
  const element = (name: string, text: string | undefined, id = ''): string[] =>
    text === undefined || text.trim() === '' ? [] : [`<${name}${id}>${escapeXml(text.trim())}</${name}>`]
  const items = facts.files.map(({path, mediaType, property}, at) => {
    const properties = property === undefined ? '' : ` properties="${property}"`
    return `<item id="item-${at + 1}" href="${path}" media-type="${mediaType}"${properties}/>`
  })
  const spine = facts.files.flatMap(({isPage}, at) => (isPage ? [`<itemref idref="item-${at + 1}"/>`] : []))
  const rows = [
    ...element('dc:identifier', identifierOf(isbn, facts), ' id="book-id"'),
    ...element('dc:title', title.trim() === '' ? exportWords(language).untitled : title, ' id="title"'),
    '<meta refines="#title" property="title-type">main</meta>',
    ...(subtitle === undefined || subtitle.trim() === ''
      ? []
      : [
          ...element('dc:title', subtitle, ' id="subtitle"'),
          '<meta refines="#subtitle" property="title-type">subtitle</meta>',
        ]),
    ...element('dc:language', language),
    ...authors.flatMap((author) => element('dc:creator', author)),
    ...element('dc:description', description),
    ...element('dc:date', isDate(date) ? date : undefined),
    ...element('dc:rights', rights),
    ...element('meta', edition, ' property="schema:bookEdition"'),
    `<meta property="dcterms:modified">${facts.modified}</meta>`,
    ...accessibility(facts),
  ]
  const direction = isRightToLeft(language) ? ' page-progression-direction="rtl"' : ''
  return `<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="book-id" xml:lang="${escapeXml(language)}" prefix="schema: http://schema.org/">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
${rows.join('\n')}
</metadata>
<manifest>
${items.join('\n')}
</manifest>
<spine${direction}>
${spine.join('\n')}
</spine>
</package>
`
}

function accessibility({areImagesDescribed, hasFormulas, mayFlash}: PackageFacts): string[] {
  const meta = (property: string, value: string): string => `<meta property="schema:${property}">${value}</meta>`
  const hasImages = areImagesDescribed !== undefined
  const isReadable = areImagesDescribed !== false
  const summary = isReadable
    ? 'The whole text can be read aloud and its type changed. Chapters, headings, tables and lists are marked, and the table of contents leads to each of them.'
    : 'The text can be read aloud and its type changed. Chapters, headings, tables and lists are marked, and the table of contents leads to each of them. Some images have no description.'
  return [
    meta('accessMode', 'textual'),
    ...(hasImages ? [meta('accessMode', 'visual')] : []),
    ...(isReadable ? [meta('accessModeSufficient', 'textual')] : []),
    ...(hasImages ? [meta('accessModeSufficient', 'textual,visual')] : []),
    ...['tableOfContents', 'readingOrder', 'structuralNavigation', 'displayTransformability'].map((feature) =>
      meta('accessibilityFeature', feature),
    ),
    ...(hasImages && isReadable ? [meta('accessibilityFeature', 'alternativeText')] : []),
    ...(hasFormulas ? [meta('accessibilityFeature', 'MathML')] : []),
    meta('accessibilityHazard', mayFlash ? 'unknown' : 'none'),
    `<meta property="schema:accessibilitySummary" xml:lang="en">${summary}</meta>`,
  ]
}

function identifierOf(isbn: string | undefined, {files, modified}: PackageFacts): string {
  const digits = isbn?.replace(/^\s*(?:urn:isbn:|isbn)?[\s:]*/i, '').replace(/[\s-]/g, '') ?? ''
  if (/^(?:\d{9}[\dXx]|\d{13})$/.test(digits)) return `urn:isbn:${digits.toUpperCase()}`
  const hash = createHash('sha256').update(modified)
  for (const {path, content} of files) hash.update(`\n${path}\n`).update(content)
  const hex = hash.digest('hex')
  // The version of numbers made from contents of one's own, RFC 9562.
  const variant = '89ab'[Number.parseInt(hex[16] as string, 16) % 4]
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

function isDate(date: string | undefined): boolean {
  if (date === undefined || !/^\d{4}(?:-\d{2}(?:-\d{2})?)?$/.test(date)) return false
  const [year, month = '01', day = '01'] = date.split('-')
  const parsed = new Date(`${year}-${month}-${day}T00:00:00Z`)
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(`${year}-${month}-${day}`)
}
