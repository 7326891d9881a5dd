import pLimit from 'p-limit'
import type {Completion} from '../model/completion.ts'
import type {ContentAddress} from '../model/content-address.ts'
import type {JobId} from '../model/job.ts'
import type {FailureCause, JobResult} from '../model/job-result.ts'
import {type Provider, ProviderError} from '../model/provider.ts'
import {type Request, requestAddress} from '../model/request.ts'
import type {Clock} from './clock.ts'
import {maxAttempts, maxHintMs, retryDelayMs} from './retry-delay.ts'

/** Where paid completions are kept; `put` returns when the completion is on disk. */
export interface CompletionKeeper {
  find(request: ContentAddress): Promise<Completion | undefined>
  put(completion: Completion): Promise<void>
}

/** A job to be run now. */
export interface RunnableJob {
  readonly id: JobId
  /** Jobs of this run that must be done before, well or not. */
  readonly after: readonly JobId[]
  /** Called when those are done; `skip` says why the job is left out. */
  prepare(): Promise<Request | {readonly skip: string}>
}

export type RunEvent =
  | {readonly type: 'sent'; readonly id: JobId}
  | {readonly type: 'answered'; readonly id: JobId}
  | {
      readonly type: 'retry'
      readonly id: JobId
      readonly cause: string
      readonly waitMs: number
      readonly isRateLimit: boolean
    }
  | {readonly type: 'result'; readonly result: JobResult}

export interface RunOptions {
  readonly provider: Provider
  readonly store: CompletionKeeper | undefined
  readonly clock: Clock
  readonly random: () => number
  /** Requests in flight at once, from 1. */
  readonly concurrency: number
  /** Time limit of one attempt, body included. */
  readonly timeoutMs: number
  /** Fires to start nothing more and keep what arrives. */
  readonly stop: AbortSignal
  /** Fires to end what is under way too. */
  readonly abort: AbortSignal
  readonly failFast?: boolean
  /**
   * Called with each completion as soon as it is stored; awaited, so that its section file is written. Gives the
   * reason when the text could not be taken, which fails the job.
   */
  onCompleted(id: JobId, completion: Completion, from: 'store' | 'provider'): Promise<string | undefined>
  onEvent(event: RunEvent): void
}

/**
 * Runs jobs: each after those that it reads, `concurrency` at once, one owner of all retries. A job that fails does
 * not stop the others; a fault that every request would meet does. Never rejects for a fault of the world.
 */
export async function runPlan(jobs: readonly RunnableJob[], options: RunOptions): Promise<Map<JobId, JobResult>> {
  return new PlanRun(jobs, options).run()
}

/** Attempts to reach a server that has never answered in this run. */
const maxFirstConnections = 3

class PlanRun {
  private readonly results = new Map<JobId, JobResult>()
  private readonly pending = new Map<JobId, Promise<void>>()
  /** Requests under way by address: equal ones are sent once. */
  private readonly inFlight = new Map<ContentAddress, Promise<Completion>>()
  private readonly halted = new AbortController()
  private fatal: FailureCause | undefined
  private hasAnswer = false
  private readonly limit

  constructor(
    private readonly jobs: readonly RunnableJob[],
    private readonly options: RunOptions,
  ) {
    this.limit = pLimit(options.concurrency)
  }

  async run(): Promise<Map<JobId, JobResult>> {
    for (const job of this.jobs) this.pending.set(job.id, this.start(job))
    const settled = await Promise.allSettled(this.pending.values())
    // A fault of the program stops the run, but only when nothing is under way any more.
    const fault = settled.find(({status}) => status === 'rejected')
    if (fault?.status === 'rejected') throw fault.reason
    return this.results
  }

  private async start(job: RunnableJob): Promise<void> {
    // Dependencies come earlier in the plan's order, so their promises stand already.
    await Promise.allSettled(job.after.map((id) => this.pending.get(id)))
    try {
      await this.limit(() => this.runJob(job))
    } catch (error) {
      this.halted.abort()
      throw error
    }
  }

