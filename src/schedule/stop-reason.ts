import type {FailureCause} from '../model/job-result.ts'
import type {RunLedger} from './run-ledger.ts'

const hourMs = 3_600_000
/** A server that asks for more than ten years does not know what it says, and no calendar holds it. */
const mostWaitMs = 10 * 366 * 24 * hourMs

/** The cause of a stop for which the next request could cost too much. */
export function costReached(ledger: RunLedger, attempts: number): FailureCause {
  const spent = ledger.spentUsd === undefined ? '' : `, $${ledger.spentUsd.toFixed(4)} were spent`
  return {
    code: 'max-cost',
    message: `the next request could pass --max-cost ${ledger.maxCostUsd}${spent}; the next run goes on from here`,
    isFatal: true,
    attempts,
  }
}

/** Says at which time of day, and on which day where it is far, a server that asks to wait for `waitMs` wants to be asked again. */
export function comeBack(waitMs: number, dateMs: number): string {
  const at = new Date(dateMs + Math.min(waitMs, mostWaitMs))
  const two = (number: number): string => String(number).padStart(2, '0')
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  const when = waitMs > 20 * hourMs ? `${day} ${time}` : time
  return `the server asks to come back at ${when} (in ${Math.ceil(waitMs / 60_000)} minutes)`
}

/** What stopped a run, for the jobs that it left out; `fault` is undefined where the user did. */
export function stopOf(fault: FailureCause | undefined): string {
  if (fault === undefined) return 'the build was stopped'
  if (fault.code === 'max-cost') return fault.message
  return fault.isFatal
    ? 'the build stopped at a fault that all would meet'
    : 'the build stopped at the first failure, as --fail-fast asks'
}
