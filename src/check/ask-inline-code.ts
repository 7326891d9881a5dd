import type {CheckedText} from './checked-text.ts'
import type {Asked, ContractJob, Shortfall} from './contract.ts'
import {quotedTerms} from './quoted-terms.ts'

const lead = /\b(?:inline code(?: format(?:ting)?)?|backticks) (?:for|around|to (?:mark|format))[^.`'"]*$/i
const tail = /^ (?:as|in|with|using) (?:inline code|backticks)\b/i

/** Named terms in inline code wherever the text has them, where the directive asks for that and names them. */
export function askInlineCode({directive}: ContractJob): Asked | undefined {
  const terms = inlineCodeTerms(directive.value)
  if (terms.length === 0) return undefined
  const named = terms.map((term) => `\`${term}\``).join(', ')
  return {expected: `inline code for ${named}`, check: (text) => checkInlineCode(text, terms)}
}

/** Terms that a prompt wants in inline code; none where it names none. */
export function inlineCodeTerms(prompt: string): readonly string[] {
  return /\binline code\b|\bbackticks?\b/i.test(prompt) ? quotedTerms(prompt, {lead, tail}) : []
}

function checkInlineCode(text: CheckedText, terms: readonly string[]): Shortfall | undefined {
  const code = text.nodes('inlineCode').map(({value}) => value.toLowerCase())
  const plain = terms.filter(
    (term) => !code.some((value) => value.includes(term.toLowerCase())) && holdsWord(text.prose, term),
  )
  if (plain.length === 0) return undefined
  const named = plain.map((term) => `\`${term}\``).join(', ')
  return {message: `Unexpected plain text for ${named}, expected inline code`, count: plain.length}
}

function holdsWord(prose: string, term: string): boolean {
  const at = prose.indexOf(term)
  if (at === -1) return false
  const around = `${prose[at - 1] ?? ' '}${prose[at + term.length] ?? ' '}`
  return !/[\p{L}\p{N}]/u.test(around) || holdsWord(prose.slice(at + term.length), term)
}
