import type {ListItem, Paragraph, PhrasingContent, Root, RootContent} from 'mdast'
import {toString as nodeText} from 'mdast-util-to-string'
import {hasLines, joinLines, splitLines, startsWith, trimStart, visitFlow} from './phrasing-lines.ts'
import type {Repair} from './repair.ts'

/**
 * Makes lists of what models write as lines (the book, B2): a term with `: definition` lines under it, and lettered
 * options on lines of their own, in one paragraph, split by `<br>` or parted by blank lines. Changes `root`.
 */
export function makeLists(root: Root): Repair[] {
  const repairs: Repair[] = []
  visitFlow(root, (parent) => {
    const children: RootContent[] = []
    const blocks = joinTerms(parent.children as RootContent[])
    for (let at = 0; at < blocks.length; at++) {
      const node = blocks[at] as RootContent
      const options = optionParagraphs(blocks, at)
      if (options.length > 1) at += options.length - 1
      const made = options.length > 1 ? [bulletList(options)] : madeOf(node)
      if (made === undefined) {
        children.push(node)
        continue
      }
      repairs.push({ruleId: 'made-list', detail: nodeText(node).slice(0, 60).replace(/\s+/g, ' ')})
      const [first, ...rest] = made
      const last = children.at(-1)
      // Definitions in a row are one list.
      if (first?.type === 'list' && last?.type === 'list' && madeLists.has(last)) last.children.push(...first.children)
      else if (first !== undefined) children.push(first)
      children.push(...rest)
    }
    parent.children = children as typeof parent.children
  })
  return repairs
}

/** Blocks with every term and the definition that stands behind a blank line as one paragraph. */
function joinTerms(nodes: readonly RootContent[]): RootContent[] {
  const joined: RootContent[] = []
  for (const node of nodes) {
    const term = joined.at(-1)
    if (node.type === 'paragraph' && term?.type === 'paragraph' && isDefinition(node.children) && isTerm(term))
      joined[joined.length - 1] = {type: 'paragraph', children: joinLines([unwrapped(term), node.children])}
    else joined.push(node)
  }
  return joined
}

/** Whether a paragraph can be the term of a definition behind it: short, without a hard break, and no sentence. */
function isTerm(paragraph: Paragraph): boolean {
  const text = nodeText(paragraph).trim()
  const isOneLine = paragraph.children.every(({type}) => type !== 'break' && type !== 'html')
  return isOneLine && text.length > 0 && text.length <= 60 && !/^:|[.:;,!?]$/.test(text)
}

/** What a paragraph holds on one line. */
function unwrapped({children}: Paragraph): PhrasingContent[] {
  return children.map((node) => (node.type === 'text' ? {...node, value: node.value.replace(/\s*\n\s*/g, ' ')} : node))
}

const madeLists = new WeakSet<RootContent>()

/** What the lines of a paragraph make; undefined where they make nothing. */
function madeOf(node: RootContent): RootContent[] | undefined {
  if (node.type !== 'paragraph' || !hasLines(node)) return undefined
  return definitionItems(node) ?? optionBlocks(node)
}

function definitionItems(paragraph: Paragraph): RootContent[] | undefined {
  const lines = splitLines(paragraph.children)
  const items: PhrasingContent[][] = []
  for (let at = 0; at < lines.length; ) {
    const term = lines[at] as PhrasingContent[]
    if (isDefinition(term) || !isDefinition(lines[at + 1])) return undefined
    const texts: PhrasingContent[][] = []
    // A definition goes on until the next line that is the term of another one.
    for (
      at++;
      at < lines.length && !(texts.length > 0 && !isDefinition(lines[at]) && isDefinition(lines[at + 1]));
      at++
    ) {
      const line = lines[at] as PhrasingContent[]
      texts.push(isDefinition(line) ? trimStart(line, /^:\s+/) : line)
    }
    const bold: PhrasingContent[] =
      term.length === 1 && term[0]?.type === 'strong' ? term : [{type: 'strong', children: term}]
    items.push([...bold, {type: 'text', value: ': '}, ...joinLines(texts)])
  }
  return items.length === 0 ? undefined : [bulletList(items)]
}

function isDefinition(line: PhrasingContent[] | undefined): boolean {
  return line !== undefined && startsWith(line, /^:\s+/)
}

const optionMarker = /^\(?([A-Ha-h])[.)]\s+/

function optionBlocks(paragraph: Paragraph): RootContent[] | undefined {
  const lines = splitLines(paragraph.children)
  const start = lines.findIndex((line) => optionLetter(line) === 'a')
  if (start === -1) return undefined
  let count = 0
  while (optionLetter(lines[start + count]) === String.fromCharCode(97 + count)) count++
  if (count < 2) return undefined
  const blocks: RootContent[] = [bulletList(lines.slice(start, start + count))]
  if (start > 0) blocks.unshift({type: 'paragraph', children: joinLines(lines.slice(0, start))})
  if (start + count < lines.length) blocks.push({type: 'paragraph', children: joinLines(lines.slice(start + count))})
  return blocks
}

/** Longest paragraph that is an option: longer ones are text that counts its parts. */
const longestOption = 200

/** Paragraphs of one short line in a row that begin with `a)`, `b)` and so on; fewer than two are no options. */
function optionParagraphs(blocks: readonly RootContent[], start: number): PhrasingContent[][] {
  const options: PhrasingContent[][] = []
  for (let at = start; at < blocks.length; at++) {
    const node = blocks[at] as RootContent
    if (node.type !== 'paragraph' || hasLines(node)) break
    if (optionLetter(node.children) !== String.fromCharCode(97 + at - start)) break
    if (nodeText(node).length > longestOption) break
    options.push(node.children)
  }
  return options
}

function optionLetter(line: readonly PhrasingContent[] | undefined): string | undefined {
  const text = line === undefined ? '' : nodeText({type: 'paragraph', children: [...line]})
  return optionMarker.exec(text.trimStart())?.[1]?.toLowerCase()
}

function bulletList(items: readonly PhrasingContent[][]): RootContent {
  const list: RootContent = {
    type: 'list',
    ordered: false,
    spread: false,
    children: items.map(
      (children): ListItem => ({type: 'listItem', spread: false, children: [{type: 'paragraph', children}]}),
    ),
  }
  madeLists.add(list)
  return list
}
