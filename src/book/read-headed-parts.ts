import type {Heading} from 'mdast'
import {headingTitle} from '../syntax/heading-title.ts'
import {parseBookMarkdown} from '../syntax/parse-markdown.ts'

/** A heading of a text with what stands below it up to the next one. */
export interface HeadedPart {
  readonly title: string
  readonly depth: number
  /** Line of the heading, from 1. */
  readonly line: number
  /** The heading's source without marks and line ends. */
  readonly source: string
  /** Lines between the heading and the next one. */
  readonly lines: readonly string[]
  /** Where those begin, from 1. */
  readonly firstLine: number
}

/** A text cut at its headings, those in lists and quotes aside, without its front matter. */
export function readHeadedParts(markdown: string): {
  readonly before: HeadedPart
  readonly parts: readonly HeadedPart[]
} {
  const lines = markdown.split('\n')
  const root = parseBookMarkdown(markdown)
  const [first] = root.children
  const start = first?.type === 'yaml' ? (first.position?.end.line ?? 0) : 0
  const headings = root.children.filter((node): node is Heading => node.type === 'heading')
  const parts = headings.map((heading, at): HeadedPart => {
    const [line, end] = [heading.position?.start.line ?? 1, heading.position?.end.line ?? 1]
    const next = (headings[at + 1]?.position?.start.line ?? lines.length + 1) - 1
    const source = sourceOf(heading, lines.slice(line - 1, end))
    return {
      title: headingTitle(heading),
      depth: heading.depth,
      line,
      source,
      lines: lines.slice(end, next),
      firstLine: end + 1,
    }
  })
  const firstHeading = (parts[0]?.line ?? lines.length + 1) - 1
  const before = {
    title: '',
    depth: 0,
    line: start + 1,
    source: '',
    lines: lines.slice(start, firstHeading),
    firstLine: start + 1,
  }
  return {before, parts}
}

function sourceOf({depth}: Heading, lines: readonly string[]): string {
  const [first = ''] = lines
  const marks = /^ {0,3}#{1,6}(?=[ \t]|$)/.exec(first)
  if (marks !== null && marks[0].trim().length === depth && lines.length === 1)
    return first.slice(marks[0].length).trim()
  return lines
    .slice(0, -1)
    .map((line) => line.trim())
    .join(' ')
}
