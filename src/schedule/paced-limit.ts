import type {AnnouncedLimit} from '../model/provider.ts'
import {TokenBucket} from './token-bucket.ts'

/** A limit per minute from a flag or the config; a ceiling for whatever a server announces. */
export interface LimitCeiling {
  readonly perMinute: number
  /** Most that may go at once; default what the server shows, else a second's worth. */
  readonly burst?: number
}

/** What an attempt took of a limit, to be settled when its true cost is known. */
export interface Reservation {
  readonly cost: number
  readonly sentMs: number
  readonly number: number
}

const minuteMs = 60_000

/** Requests leave at even distances and arrive at uneven ones: so much time's worth of a limit is kept back. */
const slackMs = 50

/** What a refusal takes of our share of a limit, what an answer adds to it, and what is left at least. */
const shareDecrease = 0.85
const shareIncrease = 0.0015
const leastShare = 0.05

/** Answers in a row that must show far less than our own count. One alone may have been overtaken on its way. */
const agreeingAnswers = 4

/**
 * One limit, of requests or of tokens, as a bucket: from a ceiling, from what the server announces, or both. Without
 * either it lets everything through.
 */
export class PacedLimit {
  private bucket: TokenBucket | undefined
  private hasFill = false
  private kept = 0
  private perMinute = 0
  /** Part of the limit that others leave to us. */
  private share = 1
  /** Most that the server lets through at once, as far as it showed. */
  private shown: number | undefined
  /** What was sent and is not answered yet, by number. */
  private readonly open = new Map<number, Reservation>()
  private count = 0
  /** By how much the last answers in a row showed less than our own count. */
  private deficits: number[] = []

  /** `marginCosts` is kept back beside the slack, in costs of a request: for limits whose costs are estimates. */
  constructor(
    private readonly ceiling: LimitCeiling | undefined,
    private readonly marginCosts: number,
    nowMs: number,
  ) {
    if (ceiling === undefined) return
    const {perMinute, burst = perMinute / 60} = ceiling
    this.perMinute = perMinute
    this.kept = keptOf(perMinute)
    this.bucket = new TokenBucket(perMinute, burst - this.kept, nowMs)
  }

  /** Whether a limit is known, so that pacing holds it without guessing. */
  get isKnown(): boolean {
    return this.bucket !== undefined
  }

  waitMs(cost: number, nowMs: number): number {
    return this.bucket?.waitMs(cost, nowMs) ?? 0
  }

  reserve(cost: number, nowMs: number): Reservation {
    this.bucket?.take(cost, nowMs)
    const reservation = {cost, sentMs: nowMs, number: ++this.count}
    this.open.set(reservation.number, reservation)
    return reservation
  }

  /** Replaces a reservation by what the attempt cost in fact, and takes in what the headers of its answer say. */
  settle(reservation: Reservation, cost: number, announced: AnnouncedLimit | undefined, nowMs: number): void {
    this.open.delete(reservation.number)
    this.bucket?.take(cost - reservation.cost, nowMs)
    if (announced !== undefined) this.learn(announced, reservation, nowMs)
  }

  /**
   * The server refused although the bucket had room: nothing is left on its side. `isNews` for the first refusal of
   * several that have one reason: somebody else spends of the limit too, and our share of it is smaller.
   */
  refuse(isNews: boolean, nowMs: number): void {
    if (this.bucket === undefined) return
    if (this.bucket.levelAt(nowMs) > 0) this.bucket.setLevel(0, nowMs)
    if (isNews) this.setShare(Math.max(leastShare, this.share * shareDecrease), nowMs)
  }

  /** An answer came: if our share of the limit is not the whole, it may be a little more. */
  succeed(nowMs: number): void {
    if (this.share < 1) this.setShare(Math.min(1, this.share + shareIncrease), nowMs)
  }

  private setShare(share: number, nowMs: number): void {
    this.share = share
    this.bucket?.reshape(this.perMinute * share, this.bucket.burst, nowMs)
  }

  private learn(announced: AnnouncedLimit, reservation: Reservation, nowMs: number): void {
    const announcedRate = rateOf(announced)
    const perMinute = Math.min(
      announcedRate ?? Number.POSITIVE_INFINITY,
      this.ceiling?.perMinute ?? Number.POSITIVE_INFINITY,
    )
    if (!Number.isFinite(perMinute)) return
    // Errors of estimates add up as the square root of their number.
    const margin = this.marginCosts * Math.max(1, Math.sqrt(this.open.size) / 4)
    this.kept = keptOf(perMinute) + margin * reservation.cost
    const shown = shownBurst(announced, announcedRate)
    const bucket = this.shape(perMinute, shown, nowMs)
    if (announced.remaining === undefined) return
    const level = announced.remaining - this.sentSince(reservation) - this.kept
    // When the server counted is not known: a first request may be long on its way, and some count when they answer.
    const refilled = (perMinute / minuteMs) * (nowMs - reservation.sentMs)
    if (this.hasFill) this.compare(bucket.levelAt(nowMs) - level - refilled, reservation.cost, bucket, nowMs)
    else bucket.setLevel(level, nowMs)
    this.hasFill = true
  }

  /** Our own count is the steadier one: what the server says later counts only where others spend too. */
  private compare(deficit: number, cost: number, bucket: TokenBucket, nowMs: number): void {
    if (deficit <= Math.max(4 * cost, bucket.burst / 4)) {
      this.deficits = []
      return
    }
    this.deficits.push(deficit)
    if (this.deficits.length < agreeingAnswers) return
    bucket.take(Math.min(...this.deficits), nowMs)
    this.deficits = []
  }

  private shape(perMinute: number, shown: number | undefined, nowMs: number): TokenBucket {
    // What is shown later may be of a bucket that is being emptied: the most that was seen counts.
    if (shown !== undefined) this.shown = Math.max(this.shown ?? 0, shown)
    const ceiling = this.ceiling?.burst ?? Number.POSITIVE_INFINITY
    const burst = Math.min(ceiling, this.shown ?? this.ceiling?.burst ?? perMinute / 60) - this.kept
    this.perMinute = perMinute
    const ownPerMinute = perMinute * this.share
    if (this.bucket === undefined) this.bucket = new TokenBucket(ownPerMinute, burst, nowMs)
    else this.bucket.reshape(ownPerMinute, burst, nowMs)
    return this.bucket
  }

  /** What was sent after a reservation and is not answered: the server may not have counted it when it answered. */
  private sentSince({number}: Reservation): number {
    let sum = 0
    for (const other of this.open.values()) if (other.number > number) sum += other.cost
    return sum
  }
}

function keptOf(perMinute: number): number {
  return (perMinute / minuteMs) * slackMs
}

/** Permits a minute by an announcement; what takes longer than a minute to refill is a limit per hour or day. */
function rateOf({limit, remaining, resetMs}: AnnouncedLimit): number | undefined {
  if (limit === undefined) return undefined
  if (resetMs === undefined || resetMs <= minuteMs || remaining === undefined || remaining >= limit) return limit
  return ((limit - remaining) / resetMs) * minuteMs
}

/** How many may go at once: what is left now and what comes until the bucket is full; undefined when it is not shown. */
function shownBurst({limit, remaining, resetMs}: AnnouncedLimit, perMinute: number | undefined): number | undefined {
  if (remaining === undefined || resetMs === undefined || perMinute === undefined) return undefined
  return Math.max(1, Math.min(limit ?? Number.POSITIVE_INFINITY, remaining + (perMinute / minuteMs) * resetMs))
}
