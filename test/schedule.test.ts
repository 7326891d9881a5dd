import {describe, expect, it} from 'vitest'
import type {Completion} from '../src/model/completion.ts'
import type {ContentAddress} from '../src/model/content-address.ts'
import type {Job, JobId} from '../src/model/job.ts'
import {ProviderError} from '../src/model/provider.ts'
import {requestAddress} from '../src/model/request.ts'
import {orderJobs} from '../src/plan/order-jobs.ts'
import {JobQueue} from '../src/schedule/job-queue.ts'
import {RetryBudget} from '../src/schedule/retry-budget.ts'
import {backoffMs, maxAttempts} from '../src/schedule/retry-delay.ts'
import {RunLedger} from '../src/schedule/run-ledger.ts'
import {UsageEstimator} from '../src/schedule/usage-estimator.ts'
import {growth} from './support/growth.ts'
import {http, type Scripted} from './support/recording-provider.ts'
import {
  Bench,
  type JobInput,
  plainJobs,
  type RunInput,
  requestFor,
  runJobs,
  seededRandom,
} from './support/schedule-run.ts'

const price = {inputUsdPerMillion: 1_000, outputUsdPerMillion: 10_000}

/** A completion that the store has for a request. */
function storedFor(request: ContentAddress): Completion {
  const usage = {inputTokens: 0, outputTokens: 0}
  return {request, text: '', finish: 'stop', usage, model: 'model', provider: 'openai', generated: ''}
}

describe('order', () => {
  it('starts the longest chain first, whatever the order of the outline', () => {
    const jobs = [
      {id: 'alone'},
      {id: 'long-3', dependsOn: ['long-2']},
      {id: 'short-2', dependsOn: ['short-1']},
      {id: 'short-1'},
      {id: 'long-2', dependsOn: ['long-1']},
      {id: 'long-1'},
    ].map(({id, dependsOn = []}) => [id, {id, dependsOn}] as unknown as [JobId, Job])
    const order = orderJobs(new Map(jobs))
    expect(order.slice(0, 3)).toEqual(['long-1', 'short-1', 'long-2'])
  })

  it('takes the first of the plan among jobs that became free in any order', () => {
    const queue = new JobQueue(
      [
        {id: 'a', after: []},
        {id: 'b', after: ['c']},
        {id: 'c', after: []},
        {id: 'd', after: []},
        {id: 'e', after: ['a', 'a', 'not in this run']},
      ].map(({id, after}) => ({id: id as JobId, after: after as JobId[]})),
    )
    expect(queue.next()?.id).toBe('a')
    expect(queue.next()?.id).toBe('c')
    queue.done('c' as JobId)
    expect(queue.next()?.id).toBe('b')
    expect(queue.next()?.id).toBe('d')
    expect(queue.next()).toBeUndefined()
    queue.done('a' as JobId)
    expect(queue.next()?.id).toBe('e')
    expect(queue.open).toBe(3)
  })

  it('sends a dependent only after its upstream is stored and taken', async () => {
    const bench = await runJobs({
      jobs: [{id: 'late', after: ['early']}, {id: 'early'}, {id: 'other'}],
      arrange: ({store}) => {
        store.putMs = 50
      },
    })
    const taken = bench.completed.find(({id}) => id === 'early')?.atMs as number
    expect(bench.provider.of('late')[0]?.sentMs).toBeGreaterThanOrEqual(taken)
    expect(bench.count('completed')).toBe(3)
  })

  it('runs what comes after a job that failed, which decides itself whether it can', async () => {
    const bench = await runJobs({
      jobs: [{id: 'a'}, {id: 'b', after: ['a']}, {id: 'c', after: ['a'], skip: '`a` has no text'}],
      answer: ({prompt}) => (prompt === 'a' ? http(400, {isRetryable: false}) : 'ok'),
    })
    expect(bench.result('a')).toMatchObject({type: 'failed', cause: {code: 'http-400', attempts: 1}})
    expect(bench.result('b').type).toBe('completed')
    expect(bench.result('c')).toEqual({type: 'skipped', id: 'c', because: '`a` has no text'})
  })

  it('lets a chain that became free pass what has waited longer and stands later in the plan', async () => {
    const bench = await runJobs({
      jobs: [{id: 'c1'}, {id: 'c2', after: ['c1']}, {id: 'c3', after: ['c2']}, ...plainJobs(30)],
      concurrency: 2,
    })
    expect(bench.provider.of('c2')[0]?.number).toBeLessThanOrEqual(5)
    expect(bench.provider.of('c3')[0]?.number).toBeLessThanOrEqual(8)
  })

  it('rejects jobs that wait for each other instead of waiting with them', async () => {
    await expect(
      runJobs({
        jobs: [
          {id: 'a', after: ['b']},
          {id: 'b', after: ['a']},
        ],
      }),
    ).rejects.toThrow('cycle')
  })
})

