/** Columns that a table may take, on any terminal and in a log. */
const maxWidth = 80

/** Rows as aligned lines of at most 80 columns: the first cell to the left and cut where needed, the others to the right. */
export function textTable(rows: readonly (readonly string[])[]): string[] {
  const columns = Math.max(...rows.map((row) => row.length))
  const widths = Array.from({length: columns}, (_, at) => Math.max(...rows.map((row) => textWidth(row[at] ?? ''))))
  const others = widths.slice(1).reduce((sum, width) => sum + width + 1, 0)
  const first = Math.max(8, Math.min(widths[0] ?? 0, maxWidth - others))
  return rows.map(([head = '', ...cells]) => {
    const cut = cutText(head, first)
    const padded = cells.map((cell, at) => ` ${' '.repeat((widths[at + 1] ?? 0) - textWidth(cell))}${cell}`)
    return `${cut}${' '.repeat(first - textWidth(cut))}${padded.join('')}`.trimEnd()
  })
}

const wideCharacter =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u

/** Columns that a text takes: wide characters two, combining ones none. */
function textWidth(text: string): number {
  let width = 0
  for (const character of text) width += /[\p{M}\p{Cf}]/u.test(character) ? 0 : wideCharacter.test(character) ? 2 : 1
  return width
}

function cutText(text: string, width: number): string {
  if (textWidth(text) <= width) return text
  let cut = ''
  for (const character of text) {
    if (textWidth(cut + character) >= width) break
    cut += character
  }
  return `${cut}…`
}
