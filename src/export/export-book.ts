import type {DirectiveKind} from '../model/job.ts'
import type {BookMetadata} from '../model/outline.ts'
import type {RuleId} from '../model/rules.ts'
import type {BookBlock, BookHeading, BookPhrasing, BookQuiz, BookTable} from './book-nodes.ts'

/** A footnote of a chapter. One that several chapters call is in each of them, under an id of its own. */
export interface Footnote {
  /** Unique in the book: `fn-3`; its first call is `fnref-3`. */
  readonly id: string
  /** From 1 in its chapter, in the order of the calls. */
  readonly number: number
  /** From 1 in the book. */
  readonly bookNumber: number
  readonly children: readonly BookBlock[]
}

/** The part before the first chapter, or a chapter. */
export interface BookPart {
  /** Its own heading is not among them. */
  readonly children: readonly BookBlock[]
  readonly footnotes: readonly Footnote[]
}

export interface Chapter extends BookPart {
  /** Its heading; `depth` is 1. */
  readonly heading: BookHeading
  readonly id: string
  /** Plain text as in the outline: `VI. Securing a Cluster`. */
  readonly title: string
  /** Without its number: `Securing a Cluster`. */
  readonly bareTitle: string
  /** As written, else counted: `VI`, `6`. */
  readonly number: string
  /** Whether the author wrote the number; one that was counted is not shown unless the format numbers chapters. */
  readonly isNumbered: boolean
}

/** Front matter and chapters. */
export interface BookParts {
  /** What stands before the first chapter. */
  readonly frontMatter: BookPart
  /** At least one: a book without a heading is one chapter. */
  readonly chapters: readonly Chapter[]
}

/** A section of the book by its heading, for tables of contents. */
export interface SectionEntry {
  readonly id: string
  readonly title: string
  /** As in its heading. */
  readonly depth: BookHeading['depth']
  /** Place in `ExportBook.chapters`, -1 for the front matter. */
  readonly chapter: number
  /** What it is for: the kind of its directive, else what its title says; undefined for ordinary sections. */
  readonly kind?: DirectiveKind
  readonly children: readonly BookPhrasing[]
}

/** A place in the book that a list leads to. */
export interface BookPlace {
  readonly chapter: number
  /** Id of the heading of the section. */
  readonly id: string
  /** Title of that section. */
  readonly title: string
}

/** A term with all its definitions. */
export interface GlossaryEntry {
  /** Unique in the book: `term-partition`. */
  readonly id: string
  readonly term: string
  /** The term as it is marked: in code, or plain. */
  readonly label: readonly BookPhrasing[]
  /** In the book's order, those of the same words once. */
  readonly definitions: readonly {readonly place: BookPlace; readonly children: readonly BookPhrasing[]}[]
}

/** A term of the back-of-book index. */
export interface IndexEntry {
  readonly term: string
  readonly label: readonly BookPhrasing[]
  /** In the book's order; `isMain` for those where it is defined. */
  readonly places: readonly (BookPlace & {readonly isMain: boolean})[]
}

/** A fault that a reader of the export would meet; `line` is of `book.md`. */
export interface ExportFinding {
  readonly ruleId: RuleId
  readonly reason: string
  readonly line?: number
}

/** A directive whose text stands in the book, by the source map. */
export interface DirectiveSpan {
  readonly id: string
  readonly kind: DirectiveKind
  /** First and last line in `book.md`, from 1. */
  readonly start: number
  readonly end: number
}

/** The one value that every format renders. */
export interface ExportBook extends BookParts {
  /** As in the front matter; `title` and `language` (BCP 47) are always there. */
  readonly metadata: BookMetadata & {readonly title: string; readonly language: string}
  /** Every heading outside block quotes, in reading order. */
  readonly sections: readonly SectionEntry[]
  /** In the order of the book's language. */
  readonly glossary: readonly GlossaryEntry[]
  /** In the order of the book's language. */
  readonly index: readonly IndexEntry[]
  /** In reading order. */
  readonly tables: readonly (Pick<BookTable, 'id' | 'number' | 'caption'> & {readonly chapter: number})[]
  /** In reading order. */
  readonly quizzes: readonly BookQuiz[]
  /** Paths of the allowed images from the book's folder, each once, in reading order. */
  readonly images: readonly string[]
  readonly findings: readonly ExportFinding[]
}
