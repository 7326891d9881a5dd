import type {Completion} from '../model/completion.ts'
import type {ContentAddress} from '../model/content-address.ts'
import type {JobId} from '../model/job.ts'
import type {FailureCause} from '../model/job-result.ts'
import type {Request} from '../model/request.ts'

/** A request that is to be sent, with what came of it so far. */
export interface SendTask {
  readonly id: JobId
  readonly request: Request
  readonly address: ContentAddress
  /** The first in the plan's order goes first. */
  readonly place: number
  /** Whether the run goes on when it fails, whatever the reason. */
  readonly isOptional: boolean
  readonly resolve: (completion: Completion) => void
  readonly reject: (reason?: unknown) => void
  attempts: number
  refusals: number
  /** Times that the server was not available and did not say for how long. */
  unavailable: number
  /** Answers that were billed and are of no use. */
  inVain: number
  notBeforeMs: number
  /** Output cap of the next attempt, where it is not the planned one. */
  capTokens: number | undefined
  hasRaisedCap: boolean
  cause: FailureCause | undefined
  /** Completions that had come when it failed first, for a reason that may pass. */
  answersAtFault: number | undefined
}
