import type {Html, Parents, PhrasingContent, Root, RootContent} from 'mdast'
import {eachNode} from '../syntax/each-node.ts'
import {decodeReferences} from './decode-references.ts'
import {isBalanced, pairInlineTags} from './inline-tags.ts'
import type {Repair} from './repair.ts'

const allowed = new Set(['br', 'details', 'summary', 'sub', 'sup', 'kbd', 'abbr', 'mark'])
const allowedAttributes = new Set(['open', 'title'])
const tagPattern = /<(\/?)([a-zA-Z][\w-]*)((?:\s+[^\s"'>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)*)\s*(\/?)>/g

interface Piece {
  readonly type: 'html' | 'text'
  readonly value: string
}

/**
 * Raw HTML of a completion (the book, B5): a few harmless elements stay, without attributes but `open` and `title` and
 * balanced within the completion; all else is shown as text.
 */
export function showUntrustedHtml(root: Root): Repair[] {
  const shown: string[] = []
  const open: string[] = []
  /** Where each of them was opened. */
  const holders: Parents[] = []
  eachNode(root, (node, at, parent) => {
    // No name of an element, but one of a directive.
    if (node.type === 'text') shown.push(...(node.value.match(/<\/?llm_prompt\b[^>]{0,40}>?/gi) ?? []))
    if (node.type !== 'html') return
    const isPhrasing = isPhrasingParent(parent)
    const isAlone = isOpenSummary(node) && !isClosedBehind(parent, at)
    if (isAlone && isPhrasing) {
      parent.children[at] = {type: 'text', value: node.value}
      shown.push(node.value)
      return
    }
    if (isAlone) shown.push('<summary> left open')
    const pieces = split(isAlone ? closeSummaries(node.value) : node.value, open, shown)
    while (holders.length < open.length) holders.push(isPhrasing ? root : parent)
    holders.length = open.length
    const nodes = isPhrasing ? pieces.map(toPhrasing) : toFlow(pieces)
    parent.children.splice(at, 1, ...(nodes as typeof parent.children))
    return at + nodes.length
  })
  for (const [at, name] of [...open.entries()].reverse()) {
    // In its own list item: behind the list, it would close nothing there.
    const {children} = holders[at] as Root
    children.push({type: 'html', value: `</${name}>`})
    shown.push(`<${name}> left open`)
  }
  shown.push(...pairInlineTags(root))
  return shown.length === 0 ? [] : [{ruleId: 'unsafe-html', detail: [...new Set(shown)].slice(0, 5).join(' ')}]
}

/** A summary that is open where the next tag of a block stands, or where the HTML ends. */
const openSummary = /(<summary(?:\s[^<>]*)?>)((?:(?!<\/?(?:summary|details)\b)[^])*)(?=<(?:summary|\/?details)\b|$)/gi

function isOpenSummary({value}: Html): boolean {
  return value.search(openSummary) !== -1
}

/** Blocks or tags that a summary goes over at most. */
const reach = 40

/** Whether a block or a tag behind `at` closes the summary that is open there. */
function isClosedBehind(parent: Parents, at: number): boolean {
  return parent.children
    .slice(at + 1, at + 1 + reach)
    .some((node) => node.type === 'html' && /<\/summary>/i.test(node.value))
}

/** Raw HTML with its open summaries closed at the end of their line: they would take in all that stands behind. */
function closeSummaries(value: string): string {
  return value.replace(openSummary, (_, tag: string, content: string) => {
    const line = /^\s*[^\n]*/.exec(content)?.[0] ?? ''
    return `${tag}${line.trimEnd()}</summary>${content.slice(line.length)}`
  })
}

/** Cuts raw HTML into tags that stay and text; `open` is the stack of elements opened so far. */
function split(value: string, open: string[], shown: string[]): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  const text = (end: number): void => {
    if (end > at) pieces.push({type: 'text', value: value.slice(at, end)})
  }
  for (const match of value.matchAll(tagPattern)) {
    const [tag, slash, rawName = '', attributes = ''] = match
    const name = rawName.toLowerCase()
    const kept = allowed.has(name) ? keepTag(name, slash === '/', attributes, open) : undefined
    if (kept === undefined) {
      shown.push(tag)
      continue
    }
    text(match.index)
    if (kept !== tag && kept.toLowerCase() !== tag.toLowerCase() && name !== 'br') shown.push(tag)
    pieces.push({type: 'html', value: kept})
    at = match.index + tag.length
  }
  text(value.length)
  if (pieces.every(({type}) => type === 'text') && !value.includes('<')) return pieces
  if (pieces.some(({type, value: part}) => type === 'text' && /<[!?a-zA-Z/]/.test(part))) shown.push(value.slice(0, 40))
  return pieces
}

/** The tag as it stays, or undefined when it must be shown as text. */
function keepTag(name: string, isClosing: boolean, attributes: string, open: string[]): string | undefined {
  if (name === 'br') return isClosing ? undefined : '<br>'
  const isBlock = name === 'details' || name === 'summary'
  if (isClosing && !isBlock) return `</${name}>`
  if (isClosing) {
    const at = open.lastIndexOf(name)
    if (at === -1 || at !== open.length - 1) return undefined
    open.pop()
    return `</${name}>`
  }
  if (isBlock && open.at(-1) === 'summary') return undefined
  if (isBlock) open.push(name)
  const kept = [...attributes.matchAll(/([^\s"'>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?/g)]
    .filter(([, attribute]) => allowedAttributes.has((attribute as string).toLowerCase()))
    .map(([, attribute, value]) => {
      const text = (value ?? '').replace(/^["']|["']$/g, '')
      return value === undefined
        ? ` ${attribute}`
        : ` ${attribute}="${text.replace(/"/g, '&quot;').replace(/</g, '&lt;')}"`
    })
  return `<${name}${kept.join('')}>`
}

function toPhrasing(piece: Piece): PhrasingContent {
  return piece.type === 'html'
    ? {type: 'html', value: piece.value}
    : {type: 'text', value: decodeReferences(piece.value)}
}

/** Tags of a block of HTML stay on lines of their own; runs of tags and the text between them share one paragraph. */
function toFlow(pieces: readonly Piece[]): RootContent[] {
  const nodes: RootContent[] = []
  let run: PhrasingContent[] = []
  const flush = (): void => {
    const isBlank = run.every((node) => node.type === 'text' && node.value.trim() === '')
    if (!isBlank) nodes.push({type: 'paragraph', children: trimRun(run)})
    run = []
  }
  let summary: string | undefined
  for (const piece of pieces) {
    const name = /^<\/?([a-z]+)/.exec(piece.value)?.[1]
    if (summary !== undefined) {
      // A summary stays on one line with its text, which is escaped for HTML.
      summary +=
        piece.type === 'html' ? piece.value : piece.value.replace(/<(?=[a-zA-Z!/?])/g, '&lt;').replace(/\s+/g, ' ')
      if (piece.value === '</summary>') {
        nodes.push({type: 'html', value: balanceSummary(summary)})
        summary = undefined
      }
    } else if (piece.type === 'html' && piece.value.startsWith('<summary')) {
      flush()
      summary = piece.value
    } else if (piece.type === 'html' && name === 'details') {
      flush()
      nodes.push({type: 'html', value: piece.value})
    } else run.push(toPhrasing(piece))
  }
  if (summary !== undefined) nodes.push({type: 'html', value: balanceSummary(summary)})
  flush()
  return joinHtml(nodes)
}

/** A summary whose own tags do not pair shows them. */
function balanceSummary(summary: string): string {
  const content = summary.replace(/^<summary[^>]*>|<\/summary>$/g, '')
  return isBalanced(content) ? summary : summary.replace(/<(?=\/?(?:sub|sup|kbd|abbr|mark)\b)/g, '&lt;')
}

/** Joins `<details>` and the `<summary>` right behind it into one block. */
function joinHtml(nodes: readonly RootContent[]): RootContent[] {
  const joined: RootContent[] = []
  for (const node of nodes) {
    const last = joined.at(-1)
    if (node.type === 'html' && last?.type === 'html') last.value += `\n${(node as Html).value}`
    else joined.push(node)
  }
  return joined
}

function trimRun(run: readonly PhrasingContent[]): PhrasingContent[] {
  return run.map((node, number) => {
    if (node.type !== 'text') return node
    let {value} = node
    if (number === 0) value = value.trimStart()
    if (number === run.length - 1) value = value.trimEnd()
    return {type: 'text', value}
  })
}

function isPhrasingParent(parent: Parents): boolean {
  return !['root', 'listItem', 'blockquote', 'footnoteDefinition'].includes(parent.type)
}
