/** Longest paragraph that is taken apart, in UTF-16 units. */
const longestParagraph = 20_000
const token = /`[^`]*`|\[[^[\]]*\]\([^()\s]*\)|[.!?…]+["”’)*_]*(?=\s|$)|[。！？]/gu
const link = String.raw`\[[^[\]]*\]\([^()\s]*\)`
const citations = new RegExp(
  String.raw`(?:[ \t]*\(${link}(?:;[ \t]${link})*\)|[ \t]*\(\*[^*()\n]+\*\)|[ \t]*(?:\\?\[\d[\d, ]*\\?\](?!\())+)+`,
  'y',
)
/** Openings of sentences that mean little without the sentence before them. */
const leaning =
  /^(?:it|its|this|that|these|those|they|their|such|here|there|then|thus|also|both|however|so|instead|otherwise)\b/i
const abbreviation = /(?:^|[\s(])(?:e\.g|i\.e|etc|cf|vs|approx|no|fig|dr|mr|mrs|ms)$/i

/** The sentences of a paragraph of inline Markdown, each with the citations that stand behind it; none of a huge one. */
export function citedSentences(paragraph: string): string[] {
  if (paragraph.length > longestParagraph) return []
  const sentences: string[] = []
  let start = 0
  for (const {0: found, index} of paragraph.matchAll(token)) {
    const isEnd = /^[.!?…。！？]/u.test(found)
    if (!isEnd || index < start || (found === '.' && abbreviation.test(paragraph.slice(start, index)))) continue
    citations.lastIndex = index + found.length
    const end = citations.lastIndex + (citations.exec(paragraph)?.[0].length ?? 0)
    sentences.push(paragraph.slice(start, end).trim())
    start = end
  }
  const rest = paragraph.slice(start).trim()
  return rest === '' ? sentences : [...sentences, rest]
}

/** Whether a sentence means little without the one before it. */
export function isLeaning(sentence: string): boolean {
  return leaning.test(sentence)
}

/** Whether a sentence ends with a citation. */
export function isCited(sentence: string): boolean {
  return /(?:\[\d[\d, ]*\\?\]|\(\[[^[\]]*\]\([^()\s]*\)\)|\(\*[^*()]+\*\))$/.test(sentence)
}
