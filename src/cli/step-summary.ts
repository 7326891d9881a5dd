import {appendFileSync, statSync} from 'node:fs'
import {systemFaultCode} from '../model/system-fault.ts'
import {escapeTerminal} from './escape-terminal.ts'
import {bySeverity, type PlacedRow} from './message-row.ts'
import type {Reporter} from './reporter.ts'

/** Bytes of a step's summary that GitHub takes; of a longer one it shows nothing. */
const mostBytes = 1024 * 1024

/**
 * Adds all messages as a table to the summary of a step of GitHub Actions, where the environment names its file; as many
 * as fit.
 */
export function addStepSummary(
  command: string,
  rows: readonly PlacedRow[],
  reporter: Reporter,
  env: NodeJS.ProcessEnv,
): void {
  const path = env.GITHUB_STEP_SUMMARY ?? ''
  if (path === '') return
  try {
    const room = mostBytes - (statSync(path, {throwIfNoEntry: false})?.size ?? 0)
    const text = stepSummary(command, rows, room)
    if (text !== '') appendFileSync(path, text)
  } catch (error) {
    const code = systemFaultCode(error)
    if (code === undefined) throw error
    reporter.warn(`Cannot write the step's summary \`${path}\` (${code})`)
  }
}

/** The table within so many bytes; empty where not even its head has room. */
export function stepSummary(command: string, rows: readonly PlacedRow[], room: number): string {
  const count = (severity: PlacedRow['severity']): number => rows.filter((row) => row.severity === severity).length
  const plural = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`
  const sums = `${plural(count('error'), 'error')}, ${plural(count('warning'), 'warning')}, ${count('info')} info`
  const head = `### msk-course ${command}: ${sums}\n\n`
  if (Buffer.byteLength(head) > room) return ''
  if (rows.length === 0) return head
  const lines = [head, '| | Place | Finding | Rule |\n| --- | --- | --- | --- |\n']
  const reserve = 200
  let size = lines.reduce((sum, line) => sum + Buffer.byteLength(line), reserve)
  const sorted = bySeverity(rows)
  let shown = 0
  for (const row of sorted) {
    const line = tableRow(row)
    size += Buffer.byteLength(line)
    if (size > room) break
    lines.push(line)
    shown++
  }
  const rest = sorted.length - shown
  return `${lines.join('')}${rest === 0 ? '' : `\n… and ${rest} more; the step's log names them\n`}\n`
}

function tableRow({severity, file, line, reason, ruleId, url}: PlacedRow): string {
  const rule = url === null ? cell(ruleId) : `[${cell(ruleId)}](${url})`
  return `| ${severity} | ${cell(line === null ? file : `${file}:${line}`)} | ${cell(reason)} | ${rule} |\n`
}

/** A text in a cell: words of models and files are shown, and make no markup, link or mention. */
function cell(text: string): string {
  return escapeTerminal(text)
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]()#+!|~<>&$]/g, (mark) => `&#${mark.charCodeAt(0)};`)
    .replaceAll('@', '@<!-- -->')
}
