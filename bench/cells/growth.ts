import {type Bench, type Course, succeeded} from '../bench.ts'
import type {Row} from '../row.ts'
import type {ProcessRun} from '../run-process.ts'
import {repeat} from '../sample.ts'

/** Ten times the directives may cost so many times the time each. */
const atMostGrowth = 1.2
/** Seconds after which a size is not run again. */
const mostSeconds = 60

interface Measured {
  readonly directives: number
  readonly runs: readonly ProcessRun[]
}

/** Cell G: whether ten times the directives take ten times the time. */
export async function measureGrowth(bench: Bench): Promise<Row[]> {
  const checks = await measureSizes([1000, 10_000, 100_000], (directives) => measureChecks(bench, directives))
  const sizes = bench.options.large ? [1000, 10_000, 100_000] : [1000, 10_000]
  const builds = await measureSizes(sizes, (directives) => measureBuilds(bench, directives))
  const largest = checks.at(-1)
  return [
    ...growthRows('check', checks),
    ...(largest === undefined ? [] : sizeRows('check', largest, {seconds: 30, mebibytes: 1e9 / 2 ** 20})),
    ...growthRows('first build', builds),
    ...builds.flatMap((measured) => sizeRows('first build', measured)),
  ]
}

async function measureSizes(
  sizes: readonly number[],
  measure: (directives: number) => Promise<Measured>,
): Promise<Measured[]> {
  const all: Measured[] = []
  for (const directives of sizes) all.push(await measure(directives))
  return all
}

async function measureChecks(bench: Bench, directives: number): Promise<Measured> {
  const course = bench.newCourse(directives)
  const runs = await repeat(bench.options.runs, mostSeconds, async () =>
    succeeded(await bench.program(['check', '--quiet'], {cwd: course.folder, measuresUsage: true})),
  )
  bench.removeCourse(course)
  return {directives, runs}
}

/** First builds against a server that answers at once; the last one is kept for the cell of second builds. */
async function measureBuilds(bench: Bench, directives: number): Promise<Measured> {
  const server = await bench.server({latencyMs: 0})
  const courses: Course[] = []
  const runs = await repeat(bench.options.runs, mostSeconds, async () => {
    for (const course of courses.splice(0)) bench.removeCourse(course)
    const course = bench.newCourse(directives)
    courses.push(course)
    return succeeded(await bench.build(course, server, 16, {measuresUsage: true}))
  })
  for (const course of courses) bench.keepBuilt(course)
  return {directives, runs}
}

function growthRows(command: string, all: readonly Measured[]): Row[] {
  const each = ({directives, runs}: Measured): number[] => runs.map(({seconds}) => seconds / directives)
  return all.slice(1).map((more, at) => {
    const less = all[at] as Measured
    return {
      cell: 'G',
      what: `${command}, time for each of ${count(more)} directives`,
      unit: 'seconds',
      own: each(more),
      other: {name: `each of ${count(less)}`, values: each(less)},
      compare: 'ratio',
      target: {atMost: atMostGrowth},
    }
  })
}

function sizeRows(
  command: string,
  measured: Measured,
  targets?: {readonly seconds: number; readonly mebibytes: number},
): Row[] {
  const {runs} = measured
  const row = (unit: 'seconds' | 'mebibytes', what: string, own: readonly number[]): Row => ({
    cell: 'G',
    what: `${command}, ${count(measured)} directives${what}`,
    unit,
    own,
    compare: 'value',
    ...(targets === undefined ? {} : {target: {atMost: targets[unit]}}),
  })
  return [
    row(
      'seconds',
      '',
      runs.map(({seconds}) => seconds),
    ),
    row(
      'mebibytes',
      ': peak memory',
      runs.map(({usage}) => usage?.peakMib ?? Number.NaN),
    ),
  ]
}

function count({directives}: Measured): string {
  return directives.toLocaleString('en')
}
