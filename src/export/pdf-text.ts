import type {PdfNode} from './pdf-node.ts'

/** A value as JSON without what a typesetter cannot show: control characters, half characters, marks of variants. */
export function cleanText(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    const words = Array.isArray(inner) ? wordsAlone(inner) : inner
    return typeof words === 'string' ? clean(words) : words
  })
}

/** Nodes that are one text and nothing else are given as that text, which the typesetter reads many times faster. */
function wordsAlone(nodes: readonly (Partial<PdfNode> | null)[]): unknown {
  const [only] = nodes
  return nodes.length === 1 && only?.t === 'text' && 'v' in only ? only.v : nodes
}

function clean(text: string): string {
  if (!/[^\n\x20-\x7e]/.test(text)) return text
  return text
    .replace(/\t/g, '    ')
    .replace(/\p{Cc}|\ufe0e|\ufe0f|\ufeff|[\u{e0000}-\u{e007f}]/gu, (mark) => (mark === '\n' ? mark : ''))
    .replace(/\p{Surrogate}/gu, '\ufffd')
}

/** Every grapheme beyond ASCII once, in the order of first use. */
export function distinctGraphemes(text: string): string[] {
  const runs = new Set(text.match(/\P{ASCII}+/gu))
  const segmenter = new Intl.Segmenter('und', {granularity: 'grapheme'})
  const found = new Set<string>()
  for (const run of runs) for (const {segment} of segmenter.segment(run)) found.add(segment)
  return [...found]
}

/** Those of `graphemes` that the messages of a failed probe name. */
export function uncoveredIn(messages: readonly string[], graphemes: readonly string[]): string[] {
  const shown = messages.flatMap((message) => [...message.matchAll(/the text `"(.*?)"` could not be displayed/gsu)])
  const named = shown.map(([, text = '']) => unescaped(text)).filter((text) => text !== '')
  return graphemes.filter((grapheme) => named.some((text) => grapheme.includes(text) || text.includes(grapheme)))
}

/** The typesetter writes some characters by their numbers. */
function unescaped(text: string): string {
  return text.replace(/\\u\{([0-9a-f]{1,6})\}/gi, (_, digits: string) =>
    String.fromCodePoint(Number.parseInt(digits, 16)),
  )
}

/** Shows graphemes by the numbers of their characters. */
export function replaceGraphemes(text: string, graphemes: readonly string[]): string {
  // The longest first, so that no part of one is taken before the whole.
  const sorted = [...graphemes].sort((a, b) => b.length - a.length)
  return sorted.reduce((shown, grapheme) => shown.replaceAll(grapheme, nameOf(grapheme)), text)
}

function nameOf(grapheme: string): string {
  return `[${[...grapheme].map((character) => `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`).join(' ')}]`
}
