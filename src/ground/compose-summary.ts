import {chooseOpening, choosePassages, type Draft} from './choose-passages.ts'
import {makeQuery} from './draft-query.ts'
import type {PromptReading} from './prompt-reading.ts'
import {quotePassage} from './quote-passage.ts'
import {reportUncovered} from './uncovered.ts'

const factCount = 4

/** One paragraph of the statements that together cover prompt and chapter best, in the order of the notes. */
export function composeSummary(draft: Draft, prompt: PromptReading): readonly string[] {
  const fitting = choosePassages(draft, makeQuery(draft.task, prompt), {
    limit: factCount,
    accepts: (passage) => passage.kind === 'fact',
    openingScale: 1.6,
    chapterScale: 2,
    leastGain: 0.1,
  })
  const facts = fitting.length > 0 ? fitting : chooseOpening(draft, factCount)
  if (facts.length === 0) return [reportUncovered(draft.task, prompt)]
  const ordered = [...facts].sort((left, right) => left.id - right.id)
  return [ordered.map(quotePassage).join(' ')]
}
