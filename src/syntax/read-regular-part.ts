import {readPlainHeading} from './heading-title.ts'
import type {LineIndex} from './line-index.ts'
import type {ScannedDirective} from './outline-scan.ts'
import type {HeadingBlock, PlacedDirective} from './placed-directive.ts'

/** A part of an outline that was read without a Markdown parser. */
export interface RegularPart {
  readonly heading: HeadingBlock | undefined
  readonly directives: readonly PlacedDirective[]
}

/**
 * Reads a part of the masked source that is a plain heading, directives alone on their lines and bullets of one directive
 * each; undefined for any other, which needs a parser.
 */
export function readRegularPart(
  masked: string,
  index: LineIndex,
  start: number,
  end: number,
  directives: readonly ScannedDirective[],
): RegularPart | undefined {
  let at = start
  let heading: HeadingBlock | undefined
  if (masked[start] === '#') {
    const lineEnd = index.end(index.lineAt(start))
    const plain = readPlainHeading(masked.slice(start, lineEnd))
    if (plain === undefined || (directives[0]?.start ?? end) < lineEnd) return undefined
    heading = {...plain, start, end: lineEnd}
    at = lineEnd
  }
  const placed: PlacedDirective[] = []
  let bullet: string | undefined
  for (const scanned of directives) {
    const gap = masked.slice(at, scanned.start)
    const lineStart = Math.max(gap.lastIndexOf('\n'), gap.lastIndexOf('\r')) + 1
    const line = /^(?:([-*+])( {1,4}))?([^]*)$/.exec(gap.slice(lineStart)) as RegExpExecArray
    const label = line[3] as string
    const isOwnLine = lineStart > 0 || (at === start && heading === undefined)
    if (!isOwnLine || gap.slice(0, lineStart).trim() !== '' || (label !== '' && !regularLabel.test(label)))
      return undefined
    if (line[1] !== undefined) {
      if (bullet !== undefined && bullet !== line[1]) return undefined
      bullet = line[1]
    } else {
      const isFirst = placed.length === 0
      if (bullet !== undefined || (!isFirst && !/(?:\r\n|\n|\r(?!\n))[ \t]*(?:\r\n|\n|\r)/.test(gap))) return undefined
    }
    const marker = line[1] === undefined ? undefined : line[1] + (line[2] as string)
    placed.push(regularDirective(scanned, marker, label))
    at = scanned.end
    if (!isLineEnd(masked, at)) return undefined
  }
  return masked.slice(at, end).trim() === '' ? {heading, directives: placed} : undefined
}

/** A label whose plain text needs no Markdown parser: words, bold runs, code spans; it begins no other block. */
const regularLabel =
  /^(?=[\p{L}*`("“])(?:[^\\`*_~[\]<>&@!|#\r\n]|&(?=[ \t])|\*\*[^\s*`\\_[\]<>&~|](?:[^*`\\_[\]<>&~|\r\n]*[^\s*`\\_[\]<>&~|])?\*\*|`[^`\r\n]+`)+$/u

function regularDirective(scanned: ScannedDirective, marker: string | undefined, label: string): PlacedDirective {
  const {start, end} = scanned
  const indent = ' '.repeat(marker?.length ?? 0)
  if (label !== '') {
    const labelEnd = start - (label.length - label.trimEnd().length)
    return {
      scanned,
      container: 'labelled',
      label: label
        .replace(/\*\*|`/g, '')
        .replace(/\s+/g, ' ')
        .trim(),
      placement: {start: labelEnd, end, indent, isAlone: false, labelEnd},
    }
  }
  if (marker === undefined) return {scanned, container: 'block', placement: {start, end, indent, isAlone: false}}
  return {scanned, container: 'list-item', placement: {start, end, indent, marker, isAlone: true}}
}

function isLineEnd(text: string, offset: number): boolean {
  return offset >= text.length || text[offset] === '\n' || text[offset] === '\r'
}
