import type {BookBlock, BookTable} from './book-nodes.ts'
import type {PdfRoom} from './pdf-look.ts'
import {blockText, phrasingText} from './plain-text.ts'

/** Whether a text surely takes so few lines that it need not be broken across pages. */
export function keepsText(text: string, room: PdfRoom): boolean {
  return linesOf(text, room.columns) <= room.lines
}

/** Whether blocks surely take so few lines that they need not be broken across pages; those with images or tables may be. */
export function keepsBlocks(blocks: readonly BookBlock[], room: PdfRoom): boolean {
  const isPlain = ({type}: BookBlock): boolean => type === 'paragraph' || type === 'list' || type === 'code'
  return blocks.every(isPlain) && keepsText(blockText(blocks), {...room, lines: room.lines - blocks.length})
}

/** Whether a table is short enough not to be broken across pages; `shares` are those of its columns. */
export function keepsTable({head, rows}: BookTable, shares: readonly number[], room: PdfRoom): boolean {
  const sum = shares.reduce((all, share) => all + share, 0)
  const heightOf = (row: BookTable['head']): number =>
    row.reduce((most, cell, at) => {
      const columns = Math.max(4, Math.floor((room.columns * (shares[at] ?? 1)) / sum) - 2)
      return Math.max(most, linesOf(phrasingText(cell), columns))
    }, 1)
  // A row has space above and below.
  return [head, ...rows].reduce((all, row) => all + heightOf(row) + 0.8, 0) <= room.lines
}

function linesOf(text: string, columns: number): number {
  return text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / columns)), 0)
}
