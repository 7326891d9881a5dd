import type {Nodes, Root, RootContent} from 'mdast'
import {eachNode} from './each-node.ts'
import {parseBookMarkdown, parseMarkdown} from './parse-markdown.ts'
import {readRegularMarkdown} from './read-regular-markdown.ts'

/** Most parts that are parsed together before all that is left is. */
const mostJoined = 4

interface BookPart {
  readonly text: string
  readonly firstLine: number
  readonly children: readonly RootContent[]
}

/**
 * As `parseBookMarkdown`, by parts that begin with headings, of which regular ones need no parser: many times faster.
 * Of places, the lines on which blocks, items and rows begin are true.
 */
export function readBookMarkdown(text: string): Root {
  const [front, body] = splitFrontMatter(text)
  // What only begins like front matter confuses the parser, and so does what stands behind it.
  if (front === '' && text.startsWith('---')) return parseBookMarkdown(text)
  const parts = readParts(body, front === '' ? 1 : front.split('\n').length)
  const labels = definedLabels(parts)
  const children = parts.flatMap((part) => resolved(part, labels))
  return {type: 'root', children: [...(front === '' ? [] : parseBookMarkdown(front).children), ...children]}
}

function splitFrontMatter(text: string): [string, string] {
  const front = /^---[ \t]*\n(?:[^]*?\n)?---[ \t]*(?:\n|$)/.exec(text)?.[0] ?? ''
  return [front, text.slice(front.length)]
}

function readParts(text: string, firstLine: number): BookPart[] {
  const starts = headingLines(text)
  const parts: BookPart[] = []
  for (let at = 0; at < starts.length; ) {
    const {offset, line} = starts[at] as LineStart
    let joined = 1
    for (;;) {
      const next = joined > mostJoined ? undefined : starts[at + joined]
      const own = text.slice(offset, next?.offset)
      const first = firstLine + line
      const regular = readRegularMarkdown(own, first)?.children
      const children = regular ?? parsePart(own, first)
      if (regular !== undefined || next === undefined || !mayGoOn(children)) {
        parts.push({text: own, firstLine: first, children})
        at = next === undefined ? starts.length : at + joined
        break
      }
      joined++
    }
  }
  return parts
}

/** Whether what comes next might belong to the last block, or tell where that ends: nothing at the margin closes these two. */
function mayGoOn(children: readonly Nodes[]): boolean {
  const last = children.at(-1)
  if (last === undefined) return false
  return last.type === 'code' || last.type === 'html' || ('children' in last && mayGoOn(last.children))
}

interface LineStart {
  readonly offset: number
  /** From 0. */
  readonly line: number
}

/** The first line, and those behind a blank line that look like headings at the margin. */
function headingLines(text: string): LineStart[] {
  const starts: LineStart[] = [{offset: 0, line: 0}]
  let [offset, line, isAfterBlank] = [0, 0, false]
  for (const own of text.split('\n')) {
    if (isAfterBlank && offset > 0 && /^#{1,6}[ \t]/.test(own)) starts.push({offset, line})
    isAfterBlank = own.trim() === ''
    offset += own.length + 1
    line++
  }
  return starts
}

function parsePart(text: string, firstLine: number): RootContent[] {
  const root = parseMarkdown(text)
  eachNode(root, ({position}) => {
    if (position === undefined) return
    position.start.line += firstLine - 1
    position.end.line += firstLine - 1
  })
  return root.children
}

/** Labels of definitions, those of footnotes with their mark, by their normal form. */
function definedLabels(parts: readonly BookPart[]): Map<string, string> {
  const labels = new Map<string, string>()
  for (const {children} of parts) {
    eachNode({type: 'root', children: [...children]}, (node) => {
      if (node.type !== 'definition' && node.type !== 'footnoteDefinition') return
      const label = `${node.type === 'definition' ? '' : '^'}${node.label ?? node.identifier}`
      labels.set(normalLabel(label), label.replace(/\s+/g, ' '))
    })
  }
  return labels
}

function normalLabel(label: string): string {
  return label.replace(/\s+/g, ' ').trim().toLowerCase().toUpperCase()
}

/** The part's nodes, read again beside the definitions of other parts that it refers to. */
function resolved({text, firstLine, children}: BookPart, labels: ReadonlyMap<string, string>): readonly RootContent[] {
  if (labels.size === 0 || !text.includes('[')) return children
  const wanted = new Set<string>()
  for (const [, label = ''] of text.matchAll(/\[((?:[^\][\\]|\\.)+)\]/g)) {
    const known = labels.get(normalLabel(label))
    if (known !== undefined) wanted.add(known)
  }
  if (wanted.size === 0) return children
  // They stand before the part, where nothing is open, and the comment keeps them apart from it.
  const before = `${[...wanted].map((label) => `[${label}]: /\n\n`).join('')}<!-- -->\n\n`
  const nodes = parsePart(`${before}${text}`, firstLine - before.split('\n').length + 1)
  return nodes.filter(({position}) => (position?.start.line ?? 0) >= firstLine)
}
