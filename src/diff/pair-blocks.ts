import type {Match} from '../model/rising-matches.ts'
import type {TextBlock} from './text-blocks.ts'
import {splitWords} from './word-spans.ts'

/** Likeness, from 0 to 1, from which two blocks are the same one, changed: below it, single words in common say nothing. */
const leastLikeness = 0.5

/** As `leastLikeness`, where the shorter block has fewer words than `fewWords`, and for code, rows and headings. */
const leastOfFew = 0.35
const fewWords = 12

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
  const was = before.map(weigh)
  const is = after.map(weigh)
  const width = after.length + 1
  // By how many blocks are left on either side, the greatest sum of likeness.
  const sums = new Float64Array((before.length + 1) * width)
  const likeness = new Float64Array((before.length + 1) * width)
  for (let from = before.length - 1; from >= 0; from--)
    for (let to = after.length - 1; to >= 0; to--) {
      const place = from * width + to
      const like = likenessOf(was[from] as WeighedBlock, is[to] as WeighedBlock)
      likeness[place] = like
      const paired = like > 0 ? like + (sums[place + width + 1] as number) : 0
      sums[place] = Math.max(sums[place + 1] as number, sums[place + width] as number, paired)
    }
  const pairs: Match[] = []
  for (let from = 0, to = 0; from < before.length && to < after.length; ) {
    const place = from * width + to
    const like = likeness[place] as number
    if (like > 0 && sums[place] === like + (sums[place + width + 1] as number))
      pairs.push({before: from++, after: to++})
    else if (sums[place] === sums[place + width]) from++
    else to++
  }
  return pairs
}

interface WeighedBlock {
  readonly block: TextBlock
  readonly total: number
  readonly counts: ReadonlyMap<string, number>
}

function weigh(block: TextBlock): WeighedBlock {
  const counts = new Map<string, number>()
  let total = 0
  for (const part of splitWords(block.text)) {
    if (part.trim() === '') continue
    counts.set(part, (counts.get(part) ?? 0) + 1)
    total++
  }
  return {block, total, counts}
}

/** How alike two blocks are, 0 where they are not the same one, changed. */
function likenessOf(was: WeighedBlock, is: WeighedBlock): number {
  const {kind, prefix} = is.block
  if (was.block.kind !== kind) return 0
  const [few, many] = was.total < is.total ? [was, is] : [is, was]
  const isProse = (kind === 'paragraph' || kind === 'item') && few.total >= fewWords
  const like = few.total === 0 ? Number(many.total === 0) : commonShare(few, many)
  // Where one heading went and another of its depth came, it was renamed.
  if (kind === 'heading' && was.block.prefix === prefix) return Math.max(like, leastOfFew)
  return like >= (isProse ? leastLikeness : leastOfFew) ? like : 0
}

/** Words in common, twice, by the words of both; a text that stands whole in a longer one is nearly the same. */
function commonShare(few: WeighedBlock, many: WeighedBlock): number {
  let common = 0
  for (const [word, count] of few.counts) common += Math.min(count, many.counts.get(word) ?? 0)
  const share = (2 * common) / (few.total + many.total)
  return few.total < 4 ? share : Math.max(share, (0.8 * common) / few.total)
}
