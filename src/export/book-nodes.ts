/**
 * The nodes of a book as formats render them. They are named after mdast's and differ where a format would have to
 * decide something: links have their targets resolved, images are allowed or refused, HTML is typed or text. Every
 * union is closed: a format switches over `type` and the compiler says what it forgot.
 */

/** Where a link leads. */
export type LinkTarget =
  /** A heading, term, table or anchor of this book; `chapter` is its place in `ExportBook.chapters`, -1 for the front matter. */
  | {readonly type: 'internal'; readonly chapter: number; readonly id: string}
  /** An address whose scheme is http, https or mailto. */
  | {readonly type: 'external'; readonly url: string}
  /** A file beside the book, by its path from the book's folder; formats that carry no files show the link's text. */
  | {readonly type: 'file'; readonly path: string}

/** An image: `path` is project-relative as `ExportBook.images` has it, or `refused` says why there is none. */
export interface BookImage {
  readonly type: 'image'
  /** Alternative text; empty where the author gave none. */
  readonly alt: string
  readonly title?: string
  /** Path from the book's folder, with `/`; the key of `ExportBook.images`. */
  readonly path?: string
  /** Why it is not shown; a format then shows the alternative text. */
  readonly refused?: string
}

/** Names of the inline HTML elements that stay. */
export type InlineElementName = 'sub' | 'sup' | 'kbd' | 'abbr' | 'mark'

export type BookPhrasing =
  | {readonly type: 'text'; readonly value: string}
  | {readonly type: 'emphasis' | 'strong' | 'delete'; readonly children: readonly BookPhrasing[]}
  | {readonly type: 'inlineCode'; readonly value: string}
  /** A formula in LaTeX, without its dollar signs. */
  | {readonly type: 'inlineMath'; readonly value: string}
  | {readonly type: 'break'}
  | {
      readonly type: 'link'
      readonly target: LinkTarget
      readonly title?: string
      /** Whether the program made it of a name in the text. */
      readonly isMade?: true
      readonly children: readonly BookPhrasing[]
    }
  | BookImage
  /** A call of a footnote; `Footnote.id` leads to it. */
  | {readonly type: 'footnoteReference'; readonly id: string; readonly number: number; readonly bookNumber: number}
  | {
      readonly type: 'element'
      readonly name: InlineElementName
      readonly title?: string
      readonly children: readonly BookPhrasing[]
    }
  /** A place that links may lead to, where the author set one with `<a id>`. */
  | {readonly type: 'anchor'; readonly id: string}

interface Placed {
  /** Line of `book.md` that it begins on, from 1; undefined for what the program made. */
  readonly line?: number
}

export interface BookParagraph extends Placed {
  readonly type: 'paragraph'
  readonly children: readonly BookPhrasing[]
}

export interface BookHeading extends Placed {
  readonly type: 'heading'
  /** 1 for chapters; without jumps in reading order; 6 at most. */
  readonly depth: 1 | 2 | 3 | 4 | 5 | 6
  /** Unique in the book, never empty; the anchor that GitHub gives it. */
  readonly id: string
  /** Plain text. */
  readonly title: string
  readonly children: readonly BookPhrasing[]
}

export interface BookListItem extends Placed {
  readonly type: 'listItem'
  /** State of a task's box; undefined for an ordinary item. */
  readonly checked?: boolean
  readonly children: readonly BookBlock[]
}

export interface BookList extends Placed {
  readonly type: 'list'
  readonly isOrdered: boolean
  /** Number of the first item; 1 for a list that is not ordered. */
  readonly start: number
  /** Whether its items are set apart. */
  readonly isLoose: boolean
  readonly children: readonly BookListItem[]
}

export interface BookCode extends Placed {
  readonly type: 'code'
  /** Lower case, as after the fence; undefined where none is given. */
  readonly language?: string
  readonly value: string
  /** Characters of its longest line. */
  readonly longestLine: number
  /** Characters of its longest stretch without white space, which no line can be broken in. */
  readonly longestToken: number
}

/** The cells of a row. */
export type TableRow = readonly (readonly BookPhrasing[])[]

export interface BookTable extends Placed {
  readonly type: 'table'
  /** Unique in the book: `table-1`. */
  readonly id: string
  /** From 1 over the whole book. */
  readonly number: number
  /** Plain text of the bold line above it, else of the nearest heading. */
  readonly caption: string
  /** By column; every row has as many cells. */
  readonly align: readonly ('left' | 'right' | 'center' | undefined)[]
  readonly head: TableRow
  readonly rows: readonly TableRow[]
  /** By column, characters of its longest cell and of its longest word: for widths. */
  readonly widths: readonly {readonly longestCell: number; readonly longestWord: number}[]
}

export type CalloutKind = 'note' | 'tip' | 'important' | 'warning' | 'caution'

export interface BookCallout extends Placed {
  readonly type: 'callout'
  readonly kind: CalloutKind
  /** What the author called it where that is not the kind's own name; the mark itself is not among the children. */
  readonly title?: string
  readonly children: readonly BookBlock[]
}

export interface BookDetails extends Placed {
  readonly type: 'details'
  /** Empty where there is none; formats then show a word of their own. */
  readonly summary: readonly BookPhrasing[]
  readonly isOpen: boolean
  readonly children: readonly BookBlock[]
}

/** An option of a question; letters are those that are written, else by place. */
export interface QuizOption {
  /** Upper case. */
  readonly letter: string
  readonly isCorrect: boolean
  /** Without its letter. */
  readonly children: readonly BookBlock[]
}

export interface QuizQuestion {
  readonly type: 'question'
  /** Unique in the book: `quiz-2-q3`; that of its answer is `${id}-answer`. */
  readonly id: string
  /** From 1 in its quiz. */
  readonly number: number
  /** `choice`: one or more options are right; `true-false`: two options of that name; `open`: an answer in words alone. */
  readonly form: 'choice' | 'true-false' | 'open'
  /** The question without its number. */
  readonly prompt: readonly BookBlock[]
  /** Empty for an open question. */
  readonly options: readonly QuizOption[]
  /** What is said of the answer, without the letter; for an open question the answer itself. */
  readonly explanation: readonly BookBlock[]
}

/** A quiz that was understood; it stands in place of the blocks that it was read from, its heading stays before it. */
export interface BookQuiz extends Placed {
  readonly type: 'quiz'
  /** Unique in the book: `quiz-2`. */
  readonly id: string
  /** Title of the heading above it. */
  readonly title: string
  /** Id of that heading. */
  readonly headingId: string
  /** Place in `ExportBook.chapters`, -1 for the front matter. */
  readonly chapter: number
  /** Questions with what stands between them: instructions, titles of parts. */
  readonly parts: readonly (QuizQuestion | BookBlock)[]
  /** What stands among the answers and belongs to no question; goes where the answers go. */
  readonly closing: readonly BookBlock[]
}

export type BookBlock =
  | BookParagraph
  | BookHeading
  | BookList
  | BookCode
  | BookTable
  | BookCallout
  | BookDetails
  | BookQuiz
  | (Placed & {readonly type: 'blockquote'; readonly children: readonly BookBlock[]})
  | (Placed & {readonly type: 'thematicBreak'})
  /** A formula on lines of its own, in LaTeX. */
  | (Placed & {readonly type: 'math'; readonly value: string})
  /** An image that is a paragraph of its own. */
  | (Placed & {readonly type: 'figure'; readonly image: BookImage})
