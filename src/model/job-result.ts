import type {JobId} from './job.ts'

/** Why a request got no completion. */
export interface FailureCause {
  /** `http-401`, `timeout`, `connection`, `content-filter`, `truncated`, `bad-response`, … */
  readonly code: string
  readonly message: string
  /** Whether any other request would meet the same fault, so that going on is pointless. */
  readonly isFatal: boolean
  readonly attempts: number
}

export type JobResult =
  | {
      readonly type: 'completed'
      readonly id: JobId
      readonly from: 'store' | 'provider'
    }
  | {readonly type: 'failed'; readonly id: JobId; readonly cause: FailureCause}
  | {readonly type: 'skipped'; readonly id: JobId; readonly because: string}
