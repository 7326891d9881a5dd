import type {Draft} from './choose-passages.ts'
import type {Passage} from './passage-library.ts'
import {nameKey} from './word-stems.ts'

/** Words at the end of a name that say what sort of thing it is. */
const genericEnding = / (?:approach|concept|model|paradigm|pattern|principle)$/

/**
 * The definition of a term, from the note nearest to the chapter where several define it; undefined where none
 * does.
 */
export function findDefinition(draft: Draft, term: string): Passage | undefined {
  const likeness = (passage: Passage): number => draft.likenessToChapter(passage.noteTitle)
  const key = nameKey(term)
  const {definitions} = draft.library
  const known = definitions.get(key) ?? definitions.get(key.replace(genericEnding, '')) ?? []
  return known.reduce<Passage | undefined>(
    (best, next) => (best === undefined || likeness(next) > likeness(best) ? next : best),
    undefined,
  )
}
