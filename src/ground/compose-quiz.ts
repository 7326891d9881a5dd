import {choosePassages, type Draft} from './choose-passages.ts'
import {makeQuery} from './draft-query.ts'
import type {Passage} from './passage-library.ts'
import type {PromptReading} from './prompt-reading.ts'
import {cite} from './quote-passage.ts'
import {reportUncovered} from './uncovered.ts'
import {nameKey, stemWords} from './word-stems.ts'

const questionCount = 4
const optionCount = 4
/** Likeness of a note's title to the chapter's, 0 to 1, from which its terms fill up the quiz. */
const leastLikeness = 0.2
const letters = ['A', 'B', 'C', 'D']

/**
 * Multiple-choice questions that ask for the term of a definition, then their answers; wants two definitions at
 * least.
 */
export function composeQuiz(draft: Draft, prompt: PromptReading): readonly string[] {
  const accepts = (passage: Passage): boolean => passage.kind === 'definition' && !namesItsTerm(passage)
  const choice = {limit: questionCount, accepts, leastGain: 0, chapterScale: 3}
  const fitting = choosePassages(draft, makeQuery(draft.task, prompt), choice)
  const ofChapter = [...draft.library.definitions.values()]
    .flat()
    .filter((definition) => accepts(definition) && draft.likenessToChapter(definition.noteTitle) >= leastLikeness)
  const asked = [...new Set([...fitting, ...ofChapter])].slice(0, questionCount)
  const start = hashText(draft.task.id)
  const questions: string[] = []
  const answers: string[] = []
  for (const definition of asked) {
    const others = chooseOthers(draft, definition)
    if (others.length === 0) continue
    const number = questions.length
    const place = (start + number * 3 + (number >> 1)) % (others.length + 1)
    const options = [...others.slice(0, place), definition.term, ...others.slice(place)]
    const lines = options.map((option, at) => `   - ${letters[at]}) ${option}`)
    const question = `${number + 1}. Which term fits this description: “${definition.text.replace(/[.。]$/, '')}”?`
    questions.push([question, ...lines].join('\n'))
    answers.push(`${number + 1}. **${letters[place]}**: ${definition.term}${cite(definition)}`)
  }
  if (questions.length === 0) return [reportUncovered(draft.task, prompt)]
  return [questions.join('\n'), '**Answers**', answers.join('\n')]
}

/**
 * Terms defined near this one in its note, then in the notes nearest to the chapter; none that is a form of the
 * same.
 */
function chooseOthers(draft: Draft, definition: Passage): readonly string[] {
  const all = [...draft.library.definitions.values()].flat()
  const scale = (passage: Passage): number => draft.likenessToChapter(passage.noteTitle)
  const near = all.filter((passage) => passage.note === definition.note)
  const at = near.indexOf(definition)
  const neighbours = [...near.slice(at + 1), ...near.slice(0, at)]
  const rest = all
    .filter((passage) => passage.note !== definition.note)
    .sort((left, right) => scale(right) - scale(left))
  const names = new Map<string, string>()
  for (const passage of [...neighbours, ...rest]) {
    if (names.size === optionCount - 1) break
    const key = nameKey(passage.term)
    if (key !== nameKey(definition.term) && passage.text !== definition.text && !names.has(key))
      names.set(key, passage.term)
  }
  return [...names.values()]
}

/** Whether a definition gives away the term that it would ask for. */
function namesItsTerm(definition: Passage): boolean {
  const words = new Set(stemWords(definition.text))
  const term = stemWords(definition.term)
  return term.length > 0 && term.every((stem) => words.has(stem))
}

/** A number of 32 bits that depends on each character (FNV-1a). */
function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}
