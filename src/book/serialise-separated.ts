import type {RootContent} from 'mdast'
import {serialiseMarkdown} from '../syntax/serialise-markdown.ts'

/** Markers of the lists right before and right after a text, which its own lists at the edges must not share. */
export interface ListNeighbours {
  readonly before?: string
  readonly after?: string
}

const bullets = ['-', '*', '+'] as const
const numberSuffixes = ['.', ')'] as const

/** Serialises blocks so that no list of theirs runs into a list beside them. */
export function serialiseSeparated(children: readonly RootContent[], neighbours: ListNeighbours): string {
  const first = children[0]
  const last = children.at(-1)
  const isFree = (neighbours.before === undefined || first?.type !== 'list') && (neighbours.after === undefined || last?.type !== 'list')
  if (isFree) return serialiseMarkdown(children)
  for (const bullet of bullets) {
    for (const bulletOrdered of numberSuffixes) {
      const text = serialiseMarkdown(children, {bullet, bulletOrdered})
      if (firstMarker(text) === neighbours.before && first?.type === 'list') continue
      if (last?.type === 'list' && lastListMarker(text) === neighbours.after) continue
      return text
    }
  }
  // Both kinds of number are taken: an empty comment keeps the lists apart.
  const text = serialiseMarkdown(children)
  return [neighbours.before === firstMarker(text) ? '<!-- -->' : '', text, neighbours.after === lastListMarker(text) ? '<!-- -->' : '']
    .filter((part) => part !== '')
    .join('\n\n')
}

/** Marker of the list item that a text begins with: `-`, `*`, `+`, or `.` and `)` for numbers. */
export function firstMarker(text: string): string | undefined {
  const match = /^(?:([-*+])|\d{1,9}([.)]))(?:[ \t]|$)/m.exec(text.split('\n', 1)[0] ?? '')
  return match?.[1] ?? match?.[2]
}

/** Marker of the list that a text ends with, if its last block at column `indent` is one. */
export function lastListMarker(text: string, indent = 0): string | undefined {
  const lines = text.trimEnd().split('\n')
  for (let at = lines.length - 1; at >= 0; at--) {
    const line = (lines[at] as string).slice(indent)
    if (line.trim() === '' || /^[ \t]/.test(line)) continue
    const marker = firstMarker(line)
    if (marker !== undefined) return marker
    // A line at this column may still go on a list item's paragraph.
    if (at === 0 || (lines[at - 1] as string).trim() === '') return undefined
  }
  return undefined
}
