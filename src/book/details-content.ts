import {toString as nodeText} from 'mdast-util-to-string'
import {eachNode} from '../syntax/each-node.ts'
import {parseMarkdown} from '../syntax/parse-markdown.ts'
import {closeSummary} from './close-summary.ts'
import type {Repair} from './repair.ts'

const prefix = /^[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*/
const opens = new RegExp(`${prefix.source}<details(?=[\\s>])`, 'i')
const isTag = new RegExp(`${prefix.source}<(?:/?details|summary)(?=[\\s>])`, 'i')
const fence = /^[ \t]*(`{3,}(?=[^`]*$)|~{3,})/

/**
 * Sets what stands in `<details>` off by blank lines, and takes the indentation off that HTML gives it: else Markdown
 * reads it as HTML, and an answer shows its stars and backticks. A summary, which is HTML, loses the marks of Markdown.
 */
export function openDetails(text: string): {text: string; repairs: Repair[]} {
  if (!/<details[\s>]/i.test(text)) return {text, repairs: []}
  const made: string[] = []
  const blocks: OpenBlock[] = []
  let marks: string | undefined
  const indentedCode = linesOfIndentedCode(text)
  const lines = text.split('\n')
  const count = lines.length
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] as string
    const found = fence.exec(line)?.[1]
    const inner = blocks.at(-1)
    const isCode = marks !== undefined || (inner === undefined && indentedCode.has(at + count - lines.length))
    if (found !== undefined) {
      if (marks === undefined) marks = found
      else if (found.startsWith(marks) && line.trim() === found) marks = undefined
    }
    if (isCode || found !== undefined || (inner === undefined && !opens.test(line))) {
      const isBehind = inner === undefined ? isLoneEnd(made.at(-1), line) : isHtmlEnd(made.at(-1))
      if (!isCode && isBehind) made.push('')
      made.push(inner === undefined ? line : dedent(line, inner))
      continue
    }
    const isCut = isTag.test(line) || /(?<!\\)<\/details>[ \t]*$/i.test(line)
    for (const piece of isCut ? cut(closeSummary(lines, at)) : [line]) put(piece, made, blocks)
  }
  const opened = made.join('\n')
  if (trimLines(opened) === trimLines(text)) return {text, repairs: []}
  const blockCount = opened.split('\n').filter((line) => opens.test(line)).length
  return {text: opened, repairs: [{ruleId: 'details-content', detail: `${blockCount} blocks`}]}
}

/** Numbers of the lines of code without a fence, from 0; looked for only where a tag is indented as such code is. */
function linesOfIndentedCode(text: string): ReadonlySet<number> {
  const found = new Set<number>()
  if (!/^(?: {4}|\t)[ \t]*<details[\s>]/im.test(text)) return found
  eachNode(parseMarkdown(text), ({type, position}) => {
    if (type !== 'code' || position === undefined || /^[`~]/.test(text.slice(position.start.offset))) return
    for (let line = position.start.line; line <= position.end.line; line++) found.add(line - 1)
  })
  return found
}

interface OpenBlock {
  /** White space before the opening tag. */
  readonly indent: string
  /** Columns by which its content is indented more; known from the first line of it. */
  extra: number | undefined
}

function trimLines(text: string): string {
  return text.replace(/[ \t]+$/gm, '')
}

/** A line cut at the tags of blocks; a summary is one piece with its tags. */
function cut(line: string): string[] {
  const lead = prefix.exec(line)?.[0] ?? ''
  const indent = lead.replace(/[^\t]/g, ' ')
  return line
    .slice(lead.length)
    .trim()
    .split(/(?<!\\)(<details(?:\s[^<>]*)?>|<summary(?:\s[^<>]*)?>.*?<\/summary>|<\/details>)/i)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '')
    .map((piece, number) => (number === 0 ? lead : indent) + piece)
}

function put(line: string, made: string[], blocks: OpenBlock[]): void {
  const inner = blocks.at(-1)
  const own = inner === undefined ? line : dedent(line, inner)
  const lead = prefix.exec(own)?.[0] ?? ''
  const bare = own.slice(lead.length).trim()
  const last = made.at(-1)?.trim() ?? ''
  if (/^<details[\s>]/i.test(bare)) {
    if (inner !== undefined && last !== '') made.push('')
    blocks.push({indent: lead.replace(/[^\t]/g, ' '), extra: undefined})
    made.push(own)
  } else if (inner !== undefined && /^<summary[\s>]/i.test(bare)) made.push(inner.indent + plainSummary(bare))
  else if (inner !== undefined && /^<\/details>/i.test(bare)) {
    if (last !== '') made.push('')
    blocks.pop()
    made.push(inner.indent + bare)
  } else {
    if (own.trim() !== '' && isHtmlEnd(last)) made.push('')
    made.push(own)
  }
}

/** Whether a line ends in a tag, behind which HTML goes on until a blank line. */
function isHtmlEnd(line = ''): boolean {
  return /(?<!\\)(?:<\/?details[^<>]*>|<\/summary>)[ \t]*$/i.test(line)
}

/** Whether a line is the closing tag of a block and nothing else, and the next one goes on with its HTML. */
function isLoneEnd(line = '', next = ''): boolean {
  const lead = /^([ \t]*)<\/details>[ \t]*$/i.exec(line)?.[1]
  return lead !== undefined && next.startsWith(lead) && next.trim() !== ''
}

function dedent(line: string, block: OpenBlock): string {
  if (line.trim() === '') return line
  const lead = /^[ \t]*/.exec(line)?.[0] ?? ''
  const more = lead.replace(/\t/g, '    ').length - block.indent.length
  // Content that is indented by four or more would be code.
  block.extra ??= Math.max(0, more)
  const taken = block.extra
  return taken === 0 ? line : lead.replace(/\t/g, '    ').slice(Math.min(taken, Math.max(0, more))) + line.trimStart()
}

/** A summary on its line without the marks of Markdown and tags, which it would show. */
function plainSummary(line: string): string {
  const [, open = '', content = ''] = /^(<summary(?:\s[^<>]*)?>)(.*)<\/summary>$/i.exec(line) ?? []
  if (!/[*_`]|<(?:strong|b|em|i|u|code|h[1-6])>/i.test(content)) return line
  const bare = content.replace(/<\/?(?:strong|b|em|i|u|code|h[1-6])>/gi, '')
  const plain = nodeText(parseMarkdown(bare)).replace(/&/g, '&amp;').replace(/</g, '&lt;')
  return `${open}${plain}</summary>`
}
