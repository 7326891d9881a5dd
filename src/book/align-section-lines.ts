/** Words, or lines without one, that are looked through for a match. */
const reach = 60

/**
 * For each line of a text as it was placed in the book, the line of the text as it stands in the section file, both from
 * 1: placing shifts headings, runs leads into paragraphs and joins wrapped lines, but keeps the order of the words. Rises.
 */
export function alignSectionLines(text: string, placed: readonly string[]): number[] {
  const own = text.split('\n')
  const words: string[] = []
  const lineOfWord: number[] = []
  own.forEach((line, at) => {
    for (const word of wordsOf(line)) {
      words.push(word)
      lineOfWord.push(at)
    }
  })
  let next = 0
  let last = 0
  return placed.map((line, number) => {
    const here = wordsOf(line)
    if (here.length === 0) {
      if (number > 0) last = wordlessLine(own, line, last, lineOfWord[next] ?? own.length)
      return last + 1
    }
    const {start, label} = findWords(words, next, here)
    last = Math.max(last, lineOfWord[start] ?? own.length - 1)
    next = Math.min(start + here.length - label, words.length)
    return last + 1
  })
}

/** Words of a line; a list's numbers may differ in the book. */
function wordsOf(line: string): readonly string[] {
  return line.replace(/^\s*(?:(?:[-*+>]|\d+[.)])\s+)+/, '').match(/[\p{L}\p{N}]+/gu) ?? []
}

/** Where a line's words stand, and how many of a label go before them; at `from` where they are not near. */
function findWords(words: readonly string[], from: number, here: readonly string[]): {start: number; label: number} {
  const isAt = (start: number, wanted: readonly string[]): boolean =>
    wanted.every((one, place) => words[start + place] === one)
  const first = here.slice(0, 3)
  for (let ahead = 0; ahead < reach; ahead++) if (isAt(from + ahead, first)) return {start: from + ahead, label: 0}
  for (let behind = 1; behind <= Math.min(from, reach); behind++) {
    if (isAt(from - behind, first)) return {start: from - behind, label: 0}
  }
  for (let label = 1; label < Math.min(here.length, reach); label++) {
    if (isAt(from, here.slice(label, label + 3))) return {start: from, label}
  }
  return {start: from, label: 0}
}

/** The line behind `last` and before the next word's that reads the same; else the one behind, else `last` itself. */
function wordlessLine(own: readonly string[], line: string, last: number, before: number): number {
  const end = Math.min(before, last + 1 + reach)
  for (let at = last + 1; at < end; at++) if (own[at]?.trim() === line.trim()) return at
  return last + 1 < before ? last + 1 : last
}
