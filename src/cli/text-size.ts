import type {SectionFile} from '../store/section-file.ts'

/** Words on a printed page. */
const wordsPerPage = 350

/** Words of a text, code and links included. */
export function countWords(text: string): number {
  return text.match(/[\p{L}\p{N}]+(?:[’'.-][\p{L}\p{N}]+)*/gu)?.length ?? 0
}

/** Words of texts that were counted before; a section file does not change. */
const counted = new WeakMap<SectionFile, number>()

/** Words of a section file's text. */
export function wordsIn(file: SectionFile): number {
  const words = counted.get(file) ?? countWords(file.body)
  counted.set(file, words)
  return words
}

/** Pages that so many words fill in print. */
export function pagesOf(words: number): number {
  return Math.max(1, Math.ceil(words / wordsPerPage))
}
