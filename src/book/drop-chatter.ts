import type {Root, RootContent} from 'mdast'
import {toString as nodeText} from 'mdast-util-to-string'
import type {Repair} from './repair.ts'

const interjection =
  /^(?:certainly|sure(?: thing)?|of course|absolutely|great|okay|ok|understood|got it|no problem|gladly)\b\s*[!,.:–—-]\s*/i
const announcement =
  /^(?:here(?:'s|’s| is| are| you go)|below (?:is|are|you)|as requested|i(?:'ve|’ve| have| will|'ll|’ll| can| would)\b|let(?:'s|’s) )/i
const presentation = /^(?:here(?:'s|’s| is| are)|below (?:is|are))\b/i
/** Words about the answer itself, which the subject of a course has no use for. */
const metaWords =
  /\b(?:(?:you|as) requested|you asked|in markdown|markdown format|heading level|glossary format|the section you|per your)\b/i
const closing =
  /^(?:i hope\b|hope (?:this|that)\b|let me know\b|please let me know\b|feel free\b|if you(?:'d|’d)? (?:have|need|would|want|like)\b|would you like\b|is there anything\b|happy to\b|do you want me\b|shall i\b)/i
const closingWords =
  /\b(?:let me know|feel free to (?:ask|reach out|let)|hope (?:this|that)\b.{0,60}\b(?:helps?|useful|clear)|(?:like|want|need) me to|i can\b|i could\b|happy to (?:help|adjust|expand|revise)|(?:further|any|more) questions|anything else|shall i)\b/i
const maxLength = 320

/** Takes off a model's words about its own answer, before and behind the text. Never the only block, never a real sentence. */
export function dropChatter(root: Root): Repair[] {
  const repairs: Repair[] = []
  while (root.children.length > 1) {
    const [first, next] = root.children as [RootContent, RootContent]
    if (!isLeadIn(first, next)) break
    repairs.push({ruleId: 'chatter', detail: excerpt(first)})
    root.children.shift()
    if (next.type === 'thematicBreak' && root.children.length > 1) root.children.shift()
  }
  while (root.children.length > 1) {
    const last = root.children.at(-1) as RootContent
    if (!isClosing(last)) break
    repairs.push({ruleId: 'chatter', detail: excerpt(last)})
    root.children.pop()
    if (root.children.at(-1)?.type === 'thematicBreak' && root.children.length > 1) root.children.pop()
  }
  return repairs
}

function isLeadIn(node: RootContent, next: RootContent): boolean {
  return node.type === 'paragraph' && isLeadInText(nodeText(node), next.type === 'heading')
}

function isClosing(node: RootContent): boolean {
  return node.type === 'paragraph' && isClosingText(nodeText(node))
}

/** Whether a text before the answer only announces it; `isBeforeTitle` when a heading or a fence of Markdown follows. */
export function isLeadInText(written: string, isBeforeTitle: boolean): boolean {
  const text = written.replace(/\s+/g, ' ').trim()
  if (text.length > maxLength) return false
  const rest = text.replace(interjection, '')
  if (rest !== text) return rest === '' || announcement.test(rest)
  if (!announcement.test(text) || !/[:.!]$/.test(text)) return false
  return metaWords.test(text) || (isBeforeTitle && text.endsWith(':') && presentation.test(text))
}

/** Whether a text behind the answer only offers more of it. */
export function isClosingText(written: string): boolean {
  const text = written.replace(/\s+/g, ' ').trim()
  return text.length <= maxLength && closing.test(text) && closingWords.test(text)
}

function excerpt(node: RootContent): string {
  const text = nodeText(node).replace(/\s+/g, ' ').trim()
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
