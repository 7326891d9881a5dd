import {findCodeSpans} from './code-spans.ts'
import {type SourceLink, safeUrl} from './source-link.ts'

/** Inline Markdown on one line that stays inside its paragraph, and the links that its citations `[n]` stood for. */
export interface InlineText {
  readonly text: string
  readonly links: readonly SourceLink[]
  /** Labels that were cited, as written: `1`, `^note`. */
  readonly labels: readonly string[]
}

const citation = /\[(\^?[^\s[\],^]+(?:, ?\d+)*)\](?!\()/y
const inlineLink =
  /!?\[([^[\]]*)\]\((?:<([^<>]*)>|([^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*))(?:\s+(?:"[^"]*"|'[^']*'))?\)/y
const referenceLink = /!?\[([^[\]]*)\]\[([^[\]]*)\]/y
const autolink = /<https?:\/\/[^\s<>]*>|<br ?\/?>/iy
/** Characters before a `<` in which a bare address is looked for. */
const longestAddress = 200
const invisible = /[\p{Cc}\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu

/**
 * Reads one paragraph of a note: citations become links, tags are escaped, marks without a partner go.
 * `definitions` has the note's link definitions by lower-case label. Never throws; time is linear in the length of
 * `raw`.
 */
export function readInlineText(raw: string, definitions: ReadonlyMap<string, SourceLink>): InlineText {
  const text = raw.replace(/\s+/g, ' ').replace(invisible, '').trim()
  const links: SourceLink[] = []
  const labels: string[] = []
  const pieces = readPieces(text, definitions, links, labels)
  return {text: separateAddresses(balanceStars(pieces).join('')).replace(/ {2,}/g, ' ').trim(), links, labels}
}

/** Puts a backslash before what would start another block than a paragraph at the start of a line. */
export function escapeBlockStart(text: string): string {
  const number = /^(\d{1,9})([.)](?:\s|$))/.exec(text)
  if (number !== null) return `${number[1]}\\${text.slice(number[1]?.length)}`
  return /^(?:#{1,6}(?:\s|$)|[-+*](?:\s|$)|>|~{3}|:::|[-=*_]{2,}\s*$|\|)/.test(text) ? `\\${text}` : text
}

function readPieces(
  text: string,
  definitions: ReadonlyMap<string, SourceLink>,
  links: SourceLink[],
  citedLabels: string[],
): string[] {
  const pieces: string[] = []
  const spans = findCodeSpans(text)
  const lastCommentEnd = text.lastIndexOf('-->')
  let span = 0
  let at = 0

  function match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = at
    return pattern.exec(text)
  }

  while (at < text.length) {
    const mark = text.charAt(at)
    while ((spans[span]?.start ?? text.length) < at) span += 1
    const codeEnd = spans[span]?.start === at ? spans[span]?.end : undefined
    if (codeEnd !== undefined) {
      pieces.push(quoteCode(text.slice(at, codeEnd)))
      at = codeEnd
    } else if (mark === '`') {
      pieces.push('\\`')
      at += 1
    } else if (mark === '\\') {
      pieces.push(text.slice(at, at + 2))
      at += 2
    } else if (mark === '<' && text.startsWith('<!--', at) && lastCommentEnd > at) {
      at = text.indexOf('-->', at) + 3
    } else if (mark === '<') {
      const kept = match(autolink)?.[0]
      pieces.push(kept ?? (/[\w/!?]/.test(text.charAt(at + 1)) ? '\\<' : '<'))
      at += kept?.length ?? 1
    } else if (mark === '[' || (mark === '!' && text.charAt(at + 1) === '[')) {
      at = readBracket()
    } else if (mark === ']') {
      pieces.push('\\]')
      at += 1
    } else {
      const end = endOfPlainText(text, at, spans[span]?.start ?? text.length)
      for (const piece of text.slice(at, end).split(/(\*+)/)) if (piece !== '') pieces.push(piece)
      at = end
    }
  }
  return pieces

  /** Reads what begins with the bracket at `at` and gives the offset behind it. */
  function readBracket(): number {
    const reference = match(citation)
    const labels = reference?.[1]?.split(/, ?/) ?? []
    const cited = labels.map((label) => definitions.get(label.toLowerCase())).filter((link) => link !== undefined)
    const isNumber = /^\^|^\d+$/.test(labels[0] ?? '')
    if (reference !== null && isNumber && (cited.length > 0 || !/[\w)]/.test(text.charAt(at - 1)))) {
      links.push(...cited.filter((link) => !links.includes(link)))
      citedLabels.push(...labels)
      const end = at + reference[0].length
      const before = pieces.pop() ?? ''
      pieces.push(/[.,;:!?]/.test(text.charAt(end)) ? before.trimEnd() : before)
      return end
    }
    const inline = match(inlineLink)
    const named = inline === null ? match(referenceLink) : null
    const found = inline ?? named
    if (found !== null) {
      const label = found[2] === '' ? found[1] : found[2]
      const url =
        inline === null ? (definitions.get(label?.toLowerCase() ?? '')?.url ?? '') : (found[2] ?? found[3] ?? '')
      pushLink(found[1] ?? '', text.charAt(at) === '!' ? '' : url)
      return at + found[0].length
    }
    const own = reference === null ? undefined : cited[0]
    if (reference !== null && own !== undefined) {
      pushLink(reference[1] ?? '', own.url)
      return at + reference[0].length
    }
    pieces.push(text.charAt(at) === '!' ? '!\\[' : '\\[')
    return at + (text.charAt(at) === '!' ? 2 : 1)
  }

  function pushLink(label: string, destination: string): void {
    const url = safeUrl(destination)
    const inner = readInlineText(label, new Map()).text
    pieces.push(url === undefined || inner === '' ? inner : `[${inner}](${url})`)
  }
}

function endOfPlainText(text: string, from: number, codeStart: number): number {
  const limit = Math.max(from + 1, codeStart)
  let end = from + 1
  while (end < limit && !/[`\\<[\]!]/.test(text.charAt(end))) end += 1
  return end
}

/** Behind a bare address, puts the entity for an escaped `<`: there the backslash would belong to the address. */
function separateAddresses(text: string): string {
  const spans = findCodeSpans(text)
  let span = 0
  return text.replace(/\\</g, (mark, at: number) => {
    while ((spans[span]?.end ?? text.length) <= at) span += 1
    if ((spans[span]?.start ?? text.length) < at) return mark
    const before = /\S*$/.exec(text.slice(Math.max(0, at - longestAddress), at))?.[0] ?? ''
    return /:\/\/|www\.|@/i.test(before) || before.length === longestAddress ? '&lt;' : mark
  })
}

/** A code span as it is; one that names the tag of a directive becomes escaped text, for code cannot be escaped. */
function quoteCode(code: string): string {
  if (!/<\/?prompt/i.test(code)) return code
  return code.replace(/^`+|`+$/g, '').replace(/[\\`*_[\]<]/g, '\\$&')
}

/** Drops all runs of one or two stars when one of them has no partner; a star between spaces is no mark. */
function balanceStars(pieces: readonly string[]): readonly string[] {
  const isMark = pieces.map((piece, at) => {
    const stands = /(?:^|\s)$/.test(pieces[at - 1] ?? '') && /^(?:\s|$)/.test(pieces[at + 1] ?? '')
    return /^\*+$/.test(piece) && !stands
  })
  const lengths = new Map<number, number>()
  pieces.forEach((piece, at) => {
    if (isMark[at]) lengths.set(piece.length, (lengths.get(piece.length) ?? 0) + 1)
  })
  return pieces.map((piece, at) => {
    if (!/^\*+$/.test(piece)) return piece
    if (!isMark[at]) return '\\*'.repeat(piece.length)
    return (lengths.get(piece.length) ?? 0) % 2 === 0 ? piece : ''
  })
}
