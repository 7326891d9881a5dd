import {wordsOf} from '../syntax/words-of.ts'

/** Words at a text's beginning that tell whether another one begins alike. */
const beginning = 12

/**
 * Whether a text that was to be whole is only the rest of the earlier one: less than half as long, and it does not begin
 * as that does.
 */
export function isPartOnly(text: string, earlier: string): boolean {
  const words = wordsOf(text)
  const before = wordsOf(earlier)
  if (words.length * 2 >= before.length) return false
  const start = new Set(words.slice(0, 2 * beginning))
  const wanted = before.slice(0, beginning)
  return wanted.filter((word) => start.has(word)).length * 2 < wanted.length
}
