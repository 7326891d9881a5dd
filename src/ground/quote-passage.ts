import type {Passage} from './passage-library.ts'
import {formatLink} from './source-link.ts'

/** A passage's statement as a sentence, with its citation as links; a definition begins with its term. */
export function quotePassage(passage: Passage): string {
  const lead = passage.kind === 'definition' ? `**${passage.term}**: ` : ''
  return `${lead}${quoteStatement(passage)}`
}

/** The statement alone, closed by a full stop where it has no mark, with its citation as links. */
export function quoteStatement(passage: Passage): string {
  return `${closeSentence(passage.text)}${cite(passage)}`
}

/** The citation of a passage after a space: `([Title](url))`; empty where the note gives no link. */
export function cite(passage: Passage): string {
  return passage.links.length === 0 ? '' : ` (${passage.links.map(formatLink).join('; ')})`
}

function closeSentence(text: string): string {
  return /[.!?…。！？:]["')\]*_”’`]*$/u.test(text) ? text : `${text}.`
}
