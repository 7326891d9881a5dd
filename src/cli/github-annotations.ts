import type {Severity} from '../model/rules.ts'
import {escapeTerminal} from './escape-terminal.ts'
import {bySeverity, type PlacedRow} from './message-row.ts'

/** Annotations of one kind that GitHub takes from a step; it drops the rest without a word. */
const mostPerKind = 10

/**
 * Messages as workflow commands of GitHub Actions, the gravest first; where they are limited, no more than GitHub shows,
 * the last of a kind saying how many more there are.
 */
export function githubAnnotations(rows: readonly PlacedRow[], isLimited: boolean): string {
  const kinds: readonly Severity[] = ['error', 'warning', 'info']
  const sorted = bySeverity(rows)
  return kinds
    .map((kind) =>
      annotationsOf(
        sorted.filter(({severity}) => severity === kind),
        isLimited,
      ),
    )
    .join('')
}

function annotationsOf(rows: readonly PlacedRow[], isLimited: boolean): string {
  if (!isLimited || rows.length <= mostPerKind) return rows.map(annotation).join('')
  const shown = rows.slice(0, mostPerKind - 1)
  const rest = rows.length - shown.length
  const [first] = rows as [PlacedRow]
  const more = `${rest} more of this severity; the step's summary names all of them`
  return `${shown.map(annotation).join('')}::${commandOf(first.severity)} title=msk-course::${data(more)}\n`
}

function annotation(row: PlacedRow): string {
  const place = [
    `file=${property(row.file)}`,
    ...(row.line === null ? [] : [`line=${row.line}`]),
    ...(row.endLine === null || row.endLine === row.line ? [] : [`endLine=${row.endLine}`]),
    ...(row.column === null ? [] : [`col=${row.column}`]),
    ...(row.endColumn === null || row.endLine !== row.line ? [] : [`endColumn=${row.endColumn}`]),
    `title=${property(row.ruleId)}`,
  ]
  return `::${commandOf(row.severity)} ${place.join(',')}::${data(row.reason)}\n`
}

function commandOf(severity: Severity): string {
  return severity === 'info' ? 'notice' : severity
}

function data(text: string): string {
  return escapeTerminal(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
