import type {Tag} from './tag-scanner.ts'

/** How a directive's end was written. */
export type DirectiveForm = 'closed' | 'unclosed' | 'swapped'

/** A directive as it stands in the source; offsets are of UTF-16 units. */
export interface ScannedDirective {
  readonly tag: Tag
  readonly form: DirectiveForm
  /** From the first opening delimiter to after the last closing one. */
  readonly start: number
  readonly end: number
  readonly valueStart: number
  readonly valueEnd: number
  /** Delimiters before the opening tag and behind the text or the closing tag. */
  readonly opening: string
  readonly closing: string
  /** Opening tag of a directive that stands inside this one. */
  readonly nested?: Tag
  /** Column of the content of the list item around it. */
  readonly itemColumn?: number
  /** White space before it on its line that Markdown could take for indented code. */
  readonly extraIndent: number
}

/** A stretch of the source; offsets are of UTF-16 units. */
export interface SourceSpan {
  readonly start: number
  readonly end: number
}

/** A `---` under a line of text. */
export interface UnderlineBreak extends SourceSpan {
  /** Whether the author's own text stands above, which the message is about; below a directive nobody means a heading. */
  readonly isAccidental: boolean
}

/** What one pass over an outline finds. */
export interface Scan {
  readonly directives: readonly ScannedDirective[]
  readonly strayTags: readonly Tag[]
  readonly lookalikes: readonly SourceSpan[]
  /** `---` lines that Markdown would take for the underline of a heading and that are thematic breaks. */
  readonly breaks: readonly UnderlineBreak[]
  /** The second marks of `## ## Title`, with the white space after them. */
  readonly doubledMarks: readonly SourceSpan[]
  /** Offsets at which the text can be cut: starts of headings at the top level. */
  readonly cuts: readonly number[]
  /** Start of a fence or comment that is never closed and hides directives. */
  readonly unclosedFence?: number
  readonly unclosedComment?: number
}
