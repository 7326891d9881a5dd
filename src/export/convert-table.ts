import type {Table} from 'mdast'
import type {BookPhrasing, BookTable} from './book-nodes.ts'
import type {Conversion} from './conversion.ts'
import {convertPhrasing} from './convert-phrasing.ts'
import {phrasingText} from './plain-text.ts'

/** A table with all rows of the same length, numbered over the whole book. */
export function convertTable(node: Table, conversion: Conversion, caption: string): BookTable {
  const columns = node.children.reduce((most, row) => Math.max(most, row.children.length), 0)
  const [head = [], ...rows] = node.children.map((row) => {
    const cells = row.children.map((cell) => convertPhrasing(cell.children, conversion, row.position?.start.line))
    return [...cells, ...Array.from({length: columns - cells.length}, (): BookPhrasing[] => [])]
  })
  conversion.tableCount++
  const line = node.position?.start.line
  return {
    type: 'table',
    id: conversion.ids.take(`table-${conversion.tableCount}`),
    number: conversion.tableCount,
    caption,
    align: Array.from({length: columns}, (_, at) => node.align?.[at] ?? undefined),
    head,
    rows,
    widths: Array.from({length: columns}, (_, at) => widthOf([head, ...rows].map((row) => row[at] ?? []))),
    ...(line === undefined ? {} : {line}),
  }
}

function widthOf(cells: readonly (readonly BookPhrasing[])[]): BookTable['widths'][number] {
  let [longestCell, longestWord] = [0, 0]
  for (const cell of cells) {
    const text = phrasingText(cell)
    longestCell = Math.max(longestCell, text.length)
    for (const word of text.split(/\s+/)) longestWord = Math.max(longestWord, word.length)
  }
  return {longestCell, longestWord}
}
