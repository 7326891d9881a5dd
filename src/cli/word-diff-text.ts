import type {TextPiece} from '../diff/text-pieces.ts'

/** Marks of words that went and came, as `git diff --word-diff` writes them. */
const marks = {added: ['{+', '+}'], removed: ['[-', '-]']} as const

/** Changes of words for the reader: what went in `[-…-]`, what came in `{+…+}`. */
export function wordDiffText(changes: readonly TextPiece[]): string {
  return changes.map(({type, text}) => (type === 'same' ? text : `${marks[type][0]}${text}${marks[type][1]}`)).join('')
}
