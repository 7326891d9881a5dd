import type {ContainerKind} from '../model/directive.ts'
import type {Placement} from '../model/outline.ts'
import type {RuleId} from '../model/rules.ts'
import type {ScannedDirective} from './outline-scan.ts'

/** A heading of an outline. */
export interface HeadingBlock {
  readonly start: number
  readonly end: number
  readonly depth: number
  readonly title: string
}

/** A directive with what it stands in. */
export interface PlacedDirective {
  readonly scanned: ScannedDirective
  readonly container: ContainerKind
  readonly placement: Placement
  readonly label?: string
  /** Set where a directive may not stand. */
  readonly misplaced?: RuleId
}
