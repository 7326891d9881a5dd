/** How many of something are asked for. */
export interface CountBounds {
  readonly min: number
  readonly max: number
}

const numberWords = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']
const number = `(\\d{1,3}|${numberWords.join('|')})`

/**
 * Reads `3-4 questions`, `three to four short questions`, `at least 2 links`, `5 questions`; undefined where the words
 * name none, or several numbers. `noun` is the source of a pattern.
 */
export function readBounds(sentences: readonly string[], noun: string): CountBounds | undefined {
  const between = `(?:[a-z][\\w-]*,? (?!and\\b|or\\b)){0,3}?`
  const pattern = new RegExp(
    `(?:\\b(at least|at most|up to|no more than|a minimum of|a maximum of|exactly) )?(?<![\\d.,-])\\b${number}(?: ?(?:-|–|to|or) ?${number})? ${between}${noun}\\b`,
    'gi',
  )
  const found = sentences.flatMap((sentence) =>
    /\b(?:each|every|per)\b/i.test(sentence) ? [] : [...sentence.matchAll(pattern)],
  )
  const [match] = found
  if (match === undefined || found.length > 1) return undefined
  const first = readNumber(match[2])
  const last = match[3] === undefined ? undefined : readNumber(match[3])
  if (last !== undefined) return first <= last && match[1] === undefined ? {min: first, max: last} : undefined
  switch (match[1]?.toLowerCase()) {
    case 'at least':
    case 'a minimum of':
      return {min: first, max: Number.POSITIVE_INFINITY}
    case 'at most':
    case 'up to':
    case 'no more than':
    case 'a maximum of':
      return {min: 1, max: first}
    default:
      return {min: first, max: first}
  }
}

/** Bounds in words: `3 to 4`, `at least 2`, `5`. */
export function describeBounds({min, max}: CountBounds): string {
  if (max === Number.POSITIVE_INFINITY) return `at least ${min}`
  return min === max ? String(min) : `${min} to ${max}`
}

function readNumber(word = ''): number {
  const place = numberWords.indexOf(word.toLowerCase())
  return place === -1 ? Number(word) : place + 1
}
