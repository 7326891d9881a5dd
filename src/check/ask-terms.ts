import type {CheckedText} from './checked-text.ts'
import type {Asked, ContractJob, Shortfall} from './contract.ts'
import {foldWords, glossaryHeads} from './glossary-heads.ts'
import {quotedTerms} from './quoted-terms.ts'

const asksForGlossary = /\bglossary\b|\bdefine (?:the |these |each of )?(?:following|key|these)\b/i
/** Fewest terms that are a list of them in a prompt of which the kind alone is known. */
const fewTerms = 3

/** Every term of the list that a glossary's directive quotes behind a colon. */
export function askTerms({directive, kind}: ContractJob): Asked | undefined {
  const isGlossary = asksForGlossary.test(directive.value)
  if (!isGlossary && kind !== 'key-terms') return undefined
  const terms = quotedTerms(directive.value, /:\s*$/)
  if (terms.length < (isGlossary ? 2 : fewTerms)) return undefined
  const named = terms.map((term) => `\`${term}\``).join(', ')
  return {expected: `the terms ${named}`, check: (text) => checkTerms(text, terms)}
}

function checkTerms(text: CheckedText, terms: readonly string[]): Shortfall | undefined {
  const heads = glossaryHeads(text)
  const unnamed = terms.map(foldTerm).filter((term) => !heads.some((head) => names(head, term)))
  // Where the text's form is not clear, a term that is there at all may well be defined.
  const prose = unnamed.length * 2 > terms.length ? foldWords(text.prose) : ''
  const missing = unnamed.filter((term) => prose === '' || !names(prose, term)).map(({term}) => term)
  if (missing.length === 0) return undefined
  const named = missing.map((term) => `\`${term}\``).join(', ')
  const noun = missing.length === 1 ? 'term' : 'terms'
  return {message: `Cannot find the ${noun} ${named}, expected a definition of each`, count: missing.length}
}

interface FoldedTerm {
  readonly term: string
  /** In full, without what stands in parentheses, and that alone. */
  readonly forms: readonly string[]
  readonly words: readonly string[]
}

function foldTerm(term: string): FoldedTerm {
  const parts = [term, term.replace(/\s*\([^)]*\)/g, ''), /\(([^)]+)\)/.exec(term)?.[1] ?? '']
  const [whole = '', ...others] = parts.map(foldWords)
  return {
    term,
    forms: [whole, ...others].filter((form) => form !== ' '),
    words: whole.trim().split(' '),
  }
}

/** Whether folded words name a term: by one of its forms, or by all its words. */
function names(head: string, {forms, words}: FoldedTerm): boolean {
  if (forms.some((form) => head.includes(form))) return true
  // `Source and Sink Connector` names both.
  return head.length < 160 && words.every((word) => head.includes(` ${word} `))
}
