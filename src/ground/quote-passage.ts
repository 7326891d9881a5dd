import type {Passage} from './passage-library.ts'
import {formatLink} from './source-link.ts'

/** A passage's statement as a sentence, with its citation; a definition begins with its term. */
export function quotePassage(passage: Passage): string {
  const lead = passage.kind === 'definition' ? `**${passage.term}**: ` : ''
  return `${lead}${quoteStatement(passage)}`
}

/** The statement alone, closed by a full stop where it has no mark, with its citation. */
export function quoteStatement(passage: Passage): string {
  return `${closeSentence(passage.text)}${cite(passage)}`
}

/**
 * The citation of a passage after a space: numbers of the bibliography `[3, 6]`, else links `([Title](url))`, else the
 * note's title.
 */
export function cite({numbers, links, noteTitle}: Passage): string {
  if (numbers.length > 0) return ` [${numbers.join(', ')}]`
  if (links.length > 0) return ` (${links.map(formatLink).join('; ')})`
  return noteTitle === '' ? '' : ` (*${noteTitle.replace(/[*_]/g, '')}*)`
}

function closeSentence(text: string): string {
  return /[.!?…。！？:]["')\]*_”’`]*$/u.test(text) ? text : `${text}.`
}
