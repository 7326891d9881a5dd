import {describe, expect, it} from 'vitest'
import type {AnnouncedLimits} from '../src/model/provider.ts'
import {announcedLimits, readDurationMs} from '../src/providers/rate-limit-headers.ts'
import {isFatalStatus, isGivenUpStatus, isRetryableStatus, retryAfterMs} from '../src/providers/server-faults.ts'
import {Gate, type GateOptions} from '../src/schedule/gate.ts'
import {TokenBucket} from '../src/schedule/token-bucket.ts'
import {LimitedServer, type LimitedServerOptions} from './support/recording-provider.ts'
import {Bench, plainJobs, type RunInput, seededRandom} from './support/schedule-run.ts'

describe('a token bucket', () => {
  it('begins full, is emptied by what is taken and fills at its rate up to its burst', () => {
    const bucket = new TokenBucket(600, 5, 0)
    for (let taken = 0; taken < 5; taken++) {
      expect(bucket.waitMs(1, 0)).toBe(0)
      bucket.take(1, 0)
    }
    expect(bucket.waitMs(1, 0)).toBeCloseTo(100)
    expect(bucket.waitMs(1, 60)).toBeCloseTo(40)
    expect(bucket.levelAt(60_000)).toBe(5)
  })

  it('lets what costs more than its burst through when it is full, and pays the debt back', () => {
    const bucket = new TokenBucket(60_000, 1_000, 0)
    expect(bucket.waitMs(5_000, 0)).toBe(0)
    bucket.take(5_000, 0)
    expect(bucket.levelAt(0)).toBe(-4_000)
    expect(bucket.waitMs(500, 0)).toBeCloseTo(4_500)
    bucket.take(-2_000, 0)
    expect(bucket.waitMs(500, 0)).toBeCloseTo(2_500)
  })

  it('does not fill where time stands still or goes back', () => {
    const bucket = new TokenBucket(60, 2, 1_000)
    bucket.take(2, 1_000)
    expect(bucket.levelAt(500)).toBe(0)
  })

  it('keeps its level, at most the new burst, when it is reshaped', () => {
    const bucket = new TokenBucket(60, 10, 0)
    bucket.take(4, 0)
    bucket.reshape(120, 3, 1_000)
    expect(bucket.levelAt(1_000)).toBe(3)
    bucket.reshape(120, 100, 1_000)
    expect(bucket.levelAt(2_000)).toBe(5)
  })
})

/** How many attempts of `tokens` leave at one moment. */
function leaving(gate: Gate, nowMs: number, tokens = 100): number {
  let count = 0
  while (count < 10_000 && gate.blocked(tokens, nowMs) === undefined) {
    gate.begin(tokens, nowMs)
    count++
  }
  return count
}

function newGate(options: Partial<GateOptions> = {}): Gate {
  return new Gate({concurrency: 5_000, random: () => 0.5, ...options}, 0)
}

/** A gate that had one answer, sent at 0 and there at `nowMs`, with these limits. */
function gateAfter(limits: AnnouncedLimits | undefined, nowMs: number, options: Partial<GateOptions> = {}): Gate {
  const gate = newGate(options)
  const flight = gate.begin(100, 0)
  gate.end(flight, {type: 'answer', tokens: 100}, limits, nowMs)
  return gate
}

