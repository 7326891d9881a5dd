import {diffWordsWithSpace} from 'diff'

/** A stretch of two texts: in both, in the new one alone, or in the old one alone. */
export interface WordChange {
  readonly type: 'same' | 'added' | 'removed'
  readonly text: string
}

/** The words that two texts have and do not have in common, in order. */
export function diffWords(before: string, after: string): WordChange[] {
  return diffWordsWithSpace(before, after).map(({added, removed, value}) => ({
    type: added ? 'added' : removed ? 'removed' : 'same',
    text: value,
  }))
}
