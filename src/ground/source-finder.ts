import type {Bibliography} from '../model/bibliography.ts'
import {type ContentAddress, contentAddress} from '../model/content-address.ts'
import type {Job} from '../model/job.ts'
import type {SourceExcerpt, SourcePassage} from '../model/source-excerpt.ts'
import type {Passage, PassageLibrary} from './passage-library.ts'
import {passageTokens} from './passage-tokens.ts'
import {SourceIndex, type SourceMatch} from './source-index.ts'
import {type SourceQuery, sourceQuery} from './source-query.ts'
import {stemWords} from './word-stems.ts'

/** Least share of the query's weight that a passage's own words must have for it to cover anything of it. */
const leastShare = 0.05
/** The same where the notes know little of what the query names: single words then meet by accident. */
const leastStrangeShare = 0.2
/** Share of the query's weight that the notes must know for their subject to be the query's. */
const leastKnownShare = 0.35
/** Least part of the best passage's score that a further one must have. */
const leastScore = 0.3
/** Passages of one request at most: what comes after them is of ever less use. */
const mostPassages = 40
/** Passages that are looked at for one request: where notes repeat themselves, many are alike. */
const mostCandidates = 400
/** Share of common words from which two passages say the same. */
const likeShare = 0.8
/** Tokens of the delimiters around passages of one source, beside titles. */
const delimiterTokens = 16

/** Address of an excerpt without passages. */
export const emptyExcerpt: SourceExcerpt = {passages: [], address: addressOf([])}

/** Finds what the sources of a course say to a directive. */
export class SourceFinder {
  private readonly index: SourceIndex
  private readonly titles: ReadonlyMap<number, string>
  private readonly stems = new Map<Passage, ReadonlySet<string>>()

  constructor(
    private readonly library: PassageLibrary,
    bibliography: Bibliography | undefined,
  ) {
    this.index = new SourceIndex(library.passages)
    this.titles = new Map((bibliography?.entries ?? []).map(({number, title}) => [number, title]))
  }

  /**
   * The passages that fit a directive best, as many as the budget holds; only those of its `sources` where it names any.
   * Where these have none of its words they are given from the first on: its author knows that they fit.
   */
  find(job: Pick<Job, 'directive' | 'kind' | 'headingPath'>, budgetTokens: number): SourceExcerpt {
    const accepts = this.restrictionOf(job.directive.attributes.sources ?? [])
    const query = sourceQuery(job)
    const found = this.index.search(query, accepts ?? (() => true))
    const best = accepts === undefined ? coveringMatches(query, found, this.index.knownShare(query)) : found
    const ranked = best.map(({at}) => this.library.passages[at] as Passage)
    const wanted = ranked.length > 0 || accepts === undefined ? ranked : this.library.passages.filter(accepts)
    return this.excerptOf(this.withinBudget(wanted, budgetTokens))
  }

  /** Whether a passage is of the sources that a directive names; undefined where it names none that says anything. */
  private restrictionOf(sources: readonly string[]): ((passage: Passage) => boolean) | undefined {
    const numbers = new Set(sources.filter((source) => /^\d+$/.test(source)).map(Number))
    const names = new Set(sources.filter((source) => !/^\d+$/.test(source)).flatMap((name) => [name, `${name}.md`]))
    const known = [...numbers].filter((number) => this.titles.has(number))
    if (names.size === 0 && known.length === 0) return undefined
    return ({note, numbers: own}) => names.has(note) || own.some((number) => numbers.has(number))
  }

  private withinBudget(ranked: readonly Passage[], budgetTokens: number): readonly Passage[] {
    const chosen: Passage[] = []
    const groups = new Set<string>()
    let left = budgetTokens
    for (const passage of ranked.slice(0, mostCandidates)) {
      if (chosen.length === mostPassages) break
      const group = groupOf(passage)
      const heading = groups.has(group) ? 0 : delimiterTokens + passageTokens(this.titleOf(passage) + aboutOf(passage))
      const tokens = heading + passageTokens(markdownOf(passage)) + 1
      if (tokens > left || chosen.some((other) => this.isLike(other, passage))) continue
      left -= tokens
      groups.add(group)
      chosen.push(passage)
    }
    return chosen.sort((one, other) => one.id - other.id)
  }

  private excerptOf(chosen: readonly Passage[]): SourceExcerpt {
    if (chosen.length === 0) return emptyExcerpt
    const passages = chosen.map(
      (passage): SourcePassage => ({
        numbers: passage.numbers,
        title: this.titleOf(passage),
        note: passage.note,
        line: passage.line,
        about: aboutOf(passage),
        markdown: markdownOf(passage),
      }),
    )
    return {passages, address: addressOf(passages)}
  }

  /** Whether two passages have so many words in common that the second says nothing new. */
  private isLike(one: Passage, other: Passage): boolean {
    if (one.block !== other.block) return false
    const words = this.stemsOf(one)
    const others = this.stemsOf(other)
    const most = Math.max(words.size, others.size)
    if (Math.min(words.size, others.size) < likeShare * most) return false
    let common = 0
    for (const stem of others) if (words.has(stem)) common += 1
    return common > 0 && common / most >= likeShare
  }

  private stemsOf(passage: Passage): ReadonlySet<string> {
    const known = this.stems.get(passage) ?? new Set(stemWords(`${passage.term} ${passage.text}`))
    this.stems.set(passage, known)
    return known
  }

  private titleOf({numbers, noteTitle}: Passage): string {
    const titles = numbers.map((number) => this.titles.get(number)).filter((title) => title !== undefined)
    return titles.length === 0 ? noteTitle : titles.join('; ')
  }
}

/** Matches that cover what is asked for, none where not even the best one does. */
function coveringMatches(
  query: SourceQuery,
  found: readonly SourceMatch[],
  knownShare: number,
): readonly SourceMatch[] {
  const share = knownShare < leastKnownShare ? leastStrangeShare : leastShare
  const fitting = found.filter(({ownShare, ownStems}) => ownShare >= share && ownStems >= Math.min(2, query.size))
  const least = (fitting[0]?.score ?? 0) * leastScore
  return fitting.filter(({score}) => score >= least)
}

/** Titles around a passage are no part: they are sent, and make no text drift. */
function addressOf(passages: readonly Pick<SourcePassage, 'numbers' | 'markdown'>[]): ContentAddress {
  return contentAddress(['passages', passages.map(({numbers, markdown}) => [numbers, markdown])])
}

function groupOf(passage: Passage): string {
  return `${passage.numbers.join()}\n${passage.note}\n${passage.topic}`
}

function aboutOf({noteTitle, topic}: Passage): string {
  return topic === '' ? noteTitle : `${noteTitle}: ${topic}`
}

function markdownOf({kind, term, text, block}: Passage): string {
  if (kind === 'definition') return `**${term}**: ${text}`
  return [text, block].filter((part) => part !== '').join('\n\n')
}
