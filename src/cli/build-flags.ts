import type {LimitCeiling} from '../schedule/paced-limit.ts'
import type {SpendingFlags} from './build-settings.ts'

/** Flags of `build`. */
export interface BuildFlags extends SpendingFlags {
  readonly out?: string
  /** Requests per minute. */
  readonly rpm?: LimitCeiling
  /** Input and output tokens per minute. */
  readonly tpm?: LimitCeiling
  readonly section?: string
  readonly refresh?: string
  readonly frozen: boolean
  readonly strict: boolean
  readonly drafts: boolean
  readonly allowMissing: boolean
  readonly dryRun: boolean
  readonly wait: boolean
  readonly failFast: boolean
  readonly discardBookEdits: boolean
  /** Builds again whenever something is edited. */
  readonly watch?: boolean
  /** With `watch`: looks for edits every now and then instead of being told of them. */
  readonly poll?: boolean
}
