import type {FailureCause} from '../model/job-result.ts'
import type {AnnouncedLimits} from '../model/provider.ts'
import {type LimitCeiling, PacedLimit, type Reservation} from './paced-limit.ts'

/**
 * Requests in flight until the first answer shows that there is somebody who answers, and what the limits are. A server
 * that takes none of them, for their key or model, mostly says so at once, while an answer takes its time: where nothing
 * came within moments, a few more leave. Their number is that of segments with which TCP begins (RFC 6928), for the same
 * reason: with fewer, whoever is far away waits a whole round for nothing.
 */
export const firstFlights = {atOnce: 4, afterMs: 25, most: 10}

/** Faults of the server in a row, without an answer between them, after which nothing is sent but probes. */
const faultsToOpen = 5
/** Probes that may fail before the run stops. */
const maxProbes = 3
/** Pause before the first probe and what each later one is longer by: of a server that never answered, and of one that did. */
const probing = {never: {firstMs: 1_000, factor: 2}, before: {firstMs: 5_000, factor: 3}}
/** Pauses in a row without an answer between them, after which the run stops: longer than a limit per minute takes to end. */
const maxPauses = {never: 6, before: 8}
/** Longest pause between refusals that the server itself does not ask for. */
const maxFloorMs = 60_000
/** Part of the concurrency that is left after a refusal. */
const decrease = 0.7
/** Most rounds of answers before as many requests fly again as were refused. */
const mostPatience = 64

export interface GateOptions {
  /** Most requests in flight, from 1. */
  readonly concurrency: number
  readonly requests?: LimitCeiling
  /** Input and output tokens. */
  readonly tokens?: LimitCeiling
  readonly random: () => number
}

/** One attempt on its way, to be handed back with its outcome. */
export interface Flight {
  readonly sentMs: number
  readonly requests: Reservation
  readonly tokens: Reservation
}

interface Hinted {
  /** Pause that the server asked for. */
  readonly hintMs: number | undefined
  readonly cause: string
}

/** How an attempt ended, as far as the gate is concerned. */
export type FlightOutcome =
  /** An answer that says something of this request alone, good or bad. */
  | {readonly type: 'answer'; readonly tokens: number}
  /** The server had no room: every other request would be refused too. */
  | (Hinted & {readonly type: 'refusal'})
  /** The server or the network failed; `isOwn` where it fails most likely for this request alone. */
  | (Hinted & {readonly type: 'fault'; readonly tokens: number; readonly isOwn: boolean})
  /** Given up from here. */
  | {readonly type: 'aborted'}

interface Pause {
  readonly untilMs: number
  readonly reason: string
  /** Whether it is the breaker's, which an answer ends. */
  readonly isBreaker: boolean
}

/** Why nothing is sent at the moment. */
export interface GateState {
  readonly waitMs: number
  readonly reason: string
}

/**
 * Decides when the next attempt of all workers may leave: concurrency, the limits of requests and tokens, pauses that a
 * server asks for, and a breaker for outages. Holds no clock and no timer; `nowMs` never goes back.
 */
export class Gate {
  private readonly requests: PacedLimit
  private readonly tokens: PacedLimit
  private inFlight = 0
  private allowed: number
  private hasAnswer = false
  /** When the first attempt was on its way. */
  private leftMs: number | undefined
  private hasFailed = false
  private decreasedMs = Number.NEGATIVE_INFINITY
  private successes = 0
  /** Requests in flight at the last refusal, and the rounds of answers to wait before so many are tried again. */
  private refusedAt = Number.POSITIVE_INFINITY
  private patience = 1
  private pause: Pause | undefined
  private pausesInRow = 0
  private faultsInRow = 0
  private openedMs = Number.POSITIVE_INFINITY
  private probes = 0
  private stopped: string | undefined
  private shutFor: FailureCause | undefined

  constructor(
    private readonly options: GateOptions,
    nowMs: number,
  ) {
    this.allowed = options.concurrency
    this.requests = new PacedLimit(options.requests, 0, nowMs)
    this.tokens = new PacedLimit(options.tokens, 1.5, nowMs)
  }

