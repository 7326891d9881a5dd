/** Number of spaces that a line begins with. */
export function indentOf(line: string): number {
  const {length} = line
  let indent = 0
  while (indent < length && line.charCodeAt(indent) === 0x20) indent++
  return indent
}

/** Whether a line holds nothing but spaces. */
export function isBlank(line: string): boolean {
  return indentOf(line) === line.length
}

/** Text without spaces at its start; other white space stays. */
export function trimStart(text: string): string {
  return text.startsWith(' ') ? text.slice(indentOf(text)) : text
}

/** Text without spaces at its end; other white space stays. */
export function trimEnd(text: string): string {
  const end = contentEnd(text, 0, text.length)
  return end === text.length ? text : text.slice(0, end)
}

/** Offset behind the last character of a stretch that is no space. */
export function contentEnd(text: string, start: number, end: number): number {
  let at = end
  while (at > start && text.charCodeAt(at - 1) === 0x20) at--
  return at
}
