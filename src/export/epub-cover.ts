import {escapeXml} from './escape-xml.ts'
import type {ExportBook} from './export-book.ts'

const width = 1600
const height = 2400
const margin = 160

/** A drawn cover of title, subtitle and authors, for a book without an image of its own. */
export function drawCover({metadata}: Pick<ExportBook, 'metadata'>): string {
  const {title, subtitle, authors = [], edition, language} = metadata
  const size = title.length > 90 ? 96 : title.length > 40 ? 128 : 168
  const titleLines = wrap(title, size, 9)
  const titleEnd = 560 + titleLines.length * size * 1.2
  const rows = [
    ...lines(titleLines, {y: 560, size, weight: 700, fill: '#ffffff'}),
    ...lines(wrap(subtitle ?? '', 72, 4), {y: titleEnd + 60, size: 72, weight: 400, fill: '#c7d8ea'}),
    ...lines(wrap(authors.join(', '), 64, 3), {y: 1980, size: 64, weight: 400, fill: '#ffffff'}),
    ...lines(wrap(edition ?? '', 48, 1), {y: 2230, size: 48, weight: 400, fill: '#c7d8ea'}),
  ]
  return `<?xml version="1.0" encoding="utf-8"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" xml:lang="${escapeXml(language)}">
<title>${escapeXml(title)}</title>
<rect width="${width}" height="${height}" fill="#16324f"/>
<rect width="${width}" height="48" fill="#e0a030"/>
<rect x="${margin}" y="320" width="240" height="16" fill="#e0a030"/>
<rect x="${margin}" y="1860" width="${width - 2 * margin}" height="4" fill="#5c7fa3"/>
<g font-family="Georgia, 'Noto Serif', serif">
${rows.join('\n')}
</g>
</svg>
`
}

interface LineStyle {
  readonly y: number
  readonly size: number
  readonly weight: number
  readonly fill: string
}

function lines(texts: readonly string[], {y, size, weight, fill}: LineStyle): string[] {
  return texts.map(
    (text, at) =>
      `<text x="${margin}" y="${Math.round(y + at * size * 1.2)}" font-size="${size}" font-weight="${weight}" fill="${fill}">${escapeXml(text)}</text>`,
  )
}

/** Lines that fit the width; a word that is too long is cut, and what is beyond the last line is left out. */
function wrap(text: string, size: number, most: number): string[] {
  const room = Math.floor((width - 2 * margin) / (size * 0.6))
  const made: string[] = []
  let line = ''
  for (const word of text.split(/\s+/).flatMap((part) => pieces(part, room))) {
    if (line !== '' && extent(line) + 1 + extent(word) > room) {
      made.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  if (line !== '') made.push(line)
  return made.length <= most ? made : [...made.slice(0, most - 1), `${made[most - 1]} …`]
}

/** Widths of Latin letters that a text takes; signs of East Asia take two. */
function extent(text: string): number {
  return [...text].reduce((sum, sign) => sum + (/[\u1100-\uffdc]|[\u{1f000}-\u{3ffff}]/u.test(sign) ? 2 : 1), 0)
}

function pieces(word: string, room: number): string[] {
  const made: string[] = []
  let piece = ''
  for (const sign of word) {
    if (piece !== '' && extent(piece) + extent(sign) > room) {
      made.push(piece)
      piece = ''
    }
    piece += sign
  }
  return piece === '' ? made : [...made, piece]
}
