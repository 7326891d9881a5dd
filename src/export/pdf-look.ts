import type {CalloutKind} from './book-nodes.ts'

/** Size of a page with its margins, in millimetres. */
export interface PdfPage {
  readonly width: number
  readonly height: number
  readonly inside: number
  readonly outside: number
  readonly top: number
  readonly bottom: number
}

/** How a PDF looks; colours are `#rrggbb`. */
export interface PdfLook {
  /** Families of the fonts of texts, headings and code. */
  readonly body: string
  readonly headings: string
  readonly code: string
  /** Of texts, in points. */
  readonly size: number
  readonly accent: string
  readonly link: string
  /** Behind code and heads of tables. */
  readonly faint: string
  readonly callouts: Readonly<Record<CalloutKind, string>>
  /** Depth of the table of contents. */
  readonly contents: number
  readonly page: PdfPage
}

/** What a page holds. */
export interface PdfRoom {
  /** Characters of code that surely fit on a line. */
  readonly columns: number
  /** Lines of a third of a page: what takes no more is not broken across pages. */
  readonly lines: number
}

/** The room on the pages of a look. */
export function roomOf({page, size}: PdfLook): PdfRoom {
  const [width, height] = [page.width - page.inside - page.outside, page.height - page.top - page.bottom]
  const points = 72 / 25.4
  // Letters of code are about half as wide as texts are high, and stand in a box; lists and call-outs take some room.
  return {
    columns: Math.floor(((width * points - 16) / (size * 0.84 * 0.605)) * 0.88),
    lines: Math.floor((height * points) / (size * 1.5) / 3),
  }
}

/** How a PDF looks that no theme changes; pages excepted. */
export const ordinaryLook: Omit<PdfLook, 'page'> = {
  body: 'Noto Serif',
  headings: 'Noto Serif',
  code: 'DejaVu Sans Mono',
  size: 10,
  accent: '#1f3a5f',
  link: '#1d4f91',
  faint: '#f3f4f6',
  callouts: {note: '#1f6feb', tip: '#1a7f37', important: '#8250df', warning: '#b35900', caution: '#cf222e'},
  contents: 2,
}

const papers: Readonly<Record<string, readonly [number, number]>> = {
  a4: [210, 297],
  letter: [215.9, 279.4],
  a5: [148, 210],
}

/** Names of the sizes of paper. */
export const paperNames = Object.keys(papers)

/**
 * The page of a paper or of a trim such as `6x9in` or `170x240mm` (without a unit: millimetres), with margins that grow with
 * it; undefined where the words are no size from 80 to 600 mm a side.
 */
export function pageOf(size: string, isPrint: boolean): PdfPage | undefined {
  const [width, height] = papers[size] ?? trimOf(size) ?? []
  if (width === undefined || height === undefined) return undefined
  if (Math.min(width, height) < 80 || Math.max(width, height) > 600) return undefined
  const round = (length: number): number => Math.round(length * 10) / 10
  const outside = round(Math.min(25, width * 0.115))
  // The gutter takes what the binding hides.
  const inside = isPrint ? round(outside + Math.min(8, 3 + width * 0.02)) : outside
  return {
    width: round(width),
    height: round(height),
    inside,
    outside,
    top: round(Math.min(25, height * 0.085)),
    bottom: round(Math.min(24, height * 0.085)),
  }
}

function trimOf(size: string): [number, number] | undefined {
  const match = /^(\d{1,4}(?:\.\d{1,3})?)x(\d{1,4}(?:\.\d{1,3})?)(mm|in|cm)?$/i.exec(size)
  if (match === null) return undefined
  const unit = {mm: 1, cm: 10, in: 25.4}[(match[3] ?? 'mm').toLowerCase()] ?? 1
  return [Number(match[1]) * unit, Number(match[2]) * unit]
}
