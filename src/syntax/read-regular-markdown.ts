import type {
  AlignType,
  BlockContent,
  Code,
  List,
  ListItem,
  Paragraph,
  PhrasingContent,
  Root,
  RootContent,
  TableRow,
} from 'mdast'
import {readRegularPhrasing} from './read-regular-phrasing.ts'

/** Deeper nesting is left to the parser. */
const maxNesting = 12
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const unusual = /[\0-\x08\x0b-\x1f\x7f]|^\ufeff/

/**
 * Reads Markdown of regular form, as models usually write it, to the tree that the parser gives, without positions.
 * Undefined as soon as anything is not beyond doubt.
 */
export function readRegularMarkdown(text: string): Root | undefined {
  if (unusual.test(text)) return undefined
  const children = new FlowReader(text.split('\n'), 0, 'flow').read()
  return children === undefined ? undefined : {type: 'root', children}
}

const heading = /^(#{1,6}) +([^ ][^]*)$/
const thematicBreak = /^([-*_])\1{2,} *$/
const spacedBreak = /^([-*_])(?: *\1){2,} *$/
const itemStart = /^([-*+]|\d{1,9}[.)])( +)[^ ]/
/** An item that cannot interrupt a paragraph. */
const lateNumber = /^ *(?!1[.)])\d{1,9}[.)](?: |$)/
const bareMarker = /^(?:[-*+]|\d{1,9}[.)]) *$/
const fence = /^(`{3,}|~{3,}) *(?:([^\s`~&\\]+)(?: +([^`~&\\\t]*[^`~&\\\s]))?)?$/
const delimiterRow = /^\|(?: *:?-+:? *\|)+ *$/
const mayBeDelimiterRow = /^[|:-][ |:-]*$/
const blockTag = /^<\/?(?:details|summary)>/
const mayBeTag = /^<[A-Za-z/!?]/

/** Reads lines that stand in one container, its markers and indentation taken off. */
class FlowReader {
  private at = 0
  /** Whether a blank line stands between two blocks. */
  isSpread = false

  constructor(
    private readonly lines: readonly string[],
    private readonly nesting: number,
    private readonly place: 'flow' | 'quote' | 'inside-quote',
  ) {}

  read(): RootContent[] | undefined {
    const nodes: RootContent[] = []
    let isAfterBlank = false
    for (;;) {
      const line = this.lines[this.at]
      if (line === undefined) return nodes
      const indent = indentOf(line)
      if (indent === line.length) {
        isAfterBlank = true
        this.at++
        continue
      }
      const node = indent > 3 ? undefined : this.readBlock(indent === 0 ? line : line.slice(indent), indent)
      if (node === undefined) return undefined
      if (isAfterBlank && nodes.length > 0) this.isSpread = true
      isAfterBlank = false
      nodes.push(node)
    }
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
        return this.readTable(line) ?? undefined
      case 0x3c:
        return mayBeTag.test(line) ? this.readTags(line, indent) : this.readParagraph(line)
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
    const match = heading.exec(line)
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
    if (thematicBreak.test(line)) {
      this.at++
      return {type: 'thematicBreak'}
    }
    if (spacedBreak.test(line) || bareMarker.test(line)) return undefined
    return itemStart.test(line) ? this.readList(line, indent) : this.readParagraph(line)
  }

  private readFence(line: string, indent: number): Code | undefined {
    const match = fence.exec(trimEnd(line))
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
    if (indent > 0 || !blockTag.test(line)) return undefined
    const start = this.at
    while (!isBlank(this.lines[this.at] ?? '')) this.at++
    const value = this.lines.slice(start, this.at).join('\n')
    return value.includes('\t') ? undefined : {type: 'html', value}
  }

  private readQuote(): RootContent | undefined {
    const own: string[] = []
    for (; this.at < this.lines.length; this.at++) {
      const line = this.lines[this.at] as string
      const indent = indentOf(line)
      if (indent === line.length) break
      // A line without the mark may still belong to the quote's last paragraph.
      if (indent > 3 || line.charCodeAt(indent) !== 0x3e || line.charCodeAt(indent + 1) === 0x09) return undefined
      own.push(line.slice(indent + (line.charCodeAt(indent + 1) === 0x20 ? 2 : 1)))
    }
    const children = this.readInside(own, 'quote')?.children
    return children === undefined || children.length === 0
      ? undefined
      : {type: 'blockquote', children: children as BlockContent[]}
  }

