import type {AlignType, Table, TableRow} from 'mdast'
import {indentOf, trimEnd, trimStart} from './line-spaces.ts'
import {readRegularPhrasing} from './read-regular-phrasing.ts'

const delimiterRow = /^\|(?: *:?-+:? *\|)+ *$/

/** Whether a line is the second one of a table whose rows begin and end with a pipe. */
export function isDelimiterRow(line: string): boolean {
  return delimiterRow.test(trimStart(line))
}

/** Reads the table whose head is at `start`, up to the next blank line; undefined where anything is in doubt. */
export function readRegularTable(lines: readonly string[], start: number): Table | undefined {
  const align = splitRow(lines[start + 1] as string)?.map(alignOf)
  const children: TableRow[] = []
  for (let at = start; at < lines.length; at++) {
    const line = lines[at] as string
    const indent = indentOf(line)
    if (indent === line.length) break
    if (indent > 3) return undefined
    if (at === start + 1) continue
    const row = readRow(line)
    if (row === undefined) return undefined
    children.push(row)
  }
  return align === undefined || children[0]?.children.length !== align.length
    ? undefined
    : {type: 'table', align, children}
}

function readRow(line: string): TableRow | undefined {
  const cells = splitRow(line)
  if (cells === undefined) return undefined
  const children: TableRow['children'] = []
  for (const cell of cells) {
    const content = readRegularPhrasing(cell, 'cell')
    if (content === undefined) return undefined
    children.push({type: 'tableCell', children: content})
  }
  return {type: 'tableRow', children}
}

/** Cells of a row that begins and ends with a pipe. */
function splitRow(line: string): string[] | undefined {
  const row = trimEnd(trimStart(line))
  if (row.length < 3 || !row.startsWith('|') || !row.endsWith('|')) return undefined
  if (row.endsWith('\\|') || row.includes('\\\\')) return undefined
  const inner = row.slice(1, -1)
  const cells = inner.includes('\\') ? inner.split(/(?<!\\)\|/) : inner.split('|')
  return cells.map((cell) => trimEnd(trimStart(cell)))
}

function alignOf(delimiter: string): AlignType {
  const isLeft = delimiter.startsWith(':')
  if (delimiter.endsWith(':')) return isLeft ? 'center' : 'right'
  return isLeft ? 'left' : null
}
