import {deriveContracts} from '../check/derive-contracts.ts'
import type {JobId} from '../model/job.ts'
import type {BookPlan} from './build-book.ts'

/** What a directive's text must hold, and what of it the last build found lacking. */
export interface ListedContract {
  readonly ruleId: string
  readonly severity: string
  readonly expected: string
  readonly failures: readonly string[]
}

/** The contracts of a directive; the text itself is not read. */
export function listContracts(id: JobId, {context, failures}: BookPlan): ListedContract[] {
  const job = context.loaded.plan.jobs.get(id)
  const noted = failures.get(id) ?? []
  return (job === undefined ? [] : deriveContracts(job, context.contracts)).map(({ruleId, severity, expected}) => ({
    ruleId,
    severity,
    expected,
    failures: noted.filter((failure) => failure.ruleId === ruleId).map(({message}) => message),
  }))
}
