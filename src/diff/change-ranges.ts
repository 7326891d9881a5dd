import {diffIndices} from 'node-diff3'

/** A stretch of a sequence and what stands in its place in another one; starts and lengths. */
export interface ChangeRange {
  readonly base: readonly [number, number]
  readonly side: readonly [number, number]
}

/** Equal pairs beyond which two sequences are not compared item by item: the time for it grows with their number. */
const mostEqualPairs = 200_000

/** Whether two sequences can be compared in bounded time: not where many items of one equal many of the other. */
export function isComparable(one: readonly string[], other: readonly string[]): boolean {
  const counts = new Map<string, number>()
  for (const key of one) counts.set(key, (counts.get(key) ?? 0) + 1)
  let pairs = 0
  for (const key of other) pairs += counts.get(key) ?? 0
  return pairs <= mostEqualPairs
}

/** Where two sequences differ: as little as can be where they are comparable, else all between their common ends. */
export function changeRanges(base: readonly string[], side: readonly string[]): ChangeRange[] {
  if (isComparable(base, side)) {
    return diffIndices([...base], [...side]).map(({buffer1, buffer2}) => ({base: buffer1, side: buffer2}))
  }
  const most = Math.min(base.length, side.length)
  let start = 0
  while (start < most && base[start] === side[start]) start++
  let end = 0
  while (end < most - start && base.at(-1 - end) === side.at(-1 - end)) end++
  const range: ChangeRange = {base: [start, base.length - start - end], side: [start, side.length - start - end]}
  return range.base[1] + range.side[1] === 0 ? [] : [range]
}
