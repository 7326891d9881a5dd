import type {Asked, ContractJob} from './contract.ts'
import {isNegated, promptSentences} from './prompt-sentences.ts'

const adjectives = String.raw`(?:(?:small|short|brief|simple|compact|concise|clear|comparison|comparative|summary|reference|overview|feature|decision|markdown|formatted|single|(?:two|three|four|five|\d)-(?:column|row)) )*`
const verbs = `(?:create|provide|include|give|make|draw(?: up)?|build|present|add|write|generate|produce|use)`
/** What may follow a table that is text: `a table lamp` and `a table for six` are none. */
const goesOn = String.raw`(?=$|[^\w\s-]|(?<=\b(?:comparison|comparative|summary|overview|markdown) table) for\b|\s+(?:about|and|as|below|by|comparing|contrasting|covering|giving|in markdown|like|linking|listing|mapping|matching|of|on|outlining|relating|showing|summari[sz]ing|that|then|to|where|which|with)\b)`
const end = `table(?! of contents)${goesOn}`
const made = new RegExp(
  String.raw`\b(?<!\bhow to )${verbs} (?:it |them |this )?(?:(?:as|in) )?(?:an?|one) ${adjectives}${end}`,
  'i',
)
/** What comes behind a question is its subject: `how values are looked up in a table`. */
const shown = new RegExp(
  String.raw`\b(?:compar|contrast|summari[sz]|list|present|show|lay |set |tabulat|organi[sz])(?:(?!\b(?:how|what|when|where|why)\b)[^.])* (?:as|in) (?:an?|one) ${adjectives}table\b(?!-)`,
  'i',
)
/** In a database or a workshop, tables are made that are no text. */
const elsewhere =
  /\b(?:sql|\w*sql|sqlite|databases?|schemas?|(?:primary|foreign) keys?|dynamodb|cassandra|hive|iceberg|migrations?|wood\w*|carpent\w*|oak|pine|joinery)\b/i
const isText =
  /\b(?:compar\w*|summary|reference|overview|feature|decision|markdown|column|row|listing|mapping|showing|summari[sz]ing)\b/i

const inForm = /^tabulate\b|\b(?:as|in) (?:a )?(?:table|tabular) (?:form|format|layout)\b/i

/** A table, where the directive asks to make one or to show something in one. */
export function askTable({directive}: ContractJob): Asked | undefined {
  if (!/\btab(?:le|ular|ulate)\b/i.test(directive.value)) return undefined
  const isAsked = promptSentences(directive).some(
    (sentence) =>
      (makes(sentence) || shown.test(sentence) || inForm.test(sentence)) &&
      !isNegated(sentence.replace(/,[^,]*\bnot\b.*$/, '')),
  )
  if (!isAsked) return undefined
  return {
    expected: 'a table',
    check: (text) =>
      text.nodes('table').length > 0 ? undefined : {message: 'Unexpected text without a table, expected one'},
  }
}

function makes(sentence: string): boolean {
  const [found] = made.exec(sentence) ?? []
  return found !== undefined && (isText.test(sentence.slice(sentence.indexOf(found))) || !elsewhere.test(sentence))
}
