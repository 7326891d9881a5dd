import type {Draft} from './choose-passages.ts'
import type {Passage} from './passage-library.ts'
import {nameKey} from './word-stems.ts'

/** Words at the end of a name that say what sort of thing it is. */
const genericEnding = / (?:approach|concept|model|paradigm|pattern|principle)$/

/** The definitions of a term, from the note nearest to the chapter first; none where no note defines it. */
export function findDefinitions(draft: Draft, term: string): readonly Passage[] {
  const likeness = ({noteTitle}: Passage): number => draft.likenessToChapter(noteTitle)
  const key = nameKey(term)
  if (key === '') return []
  const {definitions} = draft.library
  const inside = /\(([^()]+)\)/.exec(term)?.[1] ?? ''
  const known =
    definitions.get(key) ?? definitions.get(key.replace(genericEnding, '')) ?? definitions.get(nameKey(inside)) ?? []
  return known.length < 2 ? known : [...known].sort((left, right) => likeness(right) - likeness(left))
}
