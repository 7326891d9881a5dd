import {listedTerms} from '../check/listed-terms.ts'
import {type Draft, findCandidates, nameCandidates} from './choose-passages.ts'
import type {DraftForm, Wish} from './draft-form.ts'
import {makeQuery} from './draft-query.ts'
import {findDefinitions} from './find-definition.ts'
import {readInlineText} from './inline-text.ts'
import type {PromptReading} from './prompt-reading.ts'
import {quotePassage, quoteStatement} from './quote-passage.ts'
import {reportUncovered} from './uncovered.ts'

const termsWithoutList = 8

/** A list of the terms that the prompt names, each with its definition; where it names none, of those that fit best. */
export function formKeyTerms(draft: Draft, prompt: PromptReading): DraftForm {
  const terms = termsOf(draft.task.prompt, prompt)
  if (terms.length === 0) return formFittingTerms(draft, prompt)
  return {
    wishes: terms.map((term): Wish => {
      return {find: () => nameCandidates(findDefinitions(draft, term), 1), limit: 1, isNamed: true}
    }),
    compose: (chosen) => {
      const lines = terms.map((term, at) => {
        const [definition] = chosen[at] ?? []
        const statement = definition === undefined ? draft.phrases.undefinedTerm : quoteStatement(definition)
        return `- **${readInlineText(term, new Map()).text}**: ${statement}`
      })
      return [lines.join('\n')]
    },
  }
}

/** Terms that a prompt lists, in any way. */
export function termsOf(text: string, prompt: PromptReading): readonly string[] {
  return prompt.terms.length > 1 ? prompt.terms : [...new Set([...prompt.terms, ...listedTerms(text)])]
}

function formFittingTerms(draft: Draft, prompt: PromptReading): DraftForm {
  const choice = {accepts: ({kind}: {kind: string}) => kind === 'definition', chapterScale: 3}
  return {
    wishes: [
      {
        find: () => findCandidates(draft, makeQuery(draft.task, prompt), choice),
        limit: termsWithoutList,
        leastGain: 0,
        isNamed: true,
      },
    ],
    compose: ([found = []]) =>
      found.length === 0
        ? [reportUncovered(draft, prompt)]
        : [found.map((definition) => `- ${quotePassage(definition)}`).join('\n')],
  }
}
