import {type Draft, findCandidates, isFact, nameCandidates} from './choose-passages.ts'
import {asksForOtherCode, codeWish, quoteCode, quoteOwnCode} from './compose-code.ts'
import type {DraftForm, Wish} from './draft-form.ts'
import {makeQuery, subjectStems} from './draft-query.ts'
import {findDefinitions} from './find-definition.ts'
import {readInlineText} from './inline-text.ts'
import type {Passage} from './passage-library.ts'
import {pointReader} from './point-reader.ts'
import type {PromptReading} from './prompt-reading.ts'
import {quoteStatement} from './quote-passage.ts'
import {reportUncovered} from './uncovered.ts'
import {fitLength, statementsFor} from './wanted-length.ts'

/** How much more an item wants the definition of its term than a text that only touches it. */
const ownDefinitionFit = 3
/** How much more an item wants a fact than the text above its list: it has one subject. */
const itemScale = 1.5

/** A list item: one short paragraph on the term that the prompt or the label names, then code where it asks for some. */
export function formListItem(draft: Draft, prompt: PromptReading): DraftForm {
  const {task} = draft
  const term = task.label ?? prompt.lead
  const definitions = term === undefined ? [] : findDefinitions(draft, term)
  const isDefined = definitions.length > 0
  const subject = subjectStems(task, prompt)
  const isOnPoint = pointReader(draft, prompt, term)
  const accepts = (passage: Passage): boolean => isFact(passage) && isOnPoint(passage)
  const choice = {accepts, leastShare: isDefined ? 0.16 : 0.12, fitScale: itemScale, subject, topicShare: 0.16}
  const count = statementsFor(task.words, 2)
  const wishes: Wish[] = [
    {find: () => nameCandidates(definitions, ownDefinitionFit), limit: 1},
    {
      find: () => findCandidates(draft, makeQuery(task, prompt), choice),
      limit: Math.max(1, isDefined ? count - 1 : count),
      leastGain: 0.45,
    },
  ]
  const code = asksForOtherCode(prompt) ? [codeWish(draft, prompt)] : []
  return {
    wishes: [...wishes, ...code],
    compose: ([definition = [], others = [], examples = []]) => {
      const lead = prompt.lead === undefined || task.container === 'labelled' ? '' : `**${formatLead(prompt.lead)}**: `
      const statements = fitLength([...definition, ...others], task.words).map(quoteStatement)
      const line = statements.length === 0 ? reportUncovered(draft, prompt) : `${lead}${statements.join(' ')}`
      return [line, ...quoteCode(draft, prompt, examples[0]), ...quoteOwnCode(draft, prompt)]
    },
  }
}

/** A name in words stays words; a setting or command stays code. */
function formatLead(lead: string): string {
  const isName = /^[\p{Lu}\d]/u.test(lead) && !/[_=<>*[\]\\]/.test(lead)
  return isName ? readInlineText(lead, new Map()).text : `\`${lead}\``
}