  private async runJob(job: RunnableJob): Promise<void> {
    if (this.isStopped) {
      this.settle({
        type: 'skipped',
        id: job.id,
        because:
          this.fatal === undefined
            ? 'left out, the build was stopped'
            : 'left out, the build stopped at a fault that all would meet',
      })
      return
    }
    const request = await job.prepare()
    if ('skip' in request) {
      this.settle({type: 'skipped', id: job.id, because: request.skip})
      return
    }
    try {
      const stored = await this.options.store?.find(requestAddress(request))
      const completion = stored ?? (await this.completeOnce(job.id, request))
      const from = stored === undefined ? 'provider' : 'store'
      const refused = await this.options.onCompleted(job.id, completion, from)
      if (refused !== undefined) {
        this.settle({
          type: 'failed',
          id: job.id,
          cause: {code: 'not-taken', message: refused, isFatal: false, attempts: 1},
        })
        return
      }
      this.settle({type: 'completed', id: job.id, completion, from})
    } catch (error) {
      const cause = error instanceof AttemptsFailed ? error.cause : diskFault(error)
      if (cause === undefined) throw error
      if (cause.isFatal || this.options.failFast === true) {
        this.fatal ??= cause
        this.halted.abort()
      }
      this.settle({type: 'failed', id: job.id, cause})
    }
  }

  private completeOnce(id: JobId, request: Request): Promise<Completion> {
    const address = requestAddress(request)
    const running = this.inFlight.get(address)
    if (running !== undefined) return running
    const promise = this.complete(id, request).finally(() => this.inFlight.delete(address))
    this.inFlight.set(address, promise)
    return promise
  }

  private async complete(id: JobId, request: Request): Promise<Completion> {
    const {provider, store, clock, random, timeoutMs, abort, onEvent} = this.options
    for (let attempt = 1; ; attempt++) {
      onEvent({type: 'sent', id})
      try {
        const completion = await provider.complete(request, {signal: abort, timeoutMs})
        this.hasAnswer = true
        onEvent({type: 'answered', id})
        await store?.put(completion)
        return completion
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error
        onEvent({type: 'answered', id})
        const cause = (extra: Partial<FailureCause> = {}): FailureCause => ({
          code: error.code,
          message: error.message,
          isFatal: error.isFatal,
          attempts: attempt,
          ...extra,
        })
        if (error.code !== 'connection' && error.code !== 'timeout') this.hasAnswer = true
        // Nobody has answered yet: most likely nobody will, and hundreds of requests would wait in vain.
        if (error.code === 'connection' && !this.hasAnswer && attempt >= maxFirstConnections) {
          throw new AttemptsFailed(cause({isFatal: true}))
        }
        if (!error.isRetryable || attempt >= maxAttempts || this.isStopped) throw new AttemptsFailed(cause())
        if ((error.retryAfterMs ?? 0) > maxHintMs) {
          const minutes = Math.ceil((error.retryAfterMs as number) / 60_000)
          const message = `${error.message}; the server asks to come back in ${minutes} minutes, all that was bought is kept`
          throw new AttemptsFailed(cause({message, isFatal: true}))
        }
        const waitMs = retryDelayMs(attempt + 1, error.retryAfterMs, random)
        onEvent({type: 'retry', id, cause: error.message, waitMs, isRateLimit: error.code === 'http-429'})
        await clock.sleep(waitMs, AbortSignal.any([this.options.stop, abort, this.halted.signal]))
        if (this.isStopped) throw new AttemptsFailed(cause())
      }
    }
  }

  private settle(result: JobResult): void {
    this.results.set(result.id, result)
    this.options.onEvent({type: 'result', result})
  }

  private get isStopped(): boolean {
    return this.options.stop.aborted || this.options.abort.aborted || this.halted.signal.aborted
  }
}

/** A fault of the disk, which every other job would meet; undefined for a fault of the program. */
function diskFault(error: unknown): FailureCause | undefined {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined
  if (typeof code !== 'string' || !/^E[A-Z]+$/.test(code)) return undefined
  return {
    code: `disk-${code.toLowerCase()}`,
    message: `Cannot keep the completion: ${(error as Error).message}`,
    isFatal: true,
    attempts: 1,
  }
}

/** All attempts at a request failed; carries the cause from the retries to the job's result. */
class AttemptsFailed extends Error {
  override readonly cause: FailureCause

  constructor(cause: FailureCause) {
    super(cause.message)
    this.cause = cause
  }
}
