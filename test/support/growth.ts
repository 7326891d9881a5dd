/** How much larger the second size is: far enough apart that noise cannot make linear growth look quadratic. */
const factor = 8

/** What the smaller size has to take at least: below it the clock and the first garbage decide. */
const leastMs = 4

/**
 * How the time of a run grows: the time per unit of size at eight times the size, by that at once the size. 1 is linear,
 * 8 is quadratic; tests hold it below 3. `prepare` makes the input of a size and gives what is to be timed; the size is
 * doubled until it takes long enough to be measured.
 *
 * Time is what the processor spent on this process, for others may be at work on the machine; of several runs the fastest
 * counts. Garbage is collected in threads and falls now on the one size and now on the other, so a bad ratio is measured
 * again: what truly grows faster fails every time.
 */
export async function growth(prepare: (size: number) => () => unknown, size: number): Promise<number> {
  let small = prepare(size)
  await cpuMs(small)
  for (let doubled = 0; doubled < 6 && (await fastest(small, 2)) < leastMs; doubled++) {
    size *= 2
    small = prepare(size)
  }
  const large = prepare(factor * size)
  let best = Number.POSITIVE_INFINITY
  for (let attempt = 0; attempt < 5 && best >= 2; attempt++) {
    const smallMs = await fastest(small, 5)
    best = Math.min(best, (await fastest(large, 2)) / smallMs / factor)
  }
  return best
}

async function fastest(run: () => unknown, times: number): Promise<number> {
  let best = Number.POSITIVE_INFINITY
  for (let time = 0; time < times; time++) best = Math.min(best, await cpuMs(run))
  return best
}

async function cpuMs(run: () => unknown): Promise<number> {
  const start = process.cpuUsage()
  await run()
  const {user, system} = process.cpuUsage(start)
  return (user + system) / 1000
}
