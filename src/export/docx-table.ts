import type {BookTable} from './book-nodes.ts'
import type {DocxContext} from './docx-context.ts'
import {paragraphXml} from './docx-paragraph.ts'
import {phrasingRuns} from './docx-phrasing.ts'

/** Where a table stands; lengths in twentieths of a point. */
export interface TableRoom {
  readonly indent: number
  readonly width: number
}

/** Keeps two tables apart, and is the last of a cell: Word wants a paragraph there. */
export const afterTable = paragraphXml('', {style: 'AfterTable'})

/** A table whose first row is repeated on every page; columns share the width by what is in them. */
export function tableXml(
  {widths, align, head, rows}: BookTable,
  context: DocxContext,
  {indent, width}: TableRoom,
): string {
  const shares = widths.map(({longestCell, longestWord}) =>
    Math.max(4, Math.min(longestWord, 24) + 2, Math.sqrt(longestCell) * 3),
  )
  const sum = shares.reduce((all, share) => all + share, 0)
  const columns = shares.map((share) => Math.round((width * share) / sum))
  const cellXml = (cell: BookTable['head'][number], at: number): string => {
    const side = align[at]
    const runs = phrasingRuns(cell, context)
    const look = {style: 'TableText', ...(side === 'center' || side === 'right' ? {align: side} : {})}
    return `<w:tc><w:tcPr><w:tcW w:w="${columns[at]}" w:type="dxa"/></w:tcPr>${paragraphXml(runs, look)}</w:tc>`
  }
  const rowXml = (cells: BookTable['head'], isHead: boolean): string =>
    `<w:tr><w:trPr><w:cantSplit/>${isHead ? '<w:tblHeader/>' : ''}</w:trPr>${cells.map(cellXml).join('')}</w:tr>\n`
  const body = rows.map((cells) => rowXml(cells, false)).join('')
  return `${tableHead('BookTable', {indent, width}, columns)}${rowXml(head, true)}${body}</w:tbl>\n${afterTable}`
}

/** Blocks in a frame of its own, with a bar in a colour before them. */
export function frameXml(blocks: string, colour: string, {indent, width}: TableRoom): string {
  const bar = `<w:tcBorders><w:left w:val="single" w:sz="24" w:space="0" w:color="${colour}"/></w:tcBorders>`
  return `${tableHead('CalloutFrame', {indent, width}, [width])}<w:tr><w:tc><w:tcPr><w:tcW w:w="${width}" w:type="dxa"/>${bar}</w:tcPr>${blocks}</w:tc></w:tr>\n</w:tbl>\n${afterTable}`
}

function tableHead(style: string, {indent, width}: TableRoom, columns: readonly number[]): string {
  const moved = indent > 0 ? `<w:tblInd w:w="${indent}" w:type="dxa"/>` : ''
  const grid = columns.map((column) => `<w:gridCol w:w="${column}"/>`).join('')
  const look = `<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>`
  return `<w:tbl><w:tblPr><w:tblStyle w:val="${style}"/><w:tblW w:w="${width}" w:type="dxa"/>${moved}<w:tblLayout w:type="fixed"/>${look}</w:tblPr><w:tblGrid>${grid}</w:tblGrid>\n`
}
