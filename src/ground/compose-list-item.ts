import {choosePassages, type Draft, textKey} from './choose-passages.ts'
import {quoteOwnCode} from './compose-section.ts'
import {makeQuery} from './draft-query.ts'
import {findDefinition} from './find-definition.ts'
import type {PromptReading} from './prompt-reading.ts'
import {quoteStatement} from './quote-passage.ts'
import {reportUncovered} from './uncovered.ts'

/**
 * Blocks of a list item: one short paragraph on the term that the prompt or the label names, then the prompt's
 * own code.
 */
export function composeListItem(draft: Draft, prompt: PromptReading): readonly string[] {
  const term = draft.task.label ?? prompt.lead
  const definition = term === undefined ? undefined : findDefinition(draft, term)
  if (definition !== undefined) draft.used.add(textKey(definition))
  const facts = choosePassages(draft, makeQuery(draft.task, prompt), {
    limit: definition === undefined ? 2 : 1,
    accepts: (passage) => passage.kind === 'fact',
    leastGain: 0.4,
    leastShare: definition === undefined ? 0.07 : 0.14,
  })
  const statements = [...(definition === undefined ? [] : [definition]), ...facts].map(quoteStatement)
  if (statements.length === 0) return [reportUncovered(draft.task, prompt), ...quoteOwnCode(prompt)]
  const lead =
    prompt.lead === undefined || draft.task.container === 'labelled' ? '' : `**${formatLead(prompt.lead)}**: `
  return [`${lead}${statements.join(' ')}`, ...quoteOwnCode(prompt)]
}

/** A name in words stays words; a setting or command stays code. */
function formatLead(lead: string): string {
  return /^[\p{Lu}\d]/u.test(lead) && !/[_=<>*[\]\\]/.test(lead) ? lead : `\`${lead}\``
}
