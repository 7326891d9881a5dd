import type {LineIndex} from './line-index.ts'
import type {Scan, ScannedDirective} from './outline-scan.ts'

/**
 * The source with every directive replaced by a run of private-use characters of the same length and without line
 * ends, so that Markdown sees one word where the directive stands and every offset stays true. Neighbours get
 * different characters. What the outline language reads otherwise than Markdown is evened out in the same way.
 */
export function maskSource(index: LineIndex, scan: Scan): string {
  const {text} = index
  const marks = freeCharacters(text)
  const pieces: string[] = []
  let at = 0
  const put = (start: number, end: number, replacement: string): void => {
    if (start < at) return
    pieces.push(text.slice(at, start), replacement)
    at = end
  }
  const spans = [
    ...scan.directives.map((directive, number) => ({
      start: directive.start - maskedIndent(text, directive),
      end: directive.end,
      mark: marks[number % 2] as string,
    })),
    ...scan.strayTags.map(({start, end}) => ({start, end, mark: ' '})),
    ...scan.doubledMarks.map(({start, end}) => ({start, end, mark: ' '})),
    ...scan.breaks.map(({start, end}) => ({start, end, mark: '*'})),
  ].sort((a, b) => a.start - b.start)
  for (const {start, end, mark} of spans) put(start, end, mark.repeat(end - start))
  pieces.push(text.slice(at))
  return pieces.join('')
}

/** Spaces before a directive in a list item that would make it indented code; the mask covers them. */
function maskedIndent(text: string, directive: ScannedDirective): number {
  if (directive.itemColumn === undefined || directive.extraIndent < 4) return 0
  let width = 0
  while (width < directive.extraIndent && text[directive.start - width - 1] === ' ') width++
  return width
}

/** Two characters of the private use area that the text does not hold. */
function freeCharacters(text: string): readonly [string, string] {
  const found: string[] = []
  for (let code = 0xe000; code < 0xf900 && found.length < 2; code++) {
    const character = String.fromCharCode(code)
    if (!text.includes(character)) found.push(character)
  }
  const [first, second] = found
  if (first === undefined || second === undefined)
    throw new RangeError('Cannot mask directives: every private-use character is taken')
  return [first, second]
}
