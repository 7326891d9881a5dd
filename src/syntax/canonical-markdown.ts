import type {Blockquote, Heading, Paragraph, Root, RootContent} from 'mdast'
import {eachNode} from './each-node.ts'
import {readMarkdown} from './parse-markdown.ts'
import {serialiseMarkdown} from './serialise-markdown.ts'

/**
 * Markdown in the one form that the program writes: paragraphs on one line, one style of marker. Two texts that differ
 * by wrapping, white space or a formatter's taste have the same canonical form; blank lines between list items are kept
 * unless `lists` is `tight`. A fixed point: applied again, nothing changes.
 */
export function canonicalMarkdown(text: string, options: {readonly lists?: 'as-written' | 'tight'} = {}): string {
  let last = text
  for (let round = 0; round < 4; round++) {
    const root = readMarkdown(last)
    if (options.lists === 'tight') tightenLists(root)
    const next = serialiseCanonical(root.children)
    if (next === last) break
    last = next
  }
  return last
}

/** Takes the blank lines between and inside list items out, as far as Markdown can do without them. */
function tightenLists(root: Root): void {
  eachNode(root, (node) => {
    if (node.type === 'list' || node.type === 'listItem') node.spread = false
  })
}

/** Serialises blocks after `unwrapLines`. */
export function serialiseCanonical(children: readonly RootContent[]): string {
  const root: Root = {type: 'root', children: [...children]}
  unwrapLines(root)
  return serialiseMarkdown(root.children)
}

/** Makes soft line breaks spaces, and every break inside a heading, where Markdown has no place for one. */
export function unwrapLines(root: Root): void {
  eachNode(root, (node, at, parent) => {
    if (node.type === 'blockquote') keepAlertMark(node)
    else if (node.type === 'text') {
      if (!node.value.includes('\n')) return
      // A line break behind `<br>` shows nothing and keeps the source readable.
      const before = parent.children[at - 1]
      const isBehindBreak = before?.type === 'html' && /^<br\s*\/?>$/i.test(before.value)
      const keep = isBehindBreak && /^[ \t]*\n/.test(node.value) ? '\n' : ''
      node.value = keep + (keep === '' ? node.value : node.value.trimStart()).replace(/[ \t]*\n[ \t]*/g, ' ')
    } else if (node.type === 'heading') unbreakHeading(node)
    if (node.type === 'heading' || node.type === 'paragraph') trimEnds(node)
  })
}

/** `[!NOTE]` on the first line of a quote makes a note box on GitHub and in mdBook; it stays on its line, unescaped. */
function keepAlertMark(quote: Blockquote): void {
  const [paragraph] = quote.children
  const first = paragraph?.type === 'paragraph' ? paragraph.children[0] : undefined
  if (paragraph?.type !== 'paragraph' || first?.type !== 'text') return
  const mark = /^\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*(?:\n|$)/.exec(first.value)
  if (mark === null) return
  const rest = first.value.slice(mark[0].length)
  const html = {type: 'html' as const, value: `${mark[0].trim()}${mark[0].includes('\n') ? '\n' : ''}`}
  paragraph.children.splice(0, 1, html, ...(rest === '' ? [] : [{type: 'text' as const, value: rest}]))
}

/** White space at the ends of a block shows nothing; serialised it would be a character reference. */
function trimEnds(block: Heading | Paragraph): void {
  const first = block.children[0]
  if (first?.type === 'text') first.value = first.value.trimStart()
  const last = block.children.at(-1)
  if (last?.type === 'text') last.value = last.value.trimEnd()
}

function unbreakHeading(heading: Heading): void {
  eachNode(heading, (node, at, parent) => {
    if (node.type === 'break') parent.children[at] = {type: 'text', value: ' '}
  })
}
