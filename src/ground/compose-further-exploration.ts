import {type Draft, requireFit, textKey} from './choose-passages.ts'
import {makeQuery} from './draft-query.ts'
import {findMatches} from './passage-index.ts'
import type {Passage} from './passage-library.ts'
import type {PromptReading} from './prompt-reading.ts'
import {formatLink, type SourceLink} from './source-link.ts'
import {reportUncovered} from './uncovered.ts'
import {stemWords} from './word-stems.ts'

const linkCount = 3
const candidateCount = 80

interface Candidate {
  readonly link: SourceLink
  score: number
  /** Statements that the notes cite it for, the best first. */
  readonly facts: Passage[]
}

/** Up to three links that the notes define, those first that stand behind the statements that fit best. */
export function composeFurtherExploration(draft: Draft, prompt: PromptReading): readonly string[] {
  const {library} = draft
  const query = makeQuery(draft.task, prompt)
  const candidates = new Map<string, Candidate>()
  const matches = findMatches(library.index, query, candidateCount, (id) => {
    const passage = library.passages[id]
    return passage?.kind === 'fact' ? 1 + draft.likenessToChapter(passage.noteTitle) : 0
  })
  for (const match of matches.filter(requireFit(library, query))) {
    const passage = library.passages[match.id]
    if (passage === undefined) continue
    for (const link of passage.links) {
      const key = addressKey(link)
      const known = candidates.get(key) ?? {link, score: match.score, facts: []}
      known.facts.push(passage)
      candidates.set(key, known)
    }
  }
  const top = Math.max(1, ...[...candidates.values()].map(({score}) => score))
  for (const link of library.links) {
    const weight = weighTitle(link, query)
    if (weight === 0) continue
    const known = candidates.get(addressKey(link)) ?? {link, score: 0, facts: []}
    known.score += weight * top
    candidates.set(addressKey(link), known)
  }
  const best = [...candidates.values()].sort((left, right) => right.score - left.score).slice(0, linkCount)
  if (best.length === 0) return [reportUncovered(draft.task, prompt)]
  return [best.map((candidate) => formatCandidate(draft, candidate)).join('\n')]
}

function formatCandidate(draft: Draft, {link, facts}: Candidate): string {
  const fact = facts.find((passage) => !draft.used.has(textKey(passage)))
  if (fact === undefined) return `- ${formatLink(link)}`
  draft.used.add(textKey(fact))
  return `- ${formatLink(link)}: ${fact.text}`
}

/** Share of a link's title that the query names, 0 to 1. */
function weighTitle(link: SourceLink, query: ReadonlyMap<string, number>): number {
  const stems = new Set(stemWords(link.title))
  const common = [...stems].filter((stem) => (query.get(stem) ?? 0) >= 1).length
  return common < 2 ? 0 : common / Math.max(3, stems.size)
}

function addressKey(link: SourceLink): string {
  return link.url.replace(/\/$/, '')
}