describe('limits', () => {
  it('let everything through where none is known', () => {
    expect(leaving(gateAfter(undefined, 100), 100)).toBe(5_000)
  })

  it('by flag begin with a second’s worth, or with the burst that is given', () => {
    expect(leaving(gateAfter(undefined, 0, {requests: {perMinute: 1_800}}), 0)).toBe(27)
    expect(leaving(gateAfter(undefined, 0, {requests: {perMinute: 1_800, burst: 60}}), 0)).toBe(57)
    expect(leaving(gateAfter(undefined, 0, {requests: {perMinute: 6}}), 0)).toBe(0)
    expect(leaving(newGate({requests: {perMinute: 6}}), 0)).toBe(1)
  })

  it('by headers have the burst that remaining and reset show, filled as far as remaining says', () => {
    const gate = gateAfter({requests: {limit: 1_800, remaining: 40, resetMs: 500}}, 0)
    expect(leaving(gate, 0)).toBe(38)
    expect(leaving(gate, 20_000)).toBe(53)
  })

  it('by headers have a second’s worth where no reset shows a burst', () => {
    const gate = gateAfter({requests: {limit: 1_800}}, 0)
    expect(leaving(gate, 0)).toBe(28)
  })

  it('of both: the flag is the ceiling of rate and burst, the first remaining sets the fill', () => {
    const announced = {requests: {limit: 1_800, remaining: 10, resetMs: 1_667}}
    const flag = gateAfter(announced, 0, {requests: {perMinute: 600, burst: 20}})
    expect(leaving(flag, 0)).toBe(9)
    expect(leaving(flag, 10_000)).toBe(19)
    expect(flag.blocked(100, 10_000)).toMatchObject({reason: 'the limit of requests per minute'})
    const wide = gateAfter(announced, 0, {requests: {perMinute: 9_000, burst: 500}})
    expect(leaving(wide, 60_000)).toBe(58)
  })

  it('take remaining under a flag also where the server names no limit', () => {
    expect(leaving(gateAfter({requests: {remaining: 3}}, 0, {requests: {perMinute: 1_800, burst: 60}}), 0)).toBe(1)
  })

  it('of a day follow what comes back until the reset, not the number over a minute', () => {
    const gate = gateAfter({requests: {limit: 10_000, remaining: 4_000, resetMs: 51_840_000}}, 0)
    leaving(gate, 0)
    const waitMs = gate.blocked(100, 0)?.waitMs as number
    expect(waitMs).toBeGreaterThan(0)
    expect(leaving(gate, 86_400)).toBeLessThanOrEqual(11)
  })

  it('count what was sent since the answer that announces them', () => {
    const gate = newGate()
    const flights = [gate.begin(100, 0), gate.begin(100, 0), gate.begin(100, 0)]
    gate.end(
      flights[0] as (typeof flights)[0],
      {type: 'answer', tokens: 100},
      {requests: {limit: 60, remaining: 9, resetMs: 1_000}},
      0,
    )
    expect(leaving(gate, 0)).toBe(6)
  })

  it('notice what others spend once several answers in a row say so', () => {
    const gate = gateAfter({requests: {limit: 6_000, remaining: 99, resetMs: 10}}, 0)
    for (let answer = 0; answer < 4; answer++) {
      const flight = gate.begin(100, 1_000)
      gate.end(flight, {type: 'answer', tokens: 100}, {requests: {limit: 6_000, remaining: 20, resetMs: 800}}, 1_000)
    }
    expect(leaving(gate, 1_000)).toBeLessThan(25)
  })

  it('do not take one answer that was overtaken for spending by others', () => {
    const gate = gateAfter({requests: {limit: 6_000, remaining: 99, resetMs: 10}}, 0)
    const flight = gate.begin(100, 1_000)
    gate.end(flight, {type: 'answer', tokens: 100}, {requests: {limit: 6_000, remaining: 20, resetMs: 800}}, 1_000)
    expect(leaving(gate, 1_000)).toBeGreaterThan(80)
  })

  it('are empty after a refusal, whatever our own count says', () => {
    const gate = gateAfter({requests: {limit: 6_000, remaining: 99, resetMs: 10}}, 0)
    gate.end(gate.begin(100, 0), {type: 'refusal', hintMs: 100, cause: 'full'}, undefined, 0)
    expect(gate.blocked(100, 100)).toMatchObject({reason: 'full'})
    expect(leaving(gate, 110)).toBeLessThan(12)
  })

  it('of tokens are settled by what was used, on success and failure', () => {
    const tokens = {perMinute: 60_000, burst: 10_050}
    for (const outcome of [
      {type: 'answer', tokens: 500},
      {type: 'fault', tokens: 500, hintMs: undefined, cause: 'blank', isOwn: false},
    ] as const) {
      const gate = newGate({tokens})
      gate.end(gate.begin(100, 0), {type: 'answer', tokens: 100}, undefined, 0)
      gate.end(gate.begin(5_000, 0), outcome, undefined, 0)
      expect(leaving(gate, 0, 1_000)).toBe(9)
    }
    const debt = newGate({tokens})
    debt.end(debt.begin(5_000, 0), {type: 'answer', tokens: 12_000}, undefined, 0)
    expect(debt.blocked(1_000, 0)).toMatchObject({
      reason: 'the limit of tokens per minute',
      waitMs: expect.closeTo(3_000, 0),
    })
  })
})

