import {type Bench, succeeded} from '../bench.ts'
import type {Loopback} from '../loopback.ts'
import type {Row} from '../row.ts'
import {inTurns} from '../sample.ts'

interface Setting {
  readonly cell: string
  readonly latencyMs: number
  readonly concurrency: number
  readonly atMost: number
}

/** Cell A: answers after 200 ms, 16 requests at once. */
export const slowAnswers: Setting = {cell: 'A', latencyMs: 200, concurrency: 16, atMost: 1.05}

/** Cell B: answers after 50 ms, 64 requests at once. */
export const quickAnswers: Setting = {cell: 'B', latencyMs: 50, concurrency: 64, atMost: 1.5}

/** Wall time of a first build against the plain script and against waiting alone. */
export async function measureOverhead(bench: Bench, setting: Setting): Promise<Row[]> {
  const {cell, latencyMs, concurrency, atMost} = setting
  const server = await bench.server({latencyMs})
  // Not measured: the first run meets a server and a disk that are still cold.
  await plainRun(bench, server, concurrency)
  const [own = [], plain = []] = await inTurns(bench.options.runs, [
    () => coldRun(bench, server, concurrency),
    () => plainRun(bench, server, concurrency),
  ])
  const rounds = Math.ceil(bench.prompts.length / concurrency)
  const ideal = [(rounds * latencyMs) / 1000]
  const what = `first build, ${bench.prompts.length} directives, ${latencyMs} ms, ${concurrency} at once`
  return [
    {
      cell,
      what,
      unit: 'seconds',
      own,
      other: {name: 'plain script', values: plain},
      compare: 'ratio',
      target: {atMost},
    },
    {cell, what, unit: 'seconds', own, other: {name: `ideal, ${rounds} rounds`, values: ideal}, compare: 'ratio'},
  ]
}

async function coldRun(bench: Bench, server: Loopback, concurrency: number): Promise<number> {
  const course = bench.newCourse()
  const {seconds} = succeeded(await bench.build(course, server, concurrency))
  return seconds
}

async function plainRun(bench: Bench, server: Loopback, concurrency: number): Promise<number> {
  await server.reset()
  const {seconds} = succeeded(await bench.plain(server, concurrency))
  const {answered} = await server.stats()
  if (answered !== bench.prompts.length) {
    throw new Error(`Unexpected ${answered} answers to the plain script, expected ${bench.prompts.length}`)
  }
  return seconds
}
