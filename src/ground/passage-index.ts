import {stemWords} from './word-stems.ts'

/** Fields of a passage that are searched. */
interface SearchedFields {
  readonly noteTitle: string
  readonly topic: string
  readonly term: string
  readonly text: string
  readonly block: string
}

interface Posting {
  readonly ids: number[]
  /** Weight of the stem in each passage; below 0 where it stands in the passage's headings only. */
  readonly weights: number[]
}

/** Inverted index: by stem, the places of the passages that have it and its weight in each. */
export interface PassageIndex {
  readonly passageCount: number
  readonly postings: ReadonlyMap<string, Posting>
}

/** Stems that are looked for, each with its weight, above 0. */
export type Query = ReadonlyMap<string, number>

/** How well one passage fits a query. */
export interface Match {
  /** Place in `PassageLibrary.passages`. */
  readonly id: number
  readonly score: number
  /** By stem of the query, its part of the score. */
  readonly parts: ReadonlyMap<string, number>
  /** Stems of the query that stand in the passage itself, not only in its headings. */
  readonly ownStems: number
  /** Share of the query's weight that these stems have, 0 to 1. */
  readonly ownShare: number
}

const termWeight = 1.6
const topicWeight = 0.6
const titleWeight = 0.25

/** Words that a passage of usual length has. */
const usualLength = 14

/** Indexes passages by the stems of their text and headings; time is linear in the length of the texts. */
export function indexPassages(passages: readonly SearchedFields[]): PassageIndex {
  const postings = new Map<string, Posting>()
  const known = new Map<string, readonly string[]>()

  function stemHeading(heading: string): readonly string[] {
    const stems = known.get(heading) ?? stemWords(heading)
    known.set(heading, stems)
    return stems
  }

  passages.forEach((passage, id) => {
    const weights = new Map<string, number>()
    for (const stem of stemHeading(passage.noteTitle)) weights.set(stem, -titleWeight)
    for (const stem of stemHeading(passage.topic)) weights.set(stem, -topicWeight)
    const own = stemWords(`${passage.text} ${passage.block}`)
    const ownWeight = 1 / (0.7 + (0.3 * Math.min(own.length, 4 * usualLength)) / usualLength)
    for (const stem of new Set(own)) weights.set(stem, ownWeight - (weights.get(stem) ?? 0))
    for (const stem of stemWords(passage.term)) weights.set(stem, termWeight)
    for (const [stem, weight] of weights) {
      const posting = postings.get(stem)
      if (posting === undefined) postings.set(stem, {ids: [id], weights: [weight]})
      else {
        posting.ids.push(id)
        posting.weights.push(weight)
      }
    }
  })
  return {passageCount: passages.length, postings}
}

/**
 * Finds the passages that fit a query best, at most `limit`, the best first and the earlier of two equals first.
 * `scale` multiplies a passage's score; 0 leaves it out.
 */
export function findMatches(
  index: PassageIndex,
  query: Query,
  limit: number,
  scale: (id: number) => number = () => 1,
): readonly Match[] {
  const scores = new Float64Array(index.passageCount)
  const scored: number[] = []
  let queryWeight = 0
  for (const [stem, wanted] of query) {
    const posting = index.postings.get(stem)
    const rarity = weighRarity(index, posting)
    queryWeight += wanted * rarity
    posting?.ids.forEach((id, at) => {
      if (scores[id] === 0) scored.push(id)
      scores[id] = (scores[id] ?? 0) + wanted * rarity * Math.abs(posting.weights[at] ?? 0)
    })
  }
  const best: {id: number; score: number; parts: Map<string, number>; ownStems: number; ownShare: number}[] = []
  for (const id of scored.sort((left, right) => left - right)) {
    const score = (scores[id] ?? 0) * scale(id)
    if (score === 0 || (best.length === limit && score <= (best.at(-1)?.score ?? 0))) continue
    let place = best.length
    while (place > 0 && (best[place - 1]?.score ?? 0) < score) place -= 1
    best.splice(place, 0, {id, score, parts: new Map(), ownStems: 0, ownShare: 0})
    if (best.length > limit) best.pop()
  }
  const byId = new Map(best.map((match) => [match.id, match]))
  for (const [stem, wanted] of query) {
    const posting = index.postings.get(stem)
    const rarity = weighRarity(index, posting)
    posting?.ids.forEach((id, at) => {
      const match = byId.get(id)
      const weight = posting.weights[at] ?? 0
      if (match === undefined) return
      match.parts.set(stem, wanted * rarity * Math.abs(weight) * scale(id))
      if (weight < 0) return
      match.ownStems += 1
      match.ownShare += (wanted * rarity) / queryWeight
    })
  }
  return best
}

/** Share of a query's weight on stems that any passage has, 0 to 1; low where the notes are about something else. */
export function measureKnownShare(index: PassageIndex, query: Query): number {
  let all = 0
  let known = 0
  for (const [stem, wanted] of query) {
    const weight = wanted * weighRarity(index, index.postings.get(stem))
    all += weight
    if (index.postings.has(stem)) known += weight
  }
  return all === 0 ? 0 : known / all
}

/** Length of a query as a vector of its weights, so that scores for two queries can be compared; above 0. */
export function measureQuery(index: PassageIndex, query: Query): number {
  let sum = 0
  for (const [stem, wanted] of query) sum += (wanted * weighRarity(index, index.postings.get(stem))) ** 2
  return Math.sqrt(sum) || 1
}

/** Weight of a stem by the number of passages that have it: the fewer, the more; most for one that none has. */
function weighRarity(index: PassageIndex, posting: Posting | undefined): number {
  return Math.log(1 + (index.passageCount + 1) / ((posting?.ids.length ?? 0) + 1))
}
