import type {CheckedText} from './checked-text.ts'
import type {Asked, ContractJob, Shortfall} from './contract.ts'
import {foldWords, glossaryHeads} from './glossary-heads.ts'
import {listedTerms} from './listed-terms.ts'
import {quotedTerms} from './quoted-terms.ts'

const asksForGlossary = /\bglossary\b|\bdefine (?:(?:the|these|each of) )?(?:following|key|these|terms)\b/i
const lead = /(?::|\bdefine(?: the| these)?(?: following)?(?: key)?(?: terms| words| concepts)?)\s*$/i
/** Fewest terms that are a list of them in a prompt of which the kind alone is known. */
const fewTerms = 3

/** Every term that a glossary's directive lists. */
export function askTerms({directive, kind}: ContractJob): Asked | undefined {
  const isGlossary = asksForGlossary.test(directive.value)
  if (!isGlossary && kind !== 'key-terms') return undefined
  const quoted = quotedTerms(directive.value, {lead})
  const terms = quoted.length > 1 ? quoted : listedTerms(directive.value)
  if (terms.length < (isGlossary ? 2 : fewTerms)) return undefined
  const named = terms.map((term) => `\`${term}\``).join(', ')
  return {expected: `the terms ${named}`, check: (text) => checkTerms(text, terms)}
}

function checkTerms(text: CheckedText, terms: readonly string[]): Shortfall | undefined {
  const heads = glossaryHeads(text)
  const asHead = terms.filter((term) => heads.some((head) => names(head, term)))
  // Where the text's form is not clear, a term that is there at all may well be defined.
  const prose = asHead.length * 2 < terms.length ? foldWords(text.prose) : ''
  const missing = terms.filter((term) => !asHead.includes(term) && !(prose !== '' && names(prose, term)))
  if (missing.length === 0) return undefined
  const named = missing.map((term) => `\`${term}\``).join(', ')
  const noun = missing.length === 1 ? 'term' : 'terms'
  return {message: `Cannot find the ${noun} ${named}, expected a definition of each`, count: missing.length}
}

/** Whether folded words name a term: in full, without what stands in parentheses, by that alone, or by all its words. */
function names(head: string, term: string): boolean {
  const parts = [term, term.replace(/\s*\([^)]*\)/g, ''), /\(([^)]+)\)/.exec(term)?.[1] ?? '']
  const forms = parts.map(foldWords).filter((form) => form !== ' ')
  if (forms.some((form) => head.includes(form))) return true
  // `Source and Sink Connector` names both.
  const words = foldWords(term).trim().split(' ')
  return head.length < 160 && words.every((word) => head.includes(` ${word} `))
}
