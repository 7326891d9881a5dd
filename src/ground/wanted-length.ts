import type {WordBounds} from '../model/directive.ts'
import type {Passage} from './passage-library.ts'

/** Words of a usual statement. */
const usualWords = 19
/** Words that a draft has beside its statements. */
const otherWords = 10
/** Most statements of one draft: beyond, they are about something else. */
const mostStatements = 14

/** How many statements a text of this length takes; `usual` where none is asked for. */
export function statementsFor(words: WordBounds | undefined, usual: number): number {
  if (words === undefined) return usual
  const {min, max} = words
  const middle = max === Number.POSITIVE_INFINITY ? min + usualWords : min === 0 ? max * 0.8 : (min + max) / 2
  return Math.max(1, Math.min(mostStatements, Math.round((middle - otherWords) / usualWords)))
}

/** The first of some statements, as many as stay within the most words, one at least. */
export function fitLength(statements: readonly Passage[], words: WordBounds | undefined): readonly Passage[] {
  if (words === undefined) return statements
  let count = otherWords
  return statements.filter(({text, term}, at) => {
    count += `${term} ${text}`.split(/\s+/).length
    return at === 0 || count <= words.max
  })
}
