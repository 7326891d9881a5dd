import {execFileSync} from 'node:child_process'
import {readFileSync, writeFileSync} from 'node:fs'
import {cpus, loadavg, totalmem} from 'node:os'
import {formatTable} from './format-table.ts'
import type {JudgedRow} from './row.ts'

/** Where, with what and how often was measured. */
export interface RunDescription {
  readonly date: string
  readonly commit: string
  readonly node: string
  readonly platform: string
  readonly processor: string
  readonly cores: number
  readonly memoryGib: number
  /** Processes that wanted a core in the minute before the first cell. */
  readonly loadBefore: number
  readonly runs: number
  /** `real`, `made` or `given`. */
  readonly outline: string
  readonly directives: number
}

/** A cell, or a part of it, that could not be measured. */
export interface Skipped {
  readonly cell: string
  readonly why: string
}

/** Adds the machine and the commit to what the bench knows of a run. */
export function describeRun(
  root: string,
  own: Pick<RunDescription, 'runs' | 'outline' | 'directives'>,
): RunDescription {
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: describeCommit(root),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    loadBefore: loadavg()[0] ?? 0,
    ...own,
  }
}

/** The run in one paragraph, what was not measured, and the table. */
export function formatReport(run: RunDescription, skipped: readonly Skipped[], rows: readonly JudgedRow[]): string {
  const where = `${run.date}, commit ${run.commit}, Node ${run.node}, ${run.platform}, ${run.processor}, ${run.cores} cores, ${run.memoryGib} GiB, load before ${run.loadBefore.toFixed(1)}`
  const how = `${run.runs === 1 ? '1 run' : `${run.runs} runs`} each, in turns; median (range); ${run.outline} outline of ${run.directives} directives`
  const missing = skipped.map(({cell, why}) => `Not measured, cell ${cell}: ${why}.`)
  return [`${where}. ${how}.`, ...missing, formatTable(rows)].join('\n\n')
}

/** Puts a report between the marks of the page; throws when they are not there. */
export function writeFigures(path: string, report: string): void {
  const page = readFileSync(path, 'utf8')
  const marks = /(<!-- figures -->)[\s\S]*(<!-- \/figures -->)/
  if (!marks.test(page))
    throw new Error(`Cannot write figures into \`${path}\`, expected the marks \`<!-- figures -->\``)
  writeFileSync(
    path,
    page.replace(marks, (_, start: string, end: string) => `${start}\n\n${report}\n\n${end}`),
  )
}

function describeCommit(root: string): string {
  const git = (...args: string[]): string =>
    execFileSync('git', args, {cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']}).trim()
  try {
    const changes = git('status', '--porcelain', '--', 'src', 'bin', 'package-lock.json')
    return `${git('rev-parse', '--short', 'HEAD')}${changes === '' ? '' : ' with changes'}`
  } catch {
    return 'unknown (no git)'
  }
}