  /** Why the run must stop, once the server was tried often enough in vain. */
  get stopReason(): string | undefined {
    return this.stopped
  }

  /** The fault for which nothing more is sent, by no book of the build. */
  get fault(): FailureCause | undefined {
    return this.shutFor
  }

  /** Whether somebody has answered, in this book of the build or in one before. */
  get isAnswered(): boolean {
    return this.hasAnswer
  }

  /** Sends nothing more in this build. */
  shut(cause: FailureCause): void {
    this.shutFor ??= cause
  }

  /** Requests that may be in flight at a time. */
  concurrencyAt(nowMs: number): number {
    if (this.isOpen) return 1
    return this.hasAnswer ? this.allowed : Math.min(this.firstFlightsAt(nowMs), this.allowed)
  }

  /** Requests that may leave before anybody has answered. */
  firstFlightsAt(nowMs: number): number {
    return this.widensInMs(nowMs) === 0 ? firstFlights.most : firstFlights.atOnce
  }

  /** Milliseconds until more requests may leave though nobody has answered; infinite after a fault, and before the first. */
  widensInMs(nowMs: number): number {
    if (this.leftMs === undefined || this.hasFailed) return Number.POSITIVE_INFINITY
    return Math.max(0, this.leftMs + firstFlights.afterMs - nowMs)
  }

  /** Notes that an attempt is on its way to a server that is there; whether it is the first. */
  noteLeft(nowMs: number): boolean {
    if (this.leftMs !== undefined) return false
    this.leftMs = nowMs
    return true
  }

  /** Undefined when an attempt of about `tokens` tokens may leave now; else how long to wait and why, at least until a flight ends where `waitMs` is infinite. */
  blocked(tokens: number, nowMs: number): GateState | undefined {
    if (this.pause !== undefined && this.pause.untilMs > nowMs) {
      return {waitMs: this.pause.untilMs - nowMs, reason: this.pause.reason}
    }
    if (this.inFlight >= this.concurrencyAt(nowMs))
      return {waitMs: Number.POSITIVE_INFINITY, reason: 'all workers are busy'}
    const requestsMs = this.requests.waitMs(1, nowMs)
    const tokensMs = this.tokens.waitMs(tokens, nowMs)
    if (requestsMs === 0 && tokensMs === 0) return undefined
    return requestsMs >= tokensMs
      ? {waitMs: requestsMs, reason: 'the limit of requests per minute'}
      : {waitMs: tokensMs, reason: 'the limit of tokens per minute'}
  }

  /** Counts an attempt as on its way. */
  begin(tokens: number, nowMs: number): Flight {
    this.inFlight++
    return {sentMs: nowMs, requests: this.requests.reserve(1, nowMs), tokens: this.tokens.reserve(tokens, nowMs)}
  }

  /** Takes in an answer when it arrives, since what it says of limits is true then; its place is free by `land`. */
  answer(flight: Flight, tokens: number, limits: AnnouncedLimits | undefined, nowMs: number): void {
    this.settle(flight, tokens, limits, nowMs)
    this.succeed(this.inFlight * 2 >= this.allowed, nowMs)
  }

  /** Gives the place of an attempt that was answered to the next. */
  land(): void {
    this.inFlight--
  }

  /** Takes in how an attempt ended, and gives its place to the next. */
  end(flight: Flight, outcome: FlightOutcome, limits: AnnouncedLimits | undefined, nowMs: number): void {
    if (outcome.type === 'answer') {
      this.answer(flight, outcome.tokens, limits, nowMs)
      this.land()
      return
    }
    this.land()
    this.hasFailed = true
    this.settle(flight, outcome.type === 'fault' ? outcome.tokens : flight.tokens.cost, limits, nowMs)
    if (outcome.type === 'refusal') this.refuse(flight, outcome, nowMs)
    else if (outcome.type === 'fault') this.fail(flight, outcome, nowMs)
  }

  private settle(flight: Flight, tokens: number, limits: AnnouncedLimits | undefined, nowMs: number): void {
    this.requests.settle(flight.requests, 1, limits?.requests, nowMs)
    this.tokens.settle(flight.tokens, tokens, limits?.tokens, nowMs)
  }

