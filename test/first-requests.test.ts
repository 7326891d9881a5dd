import {describe, expect, it} from 'vitest'
import {http} from './support/recording-provider.ts'
import {type Bench, plainJobs, runJobs} from './support/schedule-run.ts'

describe('first requests', () => {
  const wavesOf = (bench: Bench): [number, number][] => {
    const waves = new Map<number, number>()
    for (const {sentMs} of bench.provider.seen) waves.set(sentMs, (waves.get(sentMs) ?? 0) + 1)
    return [...waves]
  }

  it('sends 4, then 10 until the first answer, then as many as may be in flight, without a ramp', async () => {
    const bench = await runJobs({jobs: plainJobs(100), concurrency: 32})
    expect(wavesOf(bench)).toEqual([
      [0, 4],
      [25, 6],
      [100, 26],
      [125, 6],
      [200, 26],
      [225, 6],
      [300, 26],
    ])
  })

  it('sends no more than 4 when one of them is refused at once, and no more than there are places', async () => {
    const bench = await runJobs({
      jobs: plainJobs(40),
      answer: ({number}) => (number === 1 ? {...(http(500) as object), latencyMs: 10} : {latencyMs: 3_000}),
    })
    const inFlight = bench.provider.seen.filter(({sentMs, endedMs}) => sentMs <= 2_000 && endedMs > 2_000)
    expect(inFlight).toHaveLength(4)
    expect(wavesOf(await runJobs({jobs: plainJobs(12), concurrency: 6}))).toEqual([
      [0, 4],
      [25, 2],
      [100, 4],
      [125, 2],
    ])
  })

  it('are as many as may be in flight where another book of the build was answered', async () => {
    const first = await runJobs({jobs: plainJobs(4)})
    const startMs = first.elapsedMs
    const second = await runJobs({jobs: plainJobs(40).map(({id}) => ({id: `b${id}`})), before: first})
    expect(second.provider.seen.filter(({sentMs}) => sentMs <= startMs + 5)).toHaveLength(16)
  })

  it('sends the others at the first answer, not when it is kept', async () => {
    const bench = await runJobs({
      jobs: plainJobs(100),
      concurrency: 32,
      arrange: ({store}) => {
        store.putMs = 30
      },
    })
    const sent = (atMs: number): number => bench.provider.seen.filter(({sentMs}) => sentMs === atMs).length
    // The four that were answered have their places until they are kept.
    expect([sent(0), sent(25), sent(100), sent(130)]).toEqual([4, 6, 22, 4])
    expect(bench.provider.mostInFlight).toBe(32)
  })

  it('counts a refused prompt as an answer, and a fault of the server as none', async () => {
    const bench = await runJobs({
      jobs: plainJobs(40),
      answer: ({number}) => (number <= 10 ? http(number <= 5 ? 500 : 503) : 'ok'),
    })
    expect(bench.provider.seen.filter(({sentMs}) => sentMs < 200)).toHaveLength(10)
    const bad = await runJobs({
      jobs: plainJobs(40),
      answer: ({number}) => (number === 1 ? {...(http(400, {isRetryable: false}) as object), latencyMs: 10} : 'ok'),
    })
    expect(bad.provider.seen.filter(({sentMs}) => sentMs <= 10)).toHaveLength(17)
  })
})

describe('a place', () => {
  it('is taken until the completion is kept, while the next request is noted', async () => {
    const bench = await runJobs({
      jobs: plainJobs(6),
      concurrency: 2,
      arrange: ({store}) => {
        store.putMs = 30
      },
    })
    expect(bench.provider.seen.map(({sentMs}) => sentMs)).toEqual([0, 0, 130, 130, 260, 260])
    expect(bench.intents.intents.map(({onDiskMs}) => onDiskMs)).toEqual([0, 0, 100, 100, 230, 230])
    expect(bench.provider.mostInFlight).toBe(2)
  })

  it('of a completion that could not be kept lets nobody leave', async () => {
    const bench = await runJobs({
      jobs: plainJobs(4),
      concurrency: 1,
      arrange: ({store}) => {
        store.putMs = 30
        store.onPut = () => {
          throw Object.assign(new Error('no space'), {code: 'ENOSPC'})
        }
      },
    })
    expect(bench.provider.seen).toHaveLength(1)
    expect([bench.count('failed'), bench.count('skipped')]).toEqual([1, 3])
    expect(bench.intents.intents.map(({ending}) => ending)).toEqual([undefined, 'free'])
  })
})
