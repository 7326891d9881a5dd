import type {RuleId} from '../model/rules.ts'
import type {ContractFailure} from './contract.ts'

/** Rules for whose failures a better text is asked for though the config calls them a warning: clear misses. */
export const defaultRepairRules: readonly RuleId[] = [
  'missing-answers',
  'missing-term',
  'other-language',
  'question-count',
  'truncated-text',
  'unknown-answer',
]

/** Whether failures are worth a request: an error, or one of a rule in `repairRules` that is more than an info. */
export function isWorthRepair(failures: readonly ContractFailure[], repairRules: ReadonlySet<RuleId>): boolean {
  return failures.some(
    ({ruleId, severity}) => severity === 'error' || (severity === 'warning' && repairRules.has(ruleId)),
  )
}

/**
 * Place of the text whose failures weigh least: fewest errors, then least to repair, then fewest warnings; the first
 * of equals.
 */
export function leastFailing(texts: readonly (readonly ContractFailure[])[], repairRules: ReadonlySet<RuleId>): number {
  const weights = texts.map((failures) => weigh(failures, repairRules))
  let best = 0
  weights.forEach((weight, at) => {
    if (isLess(weight, weights[best] as readonly number[])) best = at
  })
  return best
}

function weigh(failures: readonly ContractFailure[], repairRules: ReadonlySet<RuleId>): readonly number[] {
  const sum = (own: readonly ContractFailure[]): number => own.reduce((total, {count}) => total + count, 0)
  const warnings = failures.filter(({severity}) => severity === 'warning')
  return [
    sum(failures.filter(({severity}) => severity === 'error')),
    sum(warnings.filter(({ruleId}) => repairRules.has(ruleId))),
    sum(warnings),
  ]
}

function isLess(one: readonly number[], other: readonly number[]): boolean {
  const at = one.findIndex((value, place) => value !== other[place])
  return at !== -1 && (one[at] as number) < (other[at] as number)
}
