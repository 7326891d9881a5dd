import {changeRanges} from './change-ranges.ts'

/** A block, list item or table row, as far as aligning two versions of a text looks at it. */
export interface AlignItem {
  /** The type of its node: only items of one sort are versions of each other. */
  readonly sort: string
  /** Canonical Markdown: equal for items that differ by wrapping alone. */
  readonly key: string
}

/** A version of a sequence held against its base. */
export interface Alignment<Item> {
  /** By the base's index: the item that it became, the same or another one; undefined where it was taken out. */
  readonly became: readonly (Item | undefined)[]
  /** By the base's index, and one more at the end: items that were put in before it. */
  readonly put: readonly (readonly Item[])[]
}

/** Items this like each other are versions of one: share of words in common, from 0 to 1. */
export const likeness = 0.5

/** Beyond so many pairs in one stretch, its items are paired by their order alone. */
const mostPairs = 40_000

/** Finds what became of each item of `base` in `side`: equal ones first, then those that are alike, then by their order. */
export function alignItems<Item extends AlignItem>(base: readonly Item[], side: readonly Item[]): Alignment<Item> {
  const became: (Item | undefined)[] = []
  const put: Item[][] = Array.from({length: base.length + 1}, () => [])
  let from = 0
  const copyEqual = (until: number, sideAt: number): void => {
    for (let at = from; at < until; at++) became[at] = side[sideAt - (until - at)]
  }
  const changes = changeRanges(
    base.map(({key}) => key),
    side.map(({key}) => key),
  )
  for (const change of changes) {
    const [start, length] = change.base
    const [sideStart, sideLength] = change.side
    copyEqual(start, sideStart)
    pairChanged(base.slice(start, start + length), side.slice(sideStart, sideStart + sideLength), (at, item, isPut) => {
      if (isPut) put[start + at]?.push(item)
      else became[start + at] = item
    })
    from = start + length
  }
  copyEqual(base.length, side.length)
  return {became: Array.from(base, (_, at) => became[at]), put}
}

/** How like each other two items are by their words, from 0 to 1; 0 for items of different sorts. */
export function itemLikeness(one: AlignItem, other: AlignItem): number {
  if (one.sort !== other.sort) return 0
  if (one.key === other.key) return 1
  const counts = new Map<string, number>()
  const words = wordsOf(one)
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  const others = wordsOf(other)
  let common = 0
  for (const word of others) {
    const left = counts.get(word) ?? 0
    if (left === 0) continue
    counts.set(word, left - 1)
    common++
  }
  return words.length + others.length === 0 ? 0 : (2 * common) / (words.length + others.length)
}

const wordsByItem = new WeakMap<AlignItem, readonly string[]>()

function wordsOf(item: AlignItem): readonly string[] {
  const known = wordsByItem.get(item) ?? item.key.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  wordsByItem.set(item, known)
  return known
}

type Place<Item> = (at: number, item: Item, isPut: boolean) => void

/** Pairs the items of a stretch that is another one in both versions; what has no partner was put in or taken out. */
function pairChanged<Item extends AlignItem>(base: readonly Item[], side: readonly Item[], place: Place<Item>): void {
  let at = 0
  let sideAt = 0
  for (const [next, sideNext] of [...likePairs(base, side), [base.length, side.length] as const]) {
    for (; at < next && sideAt < sideNext; at++, sideAt++) place(at, side[sideAt] as Item, false)
    for (; sideAt < sideNext; sideAt++) place(next, side[sideAt] as Item, true)
    if (next < base.length) place(next, side[sideNext] as Item, false)
    at = next + 1
    sideAt = sideNext + 1
  }
}

/** Pairs of items that are versions of each other, in order, with the greatest likeness in all. */
function likePairs(base: readonly AlignItem[], side: readonly AlignItem[]): (readonly [number, number])[] {
  if (base.length * side.length > mostPairs) return []
  const like = base.map((one) => side.map((other) => itemLikeness(one, other)))
  const best: number[][] = Array.from({length: base.length + 1}, () => Array<number>(side.length + 1).fill(0))
  const taking = (at: number, sideAt: number): number => {
    const own = like[at]?.[sideAt] ?? 0
    return own < likeness ? -1 : own + (best[at + 1]?.[sideAt + 1] ?? 0)
  }
  const without = (at: number, sideAt: number): number =>
    Math.max(best[at + 1]?.[sideAt] ?? 0, best[at]?.[sideAt + 1] ?? 0)
  for (let at = base.length - 1; at >= 0; at--) {
    for (let sideAt = side.length - 1; sideAt >= 0; sideAt--) {
      ;(best[at] as number[])[sideAt] = Math.max(taking(at, sideAt), without(at, sideAt))
    }
  }
  const pairs: [number, number][] = []
  for (let at = 0, sideAt = 0; at < base.length && sideAt < side.length; ) {
    if (taking(at, sideAt) >= without(at, sideAt) && taking(at, sideAt) >= 0) pairs.push([at++, sideAt++])
    else if ((best[at + 1]?.[sideAt] ?? 0) >= (best[at]?.[sideAt + 1] ?? 0)) at++
    else sideAt++
  }
  return pairs
}
