import type {List, ListItem, Nodes, Root, RootContent} from 'mdast'
import {serialiseCanonical, unwrapLines} from '../syntax/canonical-markdown.ts'
import {parseBookMarkdown} from '../syntax/parse-markdown.ts'
import {type LineEdit, lineEdits} from './line-edits.ts'

/** The children of one node in both texts. */
interface Siblings {
  readonly was: readonly RootContent[]
  readonly is: readonly RootContent[]
}

/**
 * What was changed between two texts block by block, as edits of the first one's lines: blocks that only are written
 * otherwise, as by a formatter, are left out, and what was changed is written as the program does. Whether the edits
 * give the second text is for the caller to see.
 */
export function blockEdits(before: string, after: string): LineEdit[] {
  const lines = before.split('\n')
  const [was, is] = [before, after].map(parseUnwrapped) as [Root, Root]
  return editsBetween({was: was.children, is: is.children}, lines)
}

function parseUnwrapped(text: string): Root {
  const root = parseBookMarkdown(text)
  unwrapLines(root)
  return root
}

function editsBetween({was, is}: Siblings, lines: readonly string[]): LineEdit[] {
  return lineEdits(was.map(formOf), is.map(formOf)).flatMap((edit): LineEdit[] => {
    const at = edit.line - 1
    const old = was.slice(edit.start, edit.end)
    const made = is.slice(at, at + edit.lines.length)
    if (old.length === made.length)
      return old.flatMap((node, number) => editsOfPair(node, made[number] as RootContent, lines))
    const [next, before] = [was[edit.end], was[edit.start - 1]]
    if (old.length > 0) return [made.length > 0 ? replaced(old, made, lines) : removed(old, next, lines)]
    if (before !== undefined) return [inserted(before, made, lines)]
    return next === undefined ? [] : [replaced([next], [...made, is[at + made.length] as RootContent], lines)]
  })
}

/** A list is compared by its items, an item by its blocks; anything else is another block. */
function editsOfPair(was: RootContent, is: RootContent, lines: readonly string[]): LineEdit[] {
  const isInside = was.type === is.type && (was.type === 'list' || was.type === 'listItem')
  if (!isInside || childrenOf(was).length === 0 || childrenOf(is).length === 0) return [replaced([was], [is], lines)]
  return editsBetween({was: childrenOf(was), is: childrenOf(is)}, lines)
}

function childrenOf(node: Nodes): readonly RootContent[] {
  return 'children' in node ? (node.children as readonly RootContent[]) : []
}

function replaced(old: readonly RootContent[], made: readonly RootContent[], lines: readonly string[]): LineEdit {
  const [first] = old as [RootContent]
  const start = startOf(first)
  const prefix = (lines[start] ?? '').slice(0, columnOf(first))
  return {
    start,
    end: endOf(old.at(-1) as RootContent),
    lines: written(made, prefix, markerOf(first, lines)),
    line: startOf(made[0] as RootContent) + 1,
  }
}

function removed(old: readonly RootContent[], next: RootContent | undefined, lines: readonly string[]): LineEdit {
  const [first] = old as [RootContent]
  const start = startOf(first)
  const prefix = (lines[start] ?? '').slice(0, columnOf(first))
  const kept = prefix.trim() === '' ? [] : [prefix.trimEnd()]
  return {
    start,
    end: next === undefined ? endOf(old.at(-1) as RootContent) : startOf(next),
    lines: kept,
    line: start + 1,
  }
}

function inserted(before: RootContent, made: readonly RootContent[], lines: readonly string[]): LineEdit {
  const start = endOf(before)
  const text = written(made, ' '.repeat(columnOf(before)), markerOf(before, lines))
  const isTight = before.type === 'listItem' && before.spread !== true
  return {start, end: start, lines: isTight ? text : ['', ...text], line: startOf(made[0] as RootContent) + 1}
}

/** Blocks or items behind what stands on their first line. */
function written(nodes: readonly RootContent[], prefix: string, marker: string): string[] {
  const indent = ' '.repeat(prefix.length)
  const texts = nodes.map((node) => {
    if (node.type !== 'listItem') return formOf(node).split('\n')
    const box = typeof node.checked === 'boolean' ? `[${node.checked ? 'x' : ' '}] ` : ''
    const own = `${box}${serialiseCanonical(node.children)}`.split('\n')
    return own.map((line, at) => (at === 0 ? marker + line : line === '' ? '' : ' '.repeat(marker.length) + line))
  })
  const isTight = nodes.every((node) => node.type === 'listItem' && node.spread !== true)
  const all = texts.flatMap((text, at) => (at === 0 || isTight ? text : ['', ...text]))
  return all.map((line, at) => (at === 0 ? prefix + line : line === '' ? '' : indent + line))
}

/** The marker of a list item with the white space behind it. */
function markerOf(node: RootContent, lines: readonly string[]): string {
  if (node.type !== 'listItem') return ''
  return /^(?:[-*+]|\d{1,9}[.)])[ \t]*/.exec((lines[startOf(node)] ?? '').slice(columnOf(node)))?.[0] ?? '- '
}

/** A block as the program writes it, by which blocks are compared. */
function formOf(node: RootContent): string {
  if (node.type === 'yaml') return `---\n${node.value}\n---`
  if (node.type !== 'listItem') return serialiseCanonical([node])
  const list: List = {type: 'list', ordered: false, spread: node.spread ?? false, children: [node as ListItem]}
  return serialiseCanonical([list])
}

/** The line, from 0, on which a node begins. */
function startOf(node: Nodes): number {
  return (node.position?.start.line ?? 1) - 1
}

/** The first line, from 0, behind a node. */
function endOf(node: Nodes): number {
  return node.position?.end.line ?? 0
}

function columnOf(node: Nodes): number {
  return (node.position?.start.column ?? 1) - 1
}
