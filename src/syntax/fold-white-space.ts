/**
 * A text as it is compared: every run of white space is one space, but lines of fenced code stay lines and keep their
 * indentation relative to the fence. Two texts that differ by wrapping and blank lines alone are then equal.
 */
export function foldWhiteSpace(text: string): string {
  const pieces: string[] = []
  let fence: {readonly character: string; readonly length: number; readonly indent: number} | undefined
  for (const line of text.replace(/\r\n?/g, '\n').split('\n')) {
    const marks = /^([\s>]*)(`{3,}|~{3,})([^`]*)$/.exec(line)
    if (fence === undefined) {
      pieces.push(line.trim().replace(/\s+/g, ' '))
      if (marks === null) continue
      fence = {
        character: (marks[2] as string)[0] as string,
        length: (marks[2] as string).length,
        indent: (marks[1] as string).length,
      }
      pieces.push('\n')
      continue
    }
    const isClosing =
      marks !== null && marks[2]?.[0] === fence.character && marks[2].length >= fence.length && marks[3]?.trim() === ''
    const space = /^[\s>]*/.exec(line)?.[0].length ?? 0
    pieces.push(isClosing ? line.trim() : `${line.slice(Math.min(space, fence.indent)).trimEnd()}\n`)
    if (isClosing) fence = undefined
  }
  return pieces.filter((piece) => piece !== '').join(' ')
}
