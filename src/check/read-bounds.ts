/** How many of something are asked for. */
export interface CountBounds {
  readonly min: number
  readonly max: number
}

const numberWords = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve']
const number = `\\d{1,3}|${numberWords.join('|')}`
/** Number of what is a couple; some write two, some three. */
const couple: CountBounds = {min: 2, max: 3}

/**
 * Reads `3-4 questions`, `between three and four short questions`, `at least 2 links`, `a couple of links`; undefined
 * where the words name no number, several, or one for each part. `noun` is the source of a pattern.
 */
export function readBounds(sentences: readonly string[], noun: string): CountBounds | undefined {
  const pattern = patternOf(noun)
  const found = sentences.flatMap((sentence) => [...sentence.matchAll(pattern)])
  const [match] = found
  if (match === undefined || found.length > 1 || isForParts(match) || isSum(match)) return undefined
  return boundsOf(match)
}

function boundsOf([, lead = '', from = '', join = '', to]: RegExpExecArray): CountBounds | undefined {
  const how = lead.toLowerCase()
  if (/^a /i.test(from)) return how === '' ? couple : undefined
  const first = readNumber(from)
  if (to !== undefined) {
    const last = readNumber(to)
    const isBetween = how === 'between' || how === 'from'
    if (first > last || (how !== '' && !isBetween) || (join === 'and' && how !== 'between')) return undefined
    return {min: first, max: last}
  }
  switch (how) {
    case 'between':
    case 'from':
      return undefined
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

const ofEach = new RegExp(
  String.raw`,? each (?:with|having|offering|including|followed by)\b[^;]*|,? (?:with|having|offering) (?:[a-z-]+ ){0,3}(?:options|choices|alternatives|answers)(?: each)?|,? (?:${number}|several) (?:[a-z-]+ ){0,2}(?:options|choices|alternatives|answers)(?: each)?|\b(?:of|for|to|after|under|below|behind) (?:each|every) (?:one|question|answer|option|choice|correct answer|link)\b`,
  'gi',
)

/** Whether a number is one for each of several parts: `2 questions for each topic`. */
function isForParts(match: RegExpExecArray): boolean {
  const {input, index} = match
  const behind = input.slice(index + match[0].length).replace(ofEach, '')
  return /\b(?:each|every|per)\b/i.test(`${input.slice(0, index)} ${behind}`)
}

const another = new RegExp(String.raw`^,? (?:and|plus) (?:${number})\b`, 'i')
const before = new RegExp(String.raw`\b(?:${number})\b.*(?:\band|\bplus|,)\s*$`, 'i')

/** Whether more of the same are asked for beside these: `two open and three closed questions`. */
function isSum({0: text, input, index}: RegExpExecArray): boolean {
  return another.test(input.slice(index + text.length)) || before.test(input.slice(0, index))
}

const patterns = new Map<string, RegExp>()

function patternOf(noun: string): RegExp {
  const known = patterns.get(noun)
  if (known !== undefined) return known
  const between = `(?:[a-z][\\w/-]*,? (?!and\\b|or\\b)){0,3}?`
  const pattern = new RegExp(
    `(?:\\b(at least|at most|up to|no more than|a minimum of|a maximum of|exactly|between|from) )?(?<![\\d.,-])\\b(${number}|a couple of)(?: ?(-|–|to|or|and) ?(${number}))?[ -]${between}${noun}\\b`,
    'gi',
  )
  patterns.set(noun, pattern)
  return pattern
}

/** Bounds in words: `3 to 4`, `at least 2`, `5`. */
export function describeBounds({min, max}: CountBounds): string {
  if (max === Number.POSITIVE_INFINITY) return `at least ${min}`
  return min === max ? String(min) : `${min} to ${max}`
}

function readNumber(word: string): number {
  const place = numberWords.indexOf(word.toLowerCase())
  return place === -1 ? Number(word) : place + 1
}
