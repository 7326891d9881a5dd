import type {Blockquote, Code, List, ListItem, RootContent, Table} from 'mdast'
import {writeRegularPhrasing} from './write-regular-phrasing.ts'

export interface SerialiseOptions {
  /** Marker of bulleted lists; a list right after another one gets a different marker. */
  readonly bullet?: '-' | '*' | '+'
  /** Character behind the numbers of numbered lists. */
  readonly bulletOrdered?: '.' | ')'
}

/**
 * Writes blocks of regular form to the text that the serialiser gives. Undefined as soon as anything is not beyond
 * doubt.
 */
export function writeRegularMarkdown(children: readonly RootContent[], style: SerialiseOptions): string | undefined {
  return new FlowWriter(style.bullet ?? '-', style.bulletOrdered ?? '.').write({type: 'root', children})
}

interface FlowParent {
  readonly type: 'root' | 'blockquote' | 'listItem'
  readonly children: readonly RootContent[]
  readonly spread?: boolean | null | undefined
}

class FlowWriter {
  /** Marker of the list written last, unless another block came behind it. */
  private lastMarker: string | undefined

  constructor(
    private readonly bullet: string,
    private readonly bulletOrdered: string,
  ) {}

  write(parent: FlowParent): string | undefined {
    const {children} = parent
    let text = ''
    for (let number = 0; number < children.length; number++) {
      const child = children[number] as RootContent
      const piece = this.writeBlock(child)
      if (piece === undefined || piece === '') return undefined
      if (child.type !== 'list') this.lastMarker = undefined
      const left = children[number - 1]
      // Whether HTML in a tight item needs a blank line depends on its kind.
      if (parent.spread === false && left !== undefined && (left.type === 'html' || child.type === 'html'))
        return undefined
      text += left === undefined ? piece : between(left, child, parent) + piece
    }
    return text
  }

  private writeBlock(node: RootContent): string | undefined {
    switch (node.type) {
      case 'paragraph':
        return writeRegularPhrasing(node.children, 'paragraph')
      case 'heading': {
        const title = writeRegularPhrasing(node.children, 'heading')
        return title === undefined || title === '' ? undefined : `${'#'.repeat(node.depth)} ${title}`
      }
      case 'list':
        return this.writeList(node)
      case 'code':
        return writeCode(node)
      case 'table':
        return writeTable(node)
      case 'thematicBreak':
        return '---'
      case 'blockquote':
        return this.writeQuote(node)
      case 'html':
        return /^\n|[\n\r]$/.test(node.value) ? undefined : node.value
      default:
        return undefined
    }
  }

  private writeQuote(node: Blockquote): string | undefined {
    const text = this.write(node)
    if (text === undefined || text === '') return undefined
    return text
      .split('\n')
      .map((line) => (line === '' ? '>' : `> ${line}`))
      .join('\n')
  }

  private writeList(node: List): string | undefined {
    const {ordered, start, spread} = node
    if (typeof spread !== 'boolean' || node.children.length === 0) return undefined
    let marker = ordered ? this.bulletOrdered : this.bullet
    if (this.lastMarker === marker) {
      if (ordered) marker = marker === '.' ? ')' : '.'
      else marker = marker === '*' ? '-' : '*'
    }
    const first = typeof start === 'number' && start > -1 ? start : 1
    const items: string[] = []
    for (const [number, item] of node.children.entries()) {
      // A rule behind a marker of its own kind would be one long rule.
      if (item.children[0]?.type === 'thematicBreak') return undefined
      const text = this.writeItem(item, ordered ? `${first + number}${marker} ` : `${marker} `)
      if (text === undefined) return undefined
      this.lastMarker = undefined
      items.push(text)
    }
    this.lastMarker = marker
    return items.join(spread ? '\n\n' : '\n')
  }

  private writeItem(item: ListItem, marker: string): string | undefined {
    const text = this.write(item)
    if (text === undefined || text === '') return undefined
    const isTask = typeof item.checked === 'boolean'
    if (isTask && item.children[0]?.type !== 'paragraph') return undefined
    const box = isTask ? `[${item.checked ? 'x' : ' '}] ` : ''
    return marker + box + text.replace(/\n(?=[^\n])/g, `\n${' '.repeat(marker.length)}`)
  }
}

/** What parts two blocks: a blank line, but in a tight item. */
function between(left: RootContent, right: RootContent, parent: FlowParent): string {
  if (typeof parent.spread !== 'boolean' || parent.spread) return '\n\n'
  if (left.type === 'blockquote' && right.type === 'blockquote') return '\n\n'
  if (left.type === 'paragraph' && right.type === 'thematicBreak') return '\n\n'
  if (left.type === 'paragraph' && right.type === 'list' && right.ordered && typeof right.start === 'number')
    if (right.start !== 1) return '\n\n'
  if (right.type === 'table' || right.type === 'paragraph')
    return left.type === 'table' ? '\n\n' : behindText(left, right)
  return '\n'
}

function behindText(left: RootContent, right: RootContent): string {
  return right.type === 'paragraph' && lastLeaf(left).type === 'paragraph' ? '\n\n' : '\n'
}

/** The block that a container ends with. */
function lastLeaf(node: RootContent): RootContent {
  let last = node
  while (last.type === 'blockquote' || last.type === 'list' || last.type === 'listItem') {
    const child: RootContent | undefined = last.children.at(-1)
    if (child === undefined) break
    last = child
  }
  return last
}

function writeCode({lang, meta, value}: Code): string | undefined {
  if (value.includes('\r')) return undefined
  if (lang && !/^[\w+#.:/=-]+$/.test(lang)) return undefined
  if (lang && meta && /[^\w "'{}=:,./+#-]/.test(meta)) return undefined
  let marks = '```'
  for (const [run] of value.matchAll(/`{3,}/g)) if (run.length >= marks.length) marks = '`'.repeat(run.length + 1)
  const info = lang ? (meta ? `${lang} ${meta}` : lang) : ''
  return value === '' ? `${marks}${info}\n${marks}` : `${marks}${info}\n${value}\n${marks}`
}

const delimiters: Record<string, string> = {left: ':---', right: '---:', center: ':---:'}

function writeTable({align, children}: Table): string | undefined {
  let width = 0
  const rows: string[][] = []
  for (const row of children) {
    const cells: string[] = []
    for (const cell of row.children) {
      const text = writeRegularPhrasing(cell.children, 'cell')
      if (text === undefined) return undefined
      cells.push(text)
    }
    width = Math.max(width, cells.length)
    rows.push(cells)
  }
  if (width === 0) return undefined
  const head = Array.from({length: width}, (_, column) => delimiters[align?.[column] ?? ''] ?? '---')
  const lines = rows.map((cells) => `| ${[...cells, ...Array<string>(width - cells.length).fill('')].join(' | ')} |`)
  lines.splice(1, 0, `| ${head.join(' | ')} |`)
  return lines.join('\n')
}
