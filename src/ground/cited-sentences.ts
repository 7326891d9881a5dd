/** Longest paragraph that is taken apart, in UTF-16 units. */
const longestParagraph = 20_000
const token = /`[^`]*`|\[[^[\]]*\]\([^()\s]*\)|[.!?…]+["”’)*_]*(?=\s|$)|[。！？]/gu
const citations = /(?:[ \t]*\((?:\[[^[\]]*\]\([^()\s]*\)(?:;[ \t])?)+\)|[ \t]*(?:\[\d[\d, ]*\])+)+/y
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
