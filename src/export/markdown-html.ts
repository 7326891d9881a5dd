import type {Definition, FootnoteDefinition, List, Nodes, RootContent, Table} from 'mdast'
import {eachNode} from '../syntax/each-node.ts'
import {parseMarkdown} from '../syntax/parse-markdown.ts'
import {escapeHtml} from './escape-html.ts'

export interface MarkdownHtmlOptions {
  /** Depth at which headings of depth 1 come to stand; default 1. What would be deeper than 6 stays 6. */
  readonly topDepth?: number
  /** Begins the names of what links within the text lead to, so that several texts fit on one page. */
  readonly idPrefix?: string
}

interface Writing {
  readonly shift: number
  readonly prefix: string
  readonly definitions: ReadonlyMap<string, Definition>
  readonly footnotes: readonly FootnoteDefinition[]
}

/**
 * Markdown of anybody's as HTML that can do nothing: every piece of text is escaped, raw HTML is shown as text but for
 * `br`, balanced `details`, `kbd`, `mark`, `sub` and `sup`; links lead to http, https or mail only; an image is its
 * description, so that nothing is loaded.
 */
export function markdownToHtml(markdown: string, {topDepth = 1, idPrefix = ''}: MarkdownHtmlOptions = {}): string {
  const root = parseMarkdown(markdown)
  const definitions = new Map<string, Definition>()
  const footnotes = new Map<string, FootnoteDefinition>()
  eachNode(root, (node) => {
    if (node.type === 'definition' && !definitions.has(node.identifier)) definitions.set(node.identifier, node)
    if (node.type === 'footnoteDefinition' && !footnotes.has(node.identifier)) footnotes.set(node.identifier, node)
  })
  const writing: Writing = {shift: topDepth - 1, prefix: idPrefix, definitions, footnotes: [...footnotes.values()]}
  return `${writeBlocks(root.children, writing)}${writeFootnotes(writing)}`
}

function writeBlocks(nodes: readonly RootContent[], writing: Writing): string {
  let html = ''
  for (let at = 0; at < nodes.length; at++) {
    const node = nodes[at] as RootContent
    const summary = node.type === 'html' ? openDetails(node.value) : undefined
    const end = summary === undefined ? -1 : closingDetails(nodes, at)
    if (end === -1) html += writeBlock(node, writing)
    else {
      html += `<details>${summary}\n${writeBlocks(nodes.slice(at + 1, end), writing)}</details>\n`
      at = end
    }
  }
  return html
}

/** The summary of an HTML block that opens `details` and does nothing else; undefined for any other block. */
function openDetails(value: string): string | undefined {
  const match = /^<details(?: open(?:="")?)?>\s*(?:<summary>([^<>]*)<\/summary>)?\s*$/.exec(value)
  if (match === null) return undefined
  return match[1] === undefined ? '' : `<summary>${escapeHtml(match[1].trim())}</summary>`
}

function closingDetails(nodes: readonly RootContent[], from: number): number {
  let depth = 0
  for (let at = from; at < nodes.length; at++) {
    const node = nodes[at] as RootContent
    if (node.type !== 'html') continue
    if (openDetails(node.value) !== undefined) depth++
    else if (node.value.trim() === '</details>') depth--
    if (depth === 0) return at
  }
  return -1
}

function writeBlock(node: Nodes, writing: Writing): string {
  switch (node.type) {
    case 'paragraph':
      return `<p>${writePhrasing(node.children, writing)}</p>\n`
    case 'heading': {
      const name = `h${Math.min(6, node.depth + writing.shift)}`
      return `<${name}>${writePhrasing(node.children, writing)}</${name}>\n`
    }
    case 'code': {
      const language = node.lang ? ` data-language="${escapeHtml(node.lang)}"` : ''
      return `<pre tabindex="0"${language}><code>${escapeHtml(node.value)}\n</code></pre>\n`
    }
    case 'blockquote':
      return `<blockquote>\n${writeBlocks(node.children, writing)}</blockquote>\n`
    case 'list':
      return writeList(node, writing)
    case 'table':
      return writeTable(node, writing)
    case 'thematicBreak':
      return '<hr>\n'
    case 'html':
      return `<pre class="raw">${escapeHtml(node.value)}</pre>\n`
    case 'definition':
    case 'footnoteDefinition':
    case 'yaml':
      return ''
    default:
      return `<p>${writePhrasing([node], writing)}</p>\n`
  }
}

