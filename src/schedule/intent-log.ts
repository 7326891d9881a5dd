import type {ContentAddress} from '../model/content-address.ts'
import type {JobId} from '../model/job.ts'

/** An attempt that is about to leave. */
export interface Intent {
  readonly id: JobId
  readonly request: ContentAddress
  readonly model: string
  /** Number of the attempt at this request, from 1. */
  readonly attempt: number
  /** What it may take at most. */
  readonly inputTokens: number
  readonly outputTokens: number
}

/** What came of an attempt: its completion is in the store, or it was not billed, or was in vain, or nobody knows. */
export type IntentEnd = 'stored' | 'free' | 'billed' | 'in-doubt'

/** Keeps on disk which requests left, so that a crash does not hide what may have been billed. */
export interface IntentLog {
  /** Resolves with a number for the intent when it is on disk. */
  intend(intent: Intent): Promise<number>
  end(number: number, ending: IntentEnd): void
}
