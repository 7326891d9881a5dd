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
  const known = [...texts]
    .map(([id, text]) => ({id, runs: samples.take(text)}))
    .filter(({runs}) => runs.length >= fewestRuns)
  const places = new RunPlaces(known.reduce((sum, {runs}) => sum + runs.length, 0))
  const shared = new Int32Array(known.length)
  const copies: NearCopy[] = []
  known.forEach(({id, runs}, own) => {
    const touched: number[] = []
    for (const run of runs) places.meet(run, own, shared, touched)
    let best: NearCopy | undefined
    for (const place of touched) {
      const other = known[place] as (typeof known)[number]
      const likeness = (shared[place] as number) / Math.min(runs.length, other.runs.length)
      if (likeness >= alike && likeness > (best?.likeness ?? 0)) best = {id, copyOf: other.id, likeness}
      shared[place] = 0
    }
    if (best !== undefined) copies.push(best)
  })
  return copies
}

/** Which texts have a run of words, the first few of them: a table of flat arrays, since most runs stand in one text. */
class RunPlaces {
  private readonly shift: number
  /** By slot: a run, the first and the last entry of its list of texts, and how many these are; none where it is free. */
  private readonly runs: Int32Array
  private readonly first: Int32Array
  private readonly last: Int32Array
  private readonly counts: Uint8Array
  /** By entry of a list, from 1: the text, and the next entry. */
  private readonly texts: Int32Array
  private readonly next: Int32Array
  private entries = 0

  /** For so many calls of `meet` at most. */
  constructor(most: number) {
    const bits = Math.ceil(Math.log2(2 * most + 2))
    const slots = 2 ** bits
    this.shift = 32 - bits
    this.runs = new Int32Array(slots)
    this.first = new Int32Array(slots)
    this.last = new Int32Array(slots)
    this.counts = new Uint8Array(slots)
    this.texts = new Int32Array(most + 1)
    this.next = new Int32Array(most + 1)
  }

  /**
   * Adds a text to those that have a run; each that came before is counted in `shared` and stands in `touched` once. One
   * search of the table for both, since there is a run for every few words of a book.
   */
  meet(run: number, text: number, shared: Int32Array, touched: number[]): void {
    const slot = this.slotOf(run)
    for (let entry = this.first[slot] as number; entry !== 0; entry = this.next[entry] as number) {
      const place = this.texts[entry] as number
      if (shared[place] === 0) touched.push(place)
      ;(shared[place] as number)++
    }
    if ((this.counts[slot] as number) >= mostPerRun) return
    const added = ++this.entries
    this.texts[added] = text
    if (this.counts[slot] === 0) this.first[slot] = added
    else this.next[this.last[slot] as number] = added
    this.runs[slot] = run
    this.last[slot] = added
    ;(this.counts[slot] as number)++
  }

  /** The slot of a run, or the free one where it belongs. Sampling left some bits alike, so a run is spread over all slots. */
  private slotOf(run: number): number {
    let slot = Math.imul(run, 0x9e3779b1) >>> this.shift
    while (this.counts[slot] !== 0 && this.runs[slot] !== run) slot = (slot + 1) & (this.counts.length - 1)
    return slot
  }
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
