import {wordsOf} from '../syntax/words-of.ts'

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
export function findNearCopies(
  texts: Iterable<readonly [id: string, text: string]>,
  samples: RunSamples = new RunSamples(),
): NearCopy[] {
  const byRun = new Map<number, number[]>()
  const known: {readonly id: string; readonly runs: number}[] = []
  const copies: NearCopy[] = []
  for (const [id, text] of texts) {
    const runs = samples.take(text)
    if (runs.length < fewestRuns) continue
    const shared = new Map<number, number>()
    const own = known.length
    for (const run of runs) {
      const places = byRun.get(run)
      for (const place of places ?? []) shared.set(place, (shared.get(place) ?? 0) + 1)
      if (places === undefined) byRun.set(run, [own])
      else if (places.length < mostPerRun) places.push(own)
    }
    known.push({id, runs: runs.length})
    let best: NearCopy | undefined
    for (const [place, count] of shared) {
      const other = known[place] as {readonly id: string; readonly runs: number}
      const likeness = count / Math.min(runs.length, other.runs)
      if (likeness >= alike && likeness > (best?.likeness ?? 0)) best = {id, copyOf: other.id, likeness}
    }
    if (best !== undefined) copies.push(best)
  }
  return copies
}

/** Samples of texts that are going to be compared; those made before, as texts arrive, need not be made at the end. */
export class RunSamples {
  private readonly made = new Map<string, Int32Array>()
  /** Of words seen so far. */
  private readonly hashes = new Map<string, number>()

  /** Makes the sample of a text. */
  prepare(text: string): void {
    if (!this.made.has(text)) this.made.set(text, Int32Array.from(sampledRuns(text, this.hashes)))
  }

  /** The sample of a text, which is not kept any longer. */
  take(text: string): Int32Array {
    const made = this.made.get(text) ?? Int32Array.from(sampledRuns(text, this.hashes))
    this.made.delete(text)
    return made
  }
}

/** Hashes of a sample of the runs of words; the same words give the same sample. `hashes` are those of words seen so far. */
function sampledRuns(text: string, hashes: Map<string, number>): Set<number> {
  const words = wordsOf(text)
  const runs = new Set<number>()
  if (words.length < fewestWords) return runs
  const own = words.map((word) => {
    const known = hashes.get(word) ?? hashWord(word)
    hashes.set(word, known)
    return known
  })
  // Each run's hash follows from the one before: one word comes in, and one goes.
  let run = 0
  own.forEach((hash, at) => {
    run = (Math.imul(run, base) + hash - Math.imul(own[at - runLength] ?? 0, baseOfRun)) | 0
    if (at < runLength - 1) return
    // In 31 bits, which engines hold without a box.
    const mixed = Math.imul(run ^ (run >>> 15), 0x85ebca6b) >>> 1
    if ((mixed >>> 6) % sampling === 0) runs.add(mixed)
  })
  return runs
}

const base = 0x01000193
/** The base to the power of a run's length. */
const baseOfRun = Array.from({length: runLength}).reduce<number>((power) => Math.imul(power, base), 1)

function hashWord(word: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), base)
  return hash | 0
}
