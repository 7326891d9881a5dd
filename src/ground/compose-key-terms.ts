import {choosePassages, type Draft} from './choose-passages.ts'
import {makeQuery} from './draft-query.ts'
import {findDefinition} from './find-definition.ts'
import {readInlineText} from './inline-text.ts'
import type {PromptReading} from './prompt-reading.ts'
import {quotePassage, quoteStatement} from './quote-passage.ts'
import {reportUncovered} from './uncovered.ts'

const termsWithoutList = 8

/** A list of the terms that the prompt names, each with its definition; where it names none, of those that fit best. */
export function composeKeyTerms(draft: Draft, prompt: PromptReading): readonly string[] {
  const lines = prompt.terms.map((term) => {
    const definition = findDefinition(draft, term)
    const statement = definition === undefined ? 'No source defines this term yet.' : quoteStatement(definition)
    return `- **${readInlineText(term, new Map()).text}**: ${statement}`
  })
  if (lines.length === 0) {
    const accepts = (passage: {kind: string}): boolean => passage.kind === 'definition'
    const found = choosePassages(draft, makeQuery(draft.task, prompt), {
      limit: termsWithoutList,
      accepts,
      leastGain: 0,
      chapterScale: 3,
    })
    lines.push(...found.map((definition) => `- ${quotePassage(definition)}`))
  }
  return lines.length === 0 ? [reportUncovered(draft.task, prompt)] : [lines.join('\n')]
}
