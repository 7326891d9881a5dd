import {promptSentences} from '../check/prompt-sentences.ts'
import {readBounds} from '../check/read-bounds.ts'
import {type Draft, isOfChapter, requireFit} from './choose-passages.ts'
import type {DraftForm} from './draft-form.ts'
import {fillPhrase, joinNames} from './draft-phrases.ts'
import {makeQuery} from './draft-query.ts'
import {findMatches, type Query} from './passage-index.ts'
import type {PromptReading} from './prompt-reading.ts'
import {formatLink, type SourceLink} from './source-link.ts'
import {reportUncovered} from './uncovered.ts'
import {stemWords} from './word-stems.ts'

const usualCount = 3
const mostCount = 12
const topicCount = 2
const candidateCount = 80

interface Candidate {
  readonly link: SourceLink
  score: number
  /** Topics whose statements cite it, with how well they fit. */
  readonly topics: Map<string, number>
}

/** Links that the notes or the bibliography give, those first that stand behind the statements that fit best. */
export function formFurtherExploration(draft: Draft, prompt: PromptReading): DraftForm {
  return {
    wishes: [],
    compose: () => {
      const bounds = readBounds(promptSentences({value: draft.task.prompt}), 'links')
      const count = Math.max(1, Math.min(bounds?.max ?? usualCount, Math.max(bounds?.min ?? 1, mostCount)))
      const found = findLinks(draft, makeQuery(draft.task, prompt)).slice(0, count)
      if (found.length === 0) return [reportUncovered(draft, prompt)]
      return [found.map((candidate) => formatCandidate(draft, candidate)).join('\n')]
    },
  }
}

function findLinks(draft: Draft, query: Query): readonly Candidate[] {
  const {library} = draft
  const candidates = new Map<string, Candidate>()
  const candidateOf = (link: SourceLink): Candidate => {
    const known = candidates.get(addressKey(link)) ?? {link, score: 0, topics: new Map<string, number>()}
    candidates.set(addressKey(link), known)
    return known
  }
  const matches = findMatches(library.index, query, candidateCount, (id) => {
    const passage = library.passages[id]
    return passage?.kind === 'fact' ? 1 + 2 * draft.likenessToChapter(passage.noteTitle) : 0
  })
  const fits = requireFit(library, query)
  for (const match of matches) {
    const passage = library.passages[match.id]
    if (passage === undefined || !(fits(match) || (draft.hasOwnNote && isOfChapter(draft, passage)))) continue
    const cited = passage.numbers.flatMap((number) => library.sources.get(number) ?? [])
    for (const link of cited.length > 0 ? cited : passage.links) {
      const candidate = candidateOf(link)
      candidate.score = Math.max(candidate.score, match.score)
      if (passage.topic !== '')
        candidate.topics.set(passage.topic, (candidate.topics.get(passage.topic) ?? 0) + match.score)
    }
  }
  const top = Math.max(1, ...[...candidates.values()].map(({score}) => score))
  for (const link of library.sources.size > 0 ? library.sources.values() : library.links) {
    const weight = weighTitle(link, query)
    if (weight > 0) candidateOf(link).score += weight * top
  }
  return [...candidates.values()].sort((left, right) => right.score - left.score)
}

function formatCandidate({phrases}: Draft, {link, topics}: Candidate): string {
  const best = [...topics].sort(([, left], [, right]) => right - left).slice(0, topicCount)
  if (best.length === 0) return `- ${formatLink(link)}`
  const names = best.map(([topic]) => `**${topic.replace(/\*/g, '')}**`)
  return `- ${formatLink(link)}: ${fillPhrase(phrases.restsOn, joinNames(names, phrases.and))}`
}

/** Share of a link's title that the query names, 0 to 1. */
function weighTitle(link: SourceLink, query: Query): number {
  const stems = new Set(stemWords(link.title))
  const common = [...stems].filter((stem) => (query.get(stem) ?? 0) >= 1).length
  return common < 2 ? 0 : common / Math.max(3, stems.size)
}

function addressKey(link: SourceLink): string {
  return link.url.replace(/\/$/, '')
}
