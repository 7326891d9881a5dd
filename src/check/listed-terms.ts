import {isOfForm} from './quoted-terms.ts'

const lead =
  /\b(?:terms|words|concepts|entries|vocabulary|acronyms|abbreviations|glossary)\b[^.:!?\n]{0,60}:[ \t]*(?=\S|\n)/i
const bullet = /^[ \t]*(?:[-*+•]|\d{1,2}[.)])[ \t]+(.+)$/
/** Words with which no term begins, and with which a list is none of terms or not a whole one. */
const noTerm =
  /^(?:what|how|why|when|who|explain|describe|include|including|define|use|give|keep|e\.g|i\.e|such|any|all|other|more|so on|etc|each|every|with|write|add|list|nouns|verbs)\b/i
/** Most words of a term. */
const mostWords = 5
/** Fewest terms that are a list beyond doubt. */
const fewestTerms = 3

/** Terms that a prompt lists without quotes, behind `these terms:` or so; none unless all look like terms. */
export function listedTerms(prompt: string): string[] {
  const match = lead.exec(prompt)
  if (match === null || isOfForm(prompt, match.index + match[0].length)) return []
  const rest = prompt.slice(match.index + match[0].length)
  const terms = (rest.startsWith('\n') ? bulletsOf(rest) : phrasesOf(rest)).map((term) =>
    term.replace(/[*_`"“”]/g, '').trim(),
  )
  const areTerms = terms.every(
    (term) => term !== '' && term.split(/\s+/).length <= mostWords && !noTerm.test(term) && !/[?:]/.test(term),
  )
  return areTerms && terms.length >= fewestTerms ? [...new Set(terms)] : []
}

function bulletsOf(rest: string): string[] {
  const terms: string[] = []
  for (const line of rest.trimStart().split('\n')) {
    const item = bullet.exec(line)?.[1]
    if (item === undefined) break
    terms.push((item.split(/\s[–—-]\s|:\s/, 1)[0] ?? '').replace(/[.,;]$/, ''))
  }
  return terms
}

/** Parts of a sentence between commas that stand in no parentheses. */
function phrasesOf(rest: string): string[] {
  const sentence = /^.*?(?=[.!?](?:\s|$)|\n|$)/.exec(rest)?.[0] ?? ''
  const parts = sentence.split(/[,;](?![^()]*\))/)
  const last = parts.pop() ?? ''
  const [beforeLast = '', ...behind] = last.replace(/^\s*(?:and|or)\s+/i, '').split(/\s+and\s+/i)
  return [...parts, beforeLast, ...behind].map((part) => part.trim())
}
