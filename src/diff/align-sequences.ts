import {diffArrays} from 'diff'
import {type Match, risingMatches} from '../model/rising-matches.ts'

/** Edits of one gap between anchors up to which the shortest script is looked for; time grows with its square. */
const mostEdits = 300

/**
 * Matches equal values of two sequences; places rise in both. Values that stand once in both hold them together, between
 * those the shortest script of edits is taken; in a gap that is too different for that, the first of one kind is the
 * first, the second the second. Two unrelated sequences take little time.
 */
export function alignSequences(before: readonly string[], after: readonly string[]): Match[] {
  const matches: Match[] = []
  const anchors = risingMatches(uniqueMatches(before, after))
  let from: Match = {before: 0, after: 0}
  for (const anchor of [...anchors, {before: before.length, after: after.length}]) {
    matchGap(before, after, from, anchor, matches)
    if (anchor.before < before.length) matches.push(anchor)
    from = {before: anchor.before + 1, after: anchor.after + 1}
  }
  return matches
}

/** Matches what lies between two anchors: equal ends first, then the rest by the shortest script. */
function matchGap(before: readonly string[], after: readonly string[], from: Match, to: Match, matches: Match[]): void {
  let {before: was, after: is} = from
  for (; was < to.before && is < to.after && before[was] === after[is]; was++, is++)
    matches.push({before: was, after: is})
  let tail = 0
  while (to.before - tail > was && to.after - tail > is && before[to.before - tail - 1] === after[to.after - tail - 1])
    tail++
  if (to.before - tail > was && to.after - tail > is)
    matches.push(...matchEdits(before.slice(was, to.before - tail), after.slice(is, to.after - tail), was, is))
  for (let left = tail; left > 0; left--) matches.push({before: to.before - left, after: to.after - left})
}

function matchEdits(before: string[], after: string[], was: number, is: number): Match[] {
  const changes = diffArrays(before, after, {maxEditLength: mostEdits})
  if (changes === undefined) {
    const numbered = risingMatches(uniqueMatches(numberEqual(before), numberEqual(after)))
    return numbered.map((match) => ({before: was + match.before, after: is + match.after}))
  }
  const matches: Match[] = []
  for (const {added, removed, count} of changes) {
    if (!added && !removed) for (let at = 0; at < count; at++) matches.push({before: was + at, after: is + at})
    if (!added) was += count
    if (!removed) is += count
  }
  return matches
}

/** Values made unique by how often each stood before: the third of one kind is held to be the third still. */
function numberEqual(values: readonly string[]): string[] {
  const counts = new Map<string, number>()
  return values.map((value) => {
    const count = counts.get(value) ?? 0
    counts.set(value, count + 1)
    return `${count} ${value}`
  })
}

/** Values that stand exactly once in both, in the order of the sequence after. */
function uniqueMatches(before: readonly string[], after: readonly string[]): Match[] {
  const was = uniquePlaces(before)
  return [...uniquePlaces(after)].flatMap(([value, place]): Match[] => {
    const other = was.get(value)
    return other === undefined || other === -1 || place === -1 ? [] : [{before: other, after: place}]
  })
}

/** Place of each value; -1 for one that stands there more than once. */
function uniquePlaces(values: readonly string[]): Map<string, number> {
  const places = new Map<string, number>()
  values.forEach((value, at) => {
    places.set(value, places.has(value) ? -1 : at)
  })
  return places
}
