import {chapterName, type DraftTask, withoutNumber} from './draft-task.ts'
import type {Query} from './passage-index.ts'
import type {PromptReading} from './prompt-reading.ts'
import {isAmount, isRequestStem, stemSubject} from './request-words.ts'
import {stemWords} from './word-stems.ts'

const headingWeight = 1.2
const upperHeadingWeight = 0.3
const chapterWeight = 0.4
const termWeight = 1.5
const leadWeight = 2.2
/** Weight of a word of a point with which prompts often ask: there it is likely to be content. */
const requestWeight = 0.5

/**
 * Weighs the words of a prompt and of the headings above it; headings such as `Key Terms` say nothing of the
 * subject.
 */
export function makeQuery(task: DraftTask, prompt: PromptReading): Query {
  const query = new Map<string, number>()
  const hasTopic = task.kind === 'section' || task.kind === 'overview'
  const headings = task.headingPath.slice(1).map(withoutNumber)
  const own = hasTopic ? (headings.pop() ?? '') : ''
  addWords(query, chapterName(task), chapterWeight)
  if (hasTopic) for (const heading of headings) addWords(query, heading, upperHeadingWeight)
  addWords(query, own, task.container === 'block' ? headingWeight : headingWeight / 2)
  addRequest(query, `${prompt.request} ${prompt.points.join(' ')}`)
  for (const term of prompt.terms) addWords(query, term, termWeight)
  addWords(query, prompt.lead ?? task.label ?? '', leadWeight)
  return query
}

/** Stems of what a text is about: of its term, else of its heading, else, in a list item, of nothing in particular. */
export function subjectStems(task: DraftTask, prompt: PromptReading): readonly string[] {
  const heading = task.container === 'block' ? withoutNumber(task.headingPath.at(-1) ?? '') : ''
  const stems = [...new Set(stemWords(prompt.lead ?? task.label ?? heading))]
  const content = stems.filter((stem) => !isRequestStem(stem))
  return content.length > 0 ? content : stems
}

/** Weighs the words of one point of a prompt. */
export function makePointQuery(point: string): Query {
  const query = new Map<string, number>()
  for (const stem of stemWords(point)) {
    const weight = isRequestStem(stem) ? requestWeight : 1
    if (!isAmount(stem)) query.set(stem, Math.max(query.get(stem) ?? 0, weight))
  }
  return query
}

/** Weighs the words of a compared thing and of what is compared. */
export function makePairQuery(thing: string, aspect: string): Query {
  const query = new Map<string, number>()
  addWords(query, aspect, 1)
  addWords(query, thing, termWeight)
  return query
}

function addRequest(query: Map<string, number>, request: string): void {
  for (const stem of stemSubject(request)) query.set(stem, Math.max(query.get(stem) ?? 0, 1))
}

/** Raises the weight of each word of `words` to `weight` at least. */
function addWords(query: Map<string, number>, words: string, weight: number): void {
  for (const stem of stemWords(words)) query.set(stem, Math.max(query.get(stem) ?? 0, weight))
}
