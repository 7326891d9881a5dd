import {stemWords} from './word-stems.ts'

/** Titles of the notes by their words, so that a chapter is found to have its note. */
export interface TitleIndex {
  readonly stems: ReadonlyMap<string, ReadonlySet<string>>
  /** Number of titles that have a stem. */
  readonly counts: ReadonlyMap<string, number>
}

/** Indexes titles, each once. */
export function indexTitles(titles: Iterable<string>): TitleIndex {
  const stems = new Map<string, ReadonlySet<string>>()
  const counts = new Map<string, number>()
  for (const title of titles) {
    if (stems.has(title)) continue
    const words = new Set(stemWords(title))
    stems.set(title, words)
    for (const stem of words) counts.set(stem, (counts.get(stem) ?? 0) + 1)
  }
  return {stems, counts}
}

/** How alike another title is to each indexed one, 0 to 1; a word counts the less, the more titles have it. */
export function compareTitles(index: TitleIndex, other: string): (title: string) => number {
  const wanted = new Set(stemWords(other))
  const weigh = (stem: string): number => 1 / (index.counts.get(stem) ?? 1)
  const known = new Map<string, number>()
  return (title) => {
    const before = known.get(title)
    if (before !== undefined) return before
    let common = 0
    let all = 0
    for (const stem of new Set([...wanted, ...(index.stems.get(title) ?? [])])) {
      all += weigh(stem)
      if (wanted.has(stem) && index.stems.get(title)?.has(stem)) common += weigh(stem)
    }
    const likeness = all === 0 ? 0 : common / all
    known.set(title, likeness)
    return likeness
  }
}
