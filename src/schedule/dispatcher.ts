import type {Completion, Usage} from '../model/completion.ts'
import type {JobId} from '../model/job.ts'
import type {FailureCause} from '../model/job-result.ts'
import {type AnnouncedLimits, ProviderError} from '../model/provider.ts'
import {type Request, requestAddress} from '../model/request.ts'
import {isRefusal, outcomeOf} from './flight-outcome.ts'
import {RetryBudget} from './retry-budget.ts'
import {backoffMs, isTriedEnough, maxHintMs} from './retry-delay.ts'
import {AttemptsFailed, LeftOut} from './send-failure.ts'
import type {SendEvent, SendOptions} from './send-options.ts'
import type {SendTask} from './send-task.ts'
import {comeBack, costReached} from './stop-reason.ts'

/** Attempts to reach a server that has never answered in this run. */
const maxFirstConnections = 3

/**
 * Sends requests: the one owner of limits, waits and retries. A completion is handed over only when it is in the
 * store. After a fault that every request would meet, nothing more is sent.
 */
export class Dispatcher {
  private readonly waiting: SendTask[] = []
  private readonly budget = new RetryBudget()
  private readonly halted = new AbortController()
  private readonly ending: AbortSignal
  private fatal: FailureCause | undefined
  private hasAnswer: boolean
  /** Completions that came so far. */
  private answers = 0
  /** Requests of which at least one attempt left. */
  private begun = 0
  private alarm: AbortController | undefined
  /** Attempts that left and were not answered. */
  private out = 0
  /** Completions that came and are not on disk yet; each resolves when it is, or cannot be. */
  private readonly unkept = new Set<Promise<void>>()

  /** `keep` returns when a completion is on disk. */
  constructor(
    private readonly options: SendOptions,
    private readonly keep: (completion: Completion, request: Request) => Promise<void>,
    private readonly onEvent: (event: SendEvent) => void,
  ) {
    this.hasAnswer = options.gate.isAnswered
    this.ending = AbortSignal.any([options.stop, options.abort, this.halted.signal])
    this.ending.addEventListener('abort', () => this.pump(), {once: true})
    // What another book of the build met, this one would meet too.
    if (options.gate.fault !== undefined) this.halt(options.gate.fault)
  }

  get isStopped(): boolean {
    return this.ending.aborted
  }

  /** The fault that stopped the run. */
  get fault(): FailureCause | undefined {
    return this.fatal
  }

  /** Sends nothing more; `cause` is the fault that every other job would meet. */
  halt(cause?: FailureCause): void {
    if (cause !== undefined) this.fatal ??= cause
    if (cause?.isFatal === true) this.options.gate.shut(cause)
    this.halted.abort()
  }

  /**
   * The completion of a request, once it is stored. Rejects with `AttemptsFailed` or `LeftOut`. One that `isOptional`
   * stops nothing when it fails, and is left out when it could pass the limit of money.
   */
  send(
    id: JobId,
    request: Request,
    place: number,
    {isOptional = false}: {readonly isOptional?: boolean} = {},
  ): Promise<Completion> {
    return new Promise((resolve, reject) => {
      const address = requestAddress(request)
      const fresh = {
        attempts: 0,
        refusals: 0,
        unavailable: 0,
        inVain: 0,
        notBeforeMs: 0,
        capTokens: undefined,
        hasRaisedCap: false,
        cause: undefined,
        answersAtFault: undefined,
      }
      this.waiting.push({id, request, address, place, isOptional, resolve, reject, ...fresh})
      this.pump()
    })
  }

  /** Lets leave what may leave now, and sets the alarm for what may leave next. */
  private pump(): void {
    this.alarm?.abort('pumped')
    const {gate, ledger, estimator, clock} = this.options
    for (;;) {
      if (this.isStopped) {
        this.dropWaiting()
        return
      }
      const nowMs = clock.nowMs()
      const at = this.nextTask(nowMs)
      const task = this.waiting[at]
      if (task === undefined) {
        const later = this.waiting.filter(({notBeforeMs}) => notBeforeMs > nowMs)
        const widensMs = this.hasAnswer ? Number.POSITIVE_INFINITY : gate.widensInMs(nowMs)
        this.wake(Math.min(widensMs, ...later.map(({notBeforeMs}) => notBeforeMs - nowMs)))
        return
      }
      const expected = this.expect(task)
      const blocked = gate.blocked(expected.inputTokens + expected.outputTokens, nowMs)
      if (blocked !== undefined) {
        if (Number.isFinite(blocked.waitMs)) this.onEvent({type: 'waiting', ...blocked})
        this.wake(blocked.waitMs)
        return
      }
      const most = estimator.mostOf(task.request, task.capTokens)
      const affords = ledger.affords(task.request.model, most)
      if (affords === 'later') return
      if (affords === 'never' && task.isOptional) {
        this.waiting.splice(at, 1)
        task.reject(task.cause === undefined ? new LeftOut() : new AttemptsFailed(task.cause))
        continue
      }
      if (affords === 'never') {
        this.halt(costReached(ledger, task.attempts))
        continue
      }
      this.waiting.splice(at, 1)
      this.fly(task, expected, most).catch(task.reject)
    }
  }

