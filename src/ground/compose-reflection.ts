import {chooseOpening, choosePassages, type Draft} from './choose-passages.ts'
import {makeQuery} from './draft-query.ts'
import {chapterName} from './draft-task.ts'
import {readInlineText} from './inline-text.ts'
import type {PromptReading} from './prompt-reading.ts'
import {cite} from './quote-passage.ts'
import {reportUncovered} from './uncovered.ts'

/** One question that asks what a statement of the notes rests on. */
export function composeReflection(draft: Draft, prompt: PromptReading): readonly string[] {
  const [fitting] = choosePassages(draft, makeQuery(draft.task, prompt), {
    limit: 1,
    accepts: (passage) => passage.kind === 'fact',
    chapterScale: 2,
  })
  const fact = fitting ?? chooseOpening(draft, 1)[0]
  if (fact === undefined) return [reportUncovered(draft.task, prompt)]
  const subject = fact.topic || readInlineText(chapterName(draft.task), new Map()).text || fact.noteTitle
  const statement = fact.text.replace(/[.。]$/, '')
  return [`What would you have to know about **${subject}** before you rely on this: “${statement}”?${cite(fact)}`]
}
