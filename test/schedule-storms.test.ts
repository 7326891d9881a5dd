import {describe, expect, it} from 'vitest'
import {chance} from './support/chance.ts'
import type {Scripted, SeenAttempt} from './support/recording-provider.ts'
import {Bench, plainJobs, type RunInput} from './support/schedule-run.ts'

/** How many requests were allowed in flight when each attempt left, with the time. */
interface Allowed {
  readonly atMs: number
  readonly requests: number
}

/** Runs jobs and notes what the gate allows whenever an attempt reaches the provider. */
async function watch(
  count: number,
  input: Omit<RunInput, 'jobs' | 'answer'> & {answer(seen: SeenAttempt): Scripted},
): Promise<{readonly bench: Bench; readonly allowed: readonly Allowed[]}> {
  const allowed: Allowed[] = []
  const bench: Bench = new Bench({
    ...input,
    jobs: plainJobs(count),
    answer: (seen) => {
      allowed.push({atMs: seen.sentMs, requests: bench.gate.concurrencyAt(seen.sentMs)})
      return input.answer(seen)
    },
  })
  await bench.run()
  return {bench, allowed}
}

/** Answers that came in each second from `fromMs` to before `toMs`. */
function perSecond({provider}: Bench, fromMs: number, toMs: number): number {
  const came = provider.seen.filter(({endedMs, outcome}) => outcome === 'ok' && endedMs >= fromMs && endedMs < toMs)
  return (came.length * 1_000) / (toMs - fromMs)
}

function unavailable(hint: {readonly retryAfterMs?: number} = {}): Scripted {
  return {fault: {code: 'http-503', isRetryable: true, ...hint}, latencyMs: 20}
}

describe('503 for a third of all requests, at random', () => {
  const isHit = (seed: number, {prompt, attempt}: SeenAttempt): boolean => chance(seed, prompt, attempt) < 0.3

  it.each([1, 2, 3])('is survived by 2,000 prompts within the budget of retries (seed %i)', async (seed) => {
    const {bench, allowed} = await watch(2_000, {seed, answer: (seen) => (isHit(seed, seen) ? unavailable() : 'ok')})
    expect(bench.count('completed')).toBe(2_000)
    expect(bench.provider.count('ok')).toBe(2_000)
    expect(bench.provider.count('http-503')).toBeGreaterThan(700)
    expect(bench.ledger.retried).toBe(bench.provider.count('http-503'))
    let answers = 0
    let retries = 0
    for (const {attempt, outcome} of bench.provider.seen) {
      if (outcome === 'ok') answers++
      if (attempt > 1) retries++
      // What is in flight has left by an answer that came a moment before.
      expect(retries).toBeLessThanOrEqual(20 + 1 + (answers + 16) / 2)
    }
    expect(Math.min(...allowed.map(({requests}) => requests))).toBeGreaterThanOrEqual(1)
    expect(bench.clock.sleeping).toBe(0)
  })

  it.each([1, 2, 3])('lowers what is in flight where it comes with a hint, until it passes (seed %i)', async (seed) => {
    const isStorm = ({number}: SeenAttempt): boolean => number > 100 && number <= 900
    const {bench, allowed} = await watch(2_000, {
      seed,
      answer: (seen) => (isStorm(seen) && isHit(seed, seen) ? unavailable({retryAfterMs: 50}) : 'ok'),
    })
    expect(bench.count('completed')).toBe(2_000)
    expect(allowed[100]?.requests).toBe(16)
    const lowest = Math.min(...allowed.map(({requests}) => requests))
    expect(lowest).toBeGreaterThanOrEqual(1)
    expect(lowest).toBeLessThanOrEqual(4)
    expect(allowed.at(-1)?.requests).toBe(16)
  })
})

describe('a server that is a hundred times slower for a while', () => {
  const slow = {fromMs: 20_000, toMs: 80_000}
  const latency = ({sentMs}: SeenAttempt): number => (sentMs >= slow.fromMs && sentMs < slow.toMs ? 5_000 : 50)

  it('keeps as many in flight, and is made full use of as soon as it is itself again', async () => {
    const {bench, allowed} = await watch(12_000, {answer: (seen) => ({latencyMs: latency(seen)})})
    expect(bench.count('completed')).toBe(12_000)
    expect(bench.ledger.retried).toBe(0)
    expect(Math.min(...allowed.slice(11).map(({requests}) => requests))).toBe(16)
    const before = perSecond(bench, 5_000, 20_000)
    expect(perSecond(bench, 30_000, 75_000)).toBeGreaterThan(0)
    expect(perSecond(bench, 86_000, 90_000)).toBeGreaterThanOrEqual(0.8 * before)
  })

  it('is probed with one at a time where that is beyond the time limit, and recovers within a minute', async () => {
    const {bench, allowed} = await watch(30_000, {
      timeoutMs: 2_000,
      answer: (seen) => ({latencyMs: seen.sentMs >= slow.fromMs && seen.sentMs < 50_000 ? 5_000 : 50}),
    })
    expect(bench.count('completed')).toBe(30_000)
    const during = allowed.filter(({atMs}) => atMs > 25_000 && atMs < 50_000)
    expect(Math.max(...during.map(({requests}) => requests))).toBe(1)
    expect(Math.min(...allowed.map(({requests}) => requests))).toBe(1)
    const before = perSecond(bench, 5_000, 20_000)
    expect(perSecond(bench, 105_000, 110_000)).toBeGreaterThanOrEqual(0.8 * before)
  })
})
