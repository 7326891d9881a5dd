import type {Section} from '../model/section.ts'

/** Most that the list of a book's headings may take of a request. */
export interface HeadingLimits {
  readonly lines: number
  /** In UTF-8; a text has at most as many tokens. */
  readonly sizeBytes: number
}

const defaultLimits: HeadingLimits = {lines: 400, sizeBytes: 24_000}

/** Says that the list goes on. */
const ellipsis = '- […]'

interface Heading {
  readonly depth: number
  readonly title: string
}

/**
 * The outline's headings as a nested Markdown list. The deepest are left out, depth by depth, until it is within the
 * limits; where that would leave a single heading, the list is cut at its end instead.
 */
export function listHeadings(sections: readonly Section[], limits: HeadingLimits = defaultLimits): string {
  const headings: Heading[] = []
  const visit = ({depth, title, children}: Section): void => {
    if (depth > 0) headings.push({depth, title: title.replace(/\s+/g, ' ').trim()})
    for (const child of children) visit(child)
  }
  for (const section of sections) visit(section)
  let kept = headings
  while (!isWithin(kept, limits)) {
    const deepest = kept.reduce((most, {depth}) => Math.max(most, depth), 0)
    const fewer = kept.filter(({depth}) => depth < deepest)
    if (fewer.length < 2) return cutList(formatHeadings(kept), limits)
    kept = fewer
  }
  return formatHeadings(kept).join('\n')
}

function isWithin(headings: readonly Heading[], limits: HeadingLimits): boolean {
  return headings.length <= limits.lines && sizeOf(formatHeadings(headings)) <= limits.sizeBytes
}

/** Lines of the list, indented by how many of the headings above are in it. */
function formatHeadings(headings: readonly Heading[]): string[] {
  const above: number[] = []
  return headings.map(({depth, title}) => {
    while ((above.at(-1) ?? 0) >= depth) above.pop()
    above.push(depth)
    return `${'  '.repeat(above.length - 1)}- ${title}`
  })
}

function cutList(lines: readonly string[], limits: HeadingLimits): string {
  const kept: string[] = []
  let size = sizeOf([ellipsis])
  for (const line of lines) {
    size += sizeOf([line])
    if (kept.length + 1 >= limits.lines || size > limits.sizeBytes) break
    kept.push(line)
  }
  return [...kept, ellipsis].join('\n')
}

function sizeOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + Buffer.byteLength(line, 'utf8') + 1, 0)
}
