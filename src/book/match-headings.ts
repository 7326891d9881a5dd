import {foldTitle} from './fold-title.ts'
import {lineEdits} from './line-edits.ts'

export interface TitledHeading {
  readonly title: string
  readonly depth: number
}

/** Share of words that two titles have in common from which they are taken for the same heading. */
const alike = 0.5

/**
 * For each heading of a text, the index of the heading of the book that it is; undefined for a new one. Equal titles in
 * the same order come first, then equal ones that stand nowhere else, then titles that are alike, between their neighbours.
 */
export function matchHeadings(book: readonly TitledHeading[], text: readonly TitledHeading[]): (number | undefined)[] {
  const [was, is] = [book, text].map((headings) => headings.map(({title}) => foldTitle(title))) as [string[], string[]]
  const found = inOrder(was, is)
  const taken = new Set(found)
  is.forEach((title, at) => {
    const other = was.indexOf(title)
    const isOnly = was.indexOf(title, other + 1) === -1 && is.indexOf(title) === is.lastIndexOf(title)
    if (found[at] !== undefined || other === -1 || !isOnly || taken.has(other)) return
    found[at] = other
    taken.add(other)
  })
  is.forEach((title, at) => {
    if (found[at] !== undefined) return
    const other = likest(title, was, neighbours(found, at, was.length), taken)
    if (other === undefined) return
    found[at] = other
    taken.add(other)
  })
  return found
}

/** Equal titles in the order of both. */
function inOrder(was: readonly string[], is: readonly string[]): (number | undefined)[] {
  const found: (number | undefined)[] = is.map(() => undefined)
  let from = 0
  let to = 0
  const end = {start: was.length, end: was.length, lines: [], line: is.length + 1}
  for (const edit of [...lineEdits(was, is), end]) {
    while (from < edit.start) found[to++] = from++
    from = edit.end
    to += edit.lines.length
  }
  return found
}

/** The headings of the book between those that the nearest ones around a heading are. */
function neighbours(found: readonly (number | undefined)[], at: number, count: number): [number, number] {
  const before = found.slice(0, at).findLast((index) => index !== undefined) ?? -1
  const behind = found.slice(at + 1).find((index) => index !== undefined && index > before) ?? count
  return [before + 1, behind]
}

function likest(
  title: string,
  was: readonly string[],
  [from, to]: readonly [number, number],
  taken: ReadonlySet<number | undefined>,
): number | undefined {
  let best: number | undefined
  let most = alike
  for (let at = from; at < to; at++) {
    const likeness = taken.has(at) ? 0 : commonWords(title, was[at] as string)
    if (likeness < most || (likeness === most && best !== undefined)) continue
    best = at
    most = likeness
  }
  return best
}

/** Words that two titles share, as a share of the longer one's. */
function commonWords(one: string, other: string): number {
  const [words, others] = [one, other].map((title) => new Set(title.split(' '))) as [Set<string>, Set<string>]
  const shared = [...words].filter((word) => word !== '' && others.has(word)).length
  return shared / Math.max(words.size, others.size)
}
