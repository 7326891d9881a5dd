import {chapterName, type DraftTask, withoutNumber} from './draft-task.ts'
import {findMatches, type Match, measureKnownShare, type Query} from './passage-index.ts'
import type {Passage, PassageLibrary} from './passage-library.ts'
import {compareTitles} from './title-index.ts'
import {nameKey, stemWords} from './word-stems.ts'

/** Passages among which the best are looked for. */
const candidateCount = 60
/** What is left of a word's weight once a chosen passage has it. */
const repeatedWeight = 0.4
/** Least share of the query's weight that a passage's own words must have. */
const leastShare = 0.07
/** The same where the notes do not know most of what the query names: single words then meet by accident. */
const leastStrangeShare = 0.2
/** Share of the query's weight that the notes must know for their subject to be the query's. */
const leastKnownShare = 0.4
/** Factor of the least gain for a passage of another topic than those chosen. */
const strangerFactor = 1.8
/** Share of common words from which two passages say the same. */
const likeShare = 0.55
/** Likeness of a note's title to the chapter's, 0 to 1, from which the note is the chapter's own. */
const leastLikeness = 0.5
/** Factor for what stands in a note under the heading that the section has. */
const sameTopicScale = 1.7

/** What is being drafted and what it has used so far. */
export interface Draft {
  readonly task: DraftTask
  readonly library: PassageLibrary
  readonly likenessToChapter: (noteTitle: string) => number
  /** Statements that stand in the draft already, as `textKey` gives them. */
  readonly used: Set<string>
}

/** Which passages are wanted. */
export interface Choice {
  readonly limit: number
  readonly accepts: (passage: Passage) => boolean
  /** Least part of the best passage's gain that a further one must bring, 0 to 1; 0.25 by default. */
  readonly leastGain?: number
  /** Least share of the query's weight that a passage's own words must have, 0 to 1; 0.07 by default. */
  readonly leastShare?: number
  /** Factor for what stands before a note's first topic, and so speaks of the whole; 1 by default. */
  readonly openingScale?: number
  /** How much a note of the chapter's title is preferred: its factor is 1 more than this; 1 by default. */
  readonly chapterScale?: number
}

/** Begins a draft in which nothing is used yet. */
export function beginDraft(task: DraftTask, library: PassageLibrary): Draft {
  return {task, library, likenessToChapter: compareTitles(library.titles, chapterName(task)), used: new Set()}
}

/**
 * Chooses the passages that together cover a query best, each text once in a draft, the best first.
 * Gives none where the words of no passage fit.
 */
export function choosePassages(draft: Draft, query: Query, choice: Choice): readonly Passage[] {
  const {library, used} = draft
  const topic = nameKey(withoutNumber(draft.task.headingPath.at(-1) ?? ''))
  const candidates = findMatches(library.index, query, candidateCount, (id) => {
    const passage = library.passages[id]
    if (passage === undefined || !choice.accepts(passage)) return 0
    const chapterScale = 1 + (choice.chapterScale ?? 1) * draft.likenessToChapter(passage.noteTitle)
    const openingScale = passage.topic === '' ? (choice.openingScale ?? 1) : 1
    return chapterScale * openingScale * (library.topicKeys.get(passage.topic) === topic ? sameTopicScale : 1)
  }).filter(requireFit(library, query, choice.leastShare))
  const chosen: Passage[] = []
  const left = new Map([...query.keys()].map((stem) => [stem, 1]))
  let firstGain = 0
  let tries = candidates
  while (chosen.length < choice.limit) {
    const best = findGreatestGain(tries, left)
    const passage = best === undefined ? undefined : library.passages[best.match.id]
    if (best === undefined || passage === undefined) break
    tries = tries.filter((match) => match !== best.match)
    const isNear = chosen.length === 0 || chosen.some((other) => isSameTopic(other, passage))
    const leastGain = firstGain * (choice.leastGain ?? 0.25) * (isNear ? 1 : strangerFactor)
    if (best.gain < leastGain || used.has(textKey(passage)) || chosen.some((other) => isLike(other, passage))) continue
    firstGain = Math.max(firstGain, best.gain)
    used.add(textKey(passage))
    for (const stem of best.match.parts.keys()) left.set(stem, (left.get(stem) ?? 1) * repeatedWeight)
    chosen.push(passage)
  }
  return chosen
}

/** The first statements of the note whose title is most like the chapter's; none where no title is like it. */
export function chooseOpening(draft: Draft, limit: number): readonly Passage[] {
  let best = 0
  for (const title of draft.library.titles.stems.keys()) best = Math.max(best, draft.likenessToChapter(title))
  if (best < leastLikeness) return []
  const ofNote = draft.library.passages.filter(
    (passage) => passage.kind === 'fact' && draft.likenessToChapter(passage.noteTitle) === best,
  )
  return ofNote.slice(0, limit)
}

/** Key under which the same statement in two notes is one. */
export function textKey(passage: Passage | undefined): string {
  return `${passage?.text ?? ''}${passage?.block ?? ''}`.toLowerCase()
}

/** Tells whether so much of the query is in a passage itself that it is likely to speak of the same. */
export function requireFit(library: PassageLibrary, query: Query, least = leastShare): (match: Match) => boolean {
  const isStrange = measureKnownShare(library.index, query) < leastKnownShare
  const share = isStrange ? Math.max(least, leastStrangeShare) : least
  return (match) => match.ownShare >= share && match.ownStems >= Math.min(2, query.size)
}

function isSameTopic(left: Passage, right: Passage): boolean {
  return left.note === right.note && left.topic === right.topic
}

/** Whether two passages have so many words in common that the second adds little. */
function isLike(left: Passage, right: Passage): boolean {
  const words = new Set(stemWords(left.text))
  const others = new Set(stemWords(right.text))
  const common = [...others].filter((stem) => words.has(stem)).length
  return (
    common > 0 && common / Math.max(1, Math.min(words.size, others.size)) >= likeShare && left.block === right.block
  )
}

function findGreatestGain(
  candidates: readonly Match[],
  left: ReadonlyMap<string, number>,
): {match: Match; gain: number} | undefined {
  let best: {match: Match; gain: number} | undefined
  for (const match of candidates) {
    if (best !== undefined && match.score <= best.gain) break
    let gain = 0
    for (const [stem, part] of match.parts) gain += part * (left.get(stem) ?? 0)
    if (best === undefined || gain > best.gain) best = {match, gain}
  }
  return best
}
