import type {List, ListItem, Paragraph, Root, RootContent} from 'mdast'
import {visit} from 'unist-util-visit'
import type {ContainerKind} from '../model/directive.ts'
import type {OutlineLink, RelativeLink, SourceEdit} from '../model/outline.ts'
import type {RuleId} from '../model/rules.ts'
import {headingTitle, plainText} from './heading-title.ts'
import type {LineIndex} from './line-index.ts'
import {endOf, shiftOffsets, startOf} from './node-offsets.ts'
import type {ScannedDirective} from './outline-scan.ts'
import {parseMarkdown} from './parse-markdown.ts'
import {PartDefinitions} from './part-definitions.ts'
import type {HeadingBlock, PlacedDirective} from './placed-directive.ts'
import {readLinks} from './read-links.ts'
import {readRegularPart} from './read-regular-part.ts'
import {relativeLinks} from './relative-links.ts'

/** What the Markdown of an outline says, beside the directives that the scanner found. */
export interface OutlineBlocks {
  readonly headings: HeadingBlock[]
  readonly directives: PlacedDirective[]
  readonly edits: SourceEdit[]
  readonly relativeLinks: RelativeLink[]
  readonly links: OutlineLink[]
  readonly anchors: string[]
  readonly footnoteLabels: string[]
  /** Starts of parts whose nesting is too deep to be read. */
  readonly tooDeep: number[]
}

/** Reads the masked source part by part; long outlines of regular form need no Markdown parser at all. */
export function readBlocks(
  index: LineIndex,
  masked: string,
  from: number,
  cuts: readonly number[],
  scanned: readonly ScannedDirective[],
  options: {readonly alwaysParse?: boolean} = {},
): OutlineBlocks {
  const reader = new BlockReader(index, masked, scanned, options.alwaysParse === true)
  const starts = [from, ...cuts.filter((cut) => cut > from)]
  starts.forEach((start, number) => {
    reader.readPart(start, starts[number + 1] ?? masked.length)
  })
  return reader.blocks
}

class BlockReader {
  readonly blocks: OutlineBlocks = {
    headings: [],
    directives: [],
    edits: [],
    relativeLinks: [],
    links: [],
    anchors: [],
    footnoteLabels: [],
    tooDeep: [],
  }
  private next = 0
  private readonly definitions: PartDefinitions

  constructor(
    private readonly index: LineIndex,
    private readonly masked: string,
    private readonly scanned: readonly ScannedDirective[],
    private readonly alwaysParse: boolean,
  ) {
    this.definitions = new PartDefinitions(masked)
  }

  readPart(start: number, end: number): void {
    const first = this.next
    while ((this.scanned[this.next]?.start ?? Number.POSITIVE_INFINITY) < end) this.next++
    const directives = this.scanned.slice(first, this.next)
    const regular = this.alwaysParse ? undefined : readRegularPart(this.masked, this.index, start, end, directives)
    if (regular === undefined) {
      this.readMarkdown(start, end, directives)
      return
    }
    if (regular.heading !== undefined) this.blocks.headings.push(regular.heading)
    this.blocks.directives.push(...regular.directives)
  }

  private readMarkdown(start: number, end: number, directives: readonly ScannedDirective[]): void {
    const text = this.masked.slice(start, end)
    const definitions = this.definitions.of(text)
    let root: Root
    try {
      root = parseMarkdown(definitions === '' ? text : `${text}\n\n${definitions}`)
    } catch (error) {
      // The parser recurses: nesting by the thousand exhausts the stack.
      if (!(error instanceof RangeError)) throw error
      this.blocks.tooDeep.push(start)
      for (const scanned of directives) this.placeBlock(scanned, scanned.start, scanned.end)
      return
    }
    root.children = root.children.filter((node) => (node.position?.start.offset ?? 0) < text.length)
    shiftOffsets(root, start)
    const rest = [...directives]
    for (const node of root.children) this.readBlock(node, rest)
    if (rest.length > 0) throw new Error(`Directive at offset ${rest[0]?.start} is in no block of its part`)
    this.blocks.relativeLinks.push(...relativeLinks(root, this.index.text))
    const {links, anchors} = readLinks(root)
    for (const {url, isImage, place} of links) {
      this.blocks.links.push({url, isImage, start: place?.start.offset ?? start, end: place?.end.offset ?? start})
    }
    this.blocks.anchors.push(...anchors)
    visit(root, ['footnoteDefinition', 'footnoteReference'], (node) => {
      if ('identifier' in node) this.blocks.footnoteLabels.push(String(node.identifier).toLowerCase())
    })
  }

