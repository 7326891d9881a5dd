import {type Draft, findCandidates, findOpening, isFact, isOfChapter, nameCandidates} from './choose-passages.ts'
import type {Candidate, DraftForm} from './draft-form.ts'
import {makeQuery} from './draft-query.ts'
import type {Passage} from './passage-library.ts'
import type {PromptReading} from './prompt-reading.ts'
import {quotePassage} from './quote-passage.ts'
import {reportUncovered} from './uncovered.ts'
import {fitLength, statementsFor} from './wanted-length.ts'

const factCount = 4
/** How much more a summary wants a statement on the whole chapter than a section that it fits as well. */
const fitScale = 1.2

/** One paragraph of the statements that together cover prompt and chapter best and that no section prints. */
export function formSummary(draft: Draft, prompt: PromptReading): DraftForm {
  const {task} = draft
  const accepts = (passage: Passage): boolean => isFact(passage) && isOfChapter(draft, passage)
  const choice = {accepts, openingScale: 1.6, chapterScale: 2, fitScale}
  const find = (): readonly Candidate[] => {
    const found = findCandidates(draft, makeQuery(task, prompt), choice)
    return found.length > 0 ? found : nameCandidates(findOpening(draft, factCount), 0.1)
  }
  const limit = statementsFor(task.words, factCount)
  return {
    wishes: [{find, limit, leastGain: 0.1}],
    compose: ([facts = []]) => {
      if (facts.length === 0) return [reportUncovered(draft, prompt)]
      const ordered = [...fitLength(facts, task.words)].sort((left, right) => left.id - right.id)
      return [ordered.map(quotePassage).join(' ')]
    },
  }
}
