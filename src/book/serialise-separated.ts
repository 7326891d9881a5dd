import {serialiseMarkdown} from '../syntax/serialise-markdown.ts'
import type {SerialisedBlocks} from './section-form.ts'

/** Markers of the lists right before and right after a text, which its own lists at the edges must not share. */
export interface ListNeighbours {
  readonly before: ReadonlySet<string>
  readonly after: ReadonlySet<string>
}

/** A comment that shows nothing and keeps two blocks apart. */
export const separator = '<!-- -->'

const bullets = ['-', '*', '+'] as const
const numberSuffixes = ['.', ')'] as const

/** Blocks as they are written so that no list of theirs runs into a list beside them. */
export function serialiseSeparated(blocks: SerialisedBlocks, {before, after}: ListNeighbours): string {
  const {markdown, first, last} = blocks
  const startsWithList = first === 'list' && before.size > 0
  const endsWithList = last === 'list' && after.size > 0
  if (!startsWithList && !endsWithList) return markdown
  const clashes = (text: string): {start: boolean; end: boolean} => ({
    start: startsWithList && before.has(firstMarker(text) ?? ''),
    end: endsWithList && [...lastListMarkers(text)].some((marker) => after.has(marker)),
  })
  for (const bullet of bullets) {
    for (const bulletOrdered of numberSuffixes) {
      const isPlain = bullet === '-' && bulletOrdered === '.'
      const text = isPlain ? markdown : serialiseMarkdown(blocks.children(), {bullet, bulletOrdered})
      const {start, end} = clashes(text)
      if (!start && !end) return text
    }
  }
  // Every marker is taken: a comment keeps the lists apart.
  const {start, end} = clashes(markdown)
  return [start ? separator : '', markdown, end ? separator : ''].filter((part) => part !== '').join('\n\n')
}

/** Marker of the list item that a line begins with: `-`, `*`, `+`, or `.` and `)` for numbers. */
export function firstMarker(line: string): string | undefined {
  const match = /^ {0,3}(?:([-*+])|\d{1,9}([.)]))(?:[ \t]|$)/.exec(line.split('\n', 1)[0] ?? '')
  return match?.[1] ?? match?.[2]
}

/** Markers of the list that a text ends with at column `indent` or up to three columns on; none if it ends otherwise. */
export function lastListMarkers(text: string, indent = 0): Set<string> {
  const columns = new Map<number, string>()
  let above = 0
  for (let end = text.trimEnd().length; end >= 0; end = above) {
    const start = end === 0 ? 0 : text.lastIndexOf('\n', end - 1) + 1
    above = start - 1
    const whole = text.slice(start, end)
    if (whole.trim() === '') continue
    const lead = /^ */.exec(whole)?.[0].length ?? 0
    if (lead < indent) break
    const line = whole.slice(indent)
    const marker = firstMarker(line)
    if (marker !== undefined) {
      // Another marker at the same column is the list before.
      if ((columns.get(lead) ?? marker) !== marker) break
      columns.set(lead, marker)
    }
    // A line at this column without a marker goes on an item's paragraph, or ends what came before.
    else if (!/^[ \t]/.test(line) && isBlankLineAbove(text, start)) break
  }
  return new Set(columns.values())
}

/** Whether the line above the one that begins at `start` is blank, or there is none. */
function isBlankLineAbove(text: string, start: number): boolean {
  const end = start - 1
  if (end < 0) return true
  return text.slice(end === 0 ? 0 : text.lastIndexOf('\n', end - 1) + 1, end).trim() === ''
}
