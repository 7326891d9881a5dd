import type {Outline} from '../model/outline.ts'
import type {LineIndex} from './line-index.ts'
import type {Scan, ScannedDirective} from './outline-scan.ts'

/** An outline with what `check --fix` needs to rewrite it. */
export interface ParsedOutline extends Outline {
  readonly index: LineIndex
  readonly scan: Scan
  /** By the same index as `directives`. */
  readonly scanned: readonly ScannedDirective[]
}
