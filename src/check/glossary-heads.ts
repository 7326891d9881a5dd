import type {Paragraph, Parents, RootContent} from 'mdast'
import {toString as nodeText} from 'mdast-util-to-string'
import type {CheckedText} from './checked-text.ts'

/**
 * What a text defines, by where it stands: headings, the bold or code that a paragraph begins with, what stands before
 * its first colon or dash, the first cells of tables. Folded by `foldWords`.
 */
export function glossaryHeads({root}: CheckedText): readonly string[] {
  const heads: string[] = []
  collect(root, heads)
  return heads.map(foldWords)
}

function collect(parent: Parents, heads: string[]): void {
  for (const node of parent.children as RootContent[]) {
    if (node.type === 'heading') heads.push(nodeText(node))
    else if (node.type === 'paragraph') heads.push(...headsOf(node))
    else if (node.type === 'table') heads.push(...node.children.map((row) => nodeText(row.children[0] ?? row)))
    else if (node.type === 'list' || node.type === 'listItem' || node.type === 'blockquote') collect(node, heads)
  }
}

function headsOf(paragraph: Paragraph): string[] {
  const marked = markedStart(paragraph)
  const led = /^(.{1,100}?)(?:\s*:|\s+[–—-])\s/s.exec(nodeText(paragraph))?.[1] ?? ''
  return [...marked, led].filter((head) => head !== '')
}

/** What is marked at a paragraph's start: one term, or several that `and` or a comma joins. */
function markedStart({children}: Paragraph): string[] {
  const marked: string[] = []
  for (let at = 0; at < children.length; at += 2) {
    const node = children[at]
    if (node?.type !== 'strong' && node?.type !== 'inlineCode' && node?.type !== 'emphasis') break
    marked.push(nodeText(node))
    const next = children[at + 1]
    if (next?.type !== 'text' || !/^(?:,| and| or| &| \/)+ $/.test(next.value)) break
  }
  return marked
}

/** Words of a text without case, marks and plurals, each between single spaces; one space for none. */
export function foldWords(text: string): string {
  const words = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[’']s\b/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .replace(/(?<=\p{L}{3})(?:(?<=i)es|s)\b/gu, '')
  return words === '' ? ' ' : ` ${words} `
}
