import type {BlockContent, Code, List, ListItem, Nodes, Paragraph, Root, RootContent} from 'mdast'
import {indentOf, isBlank, trimEnd} from './line-spaces.ts'
import {readRegularPhrasing} from './read-regular-phrasing.ts'
import {isDelimiterRow, readRegularTable} from './read-regular-table.ts'
import {
  beginsContainer,
  continuesList,
  fenceLine,
  headingLine,
  interruptsParagraph,
  isDoubtful,
  isLateNumber,
  itemLine,
  markerKind,
  ruleLine,
  tagLine,
} from './regular-line.ts'

/** Deeper nesting is left to the parser. */
const maxNesting = 12
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const unusual = /[\0-\x08\x0b-\x1f\x7f]|^\ufeff/

/**
 * Reads Markdown of regular form, as models usually write it, to the tree that the parser gives. Undefined as soon as
 * anything is not beyond doubt. Nodes have no positions, but where the number of the text's first line is given: then
 * blocks, items and rows have the line on which they begin, as a place of no width.
 */
export function readRegularMarkdown(text: string, firstLine?: number): Root | undefined {
  if (unusual.test(text)) return undefined
  const children = new FlowReader(text.split('\n'), 0, 'flow', firstLine).read()
  return children === undefined ? undefined : {type: 'root', children}
}

/** Reads lines that stand in one container, its markers and indentation taken off. */
class FlowReader {
  private at = 0
  /** Whether a blank line stands between two blocks. */
  isSpread = false

  constructor(
    private readonly lines: readonly string[],
    private readonly nesting: number,
    private readonly place: 'flow' | 'quote' | 'inside-quote',
    private readonly firstLine?: number,
  ) {}

  read(): RootContent[] | undefined {
    const nodes: RootContent[] = []
    let isAfterBlank = false
    while (this.at < this.lines.length) {
      const line = this.lines[this.at] as string
      const indent = indentOf(line)
      if (indent === line.length) {
        isAfterBlank = true
        this.at++
        continue
      }
      const start = this.at
      const node = indent > 3 ? undefined : this.readBlock(indent === 0 ? line : line.slice(indent), indent)
      if (node === undefined) return undefined
      this.placeAt(start, node)
      if (isAfterBlank && nodes.length > 0) this.isSpread = true
      isAfterBlank = false
      nodes.push(node)
    }
    return nodes
  }

  private placeAt(at: number, node: Nodes): void {
    if (this.firstLine === undefined) return
    const start = {line: this.firstLine + at, column: 1}
    node.position = {start, end: start}
  }

