import type {JobId} from '../model/job.ts'
import type {Provider} from '../model/provider.ts'
import type {Clock} from './clock.ts'
import type {Gate} from './gate.ts'
import type {IntentLog} from './intent-log.ts'
import type {RunLedger} from './run-ledger.ts'
import type {UsageEstimator} from './usage-estimator.ts'

/** What happens to requests on their way. */
export type SendEvent =
  | {readonly type: 'sent'; readonly id: JobId}
  | {readonly type: 'answered'; readonly id: JobId}
  | {readonly type: 'retry'; readonly id: JobId; readonly cause: string; readonly waitMs: number}
  /** Nothing leaves for so long, for this reason. */
  | {readonly type: 'waiting'; readonly waitMs: number; readonly reason: string}

/** What all books of a build share to send with. */
export interface SendOptions {
  readonly provider: Provider
  readonly gate: Gate
  readonly ledger: RunLedger
  readonly estimator: UsageEstimator
  readonly intents?: IntentLog
  readonly clock: Clock
  /** Numbers from 0 to below 1. */
  readonly random: () => number
  /** Time limit of one attempt, body included. */
  readonly timeoutMs: number
  /** Fires to start nothing more and keep what arrives. */
  readonly stop: AbortSignal
  /** Fires to end what is under way too. */
  readonly abort: AbortSignal
}
