import {type Draft, findCandidates, findOpening, isFact, isOfChapter, nameCandidates} from './choose-passages.ts'
import type {Candidate, DraftForm} from './draft-form.ts'
import {makeQuery} from './draft-query.ts'
import type {Passage} from './passage-library.ts'
import type {PromptReading} from './prompt-reading.ts'
import {quotePassage} from './quote-passage.ts'
import {reportUncovered} from './uncovered.ts'
import {fitLength, statementsFor} from './wanted-length.ts'

const factCount = 4
/** Statements that a chapter prints of a topic for it to be one of the chapter's. */
const leastPrinted = 2
/** How much more a summary wants a statement on the whole chapter than a section that it fits as well. */
const fitScale = 1.2

/** One paragraph of the statements that together cover prompt and chapter best and that no section prints. */
export function formSummary(draft: Draft, prompt: PromptReading): DraftForm {
  const {task} = draft
  const accepts = (passage: Passage): boolean => isFact(passage) && isOfChapter(draft, passage)
  const base = {accepts, openingScale: 1.6, chapterScale: 2, fitScale}
  const choice = draft.hasOwnNote ? base : {...base, leastShare: 0.2, subject: []}
  const find = (): readonly Candidate[] => {
    const found = findCandidates(draft, makeQuery(task, prompt), choice)
    return found.length > 0 ? found : nameCandidates(findOpening(draft, factCount), 0.1)
  }
  const limit = statementsFor(task.words, factCount)
  return {
    wishes: [{find, limit, leastGain: 0.1, fillsUp: (printed) => findBeside(draft, printed)}],
    compose: ([facts = []]) => {
      if (facts.length === 0) return [reportUncovered(draft, prompt)]
      const ordered = [...fitLength(facts, task.words)].sort((left, right) => left.id - right.id)
      return [ordered.map(quotePassage).join(' ')]
    },
  }
}

/** Facts of the topics that the chapter prints most of, those first that stand first in their topic. */
function findBeside({library}: Draft, printed: readonly Passage[]): readonly Passage[] {
  const counts = new Map<string, number>()
  for (const {note, topic} of printed) counts.set(`${note}\n${topic}`, (counts.get(`${note}\n${topic}`) ?? 0) + 1)
  const places = new Map<string, number>()
  const found = library.passages.flatMap((passage) => {
    const key = `${passage.note}\n${passage.topic}`
    const count = counts.get(key) ?? 0
    if (count < leastPrinted || !isFact(passage)) return []
    const place = places.get(key) ?? 0
    places.set(key, place + 1)
    return [{passage, score: count / (place + 2)}]
  })
  return found.sort((left, right) => right.score - left.score).map(({passage}) => passage)
}
