import type {Match} from './align-sequences.ts'
import type {TextBlock} from './text-blocks.ts'
import {splitWords} from './word-spans.ts'

/** Likeness, from 0 to 1, from which two blocks are the same one, changed. */
const leastLikeness = 0.35

/** Pairs of blocks that are weighed; a gap with more is cut in windows along its diagonal. */
const mostPairs = 2500

/**
 * Pairs blocks that went with blocks that came in their place: of the same kind and alike, in the same order in both, so
 * that the sum of their likeness is greatest. Those without a like partner stay alone.
 */
export function pairBlocks(before: readonly TextBlock[], after: readonly TextBlock[]): Match[] {
  if (before.length * after.length <= mostPairs) return bestPairs(before, after)
  const pairs: Match[] = []
  const windows = Math.ceil(Math.max(before.length, after.length) / 50)
  for (let at = 0; at < windows; at++) {
    const cut = (length: number): [number, number] => [
      Math.floor((length * at) / windows),
      Math.floor((length * (at + 1)) / windows),
    ]
    const [was, wasEnd] = cut(before.length)
    const [is, isEnd] = cut(after.length)
    for (const pair of bestPairs(before.slice(was, wasEnd), after.slice(is, isEnd)))
      pairs.push({before: was + pair.before, after: is + pair.after})
  }
  return pairs
}

function bestPairs(before: readonly TextBlock[], after: readonly TextBlock[]): Match[] {
  const was = before.map(wordCounts)
  const is = after.map(wordCounts)
  const width = after.length + 1
  // By how many blocks are left on either side, the greatest sum of likeness.
  const sums = new Float64Array((before.length + 1) * width)
  const likeness = new Float64Array((before.length + 1) * width)
  for (let from = before.length - 1; from >= 0; from--)
    for (let to = after.length - 1; to >= 0; to--) {
      const place = from * width + to
      const {kind, prefix} = after[to] as TextBlock
      const old = before[from] as TextBlock
      const words = old.kind === kind ? likenessOf(was[from] as WordCounts, is[to] as WordCounts) : 0
      // Where one heading went and another of its depth came, it was renamed.
      const like =
        kind === 'heading' && old.kind === kind && old.prefix === prefix ? Math.max(words, leastLikeness) : words
      likeness[place] = like
      const paired = like >= leastLikeness ? like + (sums[place + width + 1] as number) : 0
      sums[place] = Math.max(sums[place + 1] as number, sums[place + width] as number, paired)
    }
  const pairs: Match[] = []
  for (let from = 0, to = 0; from < before.length && to < after.length; ) {
    const place = from * width + to
    const like = likeness[place] as number
    if (like >= leastLikeness && sums[place] === like + (sums[place + width + 1] as number))
      pairs.push({before: from++, after: to++})
    else if (sums[place] === sums[place + width]) from++
    else to++
  }
  return pairs
}

interface WordCounts {
  readonly total: number
  readonly counts: ReadonlyMap<string, number>
}

function wordCounts({text}: TextBlock): WordCounts {
  const counts = new Map<string, number>()
  let total = 0
  for (const part of splitWords(text)) {
    if (part.trim() === '') continue
    counts.set(part, (counts.get(part) ?? 0) + 1)
    total++
  }
  return {total, counts}
}

/** Words in common, twice, by the words of both; 1 for two blocks without a word. */
function likenessOf(was: WordCounts, is: WordCounts): number {
  if (was.total + is.total === 0) return 1
  const [few, many] = was.counts.size < is.counts.size ? [was, is] : [is, was]
  let common = 0
  for (const [word, count] of few.counts) common += Math.min(count, many.counts.get(word) ?? 0)
  return (2 * common) / (was.total + is.total)
}
