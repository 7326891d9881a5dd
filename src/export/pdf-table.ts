import type {BookBlock, BookTable} from './book-nodes.ts'
import {fillWords} from './book-words.ts'
import type {PdfConversion} from './pdf-conversion.ts'
import {keepsTable} from './pdf-keep.ts'
import type {PdfTable} from './pdf-node.ts'
import {pdfPhrasing} from './pdf-phrasing.ts'

/** Columns whose cells have no more characters are as wide as they need. */
const narrow = 14
/** Characters of a table's longest words side by side that a page takes at the ordinary size. */
const mostCharacters = 70

/** A table whose columns share the page by what is in them. */
export function pdfTable(
  table: BookTable,
  conversion: PdfConversion,
  convertBlocks: (blocks: readonly BookBlock[], conversion: PdfConversion) => never[] | ReturnType<typeof pdfPhrasing>,
): PdfTable {
  const {widths, head, rows, align, number, caption} = table
  const {words: names} = conversion
  const cell = (nodes: (typeof head)[number]) => pdfPhrasing(nodes, conversion, 'cell', convertBlocks)
  const id = conversion.ids.define(table.id)
  const words = widths.reduce((sum, {longestWord}) => sum + Math.min(longestWord, 30) + 2, 0)
  const isWide = widths.length > 6 || words > mostCharacters
  const shares = widths.map(({longestCell, longestWord}): number =>
    Math.max(6, Math.min(longestWord, 24) + 3, Math.sqrt(longestCell) * 3),
  )
  const isShared = isWide || widths.some(({longestCell}) => longestCell > narrow)
  return {
    t: 'table',
    ...(id === undefined ? {} : {id}),
    caption: fillWords(names.tableOf, {number, caption}),
    columns: shares.map((share, at) =>
      !isShared || (!isWide && (widths[at]?.longestCell ?? 0) <= narrow) ? 'auto' : Math.round(share * 10) / 10,
    ),
    align: align.map((side) => side ?? 'left'),
    isWide,
    ...(keepsTable(table, shares, conversion.room) ? {whole: true} : {}),
    head: head.map(cell),
    rows: rows.map((row) => row.map(cell)),
  }
}
