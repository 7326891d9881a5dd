import {subjectsOf} from './chapter-subjects.ts'
import type {Draft} from './choose-passages.ts'
import type {DraftForm} from './draft-form.ts'
import {fillPhrase, joinNames} from './draft-phrases.ts'
import {chapterName, withoutNumber} from './draft-task.ts'
import {readInlineText} from './inline-text.ts'
import {type PromptReading, readQuotedNames} from './prompt-reading.ts'
import {boldName, reportUncovered} from './uncovered.ts'
import {nameKey, stemWords} from './word-stems.ts'

const chaptersWithoutName = 3
const sectionCount = 2

interface Reference {
  readonly title: string
  /** What the prompt says of the chapter. */
  readonly reason: string
}

/** A list of the outline's chapters that the prompt names, each with those of its sections that the prompt speaks of. */
export function formCrossReference(draft: Draft, prompt: PromptReading): DraftForm {
  return {
    wishes: [],
    compose: () => {
      const named = findNamedChapters(draft, prompt)
      const references = named.length > 0 ? named : findRelatedChapters(draft, prompt)
      if (references.length === 0) return [reportUncovered(draft, prompt)]
      return [references.map((reference) => formatReference(draft, prompt, reference)).join('\n')]
    },
  }
}

function formatReference(draft: Draft, prompt: PromptReading, {title, reason}: Reference): string {
  const label = `- **${readInlineText(title, new Map()).text}**`
  const sections = draft.task.share?.sectionTitles?.[title] ?? []
  const fitting = subjectsOf(draft, {...prompt, request: reason, points: [], terms: []}, sections, sectionCount)
  if (fitting.length === 0) return label
  return `${label}: ${fillPhrase(draft.phrases.readFor, joinNames(fitting.map(boldName), draft.phrases.and))}`
}

function findNamedChapters({task}: Draft, prompt: PromptReading): readonly Reference[] {
  const own = nameKey(chapterName(task))
  const others = task.chapterTitles.filter((title) => nameKey(withoutNumber(title)) !== own)
  const found = new Map<string, Reference>()
  const names = readQuotedNames(`${prompt.request} ${prompt.points.join(' ')}`)
  for (const {name, around} of names) {
    const title = findChapter(others, name)
    if (title !== undefined && !found.has(title)) found.set(title, {title, reason: around})
  }
  return [...found.values()]
}

/** The chapter of a name, or the one whose title has all its words; undefined where none or several have. */
function findChapter(titles: readonly string[], name: string): string | undefined {
  const key = nameKey(withoutNumber(name))
  const exact = titles.find((title) => nameKey(withoutNumber(title)) === key)
  if (exact !== undefined) return exact
  const stems = stemWords(withoutNumber(name))
  const having = titles.filter((title) => {
    const own = new Set(stemWords(withoutNumber(title)))
    return stems.length > 0 && stems.every((stem) => own.has(stem))
  })
  return having.length === 1 ? having[0] : undefined
}

/** Other chapters whose titles share most words with the prompt. */
function findRelatedChapters({task}: Draft, prompt: PromptReading): readonly Reference[] {
  const words = new Set(stemWords(`${prompt.request} ${prompt.points.join(' ')}`))
  const scored = task.chapterTitles.map((title) => {
    const stems = [...new Set(stemWords(withoutNumber(title)))]
    const common = stems.filter((stem) => words.has(stem)).length
    return {title, reason: prompt.request, score: common / Math.max(1, stems.length)}
  })
  return scored
    .filter(({title, score}) => score >= 0.3 && withoutNumber(title) !== chapterName(task))
    .sort((left, right) => right.score - left.score)
    .slice(0, chaptersWithoutName)
}
