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
  const derived = job === undefined ? [] : deriveContracts(job, context.contracts)
  // That a text is no copy is asked of the book: no directive says so, and it is shown where it does not hold.
  const copies = noted
    .filter(({ruleId}) => ruleId === 'near-copy')
    .map(({ruleId, severity}) => ({ruleId, severity, expected: 'a text of its own'}))
  return [...derived, ...copies.slice(0, 1)].map(({ruleId, severity, expected}) => ({
    ruleId,
    severity,
    expected,
    failures: noted.filter((failure) => failure.ruleId === ruleId).map(({message}) => message),
  }))
}
