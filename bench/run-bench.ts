import {existsSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {parseArgs} from 'node:util'
import {Bench} from './bench.ts'
import {measureExports} from './cells/exports.ts'
import {measureGrowth} from './cells/growth.ts'
import {measureLimits} from './cells/limits.ts'
import {measureMemory} from './cells/memory.ts'
import {measureOverhead, quickAnswers, slowAnswers} from './cells/overhead.ts'
import {measureStart} from './cells/start.ts'
import {measureWarmBuilds} from './cells/warm.ts'
import {describeRun, formatReport, writeFigures} from './format-report.ts'
import {makeOutline} from './made-outline.ts'
import {type JudgedRow, judgeRow, type Row} from './row.ts'

const root = join(import.meta.dirname, '..', '..')
/** A real outline, which a clone does not have. */
const sharedOutline = join(root, '..', 'shared', 'inputs', 'msk-outline.md')
const defaultDirectives = 346

/** In this order, so that growth builds the large courses that the second builds are measured on. */
const cells: Readonly<Record<string, (bench: Bench) => Promise<Row[]>>> = {
  A: (bench) => measureOverhead(bench, slowAnswers),
  B: (bench) => measureOverhead(bench, quickAnswers),
  C: measureLimits,
  E: measureStart,
  F: measureMemory,
  H: measureExports,
  G: measureGrowth,
  D: measureWarmBuilds,
}

const usage = `Usage: npm run bench -- [options]

  --cells A,B,…    cells to measure, of ${Object.keys(cells).toSorted().join(', ')} (default: all)
  --runs N         runs of each thing (default: 5)
  --outline FILE   outline of the cells that compare (default: a real one where it is, else a made one)
  --directives N   a made outline with so many directives instead
  --large          builds of 100,000 directives too, which take many minutes
  --json FILE      write every figure of every run
  --readme         write the table into bench/README.md
`

const {values: flags} = parseArgs({
  options: {
    cells: {type: 'string'},
    runs: {type: 'string', default: '5'},
    outline: {type: 'string'},
    directives: {type: 'string'},
    large: {type: 'boolean', default: false},
    json: {type: 'string'},
    readme: {type: 'boolean', default: false},
    help: {type: 'boolean', default: false},
  },
})

if (flags.help) process.stdout.write(usage)
else await measure()

async function measure(): Promise<void> {
  const chosen = chooseCells()
  const {name, text} = chooseOutline()
  const bench = new Bench({runs: wholeNumber('--runs', flags.runs), large: flags.large, outline: text})
  const run = describeRun(root, {runs: bench.options.runs, outline: name, directives: bench.prompts.length})
  const rows: JudgedRow[] = []
  const end = (code: number) => (): never => {
    bench.dispose()
    // Cells that took minutes are not lost.
    if (rows.length > 0) process.stdout.write(`${formatReport(run, bench.skipped, rows)}\n`)
    process.exit(code)
  }
  process.once('SIGINT', end(130))
  process.once('SIGTERM', end(143))
  try {
    for (const [cell, measureCell] of Object.entries(cells)) {
      if (!chosen.has(cell)) continue
      process.stderr.write(`cell ${cell} …\n`)
      rows.push(...(await measureCell(bench)).map(judgeRow))
    }
  } finally {
    bench.dispose()
  }
  rows.sort((a, b) => a.cell.localeCompare(b.cell))
  const {skipped} = bench
  const report = formatReport(run, skipped, rows)
  process.stdout.write(`${report}\n`)
  if (flags.json !== undefined) {
    writeFileSync(flags.json, `${JSON.stringify({version: 1, ...run, skipped, rows}, null, 2)}\n`)
  }
  if (flags.readme) writeFigures(join(root, 'bench', 'README.md'), report)
}

function chooseCells(): Set<string> {
  const chosen = new Set((flags.cells ?? Object.keys(cells).join()).toUpperCase().split(','))
  for (const cell of chosen) {
    if (!(cell in cells))
      fail(`Unexpected cell \`${cell}\`, expected some of ${Object.keys(cells).toSorted().join(', ')}`)
  }
  return chosen
}

function chooseOutline(): {name: string; text: string} {
  if (flags.outline !== undefined) return {name: 'given', text: readFileSync(flags.outline, 'utf8')}
  if (flags.directives === undefined && existsSync(sharedOutline)) {
    return {name: 'real', text: readFileSync(sharedOutline, 'utf8')}
  }
  const directives = wholeNumber('--directives', flags.directives ?? String(defaultDirectives))
  return {name: 'made', text: makeOutline(directives)}
}

function wholeNumber(flag: string, value: string): number {
  if (!/^[1-9]\d*$/.test(value)) fail(`Unexpected \`${value}\` for ${flag}, expected a whole number from 1`)
  return Number(value)
}

function fail(message: string): never {
  process.stderr.write(`error: ${message}\n`)
  process.exit(2)
}