describe('refusals', () => {
  it('pause all workers for as long as the server asks and a little more', async () => {
    const bench = await runJobs({
      jobs: plainJobs(60),
      concurrency: 8,
      answer: ({number}) => (number === 20 ? {...(http(429, {retryAfterMs: 2_000}) as object), latencyMs: 10} : 'ok'),
    })
    const refusedMs = bench.provider.seen[19]?.endedMs as number
    const paused = bench.provider.seen.filter(({sentMs}) => sentMs > refusedMs && sentMs < refusedMs + 2_000)
    expect(paused).toEqual([])
    const again = Math.min(...bench.provider.seen.map(({sentMs}) => sentMs).filter((ms) => ms > refusedMs))
    expect(again - refusedMs).toBeGreaterThanOrEqual(2_000)
    expect(again - refusedMs).toBeLessThanOrEqual(2_200)
    expect(bench.ledger).toMatchObject({rateLimited: 1, retried: 1, sent: 61})
    expect(bench.events).toContainEqual(expect.objectContaining({type: 'waiting', reason: 'fault http-429'}))
  })

  it.each([
    ['529 without a hint', http(529)],
    ['503 with a hint', http(503, {retryAfterMs: 300})],
  ])('%s is one too', async (_, refusal) => {
    const bench = await runJobs({jobs: plainJobs(40), answer: ({number}) => (number === 10 ? refusal : 'ok')})
    const refusedMs = bench.provider.seen[9]?.endedMs as number
    const next = Math.min(...bench.provider.seen.map(({sentMs}) => sentMs).filter((ms) => ms > refusedMs))
    expect(next - refusedMs).toBeGreaterThanOrEqual(300)
    expect(bench.count('completed')).toBe(40)
  })

  it.each([600_001, 3_600_000, 3_000_000_000, 1e18])(
    'of %i ms stop the build and say when to come back',
    async (ms) => {
      const bench = await runJobs({
        jobs: plainJobs(50),
        answer: ({number}) => (number === 9 ? http(429, {retryAfterMs: ms}) : 'ok'),
      })
      const failed = bench.settled.filter(({type}) => type === 'failed')
      expect(failed).toHaveLength(1)
      expect(failed[0]).toMatchObject({
        cause: {isFatal: true, message: expect.stringMatching(/come back at .*\d\d:\d\d \(in/)},
      })
      expect(bench.elapsedMs).toBeLessThan(1_000)
      expect(bench.count('completed')).toBe(bench.provider.count('ok'))
      expect(bench.result('a50')).toMatchObject({type: 'skipped', because: expect.stringContaining('left out')})
      expect(bench.clock.sleeping).toBe(0)
    },
  )

  it('of ten minutes are waited for', async () => {
    const bench = await runJobs({
      jobs: plainJobs(5),
      answer: ({number}) => (number === 1 ? http(429, {retryAfterMs: 600_000}) : 'ok'),
    })
    expect(bench.count('completed')).toBe(5)
    expect(bench.elapsedMs).toBeGreaterThan(600_000)
  })

  it('with a hint of nothing are never followed by a hot loop', async () => {
    const bench = await runJobs({jobs: plainJobs(8), answer: () => http(429, {retryAfterMs: 0})})
    expect(bench.provider.seen.length).toBeLessThanOrEqual(20)
    expect(bench.elapsedMs).toBeGreaterThan(3_000)
    expect(bench.count('completed')).toBe(0)
    expect([...bench.results.values()].filter(({type}) => type === 'failed').length).toBeGreaterThan(0)
  })

  it('without a hint for a whole minute, as of a fixed window, are survived', async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const bench = await runJobs({
        jobs: plainJobs(100),
        seed,
        answer: ({number, sentMs}) => (number > 40 && sentMs < 60_000 ? http(429) : 'ok'),
      })
      expect(bench.count('completed')).toBe(100)
      expect(bench.provider.count('http-429')).toBeLessThan(50)
    }
  })

  it('for ever stop the build after few requests', async () => {
    const bench = await runJobs({jobs: plainJobs(200), answer: ({number}) => (number > 40 ? http(429) : 'ok')})
    expect(bench.count('completed')).toBe(40)
    expect(bench.provider.count('http-429')).toBeLessThan(60)
    expect(bench.settled.find(({type}) => type === 'failed')).toMatchObject({
      cause: {isFatal: true, message: expect.stringContaining('in a row')},
    })
  })
})

