import type {Heading} from 'mdast'
import {toString as nodeText} from 'mdast-util-to-string'
import {readMarkdown} from './parse-markdown.ts'

const plainHeading = /^(#{1,6})[ \t]+(?![#\s])((?:[^\\`*_~[\]<&@]|&(?=[ \t])|`[^`\s](?:[^`]*[^`\s])?`)+?)[ \t]*$/
const autolink = /www\.|https?:/i

/** Depth and plain text of an ATX heading line whose text needs no Markdown parser; undefined for any other line. */
export function readPlainHeading(line: string): {depth: number; title: string} | undefined {
  const match = plainHeading.exec(line)
  if (match === null) return undefined
  const title = match[2] as string
  if (title.includes('#') || autolink.test(title)) return undefined
  return {depth: (match[1] as string).length, title: title.replace(/`/g, '').replace(/\s+/g, ' ')}
}

/** Plain text of a heading, footnote calls and images' alternative texts included. */
export function headingTitle(heading: Heading): string {
  return nodeText(heading, {includeHtml: false}).replace(/\s+/g, ' ').trim()
}

/** Plain text of a piece of Markdown, such as a label. */
export function plainText(markdown: string): string {
  return nodeText(readMarkdown(markdown.trim()), {includeHtml: false}).replace(/\s+/g, ' ').trim()
}
