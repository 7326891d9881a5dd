import {afterEach, describe, expect, it} from 'vitest'
import {IdleWork} from '../src/cli/idle-work.ts'
import {FlushPace} from '../src/store/flush.ts'
import {Bench, plainJobs} from './support/schedule-run.ts'

const turnOfLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('idle work', () => {
  const log: string[] = []

  afterEach(() => {
    log.length = 0
  })

  it('is done a piece between two events, turns before pieces', async () => {
    const idle = new IdleWork()
    idle.add(() => log.push('piece 1'))
    idle.add(() => log.push('piece 2'))
    for (const number of [1, 2]) void idle.turn().then(() => log.push(`turn ${number}`))
    await Promise.resolve()
    expect(log).toEqual([])
    for (let at = 0; at < 4; at++) {
      await turnOfLoop()
      log.push('|')
    }
    await turnOfLoop()
    expect(log.filter((entry) => entry !== '|')).toEqual(['turn 1', 'turn 2', 'piece 1', 'piece 2'])
    expect(
      log
        .join(' ')
        .split('|')
        .map((part) => part.trim().split(' ').length)
        .every((words) => words <= 2),
    ).toBe(true)
  })

  it('lets everybody go on when it ends, and leaves the pieces', async () => {
    const idle = new IdleWork()
    idle.add(() => log.push('piece'))
    const turn = idle.turn()
    idle.end()
    await turn
    await turnOfLoop()
    expect(log).toEqual([])
  })

  it('goes on behind a piece that throws', async () => {
    const idle = new IdleWork()
    idle.add(() => {
      throw new Error('x')
    })
    idle.add(() => log.push('piece'))
    for (let at = 0; at < 3; at++) await turnOfLoop()
    expect(log).toEqual(['piece'])
  })
})

describe('the pace of flushes', () => {
  const isQuickBehind = (...ms: number[]): boolean => {
    const pace = new FlushPace()
    for (const each of ms) pace.note(each)
    return pace.isQuick
  }

  it('is quick until several are slow', () => {
    expect(isQuickBehind()).toBe(true)
    expect(isQuickBehind(15)).toBe(true)
    expect(isQuickBehind(0.1, 0.1, 15, 0.1, 0.1)).toBe(true)
    expect(isQuickBehind(8, 8, 8)).toBe(false)
    expect(isQuickBehind(40)).toBe(false)
    expect(isQuickBehind(...Array.from({length: 100}, () => 1.5))).toBe(true)
  })
})

describe('turns', () => {
  it('let requests leave before what arrived is looked at, and jobs be prepared one by one', async () => {
    const preparedMs: number[] = []
    let bench: Bench | undefined
    let nextMs = 0
    bench = new Bench({
      jobs: plainJobs(40).map((job) => ({...job, onPrepare: () => preparedMs.push(bench?.elapsedMs ?? 0)})),
      concurrency: 8,
      // One at a time, a millisecond each, as work between two turns of an event loop.
      turn: () => {
        const nowMs = bench?.elapsedMs ?? 0
        nextMs = Math.max(nextMs, nowMs) + 1
        return bench?.clock.sleep(nextMs - nowMs, new AbortController().signal) ?? Promise.resolve()
      },
    })
    await bench.run()
    const looked = bench.completed.map(({atMs}) => atMs)
    expect(new Set(looked).size).toBe(40)
    expect(bench.provider.seen.filter(({sentMs}) => sentMs === 100)).toHaveLength(4)
    expect(Math.min(...looked)).toBeGreaterThan(100)
    const whileWaiting = preparedMs.filter((ms) => ms > 0 && ms < 100)
    expect(new Set(whileWaiting).size).toBe(whileWaiting.length)
    expect(preparedMs.filter((ms) => ms < 100)).toHaveLength(32)
  })
})