  /** Index of the waiting task that is due and first in the plan's order; -1 for none. */
  private nextTask(nowMs: number): number {
    let best = -1
    // Until somebody answers, the first requests are tried again before others are sent in vain.
    const most = this.hasAnswer ? Number.POSITIVE_INFINITY : this.options.gate.firstFlightsAt(nowMs)
    this.waiting.forEach((task, at) => {
      if (task.notBeforeMs > nowMs || (task.attempts > 0 && !this.budget.isFree)) return
      if (task.attempts === 0 && this.begun >= most) return
      if (best === -1 || task.place < (this.waiting[best] as SendTask).place) best = at
    })
    return best
  }

  private wake(waitMs: number): void {
    if (!Number.isFinite(waitMs) || waitMs <= 0) return
    const alarm = new AbortController()
    this.alarm = alarm
    // The run's end calls `pump`, which turns the alarm off.
    void this.options.clock.sleep(waitMs, alarm.signal).then(() => {
      if (!alarm.signal.aborted) this.pump()
    })
  }

  private expect(task: SendTask): Usage {
    return this.options.estimator.expect(task.request)
  }

  /** The request as it goes out: with a cap of its own where the planned one has none or proved too low. */
  private wireRequest({request, capTokens}: SendTask, most: Usage): Request {
    const cap = capTokens ?? (this.options.ledger.maxCostUsd === undefined ? undefined : most.outputTokens)
    return cap === undefined ? request : {...request, limits: {...request.limits, maxTokens: cap}}
  }

  private async fly(task: SendTask, expected: Usage, most: Usage): Promise<void> {
    const {provider, gate, ledger, estimator, intents, clock, timeoutMs, abort} = this.options
    const {id, request, address} = task
    const tokens = expected.inputTokens + expected.outputTokens
    const isRetry = task.attempts > 0
    if (!isRetry) this.begun++
    task.attempts++
    const flight = gate.begin(tokens, clock.nowMs())
    const hold = ledger.hold(request.model, most)
    if (isRetry) this.budget.begin()
    let limits: AnnouncedLimits | undefined
    const onLimits = (announced: AnnouncedLimits): void => {
      limits = announced
    }
    const onLeft = (): void => {
      if (gate.noteLeft(clock.nowMs())) this.pump()
    }
    let intent: number | undefined
    let hasLeft = false
    try {
      intent = await intents?.intend({id, request: address, model: request.model, attempt: task.attempts, ...most})
      // A kill loses no more than may be in flight: who came before has its place until it is on disk.
      while (this.unkept.size > 0 && this.out + this.unkept.size >= gate.concurrencyAt(clock.nowMs()))
        await Promise.race(this.unkept)
      if (this.isStopped) {
        this.withdraw(task)
        ledger.settle(hold, 'free', undefined)
        gate.end(flight, {type: 'aborted'}, limits, clock.nowMs())
        if (intent !== undefined) intents?.end(intent, 'free')
        return
      }
      hasLeft = true
      ledger.sent++
      if (isRetry) ledger.retried++
      this.onEvent({type: 'sent', id})
      this.out++
      const came = await provider
        .complete(this.wireRequest(task, most), {signal: abort, timeoutMs, onLeft, onLimits})
        .finally(() => this.out--)
      const completion = {...came, request: address}
      const {usage} = completion
      this.hasAnswer = true
      this.answers++
      estimator.learn(request, usage)
      this.budget.answer()
      ledger.settle(hold, 'billed', usage)
      gate.answer(flight, usage.inputTokens + usage.outputTokens, limits, clock.nowMs())
      const kept = this.keep(completion, request)
      this.noteUnkept(kept)
      // The notes of the requests that leave next go to disk together with the completion.
      gate.land()
      if (isRetry) this.budget.end()
      this.pump()
      await kept.finally(() => this.onEvent({type: 'answered', id}))
      if (intent !== undefined) intents?.end(intent, 'stored')
      task.resolve(completion)
    } catch (error) {
      if (!(error instanceof ProviderError)) {
        if (!hasLeft) {
          ledger.settle(hold, 'free', undefined)
          gate.end(flight, {type: 'aborted'}, limits, clock.nowMs())
        }
        throw error
      }
      if (isRetry) this.budget.end()
      ledger.settle(hold, error.billing, error.usage)
      if (error.usage !== undefined) estimator.learn(request, error.usage)
      // Others were answered since it failed first: most likely it fails by itself.
      const isOwn = task.answersAtFault !== undefined && task.answersAtFault < this.answers
      if (error.isRetryable) task.answersAtFault ??= this.answers
      gate.end(flight, outcomeOf(error, tokens, isOwn), limits, clock.nowMs())
      if (intent !== undefined) intents?.end(intent, error.billing)
      this.onEvent({type: 'answered', id})
      this.fail(task, error)
      this.pump()
    }
  }