describe('headers', () => {
  it.each([
    ['12ms', 12],
    ['1s', 1_000],
    ['6m0s', 360_000],
    ['1m26.4s', 86_400],
    ['1h2m3s', 3_723_000],
    ['2d', 172_800_000],
    ['1.5', 1_500],
    ['0', 0],
    [' 8.64s ', 8_640],
    ['-1s', undefined],
    ['-5', undefined],
    ['1719876543', undefined],
    ['soon', undefined],
    ['', undefined],
    ['1e3', undefined],
    ['2026-11-21T12:00:00Z', undefined],
    [null, undefined],
  ])('read the duration %j as %s ms', (value, expected) => {
    expect(readDurationMs(value)).toBe(expected)
  })

  it('are unknown where they are absent, negative or no number', () => {
    const of = (fields: Record<string, string>) => announcedLimits(new Headers(fields))
    expect(of({})).toBeUndefined()
    expect(of({'x-ratelimit-reset-requests': '1s'})).toBeUndefined()
    expect(of({'x-ratelimit-limit-requests': '0', 'x-ratelimit-remaining-requests': '0'})).toBeUndefined()
    expect(
      of({
        'x-ratelimit-limit-requests': '1800',
        'x-ratelimit-remaining-requests': '-1',
        'x-ratelimit-reset-requests': '-3s',
        'x-ratelimit-limit-tokens': 'many',
        'x-ratelimit-remaining-tokens': '5',
        'x-ratelimit-reset-tokens': '6m0s',
      }),
    ).toEqual({requests: {limit: 1_800}, tokens: {remaining: 5, resetMs: 360_000}})
  })

  const nowMs = Date.UTC(2026, 10, 21, 12)
  it.each([
    [{'retry-after-ms': '150', 'retry-after': '5'}, 150],
    [{'retry-after': '2'}, 2_000],
    [{'retry-after': '1.5'}, 1_500],
    [{'retry-after-ms': '-1', 'retry-after': '3'}, 3_000],
    [{'retry-after': 'Sat, 21 Nov 2026 12:00:03 GMT'}, 3_000],
    [{'retry-after': 'Sat, 21 Nov 2026 11:00:00 GMT'}, undefined],
    [{'retry-after': '3000000'}, 3_000_000_000],
    [{'retry-after': '0'}, 0],
    [{'retry-after': '-5'}, undefined],
    [{'retry-after': 'NaN'}, undefined],
    [{'retry-after': '1e309'}, undefined],
    [{'retry-after': '5, 10'}, undefined],
    [{'retry-after': ''}, undefined],
    [{'retry-after': '9'.repeat(400)}, undefined],
    [{}, undefined],
  ])('ask in %j to wait %s ms', (fields, expected) => {
    expect(retryAfterMs(new Headers(fields as Record<string, string>), nowMs)).toBe(expected)
  })

  it('and statuses say what may pass, what all would meet and what may have been billed', () => {
    const retried = [408, 409, 429, 500, 502, 503, 504, 520, 529]
    const permanent = [400, 401, 402, 403, 404, 405, 413, 415, 422, 501, 505]
    expect([...retried, ...permanent].filter(isRetryableStatus)).toEqual(retried)
    const plain = {code: undefined, param: undefined} as Parameters<typeof isFatalStatus>[1]
    expect([...retried, ...permanent].filter((status) => isFatalStatus(status, plain))).toEqual([
      401, 402, 403, 404, 405,
    ])
    expect([...retried, ...permanent].filter(isGivenUpStatus)).toEqual([408, 502, 504])
  })
})

