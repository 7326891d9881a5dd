import type {Position} from 'unist'

/** A heading with everything below it up to the next heading of its depth or above. */
export interface Section {
  /** Slugs of the headings above and of its own, joined by `/`; `_start` for the part before the first heading. */
  readonly id: string
  /** The heading as plain text; empty for the part before the first heading. */
  readonly title: string
  /** 1 to 6; 0 for the part before the first heading. */
  readonly depth: number
  readonly place: Position
  /** Places of its directives in `Outline.directives`, its children's not among them. */
  readonly directives: readonly number[]
  readonly children: readonly Section[]
}
