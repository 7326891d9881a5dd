import type {BookWords} from './book-words.ts'
import type {Footnote} from './export-book.ts'
import type {AnswerPlace} from './lay-out-quizzes.ts'
import type {PdfIds} from './pdf-ids.ts'
import type {PdfRoom} from './pdf-look.ts'

/** What is converted and how. */
export interface PdfConversion {
  readonly ids: PdfIds
  readonly answers: AnswerPlace
  /** What the program adds, in the book's language. */
  readonly words: BookWords
  readonly room: PdfRoom
  /** Whether addresses of links are printed as footnotes. */
  readonly isPrint: boolean
  /** Addresses that the chapter has as footnotes already; each is printed once. */
  readonly noted: Set<string>
  /** Images that are there. */
  readonly images: ReadonlySet<string>
  /** Footnotes of the part that is converted, by their ids. */
  readonly footnotes: ReadonlyMap<string, Footnote>
  /** Whether it stands in an item of a list. */
  readonly isInList?: true
  /** Gets every formula that is met. */
  readonly formulas: Set<string>
}

/** Readers who do not see an image hear its alternative text, else at least its name. */
export function altOf(alt: string, path: string): string {
  return alt.trim() === '' ? (path.split('/').at(-1) ?? path) : alt
}
