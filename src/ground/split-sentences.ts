import {findCodeSpans} from './code-spans.ts'

const abbreviations = new Set(['approx', 'cf', 'dr', 'e.g', 'etc', 'fig', 'i.e', 'mr', 'mrs', 'no', 'ms', 'st', 'vs'])
const boundary = /[.!?…]["')\]*_”’]*(?:[ \t]*\\?\[\^?[\w, -]{1,20}\\?\](?!\())*(?=\s|$)|[。！？]/gu

/** Longest text that a sentence joined to the one before it may give, in UTF-16 units. */
const longestJoined = 320

/** Openings of sentences that mean little without the sentence before them. */
const dependentOpenings = [
  /^(?:and|also|but|both|for (?:example|instance)|he|here|however|instead|it|its|otherwise|she|so|such)\b/i,
  /^(?:that|their|then|there|therefore|these|they|this|those|thus)\b/i,
]

/**
 * Splits one paragraph into sentences with their closing citations; what leans on the sentence before stays with
 * it.
 */
export function splitSentences(paragraph: string): readonly string[] {
  const spans = findCodeSpans(paragraph)
  const sentences: string[] = []
  let start = 0
  let span = 0
  for (const match of paragraph.matchAll(boundary)) {
    while ((spans[span]?.end ?? Number.POSITIVE_INFINITY) <= match.index) span += 1
    if ((spans[span]?.start ?? Number.POSITIVE_INFINITY) < match.index) continue
    const end = match.index + match[0].length
    if (match[0].startsWith('.') && !endsSentence(paragraph, match.index, end)) continue
    addSentence(sentences, paragraph.slice(start, end).trim())
    start = end
  }
  addSentence(sentences, paragraph.slice(start).trim())
  return sentences
}

function endsSentence(text: string, dot: number, end: number): boolean {
  const word = /[\p{L}.]{1,12}$/u.exec(text.slice(Math.max(0, dot - 12), dot))?.[0] ?? ''
  if (abbreviations.has(word.toLowerCase()) || /^\p{Lu}$/u.test(word)) return false
  const next = text.slice(end, end + 8).trimStart()
  return next === '' || !/^\p{Ll}/u.test(next)
}

function addSentence(sentences: string[], sentence: string): void {
  if (sentence === '') return
  const before = sentences.at(-1)
  const isDependent = before !== undefined && dependentOpenings.some((pattern) => pattern.test(sentence))
  if (isDependent && before.length + sentence.length < longestJoined) {
    sentences[sentences.length - 1] = `${before} ${sentence}`
  } else {
    sentences.push(sentence)
  }
}