  private get isOpen(): boolean {
    return this.faultsInRow >= faultsToOpen
  }

  private succeed(wasFull: boolean, nowMs: number): void {
    this.hasAnswer = true
    this.requests.succeed(nowMs)
    this.tokens.succeed(nowMs)
    this.faultsInRow = 0
    this.probes = 0
    this.pausesInRow = 0
    if (this.pause?.isBreaker === true) this.pause = undefined
    if (this.allowed >= this.options.concurrency || !wasFull) return
    // Additive: one more for each round of answers, and for many rounds where one more was refused before.
    const rounds = this.allowed + 1 < this.refusedAt ? 1 : this.patience
    if (++this.successes < this.allowed * rounds) return
    this.successes = 0
    this.allowed++
    if (this.allowed > this.refusedAt) this.patience = 1
  }

  private refuse({sentMs}: Flight, {hintMs, cause}: Hinted, nowMs: number): void {
    // What was sent before the pause began is refused for the same reason.
    const isNews = this.pause === undefined || sentMs >= this.pause.untilMs
    if (isNews) this.pausesInRow++
    const waitMs = this.refusalWaitMs(hintMs)
    if (hintMs !== undefined || isNews) this.pauseUntil(nowMs + waitMs, cause, false)
    this.requests.refuse(isNews, nowMs)
    this.tokens.refuse(isNews, nowMs)
    const isPaced = this.requests.isKnown || this.tokens.isKnown
    if (sentMs > this.decreasedMs && (!isPaced || this.pausesInRow > 1)) {
      this.refusedAt = Math.min(this.allowed, this.inFlight + 1)
      this.patience = Math.min(mostPatience, this.patience * 2)
      this.allowed = Math.max(1, Math.floor(this.refusedAt * decrease))
      this.decreasedMs = nowMs
      this.successes = 0
    }
    if (this.pausesInRow > maxPauses[this.standing])
      this.stopped = `the server refused ${this.pausesInRow} times in a row: ${cause}`
  }

  /** The hint and a little more; without one, or with one that was followed in vain, a step that grows. */
  private refusalWaitMs(hintMs: number | undefined): number {
    const {random} = this.options
    const steps = hintMs === undefined ? this.pausesInRow : this.pausesInRow - 1
    const baseMs = hintMs === undefined || this.hasAnswer ? 1_000 : 250
    const stepMs = steps < 1 ? 0 : Math.min(maxFloorMs, baseMs * 2 ** (steps - 1)) * (0.5 + random() / 2)
    return Math.max(stepMs, (hintMs ?? 0) * (1 + random() / 10))
  }

  private fail({sentMs}: Flight, {hintMs, cause, isOwn}: Hinted & {readonly isOwn: boolean}, nowMs: number): void {
    const {random} = this.options
    // What was in flight when the breaker opened is no probe.
    if (this.isOpen && sentMs > this.openedMs) this.probes++
    if (!isOwn) this.faultsInRow++
    if (this.faultsInRow === faultsToOpen && !isOwn) this.openedMs = nowMs
    if (this.probes >= maxProbes) {
      this.stopped = `the server failed ${this.faultsInRow} times in a row: ${cause}`
      return
    }
    const hintedMs = (hintMs ?? 0) * (1 + random() / 10)
    if (!this.isOpen) {
      if (hintMs !== undefined) this.pauseUntil(nowMs + hintedMs, cause, false)
      return
    }
    const {firstMs, factor} = probing[this.standing]
    const waitMs = Math.max(hintedMs, firstMs * factor ** this.probes * (0.75 + random() / 4))
    this.pauseUntil(nowMs + waitMs, `${cause}; trying again with one request`, true)
  }

  private pauseUntil(untilMs: number, reason: string, isBreaker: boolean): void {
    if (this.pause === undefined || this.pause.untilMs < untilMs) this.pause = {untilMs, reason, isBreaker}
  }

  /** Whether the server ever answered in this run. */
  private get standing(): 'never' | 'before' {
    return this.hasAnswer ? 'before' : 'never'
  }
}
