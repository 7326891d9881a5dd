import {readdirSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {type Bench, succeeded} from '../bench.ts'
import type {Row} from '../row.ts'
import {inTurns, repeat} from '../sample.ts'

/** Seconds after which a large course is not built again. */
const mostSeconds = 60

/** Cell D: a second build with nothing to do. */
export async function measureWarmBuilds(bench: Bench): Promise<Row[]> {
  return [
    ...(await compareWarmBuild(bench)),
    ...(await measureWarmBuild(bench, 10_000, {atMost: 1.5})),
    ...(bench.options.large ? await measureWarmBuild(bench, 100_000, {atMost: 30}) : []),
  ]
}

async function compareWarmBuild(bench: Bench): Promise<Row[]> {
  const server = await bench.server({latencyMs: 0})
  const course = await bench.builtCourse(bench.prompts.length)
  const before = snapshot(course.folder)
  await server.reset()
  const [own = [], nothing = []] = await inTurns(bench.options.runs, [
    async () => succeeded(await bench.build(course, server, 16)).seconds,
    async () => succeeded(await bench.nothing()).seconds,
  ])
  const {requests} = await server.stats()
  const after = snapshot(course.folder)
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
    (path) => before.get(path) !== after.get(path),
  )
  const what = `second build, ${course.directives} directives`
  const other = {name: 'node -e 0', values: nothing}
  return [
    {cell: 'D', what, unit: 'seconds', own, other, compare: 'difference', target: {atMost: 0.15}},
    {
      cell: 'D',
      what: `${what}: requests sent and files changed`,
      unit: 'count',
      own: [requests + changed.length],
      compare: 'value',
      target: {atMost: 0},
    },
  ]
}

async function measureWarmBuild(bench: Bench, directives: number, target: {readonly atMost: number}): Promise<Row[]> {
  const server = await bench.server({latencyMs: 0})
  const course = await bench.builtCourse(directives)
  const runs = await repeat(bench.options.runs, mostSeconds, async () =>
    succeeded(await bench.build(course, server, 16, {measuresUsage: true})),
  )
  const what = `second build, ${directives.toLocaleString('en')} directives`
  const peaks = runs.map(({usage}) => usage?.peakMib ?? Number.NaN)
  return [
    {cell: 'D', what, unit: 'seconds', own: runs.map(({seconds}) => seconds), compare: 'value', target},
    {
      cell: 'D',
      what: `${what}: peak memory`,
      unit: 'mebibytes',
      own: peaks,
      compare: 'value',
      ...(directives === 100_000 ? {target: {atMost: 1e9 / 2 ** 20}} : {}),
    },
  ]
}

/** Size and time of change of every file below a folder. */
function snapshot(folder: string): Map<string, string> {
  const files = new Map<string, string>()
  for (const entry of readdirSync(folder, {recursive: true, withFileTypes: true})) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const {size, mtimeMs} = statSync(path)
    files.set(path, `${size} ${mtimeMs}`)
  }
  return files
}
