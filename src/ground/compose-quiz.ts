import {questionNoun} from '../check/ask-questions.ts'
import {promptSentences} from '../check/prompt-sentences.ts'
import {readBounds} from '../check/read-bounds.ts'
import {type Draft, findCandidates, isFact, isOfChapter, isStatement, passageStems} from './choose-passages.ts'
import type {Candidate, DraftForm} from './draft-form.ts'
import {fillPhrase} from './draft-phrases.ts'
import {makeQuery} from './draft-query.ts'
import {findGaps, type Gap} from './find-gap.ts'
import type {Passage} from './passage-library.ts'
import type {PromptReading} from './prompt-reading.ts'
import {isWrong, nearestInLength, otherDefinitions} from './quiz-options.ts'
import {cite} from './quote-passage.ts'
import {reportUncovered} from './uncovered.ts'
import {stemWords} from './word-stems.ts'

const usualCount = 4
const mostCount = 20
/** Options beside the right one: as many as there are, two at least. */
const wrongCount = 3
const leastWrong = 2
/** Longest statement that is an option, in UTF-16 units. */
const longestOption = 200
const letters = ['A', 'B', 'C', 'D']

interface Question {
  readonly text: string
  readonly right: string
  readonly wrong: readonly string[]
  readonly explanation: string
  readonly isGap?: boolean
}

/** Multiple-choice questions made of definitions and facts that the chapter prints, then their answers. */
export function formQuiz(draft: Draft, prompt: PromptReading): DraftForm {
  const bounds = readBounds(promptSentences({value: draft.task.prompt}), questionNoun)
  const count = Math.min(
    mostCount,
    bounds === undefined ? usualCount : Math.min(bounds.max, Math.max(bounds.min, usualCount)),
  )
  const accepts = (passage: Passage): boolean => isStatement(passage) && isOfChapter(draft, passage) && mayAsk(passage)
  // Without a note of the chapter's own, only what its texts print is sure to be its subject.
  const find = (): readonly Candidate[] =>
    !draft.hasOwnNote
      ? []
      : findCandidates(draft, makeQuery(draft.task, prompt), {accepts, chapterScale: 4, leastShare: 0.03})
  const fillsUp = (): readonly Passage[] => (draft.hasOwnNote ? draft.library.passages.filter(accepts) : [])
  return {
    wishes: [{find, limit: 5 * count, leastGain: 0, isShared: true, acceptsPrinted: mayAsk, fillsUp}],
    compose: ([passages = []]) => {
      const questions: Question[] = []
      // What asks for one thing alone is the better question; what asks for a topic fills up.
      for (const make of [makeQuestion, askForStatement]) {
        for (const passage of passages) {
          if (questions.length === count) break
          const question = make(draft, passage, questions.length)
          const isNew = !questions.some((other) => question !== undefined && repeats(question, other))
          if (question !== undefined && isNew) questions.push(question)
        }
      }
      return questions.length === 0 ? [reportUncovered(draft, prompt)] : formatQuiz(draft, questions)
    },
  }
}

/** Whether a question can be made of a passage at all. */
function mayAsk(passage: Passage): boolean {
  return (
    passage.kind === 'definition' ||
    (passage.kind === 'fact' && (passage.topic !== '' || findGaps(passage.text).length > 0))
  )
}

/** Whether two questions ask for the same, or what fills one gap is an option of another. */
function repeats({right, text, isGap}: Question, other: Question): boolean {
  return right === other.right || text === other.text || (isGap === true && other.wrong.includes(right))
}

function makeQuestion(draft: Draft, passage: Passage, number: number): Question | undefined {
  if (passage.kind !== 'definition') {
    for (const gap of findGaps(passage.text)) {
      const question = askForGap(draft, passage, gap)
      if (question !== undefined) return question
    }
    return undefined
  }
  const isForTerm = number % 2 === 0 && !namesItsTerm(passage)
  return isForTerm ? askForTerm(draft, passage) : (askForDescription(draft, passage) ?? askForTerm(draft, passage))
}

function askForTerm(draft: Draft, definition: Passage): Question | undefined {
  if (namesItsTerm(definition)) return undefined
  const isName = /^\p{Lu}/u.test(definition.term)
  const accepts = ({term}: Passage): boolean => /^\p{Lu}/u.test(term) === isName
  const others = otherDefinitions(draft, definition, accepts).slice(0, 2 * wrongCount)
  const wrong = nearestInLength(others, definition.term.length, ({term}) => term, wrongCount).map(({term}) => term)
  if (wrong.length < leastWrong) return undefined
  return {
    text: fillPhrase(draft.phrases.whichTerm, withoutStop(definition.text)),
    right: definition.term,
    wrong,
    explanation: `${definition.term}, ${draft.phrases.byDefinition}${cite(definition)}`,
  }
}

