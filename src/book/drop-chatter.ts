import type {Root, RootContent} from 'mdast'
import {toString as nodeText} from 'mdast-util-to-string'
import {chatterPatterns} from './chatter-phrases.ts'
import type {Repair} from './repair.ts'

const maxLength = 320

/**
 * Takes off a model's words about its own answer, before and behind the text. Never the only block, never a real
 * sentence; with `keepsHtml` no block that opens or closes an element, so that what is balanced stays so.
 */
export function dropChatter(root: Root, {keepsHtml = false}: {readonly keepsHtml?: boolean} = {}): Repair[] {
  const isTaken = (node: RootContent): boolean => !keepsHtml || !holdsHtml(node)
  const repairs: Repair[] = []
  while (root.children.length > 1) {
    const [first, next] = root.children as [RootContent, RootContent]
    if (!isLeadIn(first, next) || !isTaken(first)) break
    repairs.push({ruleId: 'chatter', detail: excerpt(first)})
    root.children.shift()
    if (next.type === 'thematicBreak' && root.children.length > 1) root.children.shift()
  }
  while (root.children.length > 1) {
    const last = root.children.at(-1) as RootContent
    if (!isClosing(last) || !isTaken(last)) break
    repairs.push({ruleId: 'chatter', detail: excerpt(last)})
    root.children.pop()
    if (root.children.at(-1)?.type === 'thematicBreak' && root.children.length > 1) root.children.pop()
  }
  return repairs
}

function holdsHtml(node: RootContent): boolean {
  return node.type === 'html' || ('children' in node && node.children.some(holdsHtml))
}

function isLeadIn(node: RootContent, next: RootContent): boolean {
  return node.type === 'paragraph' && isLeadInText(nodeText(node), ['heading', 'thematicBreak'].includes(next.type))
}

function isClosing(node: RootContent): boolean {
  return node.type === 'paragraph' && isClosingText(nodeText(node))
}

/** Whether a text before the answer only announces it; `isBeforeTitle` when a heading or a fence of Markdown follows. */
export function isLeadInText(written: string, isBeforeTitle: boolean): boolean {
  const text = written.replace(/\s+/g, ' ').trim().toLowerCase()
  if (text.length > maxLength) return false
  const {interjection, announcement, presentation, meta} = chatterPatterns()
  let rest = text
  for (let next = rest.replace(interjection, ''); next !== rest; next = rest.replace(interjection, '')) rest = next
  if (rest !== text) return rest === '' || (isBeforeTitle && presentation.test(rest)) || isAboutAnswer(rest)
  if (!/[:.!：。！]$/.test(text)) return false
  if (presentation.test(text)) return meta.test(text) || (isBeforeTitle && /[:：]$/.test(text))
  return announcement.test(text) && meta.test(text)
}

/** Whether a text begins with an announcement and every further sentence is one or speaks of the answer too. */
function isAboutAnswer(text: string): boolean {
  const {announcement, presentation, meta} = chatterPatterns()
  const announces = (sentence: string): boolean => announcement.test(sentence) || presentation.test(sentence)
  // What is handed over may bear its title behind a colon.
  const end = presentation.test(text) ? /(?<=[.!?])\s+|(?<=[。！？])/ : /(?<=[.!?:])\s+|(?<=[。！？：])/
  const [first = '', ...others] = text.split(end).filter((sentence) => sentence !== '')
  return announces(first) && others.every((sentence) => announces(sentence) || meta.test(sentence))
}

/** Whether a text behind the answer only offers more of it. */
export function isClosingText(written: string): boolean {
  const text = written.replace(/\s+/g, ' ').trim().toLowerCase()
  if (text.length > maxLength) return false
  const {closing, closingWords} = chatterPatterns()
  return closing.test(text) && closingWords.test(text)
}

function excerpt(node: RootContent): string {
  const text = nodeText(node).replace(/\s+/g, ' ').trim()
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