describe('the breaker', () => {
  const failure = {type: 'fault', tokens: 1, hintMs: undefined, cause: '500', isOwn: false} as const

  it('opens at the fifth fault in a row, lets one probe at a time through, and closes at an answer', () => {
    const gate = gateAfter(undefined, 0, {concurrency: 20})
    const late = gate.begin(1, 1)
    for (let fault = 0; fault < 4; fault++) gate.end(gate.begin(1, 1), failure, undefined, 2)
    expect(gate.blocked(1, 2)).toBeUndefined()
    gate.end(gate.begin(1, 1), failure, undefined, 2)
    expect(gate.blocked(1, 2)).toMatchObject({reason: '500; trying again with one request'})
    gate.end(late, {type: 'answer', tokens: 1}, undefined, 3)
    expect(gate.blocked(1, 3)).toBeUndefined()
    expect(gate.concurrencyAt(0)).toBe(20)
  })

  it('does not count what fails by itself', () => {
    const gate = gateAfter(undefined, 0, {concurrency: 20})
    for (let fault = 0; fault < 9; fault++) gate.end(gate.begin(1, 1), {...failure, isOwn: true}, undefined, 2)
    expect(gate.blocked(1, 2)).toBeUndefined()
  })
})

describe('concurrency without announced limits', () => {
  const refusal = {type: 'refusal', hintMs: 100, cause: 'full'} as const

  it('falls by 0.7 once for all that were in flight at a refusal, and not below 1', () => {
    const gate = gateAfter(undefined, 0, {concurrency: 20})
    const flights = Array.from({length: 20}, () => gate.begin(1, 10))
    for (const flight of flights) gate.end(flight, refusal, undefined, 20)
    expect(gate.concurrencyAt(0)).toBe(14)
    let nowMs = 20
    for (let round = 0; round < 20; round++) {
      nowMs += 100_000
      gate.end(gate.begin(1, nowMs), refusal, undefined, nowMs)
    }
    expect(gate.concurrencyAt(0)).toBe(1)
  })

  it('rises by one for each round of answers, only while it is made use of', () => {
    const gate = gateAfter(undefined, 0, {concurrency: 20})
    const flights = Array.from({length: 20}, () => gate.begin(1, 10))
    gate.end(flights[0] as (typeof flights)[0], refusal, undefined, 20)
    expect(gate.concurrencyAt(0)).toBe(14)
    for (const flight of flights.slice(1)) gate.end(flight, {type: 'answer', tokens: 1}, undefined, 30)
    const before = gate.concurrencyAt(0)
    for (let answer = 0; answer < 100; answer++)
      gate.end(gate.begin(1, 1_000), {type: 'answer', tokens: 1}, undefined, 1_001)
    expect(gate.concurrencyAt(0)).toBe(before)
    for (let round = 0; round < 40; round++) {
      const full = Array.from({length: gate.concurrencyAt(0)}, () => gate.begin(1, 2_000))
      for (const flight of full) gate.end(flight, {type: 'answer', tokens: 1}, undefined, 2_100)
    }
    expect(gate.concurrencyAt(0)).toBe(20)
  })

  it('is not lowered by a fault of the server or of one request', () => {
    const gate = gateAfter(undefined, 0, {concurrency: 20})
    gate.end(gate.begin(1, 1), {type: 'fault', tokens: 1, hintMs: undefined, cause: '500', isOwn: false}, undefined, 2)
    gate.end(gate.begin(1, 1), {type: 'answer', tokens: 1}, undefined, 2)
    expect(gate.concurrencyAt(0)).toBe(20)
  })
})

interface Trial extends Pick<RunInput, 'concurrency' | 'requests' | 'tokens'> {
  readonly server: LimitedServerOptions
  readonly jobs?: number
  readonly latencyMs?: number
  readonly seed: number
  /** Requests a second that others send to the same limit. */
  readonly othersPerSecond?: number
  /** How long it takes to keep a completion. */
  readonly putMs?: number
}

interface Measured {
  readonly bench: Bench
  /** Shortest time in which the server lets all of it through, by the time it took, the first round trip aside. */
  readonly efficiency: number
  readonly refused: number
}

const meanOutput = 700
const requestLimit = {requests: {burst: 60, perSecond: 30}}
const tokenLimit = {tokens: {burst: 60_000, perSecond: 30_000}}

