import type {Draft} from './choose-passages.ts'
import {chapterName, withoutNumber} from './draft-task.ts'
import type {Passage} from './passage-library.ts'
import type {PromptReading} from './prompt-reading.ts'
import {stemSubject} from './request-words.ts'
import {stemWords} from './word-stems.ts'

/** Share of the passages from which a word is the course's own and tells no passage from another. */
const commonShare = 0.15
/** Passages that have such a word at least; in few notes, few are many. */
const leastCommon = 12
/** Words of a description that have to be met where no word of the name is. */
const leastOfDescription = 2
/** A word with a capital inside a sentence: a part of a name, which says nothing of the plain word. */
const nameWord = /(?<=\S )\p{Lu}\p{Ll}+/gu

/**
 * Tells whether a passage speaks of a point: it has a word of the point's name, or two of its description, that is not
 * merely the course's, the chapter's or the section's. Any does for a point without a name.
 */
export function pointReader(
  {task, library}: Draft,
  prompt: PromptReading,
  term: string | undefined,
): (passage: Passage) => boolean {
  if (term === undefined) return () => true
  const {postings, passageCount} = library.index
  const isTelling = (stem: string): boolean =>
    (postings.get(stem)?.ids.length ?? 0) < Math.max(leastCommon, commonShare * passageCount)
  const above = new Set(stemWords(`${chapterName(task)} ${withoutNumber(task.headingPath.at(-1) ?? '')}`))
  const name = new Set(stemWords(term).filter(isTelling))
  const description = new Set(
    stemSubject(prompt.request).filter((stem) => isTelling(stem) && !above.has(stem) && !name.has(stem)),
  )
  const written = new Set(`${term} ${prompt.request}`.match(/[\p{L}\p{N}]+/gu) ?? [])
  return ({text}) => {
    const plain = text.replace(nameWord, (word) => (written.has(word) ? word : ''))
    const stems = new Set(stemWords(plain))
    const countOf = (own: ReadonlySet<string>): number => [...own].filter((stem) => stems.has(stem)).length
    if (countOf(name) > 0) return true
    return countOf(description) >= Math.min(leastOfDescription, Math.max(1, description.size))
  }
}
