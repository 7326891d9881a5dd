import {findCodeSpans} from './code-spans.ts'

/** What is taken out of a statement for a question. */
export interface Gap {
  readonly text: string
  /** Options of one question are of one sort. */
  readonly sort: string
  /** Words right before and behind it. */
  readonly neighbours: readonly string[]
  readonly start: number
  readonly end: number
}

const number = /(?<![\p{L}\p{N}.,_-])\d+(?:[.,]\d+)*(?![\p{L}\p{N}_]|[.,-]\d)(?=\s+(\p{Ll}{3,})|[^\p{L}]|$)/gu
/** Words with which other options may be right as well. */
const open =
  /\b(?:such as|for example|e\.g|including|includes?|like|among|one of|some|several|another|also|can|may|might|other)\b/i

const known = new Map<string, readonly Gap[]>()
/** Statements whose gaps are remembered: those of a course, and not of all that a long process sees. */
const mostKnown = 20_000

/** The pieces of a statement of which exactly one is right in its place: settings in code and numbers. */
export function findGaps(text: string): readonly Gap[] {
  const before = known.get(text)
  if (before !== undefined) return before
  if (known.size >= mostKnown) known.clear()
  const gaps = readGaps(text)
  known.set(text, gaps)
  return gaps
}

function readGaps(text: string): readonly Gap[] {
  const spans = findCodeSpans(text)
  const gaps: Gap[] = []
  if (!open.test(text)) {
    for (const {start, end} of spans) {
      const code = text.slice(start, end)
      if (code.length > 42 || code.length < 4 || isListed(text, start, end)) continue
      gaps.push({text: code, sort: codeSort(code), neighbours: neighboursOf(text, start, end), start, end})
    }
  }
  for (const match of text.matchAll(number)) {
    const start = match.index
    const end = start + match[0].length
    const isInside = spans.some((span) => span.start < end && start < span.end)
    const before = text.slice(Math.max(0, start - 24), start)
    if (isInside || isListed(text, start, end) || /(?:version|chapter|https?:\S*)\s*$/i.test(before)) continue
    if (/[[(/-]$/.test(before) || /^[\])/-]/.test(text.slice(end))) continue
    const sort = `number ${match[1] ?? ''} ${match[0].length > 2 ? 'long' : 'short'}`
    gaps.push({text: match[0], sort, neighbours: [], start, end})
  }
  return gaps.filter((gap) => text.split(gap.text).length === 2)
}

function neighboursOf(text: string, start: number, end: number): readonly string[] {
  const before = /([\p{L}]{4,})\s+$/u.exec(text.slice(Math.max(0, start - 30), start))?.[1]
  const behind = /^\s+([\p{L}]{4,})/u.exec(text.slice(end, end + 30))?.[1]
  return [before, behind].flatMap((word) => (word === undefined ? [] : [word.toLowerCase()]))
}

/** Whether a piece is one of an enumeration, whose order says nothing. */
function isListed(text: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - 6), start)
  const after = text.slice(end, end + 6)
  return /(?:,|\band|\bor|\bboth|\beither) $/i.test(before) || /^(?: and\b| or\b|, ?`)/i.test(after)
}

function codeSort(code: string): string {
  const inner = code.slice(1, -1)
  if (inner.includes('=')) return 'code ='
  if (/^[A-Z\d_]+$/.test(inner)) return 'code CAPITALS'
  if (/^[\w-]+:[\w*]+$/.test(inner)) return 'code action'
  if (/\s/.test(inner)) return 'code words'
  if (inner.includes('(')) return 'code call'
  if (inner.includes('.')) return 'code dotted'
  if (/[A-Z]/.test(inner)) return 'code Mixed'
  return inner.includes('_') || inner.includes('-') ? 'code joined' : 'code plain'
}