  private readBlock(node: RootContent, rest: ScannedDirective[]): void {
    const inside = takeWithin(rest, node)
    switch (node.type) {
      case 'heading':
        this.blocks.headings.push({
          start: startOf(node),
          end: endOf(node),
          depth: node.depth,
          title: headingTitle(node),
        })
        this.misplace(inside, 'directive-in-heading')
        break
      case 'paragraph':
        this.readParagraph(node, inside, undefined)
        break
      case 'list':
        this.readList(node, inside)
        break
      case 'table':
        this.misplace(inside, 'directive-in-table')
        break
      case 'blockquote':
      case 'footnoteDefinition':
        this.misplace(inside, 'directive-in-block-quote')
        break
      default:
        // Raw HTML such as `<details>`: blank lines around the completion make it Markdown again.
        for (const scanned of inside) this.placeBlock(scanned, scanned.start, scanned.end)
    }
  }

  private readList(list: List, inside: ScannedDirective[]): void {
    for (const item of list.children) {
      const own = takeWithin(inside, item)
      if (own.length > 0) this.readItem(item, own)
    }
  }

  private readItem(item: ListItem, inside: ScannedDirective[]): void {
    const {text} = this.index
    const itemStart = startOf(item)
    const lineStart = this.index.start(this.index.lineAt(itemStart))
    const first = item.children[0]
    const contentStart = first === undefined ? itemStart : startOf(first)
    const isSameLine = contentStart < this.index.end(this.index.lineAt(itemStart)) + 1
    const ownMarker = /^(?:[-*+]|\d{1,9}[.)])/.exec(text.slice(itemStart, itemStart + 12))?.[0] ?? '-'
    const written = isSameLine ? text.slice(itemStart, contentStart) : `${ownMarker} `
    const lead = text.slice(lineStart, itemStart)
    const markerColumn = columnAfter(lead)
    const gap = columnAfter(lead + written) - markerColumn - ownMarker.length
    const checkbox = /\[[ xX]\][ \t]*$/.test(written)
    const width = checkbox || gap < 1 || gap > 4 ? ownMarker.length + 1 : ownMarker.length + gap
    const context: ItemContext = {
      indent: ' '.repeat(markerColumn + width),
      marker: ' '.repeat(markerColumn) + (checkbox ? written : ownMarker + ' '.repeat(width - ownMarker.length)),
      hasTextBefore: false,
      isAlone: item.children.length === 1,
    }
    for (const [number, child] of item.children.entries()) {
      const own = takeWithin(inside, child)
      const hasTextBefore = number > 0
      if (own.length === 0) continue
      if (child.type === 'paragraph') this.readParagraph(child, own, {...context, hasTextBefore})
      else if (child.type === 'list') this.readList(child, own)
      else if (child.type === 'heading') this.misplace(own, 'directive-in-heading')
      else if (child.type === 'table') this.misplace(own, 'directive-in-table')
      else if (child.type === 'blockquote') this.misplace(own, 'directive-in-block-quote')
      else for (const scanned of own) this.placeInItem(scanned, 'list-item', {...context, isAlone: false})
    }
  }

  private readParagraph(paragraph: Paragraph, inside: ScannedDirective[], item: ItemContext | undefined): void {
    const {text} = this.index
    let cursor = startOf(paragraph)
    for (const [number, scanned] of inside.entries()) {
      let {start, end} = scanned
      let before = this.authorText(cursor, start)
      const emphasis = /^\s*([*_]{1,3})$/.exec(before)?.[1]
      if (emphasis !== undefined && text.startsWith(emphasis, end)) {
        // The whole directive stands in emphasis: its marks are delimiters like any other.
        start -= emphasis.length
        end += emphasis.length
        before = this.authorText(cursor, start)
      }
      const hasLabel = before.trim() !== ''
      const isLast = number === inside.length - 1
      const isWhole = isLast && text.slice(end, endOf(paragraph)).trim() === ''
      if (hasLabel) {
        const labelEnd = cursor + before.trimEnd().length
        this.blocks.directives.push({
          scanned,
          container: 'labelled',
          label: plainText(before),
          placement: {start: labelEnd, end, indent: item?.indent ?? '', isAlone: false, labelEnd},
        })
      } else if (item === undefined) this.placeBlock(scanned, number === 0 ? cursor : start, end)
      else {
        const container = item.hasTextBefore ? 'labelled' : 'list-item'
        this.placeInItem(
          {...scanned, start, end},
          container,
          {...item, isAlone: item.isAlone && isWhole && number === 0},
          scanned,
        )
      }
      cursor = end
    }
    this.indentLazyLines(cursor, endOf(paragraph), item?.indent ?? '')
  }

  /** The author's own text between two offsets, stray tags as spaces. */
  private authorText(start: number, end: number): string {
    const isBlank = this.index.text.slice(start, end).trim() === ''
    return isBlank ? '' : this.masked.slice(start, end)
  }

  private placeBlock(scanned: ScannedDirective, start: number, end: number): void {
    this.blocks.directives.push({scanned, container: 'block', placement: {start, end, indent: '', isAlone: false}})
  }

  private placeInItem(
    span: {readonly start: number; readonly end: number},
    container: ContainerKind,
    item: ItemContext,
    scanned: ScannedDirective = span as ScannedDirective,
  ): void {
    const {indent, marker, isAlone} = item
    this.blocks.directives.push({
      scanned,
      container,
      placement: {
        start: span.start,
        end: span.end,
        indent,
        isAlone: isAlone && container === 'list-item',
        ...(container === 'list-item' ? {marker} : {}),
      },
    })
  }

  /** Text behind a directive becomes a paragraph of its own; lines that were only lazily in the item get its indent. */
  private indentLazyLines(start: number, end: number, indent: string): void {
    const {text} = this.index
    for (let line = this.index.lineAt(start) + 1; line < this.index.count && this.index.start(line) < end; line++) {
      const lineStart = this.index.start(line)
      const space = /^[ \t]*/.exec(text.slice(lineStart, end))?.[0] ?? ''
      const column = columnAfter(space)
      // Less would leave the item, and four more would be code, once a blank line stands before.
      if (column < indent.length || column >= indent.length + 4) {
        this.blocks.edits.push({start: lineStart, end: lineStart + space.length, text: indent})
      }
    }
  }

  private misplace(directives: readonly ScannedDirective[], rule: RuleId): void {
    for (const scanned of directives) {
      this.blocks.directives.push({
        scanned,
        container: 'block',
        misplaced: rule,
        placement: {start: scanned.start, end: scanned.end, indent: '', isAlone: false},
      })
    }
  }
}

interface ItemContext {
  readonly indent: string
  readonly marker: string
  readonly hasTextBefore: boolean
  readonly isAlone: boolean
}

function takeWithin(rest: ScannedDirective[], node: RootContent | ListItem): ScannedDirective[] {
  const end = endOf(node)
  let count = 0
  while (count < rest.length && (rest[count] as ScannedDirective).start < end) count++
  return rest.splice(0, count)
}

/** Column reached after a text that begins at column 0; tabs go to the next multiple of four. */
function columnAfter(text: string): number {
  let column = 0
  for (const character of text) column += character === '\t' ? 4 - (column % 4) : 1
  return column
}
