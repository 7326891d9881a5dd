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
  if (match === undefined || found.length > 1 || isForParts(match) || isSum(match) || isKnown(match)) return undefined
  const behind = match.input.slice(match.index + match[0].length)
  if (match[4] === undefined && match[2]?.startsWith('a ') !== true) {
    const count = readNumber(match[2] ?? '')
    if (/ or more /i.test(match[0]) || /^(?: or more|,? (?:at )?minimum| at least)\b/i.test(behind))
      return atLeast(count)
    if (
      / or (?:fewer|less) /i.test(match[0]) ||
      /^(?: or (?:fewer|less)|,? (?:at )?max(?:imum)?| at most)\b/i.test(behind)
    )
      return {min: 1, max: count}
    if (/^ or so\b/i.test(behind)) return about(count)
  }
  return boundsOf(match)
}

/** Whether the number is that of things that are there: `a quiz on the five questions of the chapter`. */
function isKnown({input, index}: RegExpExecArray): boolean {
  return /\b(?:all|its|the|their|these|those)\s+$/i.test(input.slice(Math.max(0, index - 8), index))
}

function atLeast(min: number): CountBounds {
  return {min, max: Number.POSITIVE_INFINITY}
}

/** A quarter beside what is asked for is still about as many. */
function about(count: number): CountBounds {
  const slack = Math.ceil(count / 4)
  return {min: Math.max(1, count - slack), max: count + slack}
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
    case 'minimum of':
    case 'minimum':
    case 'no fewer than':
    case 'no less than':
      return atLeast(first)
    case 'more than':
    case 'over':
      return atLeast(first + 1)
    case 'at most':
    case 'up to':
    case 'no more than':
    case 'not more than':
    case 'a maximum of':
    case 'maximum of':
    case 'maximum':
      return {min: 1, max: first}
    case 'fewer than':
    case 'less than':
    case 'under':
      return {min: 1, max: Math.max(1, first - 1)}
    case 'about':
    case 'around':
    case 'approximately':
    case 'roughly':
    case 'some':
      return about(first)
    default:
      return {min: first, max: first}
  }
}

const ofEach = new RegExp(
  String.raw`,? each (?:with|having|offering|including|followed by)\b[^;]*|,? (?:with|having|offering) (?:[a-z-]+ ){0,3}(?:options|choices|alternatives|answers)(?: each)?|,? \(?(?:${number}|several) (?:[a-z-]+ ){0,2}(?:options|choices|alternatives|answers)(?: each)?|\b(?:of|for|to|after|under|below|behind) (?:each|every) (?:one|question|answer|option|choice|correct answer|link)\b`,
  'gi',
)

/** Whether a number is one for each of several parts: `2 questions for each topic`. */
function isForParts(match: RegExpExecArray): boolean {
  const {input, index} = match
  const behind = input.slice(index + match[0].length).replace(ofEach, '')
  return /\b(?:each|every|per)\b/i.test(`${input.slice(0, index)} ${behind}`)
}

const another = new RegExp(
  String.raw`^,? (?:and|plus) (?:${number}|an? (?:[a-z-]+ ){0,2}(?:question|item|link))\b`,
  'i',
)
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
    `(?:\\b(at least|at most|up to|not? more than|no fewer than|no less than|more than|over|fewer than|less than|under|about|around|approximately|roughly|some|(?:a )?minimum of|(?:a )?maximum of|minimum|maximum|exactly|between|from) )?(?<![\\d.,-])\\b(${number}|a couple of)(?: ?(-|–|to|or|and) ?(${number}))?[ -]${between}${noun}\\b`,
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