  /** Reads the block that begins at the current line; `line` is without its indentation. */
  private readBlock(line: string, indent: number): RootContent | undefined {
    switch (line.charCodeAt(0)) {
      case 0x23:
        return this.readHeading(line)
      case 0x60:
      case 0x7e:
        return /^(?:`{3}|~{3})/.test(line) ? this.readFence(line, indent) : this.readParagraph(line)
      case 0x3e:
        return this.readQuote()
      case 0x7c:
        return this.readTable(line)
      case 0x3c:
        return tagLine.test(line) ? this.readTags(line, indent) : this.readParagraph(line)
      case 0x2a:
      case 0x2b:
      case 0x2d:
      case 0x5f:
        return this.readMarked(line, indent)
      default:
        return /^\d/.test(line) ? this.readMarked(line, indent) : this.readParagraph(line)
    }
  }

  private readHeading(line: string): RootContent | undefined {
    const match = headingLine.exec(line)
    if (match === null) return undefined
    const [, marks = '', rest = ''] = match
    const title = trimEnd(trimEnd(rest).replace(/(?:^| +)#+$/, ''))
    if (title === '' || title.startsWith('#')) return undefined
    const children = readRegularPhrasing(title, 'block')
    if (children === undefined) return undefined
    this.at++
    return {type: 'heading', depth: marks.length as 1, children}
  }

  /** A line that begins with a mark of lists or breaks, or a digit. */
  private readMarked(line: string, indent: number): RootContent | undefined {
    if (ruleLine.test(line)) {
      this.at++
      return {type: 'thematicBreak'}
    }
    if (isDoubtful(line)) return undefined
    return itemLine.test(line) ? this.readList(line, indent) : this.readParagraph(line)
  }

  private readFence(line: string, indent: number): Code | undefined {
    const match = fenceLine.exec(trimEnd(line))
    if (match === null || (match[3] !== undefined && line.endsWith(' '))) return undefined
    const [, marks = '', lang = null, meta = null] = match
    const content: string[] = []
    for (let at = this.at + 1; at < this.lines.length; at++) {
      const own = this.lines[at] as string
      const ownIndent = indentOf(own)
      if (ownIndent <= 3 && own.startsWith(marks, ownIndent)) {
        const rest = own.slice(ownIndent).replace(/[ \t]+$/, '')
        if (rest === (marks[0] as string).repeat(rest.length)) {
          if (own.endsWith('\t')) return undefined
          this.at = at + 1
          return {type: 'code', lang, meta, value: content.join('\n')}
        }
      }
      if (ownIndent < indent && own.charCodeAt(ownIndent) === 0x09) return undefined
      content.push(indent === 0 ? own : own.slice(Math.min(indent, ownIndent)))
    }
    return undefined
  }

  /** A block of `<details>` or `<summary>`, up to the next blank line. */
  private readTags(line: string, indent: number): RootContent | undefined {
    if (indent > 0 || !/^<\/?(?:details|summary)>/.test(line)) return undefined
    const start = this.at
    while (!isBlank(this.lines[this.at] ?? '')) this.at++
    const value = this.lines.slice(start, this.at).join('\n')
    return value.includes('\t') ? undefined : {type: 'html', value}
  }

  private readQuote(): RootContent | undefined {
    const own: string[] = []
    const start = this.at
    for (; this.at < this.lines.length; this.at++) {
      const line = this.lines[this.at] as string
      const indent = indentOf(line)
      if (indent === line.length) break
      // A line without the mark may still belong to the quote's last paragraph.
      if (indent > 3 || line.charCodeAt(indent) !== 0x3e || line.charCodeAt(indent + 1) === 0x09) return undefined
      own.push(line.slice(indent + (line.charCodeAt(indent + 1) === 0x20 ? 2 : 1)))
    }
    const children = this.readInside(own, start, 'quote')?.children
    return children === undefined || children.length === 0
      ? undefined
      : {type: 'blockquote', children: children as BlockContent[]}
  }

  private readInside(
    lines: readonly string[],
    start: number,
    place: 'flow' | 'quote' | 'inside-quote',
  ): {children: RootContent[]; isSpread: boolean} | undefined {
    // Behind a paragraph, the parser lets no such list begin in a container either.
    if (this.nesting >= maxNesting || isLateNumber(lines[0] ?? '')) return undefined
    const firstLine = this.firstLine === undefined ? undefined : this.firstLine + start
    const reader = new FlowReader(lines, this.nesting + 1, place, firstLine)
    const children = reader.read()
    return children === undefined ? undefined : {children, isSpread: reader.isSpread}
  }

  private readList(firstLine: string, firstIndent: number): List | undefined {
    const kind = markerKind(firstLine)
    const children: ListItem[] = []
    let spread = false
    let line = firstLine
    let indent = firstIndent
    for (;;) {
      const start = this.at
      const item = this.readItem(line, indent)
      if (item === undefined) return undefined
      this.placeAt(start, item)
      children.push(item)
      let next = this.at
      while (next < this.lines.length && isBlank(this.lines[next] as string)) next++
      const whole = this.lines[next]
      const isEnd = whole === undefined || !continuesList(whole, kind)
      // In a quote, the parser counts blank lines behind a list as its own, but for one before a plain block.
      if (isEnd && this.place !== 'flow' && next > this.at) {
        const isPlain = next === this.at + 1 && whole !== undefined && !beginsContainer(whole)
        if (this.place === 'inside-quote' || !isPlain) return undefined
      }
      if (whole === undefined) break
      indent = indentOf(whole)
      line = whole.slice(indent)
      if (indent > 3 || isDoubtful(line)) return undefined
      if (isEnd) break
      spread ||= next > this.at
      this.at = next
    }
    const ordered = kind === '.' || kind === ')'
    return {type: 'list', ordered, start: ordered ? Number.parseInt(firstLine, 10) : null, spread, children}
  }

  /** Reads one item; the current line is then the one behind its last line that is not blank. */
  private readItem(line: string, indent: number): ListItem | undefined {
    const [, marker = '', gap = ''] = itemLine.exec(line) as RegExpExecArray
    if (gap.length > 4) return undefined
    const width = indent + marker.length + gap.length
    const task = /^\[([ xX])\](?: |$)/.exec(line.slice(width - indent))
    const start = task === null ? width - indent : width - indent + 4
    if (task !== null && !/^[^ ]/.test(line.slice(start))) return undefined
    const own = [line.slice(start)]
    const first = this.at
    let count = 1
    let isAfterBlank = false
    let at = this.at + 1
    for (; at < this.lines.length; at++) {
      const next = this.lines[at] as string
      const nextIndent = indentOf(next)
      if (nextIndent === next.length) {
        isAfterBlank = true
        own.push(next.slice(Math.min(width, nextIndent)))
        continue
      }
      if (nextIndent < width) {
        // Text that is not indented goes on a paragraph of the item.
        if (nextIndent > 3 || (!isAfterBlank && !interruptsParagraph(next.slice(nextIndent), true))) return undefined
        break
      }
      isAfterBlank = false
      own.push(next.slice(width))
      count = own.length
    }
    own.length = count
    this.at += count
    const inside = this.readInside(own, first, this.place === 'flow' ? 'flow' : 'inside-quote')
    if (inside === undefined || (task !== null && inside.children[0]?.type !== 'paragraph')) return undefined
    const checked = task === null ? null : task[1] !== ' '
    return {type: 'listItem', spread: inside.isSpread, checked, children: inside.children as BlockContent[]}
  }

  private readTable(line: string): RootContent | undefined {
    if (!isDelimiterRow(this.lines[this.at + 1] ?? '')) return this.readParagraph(line)
    const table = readRegularTable(this.lines, this.at)
    if (table === undefined) return undefined
    // Behind the head stands the row of dashes.
    table.children.forEach((row, at) => {
      this.placeAt(this.at + (at === 0 ? 0 : at + 1), row)
    })
    this.at += table.children.length + 1
    return table
  }

  private readParagraph(first: string): Paragraph | undefined {
    const parts = [first]
    let at = this.at + 1
    for (; at < this.lines.length; at++) {
      const line = this.lines[at] as string
      const indent = indentOf(line)
      if (indent === line.length) break
      const part = indent === 0 ? line : line.slice(indent)
      if (indent <= 3) {
        const answer = interruptsParagraph(part, false)
        if (answer === undefined) return undefined
        if (answer) break
      }
      parts.push(part)
    }
    this.at = at
    const text = trimEnd(parts.join('\n'))
    if (text.charCodeAt(0) === 0x5b && text.includes(']:')) return undefined
    const children = readRegularPhrasing(text, 'block')
    return children === undefined ? undefined : {type: 'paragraph', children}
  }
}