describe('retries', () => {
  it('wait with full jitter: evenly spread from nothing to a step that doubles up to a minute', () => {
    const random = seededRandom(11)
    for (const [failures, mostMs] of [
      [1, 1_000],
      [2, 2_000],
      [4, 8_000],
      [7, 60_000],
      [40, 60_000],
    ] as const) {
      const delays = Array.from({length: 2_000}, () => backoffMs(failures, random))
      const tenths = new Array<number>(10).fill(0)
      for (const ms of delays) {
        const tenth = Math.min(9, Math.floor((ms / mostMs) * 10))
        tenths[tenth] = (tenths[tenth] as number) + 1
      }
      expect(Math.max(...delays)).toBeLessThanOrEqual(mostMs)
      expect(Math.min(...tenths)).toBeGreaterThan(140)
    }
  })

  it('are spread, so that workers that failed together do not come back together', async () => {
    const bench = await runJobs({
      jobs: plainJobs(64),
      concurrency: 64,
      answer: ({number, attempt}) => (number > 4 && attempt === 1 && number % 8 === 0 ? http(500) : 'ok'),
    })
    const retries = bench.provider.seen.filter(({attempt}) => attempt === 2).map(({sentMs}) => sentMs)
    expect(retries).toHaveLength(8)
    expect(new Set(retries).size).toBe(8)
  })

  it.each(['http-500', 'http-408', 'http-409', 'reset', 'timeout', 'connection', 'bad-response', 'blank'])(
    'are made after `%s`, and what comes then is stored',
    async (code) => {
      const bench = await runJobs({
        jobs: plainJobs(12),
        answer: ({number}) => (number === 6 || number === 7 ? {fault: {code, isRetryable: true}} : 'ok'),
      })
      expect(bench.count('completed')).toBe(12)
      expect(bench.store.kept.size).toBe(12)
      expect(bench.store.puts).toHaveLength(12)
      expect(bench.ledger.retried).toBe(2)
    },
  )

  it(`end after ${maxAttempts} attempts, and a poisonous request fails alone`, async () => {
    for (const at of [1, 20, 40]) {
      const bench = await runJobs({
        jobs: plainJobs(40),
        answer: ({prompt}) => (prompt === `a${at}` ? http(500) : 'ok'),
      })
      expect(bench.result(`a${at}`)).toMatchObject({type: 'failed', cause: {attempts: maxAttempts, isFatal: false}})
      expect(bench.provider.of(`a${at}`)).toHaveLength(maxAttempts)
      expect(bench.count('completed')).toBe(39)
    }
  })

  it.each([
    ['a 503, which says nothing of the request', http(503), 12],
    ['an answer of no use, which is billed', {fault: {code: 'echo', isRetryable: true, billing: 'billed'}}, 4],
  ] as const)('have a number of their own for %s', async (_, answer, most) => {
    const bench = await runJobs({jobs: plainJobs(40), answer: ({prompt}) => (prompt === 'a20' ? answer : 'ok')})
    expect(bench.result('a20')).toMatchObject({type: 'failed', cause: {attempts: most, isFatal: false}})
    expect(bench.provider.of('a20')).toHaveLength(most)
    expect(bench.count('completed')).toBe(39)
  })

  it('of several poisonous requests stop no other job, also of one that comes after them', async () => {
    const bench = await runJobs({
      jobs: [...plainJobs(40), {id: 'after', after: ['a3', 'a9', 'a17']}],
      answer: ({prompt}) => (['a3', 'a9', 'a17'].includes(prompt) ? http(500) : 'ok'),
    })
    expect(bench.count('failed')).toBe(3)
    expect(bench.result('after').type).toBe('completed')
  })

  it.each([400, 413, 415, 422, 501, 505])('are not made after a %i, which fails its job alone', async (status) => {
    const bench = await runJobs({
      jobs: plainJobs(20),
      answer: ({prompt}) => (prompt === 'a7' ? http(status, {isRetryable: false}) : 'ok'),
    })
    expect(bench.provider.of('a7')).toHaveLength(1)
    expect(bench.count('completed')).toBe(19)
  })

  it.each([
    [10, 4],
    [100, 10],
  ])(
    'are not made after a fault that all would meet: told within %i ms, it met the first %i',
    async (latencyMs, met) => {
      const bench = await runJobs({
        jobs: plainJobs(346),
        concurrency: 64,
        answer: () => ({...(http(401, {isRetryable: false, isFatal: true}) as object), latencyMs}),
      })
      expect(bench.provider.seen).toHaveLength(met)
      expect(bench.count('failed')).toBe(met)
      expect(bench.count('skipped')).toBe(346 - met)
      expect(bench.result('a300')).toMatchObject({
        because: 'left out, the build stopped at a fault that all would meet',
      })
    },
  )

  it('are not made after a key was revoked half-way, and what was in flight is kept', async () => {
    const bench = await runJobs({
      jobs: plainJobs(100),
      answer: ({number}) =>
        number === 50 ? http(401, {isRetryable: false, isFatal: true}) : {latencyMs: 100 + number},
    })
    expect(bench.provider.seen.length).toBeLessThan(50 + 16)
    expect(bench.count('failed')).toBe(1)
    expect(bench.count('completed')).toBe(bench.provider.seen.length - 1)
  })

  it('leave what the store has to be taken from there, but not after a stop, a first failure or a fault of the disk', async () => {
    const run = (change: Partial<RunInput> = {}): Promise<Bench> =>
      runJobs({
        jobs: plainJobs(100),
        answer: () => http(401, {isRetryable: false, isFatal: true}),
        ...change,
        arrange: (bench) => {
          for (const {id} of plainJobs(100).slice(50)) {
            const request = requestAddress(requestFor(id))
            bench.store.kept.set(request, storedFor(request))
          }
          change.arrange?.(bench)
        },
      })
    const bench = await run()
    expect(bench.provider.seen).toHaveLength(10)
    expect([bench.count('failed'), bench.count('completed'), bench.count('skipped')]).toEqual([10, 50, 40])
    expect((await run({failFast: true})).count('completed')).toBe(0)
    expect((await run({arrange: (stopped) => stopped.stop.abort()})).count('completed')).toBe(0)
    const broken = await run({
      answer: () => 'ok',
      arrange: ({store}) => {
        store.onPut = () => {
          throw Object.assign(new Error('no space'), {code: 'ENOSPC', errno: -28, syscall: 'write'})
        }
      },
    })
    expect(broken.count('completed')).toBe(0)
  })

  it('stop another book of the same build before it sends anything', async () => {
    const first = await runJobs({jobs: plainJobs(9), answer: () => http(401, {isRetryable: false, isFatal: true})})
    const second = await runJobs({jobs: [{id: 'other'}], before: first})
    expect(second.provider.seen).toEqual([])
    expect(second.result('other')).toMatchObject({type: 'skipped', because: expect.stringContaining('left out')})
  })

  it('give up soon where nobody ever answered', async () => {
    const bench = await runJobs({
      jobs: plainJobs(346),
      answer: () => ({fault: {code: 'connection', isRetryable: true}, latencyMs: 1}),
    })
    expect(bench.provider.seen.length).toBeLessThan(20)
    expect(bench.elapsedMs).toBeLessThan(15_000)
    expect(bench.settled.find(({type}) => type === 'failed')).toMatchObject({cause: {isFatal: true}})
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('wait for a server that is there half a second late (seed %i)', async (seed) => {
    const bench = await runJobs({
      jobs: plainJobs(346),
      seed,
      answer: ({sentMs}) => (sentMs < 500 ? {fault: {code: 'connection', isRetryable: true}, latencyMs: 1} : 'ok'),
    })
    expect(bench.count('completed')).toBe(346)
    expect(bench.provider.count('connection')).toBeLessThanOrEqual(12)
    expect(bench.ledger.inDoubt).toBe(0)
  })

  it('have a budget: 20, and half of one more for each answer; then one at a time', () => {
    const budget = new RetryBudget()
    for (let retry = 0; retry < 20; retry++) {
      expect(budget.isFree).toBe(true)
      budget.begin()
    }
    expect(budget.isFree).toBe(false)
    for (let retry = 0; retry < 20; retry++) budget.end()
    expect(budget.isFree).toBe(true)
    budget.begin()
    expect(budget.isFree).toBe(false)
    budget.answer()
    expect(budget.isFree).toBe(false)
    budget.answer()
    expect(budget.isFree).toBe(true)
    for (let answer = 0; answer < 1_000; answer++) budget.answer()
    for (let retry = 0; retry < 60; retry++) budget.begin()
    expect(budget.isFree).toBe(false)
  })

  it('go one at a time when their budget is used up', async () => {
    const bench = await runJobs({
      jobs: plainJobs(300),
      concurrency: 32,
      answer: ({prompt, attempt}) => (Number(prompt.slice(1)) % 3 > 0 && attempt < 4 ? http(500) : 'ok'),
    })
    expect(bench.count('completed')).toBe(300)
    let isUsedUp = false
    for (const {sentMs, attempt, number} of bench.provider.seen) {
      if (attempt === 1) continue
      const before = bench.provider.seen.slice(0, number - 1)
      const retries = before.filter((seen) => seen.attempt > 1)
      const answers = bench.provider.seen.filter(({endedMs, outcome}) => outcome === 'ok' && endedMs <= sentMs)
      const flying = retries.filter(({endedMs}) => endedMs > sentMs)
      const isOver = retries.length >= 20 + answers.length / 2
      isUsedUp ||= isOver
      if (isOver) expect(flying).toEqual([])
    }
    expect(isUsedUp).toBe(true)
  })
})

describe('outages', () => {
  it.each([1, 4, 16, 64])('for ever, at a concurrency of %i, are not hammered', async (concurrency) => {
    for (const answered of [0, 70]) {
      const bench = await runJobs({
        jobs: plainJobs(346),
        concurrency,
        answer: ({number}) => (number > answered ? http(503) : 'ok'),
      })
      expect(bench.provider.count('http-503')).toBeLessThanOrEqual(5 + concurrency + 3)
      expect(bench.count('completed')).toBe(answered)
      expect(bench.count('completed') + bench.count('failed') + bench.count('skipped')).toBe(346)
      expect(bench.settled.some((result) => result.type === 'failed' && result.cause.isFatal)).toBe(true)
      expect(bench.clock.sleeping).toBe(0)
    }
  })

  it('for ever are not hammered either by requests that had failed before', async () => {
    const bench = await runJobs({
      jobs: plainJobs(346),
      answer: ({number, attempt}) => (number > 120 ? http(503) : attempt === 1 && number % 4 === 0 ? http(500) : 'ok'),
    })
    expect(bench.provider.count('http-503')).toBeLessThanOrEqual(5 + 16 + 3)
    expect(bench.count('skipped')).toBeGreaterThan(200)
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('of 20 s in the middle of a run are survived (seed %i)', async (seed) => {
    const bench = await runJobs({
      jobs: plainJobs(200),
      seed,
      answer: ({sentMs}) => (sentMs > 500 && sentMs < 20_500 ? {...(http(503) as object), latencyMs: 5} : 'ok'),
    })
    expect(bench.count('completed')).toBe(200)
    // What left before the outage and is answered in it lets as many leave once more.
    expect(bench.provider.count('http-503')).toBeLessThanOrEqual(5 + 2 * 16 + 3)
    expect(bench.elapsedMs).toBeLessThan(75_000)
  })

  it('say why nothing is sent, and go on with all at the first answer', async () => {
    const bench = await runJobs({
      jobs: plainJobs(100),
      answer: ({sentMs}) => (sentMs > 250 && sentMs < 4_000 ? {...(http(502) as object), latencyMs: 5} : 'ok'),
    })
    expect(bench.events).toContainEqual(
      expect.objectContaining({type: 'waiting', reason: 'fault http-502; trying again with one request'}),
    )
    const probe = bench.provider.seen.find(({sentMs, outcome}) => sentMs > 4_000 && outcome === 'ok')
    expect(bench.provider.seen.filter(({sentMs}) => sentMs === probe?.endedMs)).toHaveLength(16)
  })
})

describe('storms', () => {
  const mixed: readonly ((ms: number) => Scripted)[] = [
    () => http(500),
    () => ({fault: {code: 'reset', isRetryable: true, billing: 'in-doubt'}}),
    () => ({latencyMs: 1e9}),
    (ms) => http(429, {retryAfterMs: ms}),
    () => ({fault: {code: 'bad-response', isRetryable: true, billing: 'in-doubt'}}),
    () => ({fault: {code: 'blank', isRetryable: true, billing: 'billed', usage: {inputTokens: 10, outputTokens: 0}}}),
  ]

  it.each([
    [0.1, 1],
    [0.1, 2],
    [0.3, 1],
    [0.3, 2],
  ])('of %d mixed faults are completed (seed %i)', async (part, seed) => {
    const random = seededRandom(seed)
    const bench = await runJobs({
      jobs: plainJobs(346),
      seed,
      timeoutMs: 5_000,
      answer: () =>
        random() < part
          ? (mixed[Math.floor(random() * mixed.length)] as (ms: number) => Scripted)(random() * 500)
          : 'ok',
    })
    expect(bench.count('completed')).toBe(346)
    expect(bench.store.puts).toHaveLength(346)
    expect(bench.provider.count('ok')).toBe(346)
    expect(bench.clock.sleeping).toBe(0)
  })
})

describe('completions that are of no use', () => {
  const cut = (outputTokens: number): Scripted => ({
    fault: {code: 'truncated', isRetryable: false, billing: 'billed', usage: {inputTokens: 10, outputTokens}},
  })

  it('are asked for once more with twice the room when cut off, and kept under the planned request', async () => {
    const bench = await runJobs({
      jobs: [{id: 'a', maxTokens: 500}],
      price,
      answer: ({attempt}) => (attempt === 1 ? cut(500) : {usage: {inputTokens: 10, outputTokens: 800}}),
    })
    expect(bench.provider.seen.map(({request}) => request.limits.maxTokens)).toEqual([500, 1_000])
    expect(bench.result('a').type).toBe('completed')
    expect([...bench.store.kept.keys()]).toEqual([requestAddress(requestFor('a', 500))])
    expect(bench.ledger.totalUsage).toEqual({inputTokens: 20, cachedInputTokens: 0, outputTokens: 1_300})
    expect(bench.intents.intents.map(({ending}) => ending)).toEqual(['billed', 'stored'])
  })

  it('take their room from what was used where the request sets no cap', async () => {
    const bench = await runJobs({jobs: [{id: 'a'}], answer: ({attempt}) => (attempt === 1 ? cut(700) : 'ok')})
    expect(bench.provider.seen.map(({request}) => request.limits.maxTokens)).toEqual([undefined, 1_400])
  })

  it('fail when cut off twice, and are never stored', async () => {
    const bench = await runJobs({
      jobs: [{id: 'a', maxTokens: 500}, {id: 'b'}],
      answer: ({prompt}) => (prompt === 'a' ? cut(500) : 'ok'),
    })
    expect(bench.provider.of('a')).toHaveLength(2)
    expect(bench.result('a')).toMatchObject({type: 'failed', cause: {code: 'truncated', attempts: 2}})
    expect(bench.store.kept.size).toBe(1)
  })

  it('say that they were cut off where the model does not take the raised cap', async () => {
    const bench = await runJobs({
      jobs: [{id: 'a', maxTokens: 500}, {id: 'b'}],
      answer: ({prompt, attempt}) =>
        prompt === 'b' ? 'ok' : attempt === 1 ? cut(500) : http(400, {isRetryable: false, isFatal: true}),
    })
    expect(bench.result('a')).toMatchObject({cause: {code: 'truncated', isFatal: false, attempts: 2}})
    expect(bench.result('b').type).toBe('completed')
  })

  it.each(['content-filter', 'refusal'])('fail with `%s`, are counted and never stored', async (code) => {
    const usage = {inputTokens: 10, outputTokens: 5}
    const bench = await runJobs({
      jobs: plainJobs(3),
      answer: ({prompt}) => (prompt === 'a2' ? {fault: {code, isRetryable: false, billing: 'billed', usage}} : 'ok'),
    })
    expect(bench.result('a2')).toMatchObject({type: 'failed', cause: {code, attempts: 1}})
    expect(bench.store.kept.size).toBe(2)
    expect(bench.ledger.totalUsage.outputTokens).toBe(205)
  })

  it('fail when the file of a text could not be taken, while the completion stays in the store', async () => {
    const bench = await runJobs({
      jobs: plainJobs(2),
      onCompleted: async (id) => (id === 'a1' ? 'changed meanwhile' : undefined),
    })
    expect(bench.result('a1')).toMatchObject({type: 'failed', cause: {code: 'not-taken', message: 'changed meanwhile'}})
    expect(bench.store.kept.size).toBe(2)
    expect(bench.result('a2').type).toBe('completed')
  })
})

describe('never twice', () => {
  it('sends equal requests once, however slow the store is', async () => {
    const jobs: JobInput[] = Array.from({length: 30}, (_, at) => ({id: `a${at}`, prompt: `p${at % 3}`}))
    for (const slow of [0, 30, 90, 120, 250]) {
      const bench = await runJobs({
        jobs,
        arrange: ({store}) => {
          store.findMs = (number) => (number % 2 === 0 ? slow : 1)
          store.putMs = 7
        },
      })
      expect(bench.provider.seen).toHaveLength(3)
      expect(bench.count('completed')).toBe(30)
      expect(bench.ledger.sent).toBe(3)
    }
  })

  it('fails jobs with equal requests alike', async () => {
    const bench = await runJobs({
      jobs: [{id: 'a', prompt: 'p'}, {id: 'b', prompt: 'p'}, {id: 'c'}],
      answer: ({prompt}) => (prompt === 'p' ? http(400, {isRetryable: false}) : 'ok'),
    })
    expect(bench.count('failed')).toBe(2)
    expect(bench.provider.of('p')).toHaveLength(1)
  })

  it('asks the store first, and fails what was paid for and is damaged', async () => {
    const bench = await runJobs({
      jobs: plainJobs(4),
      arrange: ({store}) => {
        const request = requestAddress(requestFor('a1'))
        store.kept.set(request, {
          request,
          text: 'kept',
          finish: 'stop',
          usage: {inputTokens: 1, outputTokens: 1},
          model: 'model',
          provider: 'openai',
          generated: '',
        })
        store.lost.add(requestAddress(requestFor('a2')))
      },
    })
    expect(bench.result('a1')).toEqual({type: 'completed', id: 'a1', from: 'store'})
    expect(bench.result('a2')).toMatchObject({type: 'failed', cause: {code: 'damaged-store', attempts: 0}})
    expect(bench.provider.seen.map(({prompt}) => prompt)).toEqual(['a3', 'a4'])
  })

  it('has an intent on disk before each request leaves, and ends it after the completion is kept', async () => {
    const bench = await runJobs({
      jobs: plainJobs(20),
      answer: ({number}) =>
        number % 5 === 0 ? {fault: {code: 'reset', isRetryable: true, billing: 'in-doubt'}} : 'ok',
      arrange: ({intents, store}) => {
        intents.diskMs = 3
        store.putMs = 11
      },
    })
    expect(bench.intents.intents).toHaveLength(bench.provider.seen.length)
    for (const {prompt, attempt, sentMs, endedMs, outcome} of bench.provider.seen) {
      const entry = bench.intents.intents.find(
        ({intent}) => intent.id === prompt && intent.attempt === attempt,
      ) as (typeof bench.intents.intents)[number]
      expect(entry.onDiskMs).toBeLessThanOrEqual(sentMs)
      expect(entry.ending).toBe(outcome === 'ok' ? 'stored' : 'in-doubt')
      expect(entry.endedMs).toBe(outcome === 'ok' ? endedMs + 11 : endedMs)
    }
    expect(bench.ledger.inDoubt).toBe(bench.provider.count('reset'))
  })
})

describe('stopping', () => {
  it('starts nothing more, keeps what arrives and says what was left out', async () => {
    const bench = await runJobs({
      jobs: plainJobs(100),
      answer: ({number}) => (number === 3 ? {...(http(500) as object), latencyMs: 149} : 'ok'),
      arrange: ({clock, stop}) => clock.at(150, () => stop.abort()),
    })
    const sent = bench.provider.seen.length
    expect(bench.provider.seen.every(({sentMs}) => sentMs <= 150)).toBe(true)
    expect(bench.count('completed')).toBe(sent - 1)
    expect(bench.store.kept.size).toBe(sent - 1)
    expect(bench.result('a3')).toMatchObject({type: 'failed', cause: {code: 'http-500', attempts: 1}})
    expect(bench.result('a99')).toEqual({type: 'skipped', id: 'a99', because: 'left out, the build was stopped'})
    expect(bench.elapsedMs).toBe(249)
    expect(bench.clock.sleeping).toBe(0)
  })

  it('lets nothing leave that waits for a completion to be kept', async () => {
    const bench = await runJobs({
      jobs: plainJobs(3),
      concurrency: 1,
      arrange: ({clock, stop, store}) => {
        store.putMs = 30
        clock.at(110, () => stop.abort())
      },
    })
    expect(bench.provider.seen.map(({prompt}) => prompt)).toEqual(['a1'])
    expect([bench.count('completed'), bench.count('skipped')]).toEqual([1, 2])
    expect(bench.intents.intents.map(({ending}) => ending)).toEqual(['stored', 'free'])
    expect(bench.ledger.sent).toBe(1)
  })

  it('does not wait for a pause that a server asked for', async () => {
    const bench = await runJobs({
      jobs: plainJobs(100),
      answer: () => http(429, {retryAfterMs: 20_000}),
      arrange: ({clock, stop}) => clock.at(5_000, () => stop.abort()),
    })
    expect(bench.elapsedMs).toBe(5_000)
    expect(bench.results.size).toBe(100)
  })

  it('ends what is in flight when asked twice, and counts it in doubt', async () => {
    const bench = await runJobs({
      jobs: plainJobs(100),
      price,
      answer: ({number}) => (number > 4 ? {latencyMs: 60_000} : 'ok'),
      arrange: ({clock, stop, abort}) => {
        clock.at(1_000, () => stop.abort())
        clock.at(2_000, () => abort.abort())
      },
    })
    expect(bench.elapsedMs).toBe(2_000)
    expect(bench.count('completed')).toBe(4)
    expect(bench.count('failed')).toBe(16)
    expect(bench.ledger.inDoubt).toBe(16)
    expect(bench.clock.sleeping).toBe(0)
  })

  it('sends nothing when it was asked for before the run', async () => {
    const onPrepare = (): void => {
      throw new Error('Nothing is to be prepared')
    }
    const bench = await runJobs({
      jobs: plainJobs(5).map((job) => ({...job, onPrepare})),
      arrange: ({stop}) => stop.abort(),
    })
    expect(bench.provider.seen).toEqual([])
    expect(bench.count('skipped')).toBe(5)
  })

  it('comes with the first failure under --fail-fast, for that reason', async () => {
    const bench = await runJobs({
      jobs: plainJobs(50),
      failFast: true,
      answer: ({number}) => (number === 2 ? http(400, {isRetryable: false}) : 'ok'),
    })
    expect(bench.count('failed')).toBe(1)
    expect(bench.result('a50')).toMatchObject({
      because: 'left out, the build stopped at the first failure, as --fail-fast asks',
    })
    expect(bench.provider.seen.length).toBeLessThan(25)
  })

  it.each(['put', 'intend', 'find', 'prepare', 'onCompleted'])(
    'comes with a fault of the disk in %s, at that job',
    async (where) => {
      const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {code: 'ENOSPC'})
      const fail = (): never => {
        throw full
      }
      let count = 0
      const bench = await runJobs({
        jobs: plainJobs(50).map((job) => (where === 'prepare' && job.id === 'a10' ? {...job, onPrepare: fail} : job)),
        onCompleted: async (id) => (where === 'onCompleted' && id === 'a10' ? fail() : undefined),
        arrange: ({store, intents}) => {
          if (where === 'find') store.findMs = () => (++count === 10 ? fail() : 0)
          if (where === 'put')
            store.onPut = ({request}) => (request === requestAddress(requestFor('a10')) ? fail() : undefined)
          if (where === 'intend') intents.onIntend = ({id}) => (id === 'a10' ? fail() : undefined)
        },
      })
      expect(bench.result('a10')).toMatchObject({
        type: 'failed',
        cause: {
          code: 'disk-enospc',
          isFatal: true,
          message: expect.stringContaining('ENOSPC: no space left on device'),
        },
      })
      expect(bench.count('failed')).toBe(1)
      expect(bench.provider.of('a10')).toHaveLength(where === 'put' || where === 'onCompleted' ? 1 : 0)
      expect(bench.result('a50').type).toBe('skipped')
      expect(bench.store.kept.size).toBe(bench.provider.count('ok') - (where === 'put' ? 1 : 0))
    },
  )

  it('rejects for a fault of the program, after all that was in flight is kept', async () => {
    const bench = new Bench({
      jobs: plainJobs(60),
      answer: ({number}) => ({latencyMs: 100 + number}),
      onCompleted: async (id) => {
        if (id === 'a8') throw new TypeError('a bug')
        return undefined
      },
    })
    await expect(bench.run()).rejects.toThrow('a bug')
    expect(bench.provider.inFlight).toBe(0)
    expect(bench.store.kept.size).toBe(bench.provider.seen.length)
    expect(bench.provider.seen.length).toBeLessThan(40)
    expect(bench.clock.sleeping).toBe(0)
  })

  it('leaves no timer behind when the run is shorter than any of them', async () => {
    const bench = await runJobs({jobs: [{id: 'a'}], latencyMs: 1})
    expect(bench.elapsedMs).toBe(1)
    expect(bench.clock.sleeping).toBe(0)
  })
})

describe('money', () => {
  let stop: () => void
  it('never passes --max-cost, with attempts that report no usage counted in full', async () => {
    for (const [seed, maxCostUsd] of [
      [1, 30],
      [2, 60],
      [3, 200],
    ] as const) {
      const random = seededRandom(seed)
      let mostUsd = 0
      const bench = await runJobs({
        jobs: plainJobs(100).map((job) => ({...job, prompt: `${job.id} ${'ü'.repeat(200)}`, maxTokens: 1_000})),
        maxCostUsd,
        price,
        answer: ({request}) => {
          mostUsd += 0.001 * 430 + 0.01 * (request.limits.maxTokens as number)
          if (random() < 0.2) return {fault: {code: 'reset', isRetryable: true, billing: 'in-doubt'}}
          return {usage: {inputTokens: 420, outputTokens: Math.floor(1_000 * random())}}
        },
      })
      expect(bench.ledger.spentUsd).toBeLessThanOrEqual(maxCostUsd)
      expect(bench.ledger.spentUsd).toBeGreaterThan(maxCostUsd - 2 * (0.001 * 430 + 10))
      expect(mostUsd).toBeGreaterThan(maxCostUsd)
      expect(bench.count('skipped')).toBeGreaterThan(0)
      expect(bench.result('a100')).toMatchObject({because: expect.stringContaining(`--max-cost ${maxCostUsd}`)})
      expect(bench.store.kept.size).toBe(bench.count('completed'))

      const next = await runJobs({
        jobs: plainJobs(100).map((job) => ({...job, prompt: `${job.id} ${'ü'.repeat(200)}`, maxTokens: 1_000})),
        arrange: ({store}) => {
          for (const [address, completion] of bench.store.kept) store.kept.set(address, completion)
        },
      })
      expect(next.provider.seen).toHaveLength(100 - bench.count('completed'))
    }
  })

  it('waits for what is under way before it says that the rest is too dear', async () => {
    const bench = await runJobs({
      jobs: plainJobs(6).map((job) => ({...job, maxTokens: 1_000})),
      maxCostUsd: 21,
      price,
      answer: () => ({usage: {inputTokens: 5, outputTokens: 50}}),
    })
    expect(bench.provider.mostInFlight).toBe(2)
    expect(bench.count('completed')).toBe(6)
    expect(bench.ledger.spentUsd).toBeCloseTo(6 * (0.005 + 0.5))
  })

  it('goes to texts that are missing before better ones', async () => {
    // Every other text shares its request with the one before; all of them miss something.
    const jobs = plainJobs(40).map((job, at) => ({...job, prompt: `p${at >> 1}`, maxTokens: 100}))
    const input: RunInput = {
      jobs: [...jobs, {id: 'last', after: ['a1', 'a40'], maxTokens: 100}],
      concurrency: 1,
      width: 4,
      price,
      answer: () => ({usage: {inputTokens: 5, outputTokens: 100}}),
      followUp: (_, request, completions) =>
        completions.length > 1
          ? undefined
          : {...request, messages: [...request.messages, {role: 'user', content: 'again'}]},
    }
    const rich = await runJobs({...input, maxCostUsd: 1_000})
    expect([rich.count('completed'), rich.provider.seen.length]).toEqual([41, 42])
    const free = await runJobs(input)
    expect([free.count('completed'), free.provider.seen.length]).toEqual([41, 42])
    // Enough for each once, and for two more.
    const poor = await runJobs({...input, maxCostUsd: 22.5 * 1.01})
    expect(poor.provider.seen.slice(0, 20).every(({request}) => request.messages.length === 1)).toBe(true)
    expect(jobs.every(({id}) => poor.result(id).type === 'completed')).toBe(true)
    expect(poor.ledger.spentUsd).toBeLessThanOrEqual(22.5 * 1.01)
  })

  it('that is held back for better texts is let go by a stop', async () => {
    const bench = await runJobs({
      jobs: plainJobs(6),
      concurrency: 1,
      maxCostUsd: 1_000,
      price,
      answer: ({number}) => {
        if (number === 3) stop()
        return {usage: {inputTokens: 5, outputTokens: 100}}
      },
      arrange: (own) => {
        stop = () => own.stop.abort()
      },
      followUp: (_, request) => ({...request, messages: [...request.messages, {role: 'user', content: 'again'}]}),
    })
    expect(bench.provider.seen).toHaveLength(3)
    expect([bench.count('completed'), bench.count('skipped')]).toEqual([3, 3])
  })

  it('sends a cap along where a limit of cost must hold, and none otherwise', async () => {
    const capped = await runJobs({jobs: plainJobs(1), maxCostUsd: 1_000, price})
    expect(capped.provider.seen[0]?.request.limits.maxTokens).toBe(4_096)
    expect([...capped.store.kept.keys()]).toEqual([requestAddress(requestFor('a1'))])
    const free = await runJobs({jobs: plainJobs(1), price})
    expect(free.provider.seen[0]?.request.limits).toEqual({})
  })

  it('sends nothing where not even the first request is within the limit', async () => {
    const bench = await runJobs({jobs: plainJobs(3), maxCostUsd: 0.01, price})
    expect(bench.provider.seen).toEqual([])
    expect(bench.intents.intents).toEqual([])
    expect(bench.count('skipped')).toBe(3)
  })

  it('is summed up by what is reported, else by what was set aside', () => {
    const ledger = new RunLedger({maxCostUsd: 25, priceOf: () => ({...price, cachedInputUsdPerMillion: 100})})
    const most = {inputTokens: 1_000, outputTokens: 1_000}
    const holds = [ledger.hold('m', most), ledger.hold('m', most)]
    expect(ledger.affords('m', most)).toBe('later')
    ledger.settle(holds[0] as (typeof holds)[0], 'billed', {
      inputTokens: 1_000,
      cachedInputTokens: 500,
      outputTokens: 100,
    })
    expect(ledger.spentUsd).toBeCloseTo(0.5 + 0.05 + 1)
    expect(ledger.affords('m', most)).toBe('now')
    ledger.settle(holds[1] as (typeof holds)[0], 'in-doubt', undefined)
    expect(ledger).toMatchObject({inDoubt: 1, inDoubtUsd: 11})
    expect(ledger.spentUsd).toBeCloseTo(12.55)
    ledger.settle(ledger.hold('m', most), 'free', undefined)
    expect(ledger.spentUsd).toBeCloseTo(12.55)
    ledger.settle(ledger.hold('m', most), 'billed', undefined)
    expect(ledger.affords('m', most)).toBe('never')
    expect(ledger.totalUsage).toEqual({inputTokens: 1_000, cachedInputTokens: 500, outputTokens: 100})
  })

  it('is not known once a model without a price was used', () => {
    const ledger = new RunLedger({priceOf: (model) => (model === 'known' ? price : undefined)})
    ledger.settle(ledger.hold('known', {inputTokens: 1, outputTokens: 1}), 'billed', {inputTokens: 1, outputTokens: 1})
    expect(ledger.spentUsd).toBeGreaterThan(0)
    ledger.settle(ledger.hold('other', {inputTokens: 1, outputTokens: 1}), 'billed', {inputTokens: 1, outputTokens: 1})
    expect(ledger.spentUsd).toBeUndefined()
    expect(ledger.totalUsage.outputTokens).toBe(2)
  })
})

describe('estimates', () => {
  it('come near what requests take after few answers, and never above a request’s own limit', () => {
    const estimator = new UsageEstimator()
    const request = requestFor('x'.repeat(4_000))
    expect(estimator.expect(request)).toMatchObject({inputTokens: 1_000, estimated: true})
    for (let answer = 0; answer < 40; answer++) estimator.learn(request, {inputTokens: 2_000, outputTokens: 300})
    expect(estimator.expect(request).inputTokens).toBeGreaterThan(1_900)
    expect(estimator.expect(request).outputTokens).toBeGreaterThanOrEqual(300)
    expect(estimator.expect(request).outputTokens).toBeLessThan(330)
    expect(estimator.expect(requestFor('x', 200)).outputTokens).toBe(200)
  })

  it('begin with the history of the course, and are not misled by guessed usage', () => {
    const estimator = new UsageEstimator({inputTokensPerCharacter: 0.5, outputTokens: 1_000})
    estimator.learn(requestFor('x'), {inputTokens: 9e6, outputTokens: 9e6, estimated: true})
    const {inputTokens, outputTokens} = estimator.expect(requestFor('x'.repeat(100)))
    expect(inputTokens).toBe(50)
    expect(outputTokens).toBeGreaterThanOrEqual(1_000)
    expect(outputTokens).toBeLessThan(1_300)
  })

  it('bound the input by bytes, which no tokenizer passes, and the output by twice what came so far', () => {
    const estimator = new UsageEstimator()
    expect(estimator.mostOf(requestFor('課程'.repeat(50))).inputTokens).toBeGreaterThanOrEqual(300)
    estimator.learn(requestFor('x'), {inputTokens: 1, outputTokens: 6_000})
    expect(estimator.mostOf(requestFor('x')).outputTokens).toBe(24_000)
    expect(estimator.mostOf(requestFor('x', 99)).outputTokens).toBe(99)
    expect(estimator.mostOf(requestFor('x', 99), 198).outputTokens).toBe(198)
  })
})

describe('growth', () => {
  it('is linear for jobs that are all in the store', async () => {
    const running = (count: number) => {
      const jobs = plainJobs(count).map((job, at) => (at === 0 ? job : {...job, after: [`a${Math.ceil(at / 2)}`]}))
      return async () => {
        const bench = new Bench({jobs})
        bench.store.find = async (request) => ({type: 'found', completion: storedFor(request)})
        await bench.run()
        expect(bench.count('completed')).toBe(count)
        expect(bench.provider.seen).toEqual([])
      }
    }
    expect(await growth(running, 5_000)).toBeLessThan(3)
  })
})

it('passes what a provider throws on as it is, unless it is a fault of the provider', async () => {
  const bench = new Bench({
    jobs: plainJobs(3),
    answer: ({number}) => {
      if (number === 2) throw new RangeError('no such thing')
      return 'ok'
    },
  })
  await expect(bench.run()).rejects.toThrow(RangeError)
  expect(new ProviderError('x', {code: 'x', isRetryable: false}).billing).toBe('free')
})
