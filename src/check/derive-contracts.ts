import {type RuleId, rules} from '../model/rules.ts'
import {askAnswers} from './ask-answers.ts'
import {askKnownCitations, askSupportedCitations} from './ask-citations.ts'
import {askCode} from './ask-code.ts'
import {askForm} from './ask-form.ts'
import {askInlineCode} from './ask-inline-code.ts'
import {askKnownAnswers} from './ask-known-answers.ts'
import {askLanguage} from './ask-language.ts'
import {askLength} from './ask-length.ts'
import {askLinks} from './ask-links.ts'
import {askList} from './ask-list.ts'
import {askParagraph} from './ask-paragraph.ts'
import {askQuestions} from './ask-questions.ts'
import {askTable} from './ask-table.ts'
import {askTerms} from './ask-terms.ts'
import {askWholeText} from './ask-whole-text.ts'
import {askWrittenText} from './ask-written-text.ts'
import type {Asked, Contract, ContractJob, ContractSettings} from './contract.ts'

type Deriver = (job: ContractJob, settings: ContractSettings) => Asked | undefined

/** In the order in which failures are shown. */
const derivers: readonly (readonly [RuleId, Deriver])[] = [
  ['truncated-text', askWholeText],
  ['placeholder-text', askWrittenText],
  ['missing-list', askList],
  ['missing-term', askTerms],
  ['question-count', askQuestions],
  ['missing-answers', askAnswers],
  ['unknown-answer', askKnownAnswers],
  ['several-paragraphs', askParagraph],
  ['link-count', askLinks],
  ['missing-code', askCode],
  ['missing-table', askTable],
  ['missing-inline-code', askInlineCode],
  ['missing-form', askForm],
  ['unknown-citation', askKnownCitations],
  ['unsupported-citation', askSupportedCitations],
  ['text-length', askLength],
  ['other-language', askLanguage],
]

/**
 * What the text of a directive must hold: what its words clearly ask for, its attributes and the course. Derives nothing
 * from words that may mean something else.
 */
export function deriveContracts(job: ContractJob, settings: ContractSettings = {}): Contract[] {
  return derivers.flatMap(([ruleId, derive]) => {
    const severity = settings.rules?.[ruleId] ?? rules[ruleId]
    if (severity === 'off') return []
    const asked = derive(job, settings)
    return asked === undefined ? [] : [{ruleId, severity, ...asked}]
  })
}
