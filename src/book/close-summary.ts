const tag = /^<summary(?:\s[^<>]*)?>/i
const closed = /<\/summary>/i
/** What no summary goes over: a fence, and the tags of blocks. */
const stop = /^[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?:`{3}|~{3}|<(?:\/?details|summary)(?=[\s>]))/i
/** Longest text, in UTF-16 units, that a closing tag further down can belong to: a longer one is no summary. */
const maxLength = 300
/** Most lines that it can go over. */
const maxLines = 40

/**
 * Line `at` with a summary that it leaves open closed on it, as Markdown needs: with the lines up to its closing tag,
 * which are taken out of `lines`, or at the end of the line where there is none.
 */
export function closeSummary(lines: string[], at: number): string {
  const line = lines[at] as string
  const start = line.toLowerCase().lastIndexOf('<summary')
  const rest = start === -1 ? '' : line.slice(start)
  if (!tag.test(rest) || closed.test(rest)) return line
  const end = findEnd(lines, at)
  if (end === undefined) {
    const next = lines[at + 1] ?? ''
    const isNextInside = rest.replace(tag, '').trim() === '' && next.trim() !== '' && !stop.test(next)
    return `${line.trimEnd()}${isNextInside ? takeLine(lines, at) : ''}</summary>`
  }
  const inside = lines.splice(at + 1, end - at).map((text) => text.trim().replace(/^#{1,6}[ \t]+/, ''))
  return [line.trimEnd(), ...inside.filter((text) => text !== '')]
    .join(' ')
    .replace(/(<summary[^<>]*>) +/i, '$1')
    .replace(/ +(<\/summary>)/i, '$1')
}

/** Number of the line that closes the summary of line `at`. */
function findEnd(lines: readonly string[], at: number): number | undefined {
  let length = 0
  for (let next = at + 1; next < Math.min(lines.length, at + 1 + maxLines); next++) {
    const line = lines[next] as string
    length += line.trim().length
    if (stop.test(line) || length > maxLength) return undefined
    if (closed.test(line)) return next
  }
  return undefined
}

function takeLine(lines: string[], at: number): string {
  return (lines.splice(at + 1, 1)[0] as string).trim()
}
