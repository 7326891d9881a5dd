import type {Passage} from './passage-library.ts'

/** A passage that a wish may get. */
export interface Candidate {
  readonly passage: Passage
  /** How well it fits the wish, for the choice among a wish's candidates. */
  readonly score: number
  /** The score by stem of the query: what another passage has said already counts less. None for a named passage. */
  readonly parts?: ReadonlyMap<string, number>
  /** How well it fits compared with other wishes for the same passage. */
  readonly fit: number
}

/** Passages that one part of a draft asks for. */
export interface Wish {
  readonly limit: number
  /** Least part of the best candidate's score that a further one must bring, 0 to 1; 0.25 by default. */
  readonly leastGain?: number
  /** Goes before all wishes that do not: the directive names what it needs. */
  readonly isNamed?: boolean
  /** Takes nothing from other drafts: what is asked for is changed before it is printed. */
  readonly isShared?: boolean
  /** Which of the passages that the chapter's other drafts print fill up a shared wish; none by default. */
  readonly acceptsPrinted?: (passage: Passage) => boolean
  /** What may fill it up once all passages are divided, the best first, given what the chapter's other drafts print. */
  readonly fillsUp?: (printed: readonly Passage[]) => readonly Passage[]
  /** Looks for what it may get, the best first; called where passages are divided, and not where a draft is composed. */
  find(): readonly Candidate[]
}

/** How a draft is composed: what it asks for, and what it makes of that. */
export interface DraftForm {
  readonly wishes: readonly Wish[]
  /** Whether it is a whole table of the notes, which answers what a prompt lists as its rows. */
  readonly isWhole?: boolean
  /** Blocks of Markdown from the passages that each wish got. */
  compose(chosen: readonly (readonly Passage[])[]): readonly string[]
}