  private noteUnkept(kept: Promise<void>): void {
    const over = kept
      .catch(() => undefined)
      .then(() => {
        this.unkept.delete(over)
      })
    this.unkept.add(over)
  }

  /** Gives up a task that was about to leave when the run stopped. */
  private withdraw(task: SendTask): void {
    task.attempts--
    if (task.attempts > 0) this.budget.end()
    task.reject(task.cause === undefined ? new LeftOut() : new AttemptsFailed(task.cause))
  }

  /** Puts a task back for another attempt, or gives it up. */
  private fail(task: SendTask, error: ProviderError): void {
    const {clock, random, gate, ledger} = this.options
    if (error.code !== 'connection' && error.code !== 'timeout') this.hasAnswer = true
    if (error.code === 'http-429') ledger.rateLimited++
    const {code, message, isFatal} = error
    // A model that does not take the raised cap cannot say more: that it was cut off is what the author can mend.
    const isCapRefused = task.cause?.code === 'truncated' && (code === 'http-400' || code === 'http-422')
    if (task.cause !== undefined && isCapRefused) task.cause = {...task.cause, attempts: task.attempts}
    else task.cause = {code, message, isFatal, attempts: task.attempts}
    const retryable = error.isRetryable || this.mayRaiseCap(task, error)
    // Nobody has answered yet: most likely nobody will, and hundreds of requests would wait in vain.
    const isNobodyThere = code === 'connection' && !this.hasAnswer && task.attempts >= maxFirstConnections
    if (isNobodyThere || gate.stopReason !== undefined) {
      task.cause = {...task.cause, isFatal: true, message: gate.stopReason ?? message}
    } else if ((error.retryAfterMs ?? 0) > maxHintMs) {
      const reason = comeBack(error.retryAfterMs as number, clock.dateMs())
      task.cause = {...task.cause, isFatal: true, message: `${message}; ${reason}, all that was bought is kept`}
    }
    const refused = isRefusal(error)
    if (refused) task.refusals++
    else if (code === 'http-503') task.unavailable++
    if (error.billing === 'billed') task.inVain++
    if (task.cause.isFatal || !retryable || isTriedEnough(task) || this.isStopped) {
      this.giveUp(task)
      return
    }
    // A refusal makes all wait at the gate, so that nothing has to be waited for here.
    const waitMs =
      refused || code === 'truncated' ? 0 : (error.retryAfterMs ?? backoffMs(task.attempts - task.refusals, random))
    task.notBeforeMs = clock.nowMs() + waitMs
    this.onEvent({type: 'retry', id: task.id, cause: message, waitMs})
    this.waiting.push(task)
  }

  /** Whether a completion that was cut off is to be asked for once more, with twice the room. */
  private mayRaiseCap(task: SendTask, {code, usage}: ProviderError): boolean {
    if (code !== 'truncated' || task.hasRaisedCap) return false
    const before = task.capTokens ?? task.request.limits.maxTokens ?? usage?.outputTokens
    if (before === undefined || before === 0) return false
    task.hasRaisedCap = true
    task.capTokens = 2 * Math.max(before, usage?.outputTokens ?? 0)
    return true
  }

  private giveUp(task: SendTask): void {
    const cause = task.cause as FailureCause
    // First, so that what stopped the run is told before what it stopped.
    task.reject(new AttemptsFailed(cause))
    if (cause.isFatal && !task.isOptional) this.halt(cause)
  }

  private dropWaiting(): void {
    for (const task of this.waiting.splice(0)) {
      task.reject(task.cause === undefined ? new LeftOut() : new AttemptsFailed(task.cause))
    }
  }
}
