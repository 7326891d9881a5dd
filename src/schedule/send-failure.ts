import type {FailureCause} from '../model/job-result.ts'

/** All attempts at a request failed; carries the cause to the job's result. */
export class AttemptsFailed extends Error {
  override readonly cause: FailureCause

  constructor(cause: FailureCause) {
    super(cause.message)
    this.cause = cause
  }
}

/** The run was stopped before a request was sent. */
export class LeftOut extends Error {}
