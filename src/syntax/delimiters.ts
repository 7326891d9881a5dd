/** Quotes and backticks that authors put around directives. */
const openingDelimiters = new Set(['"', '“', '”', '„', '`', '«', '‘', '’', "'"])
const closingDelimiters = new Set(['"', '”', '“', '`', '»', '’', "'"])
/** Those that end a directive at the end of a line; an apostrophe there is as likely a possessive. */
const lineClosers = new Set(['"', '”', '`', '»'])

/** Offset at which the run of opening delimiters that hugs the tag at `tagStart` begins; `floor` is not passed. */
export function openingRunStart(text: string, tagStart: number, floor: number): number {
  let start = tagStart
  while (start > floor && openingDelimiters.has(text[start - 1] as string)) start--
  if (start === tagStart) return tagStart
  const before = start > floor ? (text[start - 1] as string) : '\n'
  return /[\p{L}\p{N}]/u.test(before) ? tagStart : start
}

/** Length of the run of closing delimiters at `offset`, no longer than `opening` is, at least one if it has any. */
export function closingRunLength(text: string, offset: number, opening: string): number {
  const most = Math.max(opening.length, 1)
  let length = 0
  while (length < most && closingDelimiters.has(text[offset + length] ?? '')) length++
  if (length === 0) return 0
  if (opening.length > 0) return length
  // A quote between two directives opens the second one.
  if (/^<\w/.test(text.slice(offset + length, offset + length + 2))) return 0
  // Nothing opened: a quote after the tag is a delimiter only where the author's own quotes on the line do not ask for it.
  const lineStart = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1
  const character = text[offset] as string
  if (character === "'" || character === '’') return 0
  const outside = text.slice(lineStart, offset).replace(/<[a-z_]+[^>]*>[^]*$/i, '')
  return countOf(outside, character) % 2 === 1 ? 0 : length
}

/** Whether the last character of `line`, white space aside, may close a directive that `opening` opened. */
export function endsWithCloser(line: string, opening: string, valueSoFar: string): boolean {
  const last = line.trimEnd().at(-1)
  if (last === undefined) return false
  if (opening === '') return lineClosers.has(last) && last !== '`' && countOf(valueSoFar, last) % 2 === 1
  if (last === "'" || last === '’') return opening.includes("'") || opening.includes('‘')
  return lineClosers.has(last)
}

/**
 * Offset after the text of a directive without a closing tag, its closing delimiters taken off, and those delimiters.
 * A closing character that has its partner inside the text belongs to the text.
 */
export function stripClosers(
  text: string,
  start: number,
  end: number,
  opening: string,
): {valueEnd: number; closer: string} {
  const outerEnd = trimmedEnd(text, start, end)
  let valueEnd = outerEnd
  for (let most = opening.length + 1; most > 0 && valueEnd > start; most--) {
    if (!isUnpairedCloser(text.slice(start, valueEnd), opening)) break
    valueEnd--
  }
  return {valueEnd, closer: text.slice(valueEnd, outerEnd)}
}

function isUnpairedCloser(value: string, opening: string): boolean {
  const last = value.at(-1) as string
  if (last === '"' || last === '`') return countOf(value, last) % 2 === 1
  if (last === '”') return countOf(value, '”') > countOf(value, '“')
  if (last === '»') return countOf(value, '»') > countOf(value, '«')
  return (last === "'" || last === '’') && /['‘’]/.test(opening)
}

function trimmedEnd(text: string, start: number, end: number): number {
  let at = end
  while (at > start && /\s/.test(text[at - 1] as string)) at--
  return at
}

function countOf(text: string, character: string): number {
  let count = 0
  for (let at = text.indexOf(character); at !== -1; at = text.indexOf(character, at + 1)) count++
  return count
}
