import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import type {Scripted} from './support/recording-provider.ts'
import {Bench, type JobInput} from './support/schedule-run.ts'

const runs = {numRuns: Number(process.env.PROPERTY_RUNS ?? 150), seed: 20261121}

/** What a server may do with an attempt. */
const answer: fc.Arbitrary<Scripted> = fc.oneof(
  {weight: 8, arbitrary: fc.record({latencyMs: fc.integer({min: 0, max: 3_000})})},
  {weight: 1, arbitrary: fc.constantFrom('http-500', 'reset', 'connection', 'blank').map(failing)},
  {
    weight: 1,
    arbitrary: fc.integer({min: 0, max: 4_000}).map((retryAfterMs) => ({...failing('http-429', retryAfterMs)})),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('http-400', 'content-filter').map((code) => ({fault: {code, isRetryable: false}})),
  },
  {
    weight: 1,
    arbitrary: fc.constant({
      fault: {
        code: 'truncated',
        isRetryable: false,
        billing: 'billed' as const,
        usage: {inputTokens: 1, outputTokens: 9},
      },
    }),
  },
  {weight: 1, arbitrary: fc.constant({latencyMs: 1e9})},
)

function failing(code: string, retryAfterMs?: number): Scripted & object {
  return {fault: {code, isRetryable: true, ...(retryAfterMs === undefined ? {} : {retryAfterMs})}}
}

/** Jobs whose `after` point to earlier and to later ones of the plan, without a cycle, some with equal prompts. */
const jobsArbitrary = fc
  .array(fc.record({links: fc.array(fc.nat(60), {maxLength: 3}), prompt: fc.nat(60), rank: fc.nat(1_000)}), {
    minLength: 1,
    maxLength: 60,
  })
  .map((rows) => {
    const jobs: (JobInput & {readonly rank: number})[] = []
    rows.forEach(({links, prompt, rank}, at) => {
      const after = at === 0 ? [] : links.map((link) => `j${link % at}`)
      jobs.push({id: `j${at}`, after, prompt: `p${prompt}`, rank})
    })
    return jobs.toSorted((a, b) => a.rank - b.rank)
  })

const scenario = fc.record({
  jobs: jobsArbitrary,
  answers: fc.array(answer, {minLength: 1, maxLength: 80}),
  concurrency: fc.integer({min: 1, max: 20}),
  seed: fc.nat(),
  perMinute: fc.option(fc.integer({min: 60, max: 6_000}), {nil: undefined}),
  findMs: fc.array(fc.nat(200), {minLength: 1, maxLength: 7}),
  putMs: fc.nat(100),
  stopMs: fc.option(fc.nat(20_000), {nil: undefined}),
  maxCostUsd: fc.option(fc.integer({min: 1, max: 2_000}), {nil: undefined}),
})

type Scenario = typeof scenario extends fc.Arbitrary<infer Value> ? Value : never

async function play({jobs, answers, perMinute, findMs, putMs, stopMs, maxCostUsd, ...input}: Scenario): Promise<Bench> {
  const bench = new Bench({
    ...input,
    jobs,
    timeoutMs: 10_000,
    answer: ({number}) => answers[number % answers.length] as Scripted,
    price: {inputUsdPerMillion: 100, outputUsdPerMillion: 10_000},
    ...(perMinute === undefined ? {} : {requests: {perMinute}}),
    ...(maxCostUsd === undefined ? {} : {maxCostUsd}),
    arrange: ({store, clock, stop}) => {
      store.findMs = (number) => findMs[number % findMs.length] as number
      store.putMs = putMs
      if (stopMs !== undefined) clock.at(stopMs, () => stop.abort())
    },
  })
  return bench.run()
}

describe('any mix of latencies, faults, limits and concurrency', () => {
  it('settles every job once, in an order that respects what it comes after', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (input) => {
        const bench = await play(input)
        const settled = bench.settled.map(({id}) => id as string)
        expect(settled.toSorted()).toEqual(input.jobs.map(({id}) => id).toSorted())
        const place = new Map(settled.map((id, at) => [id, at]))
        for (const {id, after = []} of input.jobs) {
          for (const upstream of after) expect(place.get(upstream)).toBeLessThan(place.get(id) as number)
        }
      }),
      runs,
    )
  })

  it('asks for nothing again that came, stores nothing that failed, and keeps to its bounds', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (input) => {
        const bench = await play(input)
        const {provider, store, ledger, intents} = bench
        expect(provider.mostInFlight).toBeLessThanOrEqual(input.concurrency)
        expect(provider.inFlight).toBe(0)
        expect(store.puts).toHaveLength(provider.count('ok'))
        for (const prompt of new Set(provider.seen.map((seen) => seen.prompt))) {
          const of = provider.of(prompt)
          expect(of.filter(({outcome}) => outcome === 'ok').length).toBeLessThanOrEqual(1)
          expect(of.findIndex(({outcome}) => outcome === 'ok')).toBeOneOf([-1, of.length - 1])
          of.slice(1).forEach(({sentMs}, at) => {
            expect(sentMs).toBeGreaterThanOrEqual(of[at]?.endedMs as number)
          })
        }
        expect(ledger.sent).toBe(provider.seen.length)
        expect(ledger.rateLimited).toBe(provider.count('http-429'))
        expect(intents.intents).toHaveLength(provider.seen.length)
        expect(intents.intents.every(({ending}) => ending !== undefined)).toBe(true)
        if (input.maxCostUsd !== undefined) expect(ledger.spentUsd).toBeLessThanOrEqual(input.maxCostUsd)
        const stopMs = input.stopMs ?? Number.POSITIVE_INFINITY
        expect(provider.seen.every(({sentMs}) => sentMs <= stopMs)).toBe(true)
      }),
      runs,
    )
  })

  it('leaves no timer behind but those of the test', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (input) => {
        const bench = await play({...input, stopMs: undefined})
        expect(bench.clock.sleeping).toBe(0)
      }),
      {...runs, numRuns: Math.ceil(runs.numRuns / 3)},
    )
  })

  it('never sends more than a limit lets through', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, fc.integer({min: 60, max: 3_000}), async (input, perMinute) => {
        const {provider} = await play({...input, perMinute})
        const burst = Math.max(1, perMinute / 60)
        const sent = provider.seen.map(({sentMs}) => sentMs)
        sent.forEach((from, first) => {
          sent.slice(first).forEach((until, more) => {
            expect(more + 1).toBeLessThanOrEqual(burst + ((until - from) / 60_000) * perMinute + 1e-6)
          })
        })
      }),
      {...runs, numRuns: Math.ceil(runs.numRuns / 3)},
    )
  })
})