function askForDescription(draft: Draft, definition: Passage): Question | undefined {
  const others = otherDefinitions(draft, definition, (other) => !namesItsTerm(other)).slice(0, 3 * wrongCount)
  const texts = nearestInLength(others, definition.text.length, ({text}) => text, wrongCount)
  if (texts.length < leastWrong || namesItsTerm(definition)) return undefined
  return {
    text: fillPhrase(draft.phrases.whatIs, `**${definition.term}**`),
    right: withoutStop(definition.text),
    wrong: texts.map(({text}) => withoutStop(text)),
    explanation: `${definition.term}, ${draft.phrases.byDefinition}${cite(definition)}`,
  }
}

/** Whether another piece begins like the one in the gap, or stands beside the same word. */
function isOfSort(gap: Gap, text: string, neighbours: readonly string[]): boolean {
  const head = (piece: string): string => /^`?[^._:=\s-]+(?=[._:=\s-])/.exec(piece)?.[0] ?? ''
  const isAlike = head(text) !== '' && head(text) === head(gap.text)
  return isAlike || !gap.text.startsWith('`') || neighbours.some((word) => gap.neighbours.includes(word))
}

/** The one of several statements that is on a topic; the others are on other topics and do not name it. */
function askForStatement(draft: Draft, fact: Passage): Question | undefined {
  const named = stemWords(fact.topic)
  if (fact.kind !== 'fact' || fact.topic === '' || named.length === 0 || fact.text.length > longestOption)
    return undefined
  const topics = new Set([fact.topic])
  const others = draft.library.passages.filter((other) => {
    if (other.note !== fact.note || !isFact(other) || other.topic === '' || topics.has(other.topic)) return false
    const own = passageStems(other)
    if (other.text.length > longestOption || named.some((stem) => own.has(stem))) return false
    topics.add(other.topic)
    return true
  })
  const wrong = nearestInLength(others, fact.text.length, ({text}) => text, wrongCount).map(({text}) =>
    withoutStop(text),
  )
  if (wrong.length < leastWrong) return undefined
  return {
    text: fillPhrase(draft.phrases.whichStatement, `**${fact.topic.replace(/\*/g, '')}**`),
    right: withoutStop(fact.text),
    wrong,
    explanation: `${fillPhrase(draft.phrases.byTopic, `**${fact.topic.replace(/\*/g, '')}**`)}${cite(fact)}`,
  }
}

/** A statement with a gap; the wrong options stand in statements nearby in the same sort of place. */
function askForGap(draft: Draft, fact: Passage, gap: Gap): Question | undefined {
  const rest = `${fact.text.slice(0, gap.start)} ${fact.text.slice(gap.end)}`
  const found = new Set<string>()
  const ofNote = draft.library.passages.filter(({note, kind}) => note === fact.note && kind === 'fact')
  for (const other of ofNote) {
    if (other === fact) continue
    for (const {text, sort, neighbours} of findGaps(other.text)) {
      if (sort !== gap.sort || text === gap.text || rest.includes(text) || found.has(text)) continue
      if (!isOfSort(gap, text, neighbours)) continue
      if (isWrong(draft, fact, gap.text, text)) found.add(text)
    }
  }
  const wrong = nearestInLength([...found], gap.text.length, (text) => text, wrongCount)
  if (wrong.length < leastWrong) return undefined
  const question = `${fact.text.slice(0, gap.start)}\\_\\_\\_\\_${fact.text.slice(gap.end)}`
  const topic = fact.topic === '' ? fact.noteTitle : fact.topic
  return {
    text: fillPhrase(draft.phrases.fillGap, withoutStop(question)),
    right: gap.text,
    isGap: true,
    wrong,
    explanation: `${gap.text}; ${fillPhrase(draft.phrases.byTopic, `**${topic.replace(/\*/g, '')}**`)}${cite(fact)}`,
  }
}

function formatQuiz(draft: Draft, questions: readonly Question[]): readonly string[] {
  const start = hashText(draft.task.id)
  const asked: string[] = []
  const answers: string[] = []
  questions.forEach(({text, right, wrong, explanation}, at) => {
    const place = (start + at * 3 + (at >> 1)) % (wrong.length + 1)
    const options = [...wrong.slice(0, place), right, ...wrong.slice(place)]
    const lines = options.map((option, number) => `   - ${letters[number]}) ${option}`)
    asked.push([`${at + 1}. ${text}`, ...lines].join('\n'))
    answers.push(`${at + 1}. **${letters[place]}**: ${explanation}`)
  })
  // The title is the one that readers of quizzes know, whatever the course's language.
  return [asked.join('\n'), '**Answers**', answers.join('\n')]
}

/** Whether a definition gives away the term that it would ask for. */
function namesItsTerm(definition: Passage): boolean {
  const words = new Set(stemWords(definition.text))
  return stemWords(definition.term).some((stem) => words.has(stem))
}

function withoutStop(text: string): string {
  return text.replace(/[.。]$/, '')
}

/** A number of 32 bits that depends on each character (FNV-1a). */
function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}
