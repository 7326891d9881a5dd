import type {SourceEdit} from '../model/outline.ts'
import type {ScannedDirective} from './outline-scan.ts'
import type {ParsedOutline} from './parsed-outline.ts'

/**
 * Edits that make irregular directives regular: `"<prompt …>text</prompt>"` on both ends, stray tags and an outer fence
 * gone, breaks that are breaks, one heading mark. Nothing else changes, and the outline reads as before.
 * Directives that are errors stay as they are.
 */
export function fixOutline(outline: ParsedOutline, ownTagNames: readonly string[] = []): SourceEdit[] {
  const edits: SourceEdit[] = [...outerFenceEdits(outline)]
  for (const [number, scanned] of outline.scanned.entries()) {
    const isError = scanned.nested !== undefined || outline.directives[number]?.value === ''
    if (!isError) edits.push(...directiveEdits(scanned, outline, ownTagNames))
  }
  const {scan} = outline
  for (const {start, end} of scan.strayTags) edits.push({start, end, text: ''})
  for (const {start, end} of scan.doubledMarks) edits.push({start, end, text: ''})
  const lineEnd = outline.source.includes('\r\n') ? '\r\n' : '\n'
  for (const {start, isAccidental} of scan.breaks) if (isAccidental) edits.push({start, end: start, text: lineEnd})
  return edits
    .filter(({start, end, text}) => outline.source.slice(start, end) !== text)
    .sort((a, b) => a.start - b.start || a.end - b.end)
}

/** A text with edits applied; edits are in order and do not overlap. */
export function applyEdits(source: string, edits: readonly SourceEdit[]): string {
  const pieces: string[] = []
  let at = 0
  for (const {start, end, text} of edits) {
    if (start < at) continue
    pieces.push(source.slice(at, start), text)
    at = end
  }
  pieces.push(source.slice(at))
  return pieces.join('')
}

function directiveEdits(
  scanned: ScannedDirective,
  outline: ParsedOutline,
  ownTagNames: readonly string[],
): SourceEdit[] {
  const {source} = outline
  const {tag, form, opening, closing, start, end, valueEnd} = scanned
  const hasOwnName = tag.name === 'prompt' || ownTagNames.includes(tag.name)
  const isRegular = form === 'closed' && opening === closing && (opening === '' || opening === '"')
  if (isRegular && hasOwnName) return []
  const name = hasOwnName ? tag.name : 'prompt'
  const raw = source.slice(scanned.valueStart, valueEnd)
  const wasQuoted = /["“”„]/.test(opening + closing)
  // A quoted directive that holds `\"` has its escapes undone: quotes must not come or go around such a text.
  const hasEscapes = raw.includes('\\"')
  const quote = (opening === '' && closing === '') || (hasEscapes && !wasQuoted) ? '' : '"'
  const tagStart = `${quote}<${name}`
  const nameEnd = tag.start + 1 + tag.name.length
  return [
    {start, end: nameEnd, text: tagStart},
    {start: valueEnd, end, text: `</${name}>${quote}`},
  ]
}

function outerFenceEdits(outline: ParsedOutline): SourceEdit[] {
  const [first] = outline.edits
  const last = outline.edits.at(-1)
  const isFence =
    first !== undefined &&
    last !== undefined &&
    first.start === 0 &&
    last.end === outline.source.length &&
    /^\s*(?:`{3,}|~{3,})/.test(outline.source.slice(0, first.end))
  return isFence ? [first, last] : []
}
