import MiniSearch, {type SearchResult} from 'minisearch'
import type {Passage} from './passage-library.ts'
import type {SourceQuery} from './source-query.ts'
import {stemWords} from './word-stems.ts'

/** How well a passage fits a query. */
export interface SourceMatch {
  /** Place of the passage among those that were indexed. */
  readonly at: number
  readonly score: number
  /** Share of the query's weight on stems that stand in the passage itself, not only in its headings, 0 to 1. */
  readonly ownShare: number
  /** Number of these stems. */
  readonly ownStems: number
}

const fields = ['about', 'term', 'text'] as const
const fieldWeights = {about: 0.4, term: 1.6, text: 1}

/** Postings that one query reads at most: time stays the same where notes are many, which have enough rare words. */
const mostPostings = 2000

/** Full-text index over the passages of notes. */
export class SourceIndex {
  private readonly index: MiniSearch
  private readonly counts = new Map<string, number>()
  private readonly stems = new Map<number, ReadonlySet<string>>()

  constructor(private readonly passages: readonly Passage[]) {
    this.index = new MiniSearch({
      fields: [...fields],
      idField: 'at',
      tokenize: (text) => [...stemWords(text)],
      processTerm: (stem) => stem,
    })
    passages.forEach(({noteTitle, topic, term, text, block}, at) => {
      this.index.add({at, about: `${noteTitle} ${topic}`, term, text: `${text} ${block}`})
      for (const stem of new Set(stemWords(`${noteTitle} ${topic} ${term} ${text} ${block}`))) {
        this.counts.set(stem, (this.counts.get(stem) ?? 0) + 1)
      }
    })
  }

  /** Passages that have any word of the query, the best first and the earlier of two equals first. */
  search(query: SourceQuery, accepts: (passage: Passage) => boolean): readonly SourceMatch[] {
    const stems = this.stemsWithinBounds(query)
    if (stems.length === 0) return []
    const isWhole = [...query.keys()].every((stem) => !this.counts.has(stem) || stems.includes(stem))
    const weights = new Map([...query].map(([stem, weight]) => [stem, weight * this.rarityOf(stem)]))
    const whole = [...weights.values()].reduce((sum, weight) => sum + weight, 0)
    const found = this.index.search(stems.join('\n'), {
      tokenize: (text) => text.split('\n'),
      boostTerm: (stem) => query.get(stem) ?? 1,
      boost: fieldWeights,
      filter: ({id}) => accepts(this.passages[id as number] as Passage),
    })
    return found
      .map((result): SourceMatch => {
        // Common words are not looked for where they are too many, and stand in a passage nonetheless.
        const own = isWhole ? ownStemsOf(result) : this.stemsOfOwn(result.id as number, query)
        const share = own.reduce((sum, stem) => sum + (weights.get(stem) ?? 0), 0) / whole
        return {at: result.id as number, score: result.score, ownShare: share, ownStems: own.length}
      })
      .sort((left, right) => right.score - left.score || left.at - right.at)
  }

  /** Share of a query's weight on stems that any passage has, 0 to 1; low where notes are about something else. */
  knownShare(query: SourceQuery): number {
    let known = 0
    let all = 0
    for (const [stem, wanted] of query) {
      const weight = wanted * this.rarityOf(stem)
      all += weight
      if (this.counts.has(stem)) known += weight
    }
    return all === 0 ? 0 : known / all
  }

  /** Stems of a query that stand in a passage itself. */
  private stemsOfOwn(at: number, query: SourceQuery): readonly string[] {
    const {term, text, block} = this.passages[at] as Passage
    const own = this.stems.get(at) ?? new Set(stemWords(`${term} ${text} ${block}`))
    this.stems.set(at, own)
    return [...query.keys()].filter((stem) => own.has(stem))
  }

  /** Stems of a query that any passage has, the rarest first, as many as the bound on postings allows. */
  private stemsWithinBounds(query: SourceQuery): readonly string[] {
    const known = [...query.keys()].filter((stem) => this.counts.has(stem))
    const countOf = (stem: string): number => this.counts.get(stem) ?? 0
    known.sort((left, right) => countOf(left) - countOf(right) || (left < right ? -1 : 1))
    let left = mostPostings
    return known.filter((stem, at) => {
      left -= countOf(stem)
      return at === 0 || left >= 0
    })
  }

  /** Weight of a stem by the number of passages that have it: the fewer, the more; most for one that none has. */
  private rarityOf(stem: string): number {
    return Math.log(1 + (this.passages.length + 1) / ((this.counts.get(stem) ?? 0) + 1))
  }
}

function ownStemsOf({match}: SearchResult): readonly string[] {
  return Object.keys(match).filter((stem) => match[stem]?.some((field) => field !== 'about'))
}
