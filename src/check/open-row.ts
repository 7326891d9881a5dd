/** Whether a raw completion ends within a row of a table: one that is not closed, or has too few cells. */
export function endsInRow(raw: string): boolean {
  const text = raw.trimEnd()
  const last = text.slice(text.lastIndexOf('\n') + 1).trim()
  if (!last.startsWith('|')) return false
  const lines = text.split('\n')
  let first = lines.length - 1
  while (first > 0 && lines[first - 1]?.trimStart().startsWith('|') === true) first--
  const header = (lines[first] ?? '').trim()
  if (first === lines.length - 1 || !header.endsWith('|')) return false
  return !last.endsWith('|') || countCells(last) < countCells(header)
}

function countCells(row: string): number {
  return (row.match(/(?<!\\)\|/g)?.length ?? 1) - 1
}
