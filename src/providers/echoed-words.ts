import type {Request} from '../model/request.ts'

/** A text's letters and digits alone, words apart by one space: marks, quotes and case do not make it another text. */
export function foldWords(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim()
}

/**
 * Whether a text, folded, says nothing but what was asked: one of `prompts`, which are folded too, a message of its
 * request or all of them.
 */
export function isEcho(folded: string, {messages}: Request, prompts: ReadonlySet<string>): boolean {
  if (prompts.has(folded) || prompts.has(folded.replace(/^(?:task|prompt) /, ''))) return true
  const sent = messages.filter(({role}) => role !== 'assistant').map(({content}) => content)
  // Folding takes time, and a text much shorter than a message does not repeat it.
  return [...sent, sent.join('\n')].some(
    (content) => folded.length * 2 >= content.length && foldWords(content) === folded,
  )
}
