/** The text of a line of a topic list, taken apart. */
export interface TopicText {
  readonly text: string
  readonly tags: readonly string[]
  readonly sources: readonly number[]
  /** What is written like a citation and is none, with its offset in the line's text. */
  readonly problems: readonly {readonly written: string; readonly at: number}[]
}

/** Largest number of a source. */
const maxSource = 9999
/** Most sources that a range such as `[3-9]` stands for. */
const maxRange = 200

const citation = /\[(?=[^\]]*\d)([\d\s,;–-]{1,400})\](?![(:\]])/g
const trailingTag = /(?:^|\s)#([\p{L}_][\p{L}\p{N}_/-]*)[.,;]?$/u
/** Brackets that hold a number and something else, such as `[3, x]`: hardly meant as text. */
const oddCitation = /\[\s*\d[\d\s,;–-]*[,;][^\]\d]{1,12}\]|\[[\d\s,;–-]*[,;]\s*\](?!\()/g

/**
 * Takes tags and citations off a line. Tags stand at its end (`#Tag`, not `C#`, `#1` or code); citations are `[3]`,
 * `[3, 6]`, `[3][6]` or `[3-6]` behind a word, and a link's text or an index such as `list[3]` is none.
 */
export function readTopicText(written: string): TopicText {
  const tags: string[] = []
  const sources = new Set<number>()
  const problems: {written: string; at: number}[] = []
  let text = written
  const spans = codeSpans(written)
  text = text.replace(citation, (whole, list: string, at: number) => {
    if (spans.some(([start, end]) => at >= start && at < end)) return whole
    // `list[3]` is an index, but at the end of a line the space was forgotten.
    const isGlued = at > 0 && /[\p{L}\p{N}_]/u.test(written[at - 1] as string)
    if (isGlued && /[\p{L}\p{N}]/u.test(written.slice(at + whole.length))) return whole
    const numbers = readNumbers(list)
    if (numbers === undefined) {
      problems.push({written: whole, at})
      return whole
    }
    for (const number of numbers) sources.add(number)
    return ' '
  })
  for (const match of text.matchAll(oddCitation)) {
    if (!spans.some(([start, end]) => match.index >= start && match.index < end))
      problems.push({written: match[0], at: written.indexOf(match[0])})
  }
  text = tidy(text)
  for (let match = trailingTag.exec(text); match !== null; match = trailingTag.exec(text)) {
    tags.unshift((match[1] as string).toLowerCase())
    text = tidy(text.slice(0, match.index))
  }
  return {text, tags: [...new Set(tags)], sources: [...sources].sort((a, b) => a - b), problems}
}

/** Offsets of code spans: a run of backticks up to the next of the same length. */
function codeSpans(text: string): [number, number][] {
  if (!text.includes('`')) return []
  return [...text.matchAll(/(?<!`)(`+)(?!`)[^]*?(?<!`)\1(?!`)/g)].map(({0: whole, index}) => [
    index,
    index + whole.length,
  ])
}

function readNumbers(list: string): number[] | undefined {
  const numbers: number[] = []
  for (const part of list.split(/[,;]/)) {
    const [, from, to = from] = /^\s*(\d{1,6})(?:\s*[–-]\s*(\d{1,6}))?\s*$/.exec(part) ?? []
    const [first, last] = [Number(from), Number(to)]
    if (from === undefined || first < 1 || last > maxSource || last < first || last - first > maxRange) return undefined
    for (let number = first; number <= last; number++) numbers.push(number)
  }
  return numbers
}

/** White space as one space, none before a full stop or comma that a citation left behind. */
function tidy(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/ +([.,;:!?])(?=$| )/g, '$1')
    .trim()
}
