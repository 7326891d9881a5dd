import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest'
import {Slots, whenFree} from '../src/store/descriptors.ts'

function lack(code = 'EMFILE'): Error {
  return Object.assign(new Error('too many open files'), {code})
}

/** Throws so many times, then gives a number. */
function freeAfter(times: number, code?: string): () => number {
  let left = times
  return () => {
    if (left-- > 0) throw lack(code)
    return 7
  }
}

describe('whenFree', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })

  afterEach(async () => {
    vi.useRealTimers()
    // What one test lacked is over for the next.
    await whenFree(() => 0)
  })

  it.each(['EMFILE', 'ENFILE'])('waits where there is no descriptor (%s)', async (code) => {
    const opened = whenFree(freeAfter(3, code))
    await vi.advanceTimersByTimeAsync(5 + 10 + 20)
    expect(await opened).toBe(7)
  })

  it('waits for what opens later, too', async () => {
    const open = freeAfter(1)
    const opened = whenFree(async () => open())
    await vi.advanceTimersByTimeAsync(5)
    expect(await opened).toBe(7)
  })

  it('gives up two seconds after the last file that could be opened, all at once', async () => {
    const first = whenFree(freeAfter(1000)).catch((error: Error) => error)
    await vi.advanceTimersByTimeAsync(1900)
    const second = whenFree(freeAfter(1000)).catch((error: Error) => error)
    await vi.advanceTimersByTimeAsync(300)
    expect(await Promise.race([first, 'waits'])).toEqual(lack())
    expect(await Promise.race([second, 'waits'])).toEqual(lack())
  })

  it('begins anew where a file could be opened', async () => {
    const first = whenFree(freeAfter(1000)).catch((error: Error) => error)
    await vi.advanceTimersByTimeAsync(1900)
    expect(await whenFree(() => 1)).toBe(1)
    const second = whenFree(freeAfter(8))
    await vi.advanceTimersByTimeAsync(1000)
    expect(await Promise.race([second, 'waits'])).toBe(7)
    await vi.advanceTimersByTimeAsync(2200)
    expect(await first).toEqual(lack())
  })

  it('passes any other fault on at once', async () => {
    await expect(whenFree(freeAfter(1, 'ENOENT'))).rejects.toThrow(lack('ENOENT'))
  })
})

describe('Slots', () => {
  it('let so many run at once, in the order they came', async () => {
    const slots = new Slots(2)
    const ends: (() => void)[] = []
    const begun: number[] = []
    const runs = [0, 1, 2, 3].map((number) =>
      slots.run(async () => {
        begun.push(number)
        await new Promise<void>((resolve) => ends.push(resolve))
        return number
      }),
    )
    await Promise.resolve()
    expect(begun).toEqual([0, 1])
    ends[1]?.()
    await runs[1]
    await new Promise((resolve) => setImmediate(resolve))
    expect(begun).toEqual([0, 1, 2])
    ends[0]?.()
    await runs[0]
    await new Promise((resolve) => setImmediate(resolve))
    expect(begun).toEqual([0, 1, 2, 3])
    ends[2]?.()
    ends[3]?.()
    expect(await Promise.all(runs)).toEqual([0, 1, 2, 3])
  })

  it('are free again after a failure', async () => {
    const slots = new Slots(1)
    await expect(
      slots.run(async () => {
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    expect(await slots.run(async () => 1)).toBe(1)
  })
})
