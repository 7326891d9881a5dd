import type {List, Root, RootContent} from 'mdast'
import {unwrapLines} from '../syntax/canonical-markdown.ts'
import {eachNode} from '../syntax/each-node.ts'
import {parseMarkdown} from '../syntax/parse-markdown.ts'
import {serialiseMarkdown} from '../syntax/serialise-markdown.ts'
import {linkedNumber} from './link-citations.ts'

/** How a text stands in the book, as far as it takes to read it back. */
export interface TextPlace {
  /** What stands before it on its first line: a list marker, a label, indentation. */
  readonly prefix: string
  /** White space before its further lines. */
  readonly indent: string
  /** Whether several bullets of it stand as items beside each other. */
  readonly isAlone: boolean
  /** By how much its headings stand deeper than in the section file; 0 where it has none in the book. */
  readonly shift: number
  /** Its footnotes' names by those that they have in the book. */
  readonly footnotes: ReadonlyMap<string, string>
}

/** A way to read a text back: as blocks, or as list items beside each other. */
export type PlacedForm = 'blocks' | 'items'

/**
 * The text that stands in the book as these lines, as it may be in a section file; undefined where the lines do not
 * have that form. What placing joins for good, such as a heading that became a lead, is not parted again.
 */
export function unplaceText(placed: readonly string[], place: TextPlace, form: PlacedForm): string | undefined {
  const lines = trimBlankLines(placed)
  const [first] = lines
  if (first === undefined) return form === 'blocks' ? '' : undefined
  const text = form === 'blocks' ? blockLines(lines, place) : itemLines(lines, place)
  if (text === undefined) return undefined
  const root = parseMarkdown(text.join('\n'))
  const children = form === 'blocks' ? root.children : bulletsOf(root)
  if (children === undefined) return undefined
  return serialiseOwn({type: 'root', children: [...children]}, place)
}

function serialiseOwn(root: Root, {shift, footnotes}: TextPlace): string {
  eachNode(root, (node, at, parent) => {
    const cited = node.type === 'link' ? linkedNumber(node) : undefined
    if (cited !== undefined) parent.children[at] = {type: 'text', value: `[${cited}]`}
    else if (node.type === 'heading') node.depth = Math.max(1, node.depth - shift) as typeof node.depth
    else if (node.type === 'footnoteDefinition' || node.type === 'footnoteReference') {
      const name = footnotes.get(node.identifier) ?? node.label ?? node.identifier
      node.label = name
      node.identifier = name
    }
  })
  unwrapLines(root)
  return serialiseMarkdown(root.children)
}

function blockLines([first = '', ...rest]: readonly string[], {prefix, indent}: TextPlace): string[] | undefined {
  const own = withoutPrefix(first, prefix)
  if (own === undefined || rest.some((line) => line.trim() !== '' && !line.startsWith(indent))) return undefined
  return [own, ...rest.map((line) => line.slice(indent.length))]
}

/** The line behind the prefix, whose white space at the end may be gone with the text. */
function withoutPrefix(line: string, prefix: string): string | undefined {
  if (line.startsWith(prefix)) return line.slice(prefix.length)
  return line === prefix.trimEnd() ? '' : undefined
}

function itemLines(lines: readonly string[], {prefix, indent, isAlone}: TextPlace): string[] | undefined {
  const lead = /^ */.exec(prefix)?.[0] ?? ''
  const isItem = isAlone && indent !== '' && lines[0]?.startsWith(prefix.trimEnd()) === true
  if (!isItem || lines.some((line) => line.trim() !== '' && !line.startsWith(lead))) return undefined
  return lines.map((line) => line.slice(lead.length))
}

/** A list's items as bullets, for the outline says whether they are numbered. */
function bulletsOf(root: Root): RootContent[] | undefined {
  const lists = root.children.filter((node): node is List => node.type === 'list')
  if (lists.length !== root.children.length || lists.length === 0) return undefined
  const children = lists.flatMap((list) => list.children)
  return [{type: 'list', ordered: false, spread: lists.some(({spread}) => spread === true), children}]
}

function trimBlankLines(lines: readonly string[]): readonly string[] {
  let start = 0
  let end = lines.length
  while (start < end && lines[start]?.trim() === '') start++
  while (end > start && lines[end - 1]?.trim() === '') end--
  return lines.slice(start, end)
}