/** Runs jobs against a server with limits; latency varies by a third, the time on the way there by 20 ms. */
async function measure({
  server: limits,
  jobs = 346,
  latencyMs = 100,
  seed,
  othersPerSecond = 0,
  putMs = 0,
  ...input
}: Trial): Promise<Measured> {
  const random = seededRandom(seed)
  const bench = new Bench({
    ...input,
    seed,
    jobs: plainJobs(jobs).map((job) => ({...job, prompt: job.id.padEnd(1_200, '.')})),
    latencyMs: () => latencyMs * (0.7 + 0.6 * random()),
    sendMs: () => 20 * random(),
    answer: (seen) => {
      for (; othersMs < bench.clock.nowMs() && othersPerSecond > 0; othersMs += 1_000 / othersPerSecond)
        server.answer(seen)
      return server.answer(seen)
    },
  })
  const usage = () => ({inputTokens: 300, outputTokens: Math.round(meanOutput * (0.5 + random()))})
  const server = new LimitedServer(bench.clock, {...limits, ...(limits.tokens === undefined ? {} : {usage})})
  let othersMs = 0
  bench.store.putMs = putMs
  await bench.run()
  expect(bench.count('completed')).toBe(jobs)
  expect(bench.clock.sleeping).toBe(0)
  const {inputTokens, outputTokens} = bench.ledger.totalUsage
  const {burst, perSecond} = (limits.requests ?? limits.tokens) as {burst: number; perSecond: number}
  const amount = limits.requests === undefined ? inputTokens + outputTokens : jobs
  const idealMs = ((amount - burst) / (perSecond - othersPerSecond)) * 1_000
  const answered = bench.provider.seen.filter(({outcome}) => outcome === 'ok')
  const firstMs = Math.min(...answered.map(({endedMs}) => endedMs))
  const lastMs = Math.max(...answered.map(({sentMs}) => sentMs))
  return {
    bench,
    efficiency: idealMs / (lastMs - (latencyMs > 1_000 ? firstMs : 0)),
    refused: bench.provider.count('http-429') / bench.provider.seen.length,
  }
}

describe.each([1, 2, 3])('efficiency (seed %i)', (seed) => {
  const slow = {latencyMs: 2_000, concurrency: 128}

  it.each([
    ['by flag', {requests: {perMinute: 1_800}}, 0.97],
    ['by flag, slow answers', {requests: {perMinute: 1_800}, ...slow}, 0.97],
    ['by headers', {}, 0.95],
    ['by headers, slow answers', slow, 0.95],
    ['by headers, a slow disk', {putMs: 40, concurrency: 64}, 0.95],
  ])('under a limit of requests %s', async (_, input, least) => {
    const {efficiency, refused} = await measure({server: requestLimit, seed, ...input})
    expect(efficiency).toBeGreaterThan(least)
    expect(refused).toBeLessThanOrEqual(0.01)
  })

  it.each([
    ['by flag', {tokens: {perMinute: 1_800_000}}, 0.97],
    ['by flag, slow answers', {tokens: {perMinute: 1_800_000}, ...slow}, 0.97],
    ['by headers', {}, 0.95],
    ['by headers, slow answers', slow, 0.95],
    ['by headers, a slow disk', {putMs: 40, concurrency: 64}, 0.95],
  ])('under a limit of tokens %s, lengths varying by a half', async (_, input, least) => {
    const {efficiency, refused} = await measure({server: tokenLimit, seed, ...input})
    expect(efficiency).toBeGreaterThan(least)
    expect(refused).toBeLessThanOrEqual(0.01)
  })

  it('of a flag with its burst against a server that announces nothing', async () => {
    const server = {...requestLimit, isAnnouncing: false}
    const {efficiency, refused} = await measure({server, requests: {perMinute: 1_800, burst: 60}, seed})
    expect(efficiency).toBeGreaterThan(0.97)
    expect(refused).toBe(0)
  })

  it('where others spend half of the limit', async () => {
    const {efficiency, refused} = await measure({server: requestLimit, othersPerSecond: 15, jobs: 600, seed})
    expect(efficiency).toBeGreaterThan(0.9)
    expect(refused).toBeLessThan(0.06)
  })

  it.each([true, false])('of a server that only refuses (with a hint: %s)', async (isHinting) => {
    const {efficiency, refused} = await measure({
      server: {...requestLimit, isAnnouncing: false, isHinting},
      jobs: 1_000,
      seed,
    })
    expect(efficiency).toBeGreaterThan(0.85)
    expect(refused).toBeLessThan(0.06)
  })
})