  private readInside(
    lines: readonly string[],
    place: 'flow' | 'quote' | 'inside-quote',
  ): {children: RootContent[]; isSpread: boolean} | undefined {
    // Behind a paragraph, the parser lets no such list begin in a container either.
    if (this.nesting >= maxNesting || lateNumber.test(lines[0] ?? '')) return undefined
    const reader = new FlowReader(lines, this.nesting + 1, place)
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
      const item = this.readItem(line, indent)
      if (item === undefined) return undefined
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
      if (indent > 3 || bareMarker.test(line)) return undefined
      if (isEnd) break
      spread ||= next > this.at
      this.at = next
    }
    const ordered = kind === '.' || kind === ')'
    return {type: 'list', ordered, start: ordered ? Number.parseInt(firstLine, 10) : null, spread, children}
  }

  /** Reads one item; the current line is then the one behind its last line that is not blank. */
  private readItem(line: string, indent: number): ListItem | undefined {
    const [, marker = '', gap = ''] = itemStart.exec(line) as RegExpExecArray
    if (gap.length > 4) return undefined
    const width = indent + marker.length + gap.length
    const task = /^\[([ xX])\](?: |$)/.exec(line.slice(width - indent))
    const start = task === null ? width - indent : width - indent + 4
    if (task !== null && !/^[^ ]/.test(line.slice(start))) return undefined
    const own = [line.slice(start)]
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
        if (nextIndent > 3 || (!isAfterBlank && !interrupts(next.slice(nextIndent), true))) return undefined
        break
      }
      isAfterBlank = false
      own.push(next.slice(width))
      count = own.length
    }
    own.length = count
    this.at += count
    const inside = this.readInside(own, this.place === 'flow' ? 'flow' : 'inside-quote')
    if (inside === undefined || (task !== null && inside.children[0]?.type !== 'paragraph')) return undefined
    const checked = task === null ? null : task[1] !== ' '
    return {type: 'listItem', spread: inside.isSpread, checked, children: inside.children as BlockContent[]}
  }

  private readTable(line: string): RootContent | undefined {
    const below = this.lines[this.at + 1] ?? ''
    const delimiters = trimStart(below)
    if (!delimiterRow.test(delimiters)) return this.readParagraph(line)
    const align = (splitRow(delimiters) ?? []).map(alignOf)
    const head = readRow(line)
    if (head === undefined || head.children.length !== align.length || indentOf(below) > 3) return undefined
    const children = [head]
    this.at += 2
    for (; this.at < this.lines.length; this.at++) {
      const next = this.lines[this.at] as string
      const indent = indentOf(next)
      if (indent === next.length) break
      const row = indent > 3 || next.charCodeAt(indent) !== 0x7c ? undefined : readRow(next.slice(indent))
      if (row === undefined) return undefined
      children.push(row)
    }
    return {type: 'table', align, children}
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
        const answer = interrupts(part, false)
        if (answer === undefined) return undefined
        if (answer) break
      }
      parts.push(part)
    }
    this.at = at
    const text = trimEnd(parts.join('\n'))
    if (text.charCodeAt(0) === 0x5b && text.includes(']:')) return undefined
    const children: PhrasingContent[] | undefined = readRegularPhrasing(text, 'block')
    return children === undefined ? undefined : {type: 'paragraph', children}
  }
}

/**
 * Whether a line, without its indentation, ends the paragraph above it; undefined where that is in doubt. `isOutside`
 * means that the paragraph is in a list item which the line is not indented for: then any item may begin.
 */
function interrupts(line: string, isOutside: boolean): boolean | undefined {
  switch (line.charCodeAt(0)) {
    case 0x23:
      return heading.test(line) ? true : undefined
    case 0x60:
    case 0x7e:
      if (!/^(?:`{3}|~{3})/.test(line)) return false
      return fence.test(trimEnd(line)) ? true : undefined
    case 0x3e:
      return true
    case 0x2d:
      if (/^-+ *$/.test(line)) return isOutside && thematicBreak.test(line) ? true : undefined
      break
    case 0x3c:
      return mayBeTag.test(line) && !/^<br ?\/?>[^]*[^ ]/.test(line) ? undefined : false
    case 0x3d:
      return /^=+ *$/.test(line) ? undefined : false
    case 0x7c:
    case 0x3a:
      return mayBeDelimiterRow.test(line) ? undefined : false
    case 0x2a:
    case 0x2b:
    case 0x5f:
      break
    default:
      if (!/^\d/.test(line)) return false
  }
  if (thematicBreak.test(line)) return true
  if (spacedBreak.test(line) || bareMarker.test(line) || mayBeDelimiterRow.test(line)) return undefined
  if (!itemStart.test(line)) return false
  return !/^\d/.test(line) || isOutside || /^1[.)]/.test(line) ? true : undefined
}

/** Whether a line is a further item of a list of this kind. */
function continuesList(whole: string, kind: string): boolean {
  const line = trimStart(whole)
  return itemStart.test(line) && markerKind(line) === kind && !spacedBreak.test(line)
}

function beginsContainer(whole: string): boolean {
  const line = trimStart(whole)
  return line.startsWith('>') || itemStart.test(line)
}

/** What items of one list share: the bullet, or the character behind the number. */
function markerKind(line: string): string {
  return /^(?:([-*+])|\d+([.)]))/.exec(line)?.slice(1).join('') ?? ''
}

function readRow(line: string): TableRow | undefined {
  const cells = splitRow(line)
  if (cells === undefined) return undefined
  const children: TableRow['children'] = []
  for (const cell of cells) {
    const content = readRegularPhrasing(cell, 'cell')
    if (content === undefined) return undefined
    children.push({type: 'tableCell', children: content})
  }
  return {type: 'tableRow', children}
}

/** Cells of a row that begins and ends with a pipe. */
function splitRow(line: string): string[] | undefined {
  const row = trimEnd(line)
  if (row.length < 3 || !row.endsWith('|') || row.endsWith('\\|') || row.includes('\\\\')) return undefined
  const inner = row.slice(1, -1)
  const cells = inner.includes('\\') ? inner.split(/(?<!\\)\|/) : inner.split('|')
  return cells.map((cell) => trimEnd(trimStart(cell)))
}

function alignOf(delimiter: string): AlignType {
  const isLeft = delimiter.startsWith(':')
  if (delimiter.endsWith(':')) return isLeft ? 'center' : 'right'
  return isLeft ? 'left' : null
}

/** Number of spaces that a line begins with. */
function indentOf(line: string): number {
  let indent = 0
  while (line.charCodeAt(indent) === 0x20) indent++
  return indent
}

function isBlank(line: string): boolean {
  return indentOf(line) === line.length
}

/** Without spaces at the start; other white space is text. */
function trimStart(text: string): string {
  return text.charCodeAt(0) === 0x20 ? text.slice(indentOf(text)) : text
}

/** Without spaces at the end; other white space is text. */
function trimEnd(text: string): string {
  let end = text.length
  while (text.charCodeAt(end - 1) === 0x20) end--
  return end === text.length ? text : text.slice(0, end)
}
