/** Median and range of the runs of one thing. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** The spread of values; throws when there are none. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const [min, max] = [sorted[0], sorted.at(-1)]
  if (min === undefined || max === undefined) throw new Error('Cannot take the median of no runs')
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] as number
  const median = sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] as number)) / 2
  return {median, min, max}
}

/** Runs several things in turn, so often: A B A B. What else the machine does then falls on all alike. */
export async function inTurns<Result>(runs: number, things: readonly (() => Promise<Result>)[]): Promise<Result[][]> {
  const results: Result[][] = things.map(() => [])
  for (let run = 0; run < runs; run++) {
    for (const [at, thing] of things.entries()) results[at]?.push(await thing())
  }
  return results
}

/** Runs one thing so often, but not again once it has taken `mostSeconds` in all: long runs differ little. */
export async function repeat<Result extends {readonly seconds: number}>(
  runs: number,
  mostSeconds: number,
  thing: () => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  let seconds = 0
  do {
    const result = await thing()
    results.push(result)
    seconds += result.seconds
  } while (results.length < runs && seconds < mostSeconds)
  return results
}
