import type {BuildFlags} from './build-flags.ts'
import type {SpendingFlags} from './build-settings.ts'

/** Flags that every command takes which makes texts again. */
export interface AgainFlags
  extends SpendingFlags,
    Pick<BuildFlags, 'rpm' | 'tpm' | 'dryRun' | 'wait' | 'failFast' | 'out'> {
  /** Outlines to look in; default all of the project. */
  readonly outline?: readonly string[]
  /** Also selects the books that read what is selected, with no directive of their own. Default false. */
  readonly withDownstream?: boolean
}

/** The flags of a build that does no more than a command asks. */
export function asBuildFlags(flags: AgainFlags): BuildFlags {
  return {...flags, frozen: false, strict: false, drafts: true, allowMissing: false, discardBookEdits: false}
}
