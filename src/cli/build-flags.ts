import type {SpendingFlags} from './build-settings.ts'

/** Flags of `build`. */
export interface BuildFlags extends SpendingFlags {
  readonly out?: string
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
}
