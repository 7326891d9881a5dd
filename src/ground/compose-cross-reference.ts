import {choosePassages, type Draft, textKey} from './choose-passages.ts'
import {makePointQuery} from './draft-query.ts'
import {chapterName, withoutNumber} from './draft-task.ts'
import {readInlineText} from './inline-text.ts'
import type {Passage} from './passage-library.ts'
import {type PromptReading, readQuotedNames} from './prompt-reading.ts'
import {quoteStatement} from './quote-passage.ts'
import {compareTitles} from './title-index.ts'
import {reportUncovered} from './uncovered.ts'
import {nameKey, stemWords} from './word-stems.ts'

const chaptersWithoutName = 3
/** Least likeness of a note's title to a chapter's, 0 to 1, from which the note speaks for the chapter. */
const leastLikeness = 0.35

interface Reference {
  readonly title: string
  /** What the prompt says of the chapter. */
  readonly reason: string
}

/** A list of the outline's chapters that the prompt names, each with a statement where one fits it. */
export function composeCrossReference(draft: Draft, prompt: PromptReading): readonly string[] {
  const named = findNamedChapters(draft, prompt)
  const references = named.length > 0 ? named : findRelatedChapters(draft, prompt)
  if (references.length === 0) return [reportUncovered(draft.task, prompt)]
  return [references.map((reference) => formatReference(draft, reference)).join('\n')]
}

function formatReference(draft: Draft, {title, reason}: Reference): string {
  const name = withoutNumber(title)
  const likeness = compareTitles(draft.library.titles, name)
  const ofChapter = {accepts: ({kind, noteTitle}: Passage) => kind === 'fact' && likeness(noteTitle) >= leastLikeness}
  const query = makePointQuery(reason, [name])
  const [fitting] = choosePassages(draft, query, {...ofChapter, limit: 1, openingScale: 1.2})
  const fact = fitting ?? draft.library.passages.find((passage) => passage.topic === '' && ofChapter.accepts(passage))
  const label = `**${readInlineText(title, new Map()).text}**`
  if (fact === undefined || (fitting === undefined && draft.used.has(textKey(fact)))) return `- ${label}`
  draft.used.add(textKey(fact))
  return `- ${label}: ${quoteStatement(fact)}`
}

function findNamedChapters(draft: Draft, prompt: PromptReading): readonly Reference[] {
  const byName = new Map(draft.task.chapterTitles.map((title) => [nameKey(withoutNumber(title)), title]))
  const found = new Map<string, Reference>()
  for (const {name, around} of readQuotedNames(`${prompt.request} ${prompt.points.join(' ')}`)) {
    const title = byName.get(nameKey(withoutNumber(name)))
    if (title !== undefined && !found.has(title)) found.set(title, {title, reason: around})
  }
  return [...found.values()]
}

/** Other chapters whose titles share most words with the prompt. */
function findRelatedChapters(draft: Draft, prompt: PromptReading): readonly Reference[] {
  const words = new Set(stemWords(`${prompt.request} ${prompt.points.join(' ')}`))
  const scored = draft.task.chapterTitles.map((title) => {
    const stems = [...new Set(stemWords(withoutNumber(title)))]
    const common = stems.filter((stem) => words.has(stem)).length
    return {title, reason: prompt.request, score: common / Math.max(1, stems.length)}
  })
  return scored
    .filter(({title, score}) => score >= 0.3 && withoutNumber(title) !== chapterName(draft.task))
    .sort((left, right) => right.score - left.score)
    .slice(0, chaptersWithoutName)
}
