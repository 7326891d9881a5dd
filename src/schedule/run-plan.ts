import {type Completion, completionAddress} from '../model/completion.ts'
import type {ContentAddress} from '../model/content-address.ts'
import type {JobId} from '../model/job.ts'
import type {FailureCause, JobResult} from '../model/job-result.ts'
import {type Request, requestAddress} from '../model/request.ts'
import type {CompletionKeeper} from './completion-keeper.ts'
import {diskFault, isDiskFault} from './disk-fault.ts'
import {Dispatcher} from './dispatcher.ts'
import {firstFlights} from './gate.ts'
import {JobQueue, type QueuedJob} from './job-queue.ts'
import {AttemptsFailed, LeftOut} from './send-failure.ts'
import type {SendEvent, SendOptions} from './send-options.ts'
import {stopOf} from './stop-reason.ts'

/** A job to be run now. */
export interface RunnableJob extends QueuedJob {
  /** Called when those that it comes after are done; `skip` says why the job is left out. */
  prepare(): Promise<Request | {readonly skip: string}>
}

type Obtained =
  | {readonly from: 'store' | 'provider'; readonly completions: readonly Completion[]}
  | {readonly from: 'nowhere'; readonly message: string}

export type RunEvent = SendEvent | {readonly type: 'result'; readonly result: JobResult}

export interface RunOptions extends SendOptions {
  readonly store: CompletionKeeper
  /** Jobs under way at once, from reading the store to writing the text. */
  readonly width: number
  readonly failFast?: boolean
  /** Awaited before a completion that arrived is looked at, so that requests which may leave now go first. */
  turn?(): Promise<void>
  /**
   * A request that may bring a better completion than those so far, the planned request's first; undefined when none
   * is wanted. When it fails, or the money is used up, those so far stand.
   */
  followUp?(id: JobId, request: Request, completions: readonly Completion[]): Request | undefined
  /**
   * Called as soon as a job's completions are stored, the planned request's first; awaited, so that its section file is
   * written. Gives the reason when the text could not be taken, which fails the job.
   */
  onCompleted(
    id: JobId,
    completion: Completion,
    from: 'store' | 'provider',
    followUps: readonly Completion[],
  ): Promise<string | undefined>
  onEvent(event: RunEvent): void
}

/** Pause in which the first requests leave before more are prepared. */
const firstPauseMs = 5

/**
 * Runs jobs, each after those that it reads and the first of the plan first. A job that fails does not stop the others;
 * a fault that every request would meet does. Never rejects for a fault of the world.
 */
export async function runPlan(jobs: readonly RunnableJob[], options: RunOptions): Promise<Map<JobId, JobResult>> {
  return new PlanRun(jobs, options).run()
}

class PlanRun {
  private readonly results = new Map<JobId, JobResult>()
  private readonly queue: JobQueue<RunnableJob>
  private readonly places: ReadonlyMap<JobId, number>
  /** Requests that are looked for or sent, by address: equal ones are sent once. */
  private readonly underWay = new Map<ContentAddress, Promise<Obtained>>()
  private readonly dispatcher: Dispatcher
  private active = 0
  /** Active jobs that wait for others: for an equal request, or for all texts that are missing. */
  private aside = 0
  /** Begins requests for better texts, which were held back while texts are missing. */
  private heldBack: (() => void)[] = []
  private width: number
  private hasSent = false
  /** Fires when nothing is left to do. */
  private readonly over = new AbortController()
  private fault: {readonly reason: unknown} | undefined
  private finish: () => void = () => undefined

  constructor(
    jobs: readonly RunnableJob[],
    private readonly options: RunOptions,
  ) {
    this.queue = new JobQueue(jobs)
    this.places = new Map(jobs.map(({id}, place) => [id, place]))
    this.width = Math.min(firstFlights.atOnce, options.width)
    this.dispatcher = new Dispatcher(
      options,
      (completion, request) => this.keep(completion, request),
      (event) => this.onSend(event),
    )
  }

  async run(): Promise<Map<JobId, JobResult>> {
    await new Promise<void>((resolve) => {
      this.finish = resolve
      this.fill()
    })
    // A fault of the program stops the run, but only when nothing is under way any more.
    if (this.fault !== undefined) throw this.fault.reason
    return this.results
  }

  private async keep(completion: Completion, request?: Request): Promise<void> {
    const {store} = this.options
    try {
      await store.put(completion, request)
    } catch (error) {
      // What the next completion would meet too: nothing more leaves.
      this.dispatcher.halt(diskFault(error))
      throw error
    }
    const cause = diskFault(store.trouble)
    if (cause !== undefined) this.dispatcher.halt(cause)
  }

  private onSend(event: SendEvent): void {
    this.options.onEvent(event)
    if (this.hasSent || event.type !== 'sent') return
    this.hasSent = true
    void this.options.clock.sleep(firstPauseMs, this.over.signal).then(() => this.widen())
  }

  /** Prepares more jobs, one by one, so that what the first requests still need is not held up. */
  private async widen(): Promise<void> {
    while (this.width < this.options.width && !this.over.signal.aborted) {
      this.width++
      this.fill()
      await this.options.turn?.()
    }
  }

  /** Starts as many jobs as may be under way. */
  private fill(): void {
    while (this.active - this.aside < this.width) {
      const job = this.queue.next()
      if (job === undefined) break
      this.active++
      void this.runJob(job)
        .catch((reason: unknown) => {
          this.fault ??= {reason}
          this.dispatcher.halt()
        })
        .then(() => {
          this.active--
          this.queue.done(job.id)
          this.fill()
        })
    }
    if (this.queue.open === 0) {
      this.over.abort()
      this.finish()
    } else if (this.active === 0) {
      this.fault ??= {reason: new Error('Cannot start any of the jobs that are left, expected no cycle among them')}
      this.finish()
    } else if (this.active === this.aside) {
      for (const begin of this.heldBack.splice(0)) begin()
    }
  }

