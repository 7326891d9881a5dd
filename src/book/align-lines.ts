import {type Match, risingMatches} from '../model/rising-matches.ts'

/**
 * For each line of a text that was changed, the index of the line before the change that it is; undefined for what is
 * new. Lines that stand once in both texts hold the two together, and equal lines around them follow. Rises.
 */
export function alignLines(before: readonly string[], after: readonly string[]): (number | undefined)[] {
  const found: (number | undefined)[] = after.map(() => undefined)
  const shared = risingMatches(uniqueMatches(before, after))
  const ends = [...shared, {before: before.length, after: after.length}]
  let from = 0
  let to = 0
  for (const end of ends) {
    // Equal lines behind the anchor before, then equal lines ahead of this one.
    for (; from < end.before && to < end.after && before[from] === after[to]; from++, to++) found[to] = from
    for (
      let was = end.before - 1, is = end.after - 1;
      was >= from && is >= to && before[was] === after[is];
      was--, is--
    ) {
      found[is] = was
    }
    if (end.after < after.length) found[end.after] = end.before
    from = end.before + 1
    to = end.after + 1
  }
  return found
}

/** Lines that stand exactly once in both texts, in the order of the one after. */
function uniqueMatches(before: readonly string[], after: readonly string[]): Match[] {
  const was = uniqueLines(before)
  const is = uniqueLines(after)
  const matches: Match[] = []
  for (const [line, to] of is) {
    const from = was.get(line)
    if (from !== undefined && from !== -1 && to !== -1) matches.push({before: from, after: to})
  }
  return matches.sort((one, other) => one.after - other.after)
}

/** Index of each line; -1 for one that stands there more than once. */
function uniqueLines(lines: readonly string[]): Map<string, number> {
  const found = new Map<string, number>()
  lines.forEach((line, at) => {
    found.set(line, found.has(line) ? -1 : at)
  })
  return found
}