function writeList(list: List, writing: Writing): string {
  const name = list.ordered === true ? 'ol' : 'ul'
  const start = list.ordered === true && (list.start ?? 1) !== 1 ? ` start="${list.start}"` : ''
  const isLoose = list.spread === true || list.children.some(({spread}) => spread === true)
  const rows = list.children.map(({children, checked}) => {
    const box = typeof checked === 'boolean' ? (checked ? '☑ ' : '☐ ') : ''
    const blocks = children.map((child) =>
      child.type === 'paragraph' && !isLoose
        ? `${writePhrasing(child.children, writing)}\n`
        : writeBlocks([child], writing),
    )
    return `<li>${box}${blocks.join('').trimEnd()}</li>\n`
  })
  return `<${name}${start}>\n${rows.join('')}</${name}>\n`
}

function writeTable(table: Table, writing: Writing): string {
  const rows = table.children.map((row, number) => {
    const name = number === 0 ? 'th' : 'td'
    const cells = row.children.map((cell, at) => {
      const align = table.align?.[at]
      return `<${name}${align ? ` class="${align}"` : ''}>${writePhrasing(cell.children, writing)}</${name}>`
    })
    return `<tr>${cells.join('')}</tr>\n`
  })
  return `<div class="table" tabindex="0"><table>\n${rows.join('')}</table></div>\n`
}

const plainTags = new Set(['kbd', 'mark', 'sub', 'sup'])

function writePhrasing(nodes: readonly Nodes[], writing: Writing): string {
  let html = ''
  for (let at = 0; at < nodes.length; at++) {
    const node = nodes[at] as Nodes
    const tag = node.type === 'html' ? (/^<([a-z]+)>$/.exec(node.value)?.[1] ?? '') : ''
    const end = plainTags.has(tag)
      ? nodes.findIndex((other, place) => place > at && other.type === 'html' && other.value === `</${tag}>`)
      : -1
    if (end === -1) html += writeInline(node, writing)
    else {
      html += `<${tag}>${writePhrasing(nodes.slice(at + 1, end), writing)}</${tag}>`
      at = end
    }
  }
  return html
}

function writeInline(node: Nodes, writing: Writing): string {
  switch (node.type) {
    case 'text':
      return escapeHtml(node.value)
    case 'inlineCode':
      return `<code>${escapeHtml(node.value)}</code>`
    case 'emphasis':
      return `<em>${writePhrasing(node.children, writing)}</em>`
    case 'strong':
      return `<strong>${writePhrasing(node.children, writing)}</strong>`
    case 'delete':
      return `<del>${writePhrasing(node.children, writing)}</del>`
    case 'break':
      return '<br>\n'
    case 'link':
      return writeLink(node.url, writePhrasing(node.children, writing))
    case 'linkReference':
      return writeLink(writing.definitions.get(node.identifier)?.url ?? '', writePhrasing(node.children, writing))
    case 'image':
    case 'imageReference':
      return `<span class="image">${escapeHtml(node.alt ? node.alt : 'image')}</span>`
    case 'footnoteReference': {
      const number = writing.footnotes.findIndex(({identifier}) => identifier === node.identifier) + 1
      return number === 0 ? '' : `<sup><a href="#${escapeHtml(writing.prefix)}note-${number}">${number}</a></sup>`
    }
    case 'html':
      return /^<br ?\/?>$/.test(node.value) ? '<br>' : escapeHtml(node.value)
    default:
      return 'children' in node ? writePhrasing(node.children, writing) : ''
  }
}

/** Only what leads to the web or to a mail is a link: a fragment or a path would lead nowhere on the page. */
function writeLink(url: string, text: string): string {
  if (!/^(?:https?:\/\/|mailto:)[^\s\\]*$/i.test(url)) return text
  return `<a href="${escapeHtml(url)}" rel="noopener noreferrer nofollow">${text}</a>`
}

function writeFootnotes({footnotes, ...writing}: Writing): string {
  if (footnotes.length === 0) return ''
  const rows = footnotes.map(({children}, at) => {
    const id = `${escapeHtml(writing.prefix)}note-${at + 1}`
    return `<li id="${id}">${writeBlocks(children, {...writing, footnotes}).trimEnd()}</li>\n`
  })
  return `<ol class="notes">\n${rows.join('')}</ol>\n`
}
