import type {Paragraph, PhrasingContent, Root, RootContent, Table, TableCell, TableRow} from 'mdast'
import {toString as nodeText} from 'mdast-util-to-string'
import {hasLines, joinLines, splitLines, visitFlow} from './phrasing-lines.ts'
import type {Repair} from './repair.ts'

/**
 * Makes tables of rows that Markdown runs together into a paragraph: without the line of dashes, with one of another
 * number of columns, or with no header above it. Changes `root`.
 */
export function makeTables(root: Root): Repair[] {
  const repairs: Repair[] = []
  visitFlow(root, (parent) => {
    parent.children = (parent.children as RootContent[]).flatMap((node) => {
      const made = node.type === 'paragraph' && hasLines(node) ? readTable(node) : undefined
      if (made === undefined) return [node]
      repairs.push({ruleId: 'made-table', detail: nodeText(node).split('\n', 1)[0]?.slice(0, 60) ?? ''})
      return made
    }) as typeof parent.children
  })
  return repairs
}

const dashes = /^:?-+:?$/

/** A paragraph that ends in rows as what stands above them and a table; undefined if a line behind the first row is none, or a row has another number of cells. */
function readTable(paragraph: Paragraph): RootContent[] | undefined {
  const lines = splitLines(paragraph.children)
  const start = lines.findIndex((line) => splitCells(line) !== undefined)
  if (start === -1) return undefined
  const rows: PhrasingContent[][][] = []
  for (const line of lines.slice(start)) {
    const cells = splitCells(line)
    if (cells === undefined) return undefined
    rows.push(cells)
  }
  const delimiter = rows.findIndex((cells) => cells.every((cell) => dashes.test(textOf(cell))))
  const body = rows.filter((_, at) => at !== delimiter)
  const width = body[0]?.length ?? 0
  const isOneTable = width > 1 && body.every((cells) => cells.length === width)
  if (delimiter > 1 || !isOneTable || (delimiter === -1 ? body.length < 2 : body.length === 0)) return undefined
  const header = delimiter === 0 ? Array.from({length: width}, () => []) : undefined
  const children = [...(header === undefined ? [] : [header]), ...body].map(tableRow)
  const table: Table = {type: 'table', align: Array.from({length: width}, () => null), children}
  const above: Paragraph = {type: 'paragraph', children: joinLines(lines.slice(0, start))}
  return start === 0 ? [table] : [above, table]
}

function tableRow(cells: readonly PhrasingContent[][]): TableRow {
  return {type: 'tableRow', children: cells.map((children): TableCell => ({type: 'tableCell', children}))}
}

/** Cells of a line that begins and ends with a bar; bars count in plain text only. */
function splitCells(line: readonly PhrasingContent[]): PhrasingContent[][] | undefined {
  const text = textOf(line)
  if (text.length < 3 || !text.startsWith('|') || !text.endsWith('|')) return undefined
  const cells: PhrasingContent[][] = [[]]
  for (const node of line) {
    if (node.type !== 'text') {
      cells.at(-1)?.push(node)
      continue
    }
    node.value.split('|').forEach((value, number) => {
      if (number > 0) cells.push([])
      if (value !== '') cells.at(-1)?.push({type: 'text', value})
    })
  }
  return cells.slice(1, -1).map(trimCell)
}

function trimCell(cell: readonly PhrasingContent[]): PhrasingContent[] {
  return cell
    .map((node, at): PhrasingContent => {
      if (node.type !== 'text') return node
      const value = at === 0 ? node.value.trimStart() : node.value
      return {...node, value: at === cell.length - 1 ? value.trimEnd() : value}
    })
    .filter((node) => node.type !== 'text' || node.value !== '')
}

function textOf(line: readonly PhrasingContent[]): string {
  return nodeText({type: 'paragraph', children: [...line]}).trim()
}
