import type {Asked, ContractJob} from './contract.ts'
import {isNegated, promptSentences} from './prompt-sentences.ts'

const adjectives = String.raw`(?:(?:small|short|brief|simple|compact|concise|clear|comparison|comparative|summary|reference|overview|feature|decision|markdown|formatted|single|(?:two|three|four|five|\d)-(?:column|row)) )*`
const verbs = `(?:create|provide|include|give|make|draw(?: up)?|build|present|add|write|generate|produce|use)`
const end = String.raw`table\b(?! (?:of contents|entr|name|scan|row|engine|format))`
const made = new RegExp(String.raw`\b${verbs} (?:it |them |this )?(?:(?:as|in) )?(?:an?|one) ${adjectives}${end}`, 'i')
const shown = new RegExp(
  String.raw`\b(?:compar|contrast|summari[sz]|list|present|show|lay |set |tabulat|organi[sz])[^.]* (?:as|in) (?:an?|one) ${adjectives}${end}`,
  'i',
)

/** A table, where the directive asks to make one or to show something in one. */
export function askTable({directive}: ContractJob): Asked | undefined {
  if (!/\btable\b/i.test(directive.value)) return undefined
  const isAsked = promptSentences(directive).some(
    (sentence) => (made.test(sentence) || shown.test(sentence)) && !isNegated(sentence.replace(/,[^,]*\bnot\b.*$/, '')),
  )
  if (!isAsked) return undefined
  return {
    expected: 'a table',
    check: (text) =>
      text.nodes('table').length > 0 ? undefined : {message: 'Unexpected text without a table, expected one'},
  }
}
