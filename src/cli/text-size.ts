/** Words on a printed page. */
const wordsPerPage = 350

/** Words of a text, code and links included. */
export function countWords(text: string): number {
  return text.match(/[\p{L}\p{N}]+(?:[’'.-][\p{L}\p{N}]+)*/gu)?.length ?? 0
}

/** Pages that so many words fill in print. */
export function pagesOf(words: number): number {
  return Math.max(1, Math.ceil(words / wordsPerPage))
}
