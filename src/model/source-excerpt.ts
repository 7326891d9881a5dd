import type {ContentAddress} from './content-address.ts'

/** A passage of a note as a request carries it. */
export interface SourcePassage {
  /** Numbers of the bibliography that support it, rising; none where nothing says so. */
  readonly numbers: readonly number[]
  /** Titles of the sources with these numbers, else of the note. */
  readonly title: string
  /** Name of the note below `sources/`. */
  readonly note: string
  /** Line of the note on which its block begins, from 1. */
  readonly line: number
  /** Title of the note and heading above the passage, as inline Markdown. */
  readonly about: string
  readonly markdown: string
}

/** What the sources of a course say to one directive. */
export interface SourceExcerpt {
  /** In the order of the notes; none where no source covers what is asked for. */
  readonly passages: readonly SourcePassage[]
  /** Address of the passages and their numbers: what a text that was made from them rests on. */
  readonly address: ContentAddress
}
