import type {RuleId} from '../model/rules.ts'

/** Something of a completion that was mended on its way into the book. */
export interface Repair {
  readonly ruleId: RuleId
  /** What was taken off or changed, in short. */
  readonly detail: string
}
