import {wordsOf} from './words-of.ts'

/** Two texts of which one is nearly a copy of the other. */
export interface NearCopy {
  readonly id: string
  /** The text that came before it. */
  readonly copyOf: string
  /** Share of the shorter text's runs of words that both have, from 0 to 1. */
  readonly likeness: number
}

/** Words of a run. */
const runLength = 5
/** Fewest words of a text that is compared: short ones are alike by nature. */
const fewestWords = 40
/** One of so many runs is kept, chosen by its hash. */
const sampling = 4
/** Fewest kept runs that a judgement rests on. */
const fewestRuns = 8
/** Texts that are compared of those that share a run. */
const mostPerRun = 6
const alike = 0.7

/**
 * Finds texts that are nearly copies of one that came before, in time linear in all words: a run of words that many
 * texts share leads to its first few only.
 */
export function findNearCopies(texts: Iterable<readonly [id: string, text: string]>): NearCopy[] {
  const byRun = new Map<number, number[]>()
  const known: {readonly id: string; readonly runs: number}[] = []
  const copies: NearCopy[] = []
  for (const [id, text] of texts) {
    const runs = sampledRuns(text)
    if (runs.size < fewestRuns) continue
    const shared = new Map<number, number>()
    const own = known.length
    for (const run of runs) {
      const places = byRun.get(run)
      for (const place of places ?? []) shared.set(place, (shared.get(place) ?? 0) + 1)
      if (places === undefined) byRun.set(run, [own])
      else if (places.length < mostPerRun) places.push(own)
    }
    known.push({id, runs: runs.size})
    let best: NearCopy | undefined
    for (const [place, count] of shared) {
      const other = known[place] as {readonly id: string; readonly runs: number}
      const likeness = count / Math.min(runs.size, other.runs)
      if (likeness >= alike && likeness > (best?.likeness ?? 0)) best = {id, copyOf: other.id, likeness}
    }
    if (best !== undefined) copies.push(best)
  }
  return copies
}

/** Hashes of a sample of the runs of words; the same words give the same sample. */
function sampledRuns(text: string): Set<number> {
  const words = wordsOf(text)
  const runs = new Set<number>()
  if (words.length < fewestWords) return runs
  const hashes = words.map(hashWord)
  for (let at = 0; at + runLength <= hashes.length; at++) {
    let hash = 0
    for (let word = at; word < at + runLength; word++)
      hash = Math.imul(hash ^ (hashes[word] as number), 0x01000193) >>> 0
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) >>> 0
    if ((hash >>> 7) % sampling === 0) runs.add(hash)
  }
  return runs
}

function hashWord(word: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193)
  return hash >>> 0
}
