import {type Bench, succeeded} from '../bench.ts'
import type {Row} from '../row.ts'
import {inTurns} from '../sample.ts'

/** Seconds that an export of a whole book may take; peak memory, of all its processes together, is for PDF alone. */
const formats = [
  {name: 'pdf', seconds: 5, peakMib: 1e9 / 2 ** 20},
  {name: 'html', seconds: 3},
  {name: 'epub', seconds: 2},
] as const

/** Cell H: exports of a book that holds all that books hold, from a cold start. */
export async function measureExports(bench: Bench): Promise<Row[]> {
  const server = await bench.server({latencyMs: 0, isWhole: true})
  const course = bench.newCourse()
  succeeded(await bench.build(course, server, 16))
  const first = await bench.program(['export', 'pdf'], {cwd: course.folder})
  const hasTypesetter = !first.stderr.includes('Cannot find a typesetter')
  if (!hasTypesetter) bench.skipped.push({cell: 'H', why: 'export pdf: there is no typesetter for this machine'})
  const measured = formats.filter(({name}) => hasTypesetter || name !== 'pdf')
  const runs = await inTurns(
    bench.options.runs,
    measured.map(({name}) => async () => {
      const options = {cwd: course.folder, measuresUsage: true}
      return succeeded(await bench.program(['export', name], options))
    }),
  )
  const what = `of a book of ${bench.prompts.length} directives`
  return measured.flatMap((format, at): Row[] => {
    const own = runs[at] ?? []
    const peaks = own.map(({usage}) => usage?.peakMib ?? Number.NaN)
    const memory: Row = {
      cell: 'H',
      what: `export ${format.name} ${what}: peak memory`,
      unit: 'mebibytes',
      own: peaks,
      compare: 'value',
      ...('peakMib' in format ? {target: {atMost: format.peakMib}} : {}),
    }
    const seconds = own.map((run) => run.seconds)
    const target = {atMost: format.seconds}
    return [
      {cell: 'H', what: `export ${format.name} ${what}`, unit: 'seconds', own: seconds, compare: 'value', target},
      memory,
    ]
  })
}
