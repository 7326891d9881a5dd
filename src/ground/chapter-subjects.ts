import type {Draft} from './choose-passages.ts'
import {makeQuery} from './draft-query.ts'
import {withoutNumber} from './draft-task.ts'
import type {PromptReading} from './prompt-reading.ts'
import {nameKey, stemWords} from './word-stems.ts'

/** Headings that frame a chapter rather than teach something. */
const framing = [
  /^(?:appendix|bibliography|contents|definitions?|further (?:exploration|reading)|glossary|introduction|key terms)$/i,
  /^(?:links|learning objectives|notes|objectives|overview|references|see also|sources|todo)$/i,
  /\b(?:cross-references?|quiz|reflection|self-assessment|summary)\b/i,
]

/** Names of what the chapter teaches: headings that the notes cover, else those that are a topic or term of theirs. */
export function chapterSubjects({task, library}: Draft): readonly string[] {
  const topics = new Set(library.topicKeys.values())
  const beside = task.siblingTitles.filter((title) => {
    const key = nameKey(withoutNumber(title))
    return topics.has(key) || library.definitions.has(key)
  })
  const titles = (task.share?.subjects ?? beside).map(withoutNumber)
  return [...new Set(titles)].filter((title) => !framing.some((pattern) => pattern.test(title)))
}

/** Those of some names that a prompt speaks of most, at most `limit`, in their order. */
export function subjectsOf(
  draft: Draft,
  prompt: PromptReading,
  names: readonly string[],
  limit: number,
): readonly string[] {
  const query = makeQuery({...draft.task, headingPath: [], kind: 'reflection'}, prompt)
  const scored = names.map((name, at) => {
    const stems = new Set(stemWords(name))
    let score = 0
    for (const stem of stems) score += query.get(stem) ?? 0
    return {name, at, score: score / Math.sqrt(Math.max(1, stems.size))}
  })
  return scored
    .filter(({score}) => score > 0)
    .sort((left, right) => right.score - left.score || left.at - right.at)
    .slice(0, limit)
    .sort((left, right) => left.at - right.at)
    .map(({name}) => name)
}
