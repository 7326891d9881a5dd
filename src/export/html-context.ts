import type {LinkTarget} from './book-nodes.ts'
import type {BookWords} from './book-words.ts'

/** What the pages of a site decide about the HTML of their nodes. */
export interface HtmlContext {
  /** What the site adds to the book, in its language. */
  readonly words: BookWords
  /** Address of a target as seen from the page; undefined where the site has no such thing. */
  linkUrl(target: LinkTarget): string | undefined
  /** Address of an image; undefined where its file is not there. */
  imageUrl(path: string): string | undefined
  /** HTML of running text, with what the page makes of the terms in it. */
  proseText(text: string): string
  /** HTML of code with its highlighting; undefined where the language is not known. */
  highlight(code: string, language: string): string | undefined
  /** MathML of a formula; undefined where it is not understood. */
  formula(latex: string, isBlock: boolean): string | undefined
  /** Whether this is the first call of a footnote on the page, which the note leads back to. */
  isFirstCall(id: string): boolean
}
