import {choosePassages, type Draft, requireFit} from './choose-passages.ts'
import {makeQuery} from './draft-query.ts'
import {withoutNumber} from './draft-task.ts'
import {readInlineText} from './inline-text.ts'
import {findMatches} from './passage-index.ts'
import type {Passage} from './passage-library.ts'
import type {PromptReading} from './prompt-reading.ts'
import {reportUncovered} from './uncovered.ts'
import {nameKey} from './word-stems.ts'

const topicCount = 5
const termCount = 3
const candidateCount = 60

const openings = [
  'Describe what the sources say on',
  'Explain in your own words what the sources say on',
  'Name the main points that the sources make on',
]

/** Topics that frame a note rather than teach something. */
const framingTopics = [
  /^(?:appendix|bibliography|contents|definitions?|further (?:exploration|reading)|glossary|introduction|key terms)$/i,
  /^(?:links|learning objectives|notes|objectives|overview|references|see also|sources|todo)$/i,
  /\b(?:cross-references?|quiz|reflection|self-assessment|summary)\b/i,
]

/** A list of objectives that name topics and terms of the notes, and claim nothing about them. */
export function composeObjectives(draft: Draft, prompt: PromptReading): readonly string[] {
  const topics = [...new Set([...findCoveredSiblings(draft), ...findTopics(draft, prompt)])].slice(0, topicCount)
  const lines = topics.map((topic, at) => `- ${openings[at % openings.length]} **${topic}**.`)
  const accepts = (passage: Passage): boolean => passage.kind === 'definition'
  const terms = choosePassages(draft, makeQuery(draft.task, prompt), {
    limit: termCount,
    accepts,
    chapterScale: 3,
  })
  if (terms.length > 0) lines.push(`- Define ${joinNames(terms.map(({term}) => `**${term}**`))}.`)
  return lines.length === 0 ? [reportUncovered(draft.task, prompt)] : [lines.join('\n')]
}

/** Titles beside this section that are a topic or a term of the notes too. */
function findCoveredSiblings(draft: Draft): readonly string[] {
  const topics = new Set(draft.library.topicKeys.values())
  const titles = draft.task.siblingTitles.map(withoutNumber).filter((title) => !isFraming(title))
  return titles
    .filter((title) => topics.has(nameKey(title)) || draft.library.definitions.has(nameKey(title)))
    .map((title) => readInlineText(title, new Map()).text)
}

/** The topics whose statements fit prompt and chapter best, in the order of the notes. */
function findTopics(draft: Draft, prompt: PromptReading): readonly string[] {
  const {library} = draft
  const query = makeQuery(draft.task, prompt)
  const found = new Map<string, {topic: string; score: number; id: number}>()
  const matches = findMatches(library.index, query, candidateCount, (id) => {
    const passage = library.passages[id]
    const isTopic = passage?.kind === 'fact' && passage.topic !== '' && !isFraming(passage.topic)
    return isTopic ? 1 + 4 * draft.likenessToChapter(passage.noteTitle) : 0
  })
  for (const match of matches.filter(requireFit(library, query))) {
    const passage = library.passages[match.id]
    if (passage === undefined) continue
    const known = found.get(passage.topic) ?? {topic: passage.topic, score: 0, id: match.id}
    found.set(passage.topic, {topic: passage.topic, score: known.score + match.score, id: Math.min(known.id, match.id)})
  }
  const best = [...found.values()].sort((left, right) => right.score - left.score || left.id - right.id)
  return best
    .slice(0, topicCount)
    .sort((left, right) => left.id - right.id)
    .map(({topic}) => topic)
}

function isFraming(title: string): boolean {
  return framingTopics.some((pattern) => pattern.test(title))
}

function joinNames(names: readonly string[]): string {
  if (names.length < 3) return names.join(' and ')
  return `${names.slice(0, -1).join(', ')}, and ${names.at(-1)}`
}
