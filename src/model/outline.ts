import type {PromptDirective} from './directive.ts'
import type {Section} from './section.ts'

/** What the front matter of an outline says of the book. */
export interface BookMetadata {
  readonly title?: string
  readonly subtitle?: string
  readonly authors?: readonly string[]
  readonly language?: string
  readonly description?: string
  readonly date?: string
  readonly edition?: string
  readonly rights?: string
  readonly isbn?: string
  readonly cover?: string
}

/** Replacement of the characters from `start` up to `end` of a source by `text`; offsets are of UTF-16 units. */
export interface SourceEdit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** Where a directive's completion goes. */
export interface Placement {
  /** First offset that the completion replaces; for a block, of its line. */
  readonly start: number
  readonly end: number
  /** White space before each further line of the completion. */
  readonly indent: string
  /** List marker with the white space around it, for sibling items: `  *   `. */
  readonly marker?: string
  /** Whether the list item holds nothing but the directive. */
  readonly isAlone: boolean
  /** Offset at which the label's text ends, when the label stands in the same paragraph. */
  readonly labelEnd?: number
}

/** A link or image destination in the author's own text that is a relative path. */
export interface RelativeLink {
  readonly type: 'image' | 'link'
  /** The path as written, decoded. */
  readonly url: string
  readonly start: number
  readonly end: number
}

/** A link or image of the author's own text. */
export interface OutlineLink {
  readonly url: string
  readonly isImage: boolean
  readonly start: number
  readonly end: number
}

/** An outline as read. */
export interface Outline {
  readonly path: string
  /** The source without a byte order mark; line ends as in the file. */
  readonly source: string
  readonly metadata: BookMetadata
  /** Offset at which the text after the front matter begins. */
  readonly bodyStart: number
  /** The part before the first heading, then the top sections. */
  readonly sections: readonly Section[]
  /** In the order of the source. */
  readonly directives: readonly PromptDirective[]
  /** By the same index as `directives`. */
  readonly placements: readonly Placement[]
  /** What of the author's text is read otherwise than Markdown would: stray tags, accidental headings, an outer fence. */
  readonly edits: readonly SourceEdit[]
  readonly relativeLinks: readonly RelativeLink[]
  /** All links of the author's own text, those in HTML included. */
  readonly links: readonly OutlineLink[]
  /** Ids that HTML in the author's own text gives. */
  readonly anchors: readonly string[]
  /** Identifiers of the footnotes that the author's own text defines or calls, lower case. */
  readonly footnoteLabels: readonly string[]
}
