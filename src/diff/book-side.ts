import type {Usage} from '../model/completion.ts'
import type {DirectiveKind} from '../model/job.ts'

/** What made a text, as far as it says what it cost. */
export interface MadeBy {
  /** Address of the raw completion: the same one was not paid for again. */
  readonly completion: string
  readonly model: string
  readonly usage: Usage
  readonly isDraft: boolean
}

/** A directive and its text on one side; in a book that is known by its Markdown alone, what stands below a heading. */
export interface SideSection {
  readonly id: string
  /** Id of the nearest heading above, by which it is known where it stands. */
  readonly sectionId: string
  readonly title: string
  /** Where it stands in the book's order; rises, and no passage has the same. */
  readonly place: number
  /** Undefined in a book without directives. */
  readonly prompt?: {readonly address: string; readonly text?: string}
  /** Undefined while there is none. */
  readonly text: string | undefined
  readonly made?: MadeBy
  /** Line of the directive in its outline. */
  readonly line?: number
  readonly kind?: DirectiveKind
  readonly tags?: readonly string[]
}

/** What the author wrote below a heading of the outline, the heading included and directives left out. */
export interface SidePassage {
  readonly id: string
  readonly title: string
  readonly place: number
  readonly text: string
}

/** A book as one side of a comparison has it. */
export interface BookSide {
  readonly name: string
  readonly sections: readonly SideSection[]
  readonly passages: readonly SidePassage[]
}