  /**
   * Where money is short, texts that are missing go before better ones: resolves when none can be made any more. Gives
   * how far behind its place a request goes.
   */
  private async comeLast(): Promise<number> {
    if (this.options.ledger.maxCostUsd === undefined) return 0
    await this.standAside(new Promise<void>((resolve) => this.heldBack.push(resolve)))
    return this.places.size
  }

  /** Waits without taking up a place of a job that could go on. */
  private async standAside<Value>(waiting: Promise<Value>): Promise<Value> {
    this.aside++
    this.fill()
    try {
      return await waiting
    } finally {
      this.aside--
    }
  }

  /** Whether nothing more is to be done. After a provider's fault, or with the money used up, the store still gives. */
  private get isOver(): boolean {
    const {stop, abort, failFast} = this.options
    const {fault, isStopped} = this.dispatcher
    const isStoreLeft = fault?.isFatal === true && !isDiskFault(fault) && failFast !== true
    return isStopped && (stop.aborted || abort.aborted || !isStoreLeft)
  }

  private async runJob(job: RunnableJob): Promise<void> {
    if (this.isOver) {
      this.leaveOut(job.id)
      return
    }
    try {
      const request = await job.prepare()
      if ('skip' in request) {
        this.settle({type: 'skipped', id: job.id, because: request.skip})
        return
      }
      const obtained = await this.obtain(job.id, request)
      if (obtained.from === 'nowhere') {
        this.fail(job.id, {code: 'damaged-store', message: obtained.message, isFatal: false, attempts: 0})
        return
      }
      const {completions, from} = obtained
      const [completion, ...followUps] = completions as [Completion, ...Completion[]]
      const refused = await this.options.onCompleted(job.id, completion, from, followUps)
      if (refused === undefined) this.settle({type: 'completed', id: job.id, from})
      else this.fail(job.id, {code: 'not-taken', message: refused, isFatal: false, attempts: 1})
    } catch (error) {
      if (error instanceof LeftOut) {
        this.leaveOut(job.id)
        return
      }
      const cause = error instanceof AttemptsFailed ? error.cause : diskFault(error)
      if (cause === undefined) throw error
      this.fail(job.id, cause)
    }
  }

  /** The completion of a request; jobs with equal requests share it, from before the store is asked until it is kept there. */
  private obtain(id: JobId, request: Request): Promise<Obtained> {
    const address = requestAddress(request)
    const running = this.underWay.get(address)
    if (running !== undefined) return this.standAside(running)
    const promise = this.findOrSend(id, request, address).finally(() => this.underWay.delete(address))
    this.underWay.set(address, promise)
    return promise
  }

  private async findOrSend(id: JobId, request: Request, address: ContentAddress): Promise<Obtained> {
    const stored = await this.options.store.find(address)
    if (stored.type === 'lost') return {from: 'nowhere', message: stored.message}
    if (stored.type === 'none') {
      const completion = await this.dispatcher.send(id, request, this.places.get(id) as number)
      await this.options.turn?.()
      return {from: 'provider', completions: await this.followUp(id, request, [completion])}
    }
    // What comes from the store needs no gradual beginning.
    this.width = this.options.width
    const kept = [stored.completion, ...(stored.followUps ?? [])]
    const completions = await this.followUp(id, request, kept)
    return {from: completions.length > kept.length ? 'provider' : 'store', completions}
  }

  /**
   * Completions with those of the requests that follow. Each is kept for the planned request too: by that alone a later
   * run finds what was bought, also where it would ask in other words.
   */
  private async followUp(id: JobId, request: Request, kept: readonly Completion[]): Promise<readonly Completion[]> {
    const completions = [...kept]
    const address = requestAddress(request)
    for (;;) {
      const next = this.dispatcher.isStopped ? undefined : this.options.followUp?.(id, request, completions)
      if (next === undefined) return completions
      const completion = await this.findOrSendOptional(id, next)
      if (completion === undefined) return completions
      const mends = completionAddress(kept[0]?.text ?? '')
      const mending = {...completion, request: address, mends, asked: requestAddress(next)}
      await this.keep(mending)
      completions.push(mending)
    }
  }

  /** The completion of a request that a job can do without; undefined where none comes. */
  private async findOrSendOptional(id: JobId, request: Request): Promise<Completion | undefined> {
    const stored = await this.options.store.find(requestAddress(request))
    if (stored.type !== 'none') return stored.type === 'found' ? stored.completion : undefined
    const behind = await this.comeLast()
    try {
      return await this.dispatcher.send(id, request, (this.places.get(id) as number) + behind, {isOptional: true})
    } catch (error) {
      if (error instanceof AttemptsFailed || error instanceof LeftOut) return undefined
      throw error
    }
  }

  private fail(id: JobId, cause: FailureCause): void {
    if (cause.isFatal || this.options.failFast === true) this.dispatcher.halt(cause)
    this.settle({type: 'failed', id, cause})
  }

  private leaveOut(id: JobId): void {
    const {fault} = this.dispatcher
    this.settle({type: 'skipped', id, because: `left out, ${stopOf(fault)}`})
  }

  private settle(result: JobResult): void {
    this.results.set(result.id, result)
    this.options.onEvent({type: 'result', result})
  }
}
