import {type Draft, passageStems} from './choose-passages.ts'
import type {Passage} from './passage-library.ts'
import {nameKey, stemWords} from './word-stems.ts'

/** Share of a statement's words from which another passage that has an option says that the option may be right too. */
const supportShare = 0.5
/** Definitions with more words in common describe nearly the same. */
const likeShare = 0.4
/** Fewest other terms of a note that make a question. */
const fewest = 2

/** Definitions whose terms may be wrong options for one: of the same note first, then of the notes nearest to the chapter. */
export function otherDefinitions(draft: Draft, definition: Passage, accepts: (other: Passage) => boolean): Passage[] {
  const scale = ({noteTitle}: Passage): number => draft.likenessToChapter(noteTitle)
  const all = [...new Set([...draft.library.definitions.values()].flat())]
  const near = all.filter(({note}) => note === definition.note)
  const at = near.indexOf(definition)
  const rest = all.filter(({note}) => note !== definition.note).sort((left, right) => scale(right) - scale(left))
  const found = new Map<string, Passage>()
  const add = (others: readonly Passage[]): void => {
    for (const other of others) {
      const key = nameKey(other.term)
      if (!found.has(key) && isOther(definition, other) && accepts(other)) found.set(key, other)
    }
  }
  add([...near.slice(at + 1), ...near.slice(0, at)])
  // Terms of other subjects are no plausible options: they only help out.
  if (found.size < fewest) add(rest)
  return [...found.values()]
}

/** Whether two definitions are of different things beyond doubt: neither names the other, and few words are common. */
function isOther(definition: Passage, other: Passage): boolean {
  const own = stemWords(definition.term)
  const their = stemWords(other.term)
  if (own.every((stem) => their.includes(stem)) || their.every((stem) => own.includes(stem))) return false
  const names = [passageStems(definition), passageStems(other)] as const
  if (their.every((stem) => names[0].has(stem)) || own.every((stem) => names[1].has(stem))) return false
  let common = 0
  for (const stem of names[1]) if (names[0].has(stem)) common += 1
  return common / Math.max(1, Math.min(names[0].size, names[1].size)) < likeShare
}

/** Whether no passage of the library says of an option what a statement says of its own word. */
export function isWrong(draft: Draft, statement: Passage, gap: string, option: string): boolean {
  const gapStems = new Set(stemWords(gap))
  const wanted = [...passageStems(statement)].filter((stem) => !gapStems.has(stem))
  return draft.library.passages.every((passage) => {
    if (passage === statement || passage.note !== statement.note) return true
    if (!`${passage.term} ${passage.text}`.includes(option)) return true
    const own = passageStems(passage)
    return wanted.filter((stem) => own.has(stem)).length / Math.max(1, wanted.length) < supportShare
  })
}

/** The `count` texts whose lengths are nearest to one, in their order. */
export function nearestInLength<Option>(
  options: readonly Option[],
  length: number,
  textOf: (option: Option) => string,
  count: number,
): readonly Option[] {
  const distance = (option: Option): number => Math.abs(Math.log((textOf(option).length + 4) / (length + 4)))
  const chosen = new Set([...options].sort((left, right) => distance(left) - distance(right)).slice(0, count))
  return options.filter((option) => chosen.has(option))
}
