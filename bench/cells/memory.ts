import {type Bench, succeeded} from '../bench.ts'
import type {Row} from '../row.ts'
import type {ProcessRun} from '../run-process.ts'
import {inTurns} from '../sample.ts'
import {quickAnswers} from './overhead.ts'

const measuresUsage = true

/** Cell F: peak memory and processor time. */
export async function measureMemory(bench: Bench): Promise<Row[]> {
  const {latencyMs, concurrency} = quickAnswers
  const server = await bench.server({latencyMs})
  const atOnce = await bench.server({latencyMs: 0})
  const built = await bench.builtCourse(bench.prompts.length)
  const [cold = [], plain = [], warm = [], nothing = []] = await inTurns(bench.options.runs, [
    async () => {
      const course = bench.newCourse()
      const run = succeeded(await bench.build(course, server, concurrency, {measuresUsage}))
      return run
    },
    async () => succeeded(await bench.plain(server, concurrency, {measuresUsage})),
    async () => succeeded(await bench.build(built, atOnce, 16, {measuresUsage})),
    async () => succeeded(await bench.nothing({measuresUsage})),
  ])
  const first = `first build, ${bench.prompts.length} directives, ${concurrency} at once`
  const second = `second build, ${bench.prompts.length} directives`
  return [...usageRows(first, cold, 'plain script', plain), ...usageRows(second, warm, 'node -e 0', nothing)]
}

function usageRows(what: string, own: readonly ProcessRun[], name: string, other: readonly ProcessRun[]): Row[] {
  const row = (label: string, unit: Row['unit'], key: 'peakMib' | 'cpuSeconds'): Row => ({
    cell: 'F',
    what: `${what}: ${label}`,
    unit,
    own: own.map(({usage}) => usage?.[key] ?? Number.NaN),
    other: {name, values: other.map(({usage}) => usage?.[key] ?? Number.NaN)},
    compare: 'ratio',
  })
  return [row('peak memory', 'mebibytes', 'peakMib'), row('processor time', 'seconds', 'cpuSeconds')]
}
