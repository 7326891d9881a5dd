/**
 * Splits Markdown at its blank lines, fenced code whole, a heading with what follows it. Joined by blank lines the
 * blocks give the text again, but for the number of blank lines. Takes no parser and linear time.
 */
export function splitBlocks(markdown: string): string[] {
  const blocks: string[] = []
  let lines: string[] = []
  let hasBody = false
  let fence: string | undefined
  const close = (): void => {
    if (!hasBody) return
    blocks.push(lines.join('\n'))
    lines = []
    hasBody = false
  }
  for (const line of markdown.split('\n')) {
    if (fence === undefined) {
      if (line.trim() === '') {
        close()
        if (lines.length > 0 && lines.at(-1) !== '') lines.push('')
        continue
      }
      fence = openingFence(line)
    } else if (isClosingFence(line, fence)) {
      fence = undefined
    }
    lines.push(line)
    hasBody ||= !/^ {0,3}#{1,6}(?:\s|$)/.test(line)
  }
  if (lines.length > 0) blocks.push(lines.join('\n').trimEnd())
  return blocks
}

/** The run of characters that opens a fence, in a list item or a quote too. */
function openingFence(line: string): string | undefined {
  const match = /^[\s>]*(?:(?:[-*+]|\d{1,9}[.)])\s+)*(?:(`{3,})[^`]*|(~{3,}).*)$/.exec(line)
  return match?.[1] ?? match?.[2]
}

function isClosingFence(line: string, fence: string): boolean {
  const run = line.replace(/^[\s>]+/, '').trimEnd()
  return run.length >= fence.length && run === (fence[0] as string).repeat(run.length)
}
