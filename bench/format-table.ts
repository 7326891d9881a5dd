import type {JudgedRow, Unit} from './row.ts'
import type {Spread} from './sample.ts'

const headings = [
  'Cell',
  'What',
  'msk-course',
  'Against',
  'Its figure',
  'Ratio or difference',
  'Target',
  'Reached',
  'Runs',
]

/** The rows as a Markdown table whose columns line up in a terminal. */
export function formatTable(rows: readonly JudgedRow[]): string {
  const cells = rows.map(formatRow)
  const widths = headings.map((heading, at) => Math.max(heading.length, ...cells.map((row) => (row[at] ?? '').length)))
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, at) => (row[at] ?? '').padEnd(width)).join(' | ')} |`
  return [line(headings), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...cells.map(line)].join('\n')
}

function formatRow(row: JudgedRow): string[] {
  const {unit, compare, comparison, target} = row
  const compared = (value: number): string =>
    compare === 'ratio'
      ? value.toFixed(2)
      : `${compare === 'difference' && value > 0 ? '+' : ''}${formatAmount(value, unit)}`
  const bound = target === undefined ? undefined : 'atMost' in target ? target.atMost : target.atLeast
  return [
    row.cell,
    row.what,
    formatSpread(row.ownSpread, (value) => formatAmount(value, unit)),
    row.other?.name ?? '–',
    row.otherSpread === null ? '–' : formatSpread(row.otherSpread, (value) => formatAmount(value, unit)),
    compare === 'value' ? '–' : formatSpread(comparison, compared),
    bound === undefined || target === undefined ? '–' : `${'atMost' in target ? '≤' : '≥'} ${compared(bound)}`,
    row.reached === null ? '–' : row.reached ? 'yes' : '**no**',
    String(row.own.length),
  ]
}

function formatSpread({median, min, max}: Spread, format: (value: number) => string): string {
  const [middle, low, high] = [format(median), format(min), format(max)]
  return low === high ? middle : `${middle} (${low} to ${high})`
}

function formatAmount(value: number, unit: Unit): string {
  switch (unit) {
    case 'count':
      return String(value)
    case 'share':
      return `${(value * 100).toFixed(1)} %`
    case 'mebibytes':
      return `${value.toFixed(0)} MiB`
    case 'seconds': {
      const size = Math.abs(value)
      if (size >= 0.9995) return `${value.toFixed(2)} s`
      return size >= 0.01 || size === 0 ? `${(value * 1000).toFixed(0)} ms` : `${(value * 1000).toFixed(2)} ms`
    }
  }
}
