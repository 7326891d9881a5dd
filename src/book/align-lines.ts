/**
 * For each line of a text that was changed, the index of the line before the change that it is; undefined for what is
 * new. Lines that stand once in both texts hold the two together, and equal lines around them follow. Rises.
 */
export function alignLines(before: readonly string[], after: readonly string[]): (number | undefined)[] {
  const found: (number | undefined)[] = after.map(() => undefined)
  const shared = risingPairs(uniquePairs(before, after))
  const ends = [...shared, {from: before.length, to: after.length}]
  let from = 0
  let to = 0
  for (const end of ends) {
    // Equal lines behind the anchor before, then equal lines ahead of this one.
    for (; from < end.from && to < end.to && before[from] === after[to]; from++, to++) found[to] = from
    for (let was = end.from - 1, is = end.to - 1; was >= from && is >= to && before[was] === after[is]; was--, is--) {
      found[is] = was
    }
    if (end.to < after.length) found[end.to] = end.from
    from = end.from + 1
    to = end.to + 1
  }
  return found
}

interface Pair {
  readonly from: number
  readonly to: number
}

/** Lines that stand exactly once in both texts, in the order of the one after. */
function uniquePairs(before: readonly string[], after: readonly string[]): Pair[] {
  const was = uniqueLines(before)
  const is = uniqueLines(after)
  const pairs: Pair[] = []
  for (const [line, to] of is) {
    const from = was.get(line)
    if (from !== undefined && from !== -1 && to !== -1) pairs.push({from, to})
  }
  return pairs.sort((one, other) => one.to - other.to)
}

/** Index of each line; -1 for one that stands there more than once. */
function uniqueLines(lines: readonly string[]): Map<string, number> {
  const found = new Map<string, number>()
  lines.forEach((line, at) => {
    found.set(line, found.has(line) ? -1 : at)
  })
  return found
}

/** The longest run of pairs that rise in both texts. */
function risingPairs(pairs: readonly Pair[]): Pair[] {
  // By length of a run, the place in `pairs` of the lowest pair that ends one; and of each pair the one before it.
  const lowest: number[] = []
  const previous: number[] = []
  pairs.forEach(({from}, at) => {
    let low = 0
    let high = lowest.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((pairs[lowest[middle] as number] as Pair).from < from) low = middle + 1
      else high = middle
    }
    previous.push(low === 0 ? -1 : (lowest[low - 1] as number))
    lowest[low] = at
  })
  const run: Pair[] = []
  for (let at = lowest.at(-1) ?? -1; at !== -1; at = previous[at] as number) run.push(pairs[at] as Pair)
  return run.reverse()
}
