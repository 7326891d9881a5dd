import {type Bench, succeeded} from '../bench.ts'
import type {Row} from '../row.ts'
import {inTurns} from '../sample.ts'

/** Cell E: how long the program takes to say what it can do. */
export async function measureStart(bench: Bench): Promise<Row[]> {
  const [own = [], nothing = []] = await inTurns(bench.options.runs, [
    async () => succeeded(await bench.program(['--help'])).seconds,
    async () => succeeded(await bench.nothing()).seconds,
  ])
  const other = {name: 'node -e 0', values: nothing}
  return [{cell: 'E', what: '--help', unit: 'seconds', own, other, compare: 'difference', target: {atMost: 0.05}}]
}
