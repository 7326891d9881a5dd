import type {Root, RootContent} from 'mdast'
import {toString as nodeText} from 'mdast-util-to-string'
import type {Repair} from './repair.ts'

const interjection = /^(?:certainly|sure(?: thing)?|of course|absolutely|great|okay|ok|understood|got it|no problem|gladly)\b\s*[!,.:–—-]/i
const announcement = /^(?:here(?:'s|’s| is| are| you go)|below (?:is|are|you)|the following (?:is|are)|i(?:'ve|’ve| have| will|'ll|’ll)\b|as requested|let(?:'s|’s) )/i
const metaWords = /\b(?:requested|you asked|as requested|for you|in markdown|markdown format|heading level|bulleted list|glossary format|the section you|per your)\b/i
const closing = /^(?:i hope\b|hope (?:this|that)\b|let me know\b|please let me know\b|feel free\b|if you(?:'d|’d)? (?:have|need|would|want|like)\b|would you like\b|is there anything\b|happy to\b|do you want me\b|shall i\b)/i
const closingWords = /\b(?:let me know|feel free|help|helps|helpful|questions?|adjust|refine|expand|anything else|further|more detail|would you like|changes|revise)\b/i
const maxLength = 320

/** Takes off a model's words about its own answer, before and behind the text. Never the only block, never a real sentence. */
export function dropChatter(root: Root): Repair[] {
  const repairs: Repair[] = []
  const first = root.children[0]
  if (first !== undefined && root.children.length > 1 && isLeadIn(first, root.children[1] as RootContent)) {
    repairs.push({ruleId: 'chatter', detail: excerpt(first)})
    root.children.shift()
    if (root.children[0]?.type === 'thematicBreak' && root.children.length > 1) root.children.shift()
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
  if (node.type !== 'paragraph') return false
  const text = nodeText(node).replace(/\s+/g, ' ').trim()
  if (text.length > maxLength) return false
  const rest = text.replace(interjection, '').trim()
  if (rest !== text) return rest === '' || announcement.test(rest) || /^i\b/i.test(rest)
  if (!announcement.test(text) || !/[:.!]$/.test(text)) return false
  return metaWords.test(text) || (text.endsWith(':') && next.type === 'heading')
}

function isClosing(node: RootContent): boolean {
  if (node.type !== 'paragraph') return false
  const text = nodeText(node).replace(/\s+/g, ' ').trim()
  return text.length <= maxLength && closing.test(text) && closingWords.test(text) && !text.includes('```')
}

function excerpt(node: RootContent): string {
  const text = nodeText(node).replace(/\s+/g, ' ').trim()
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
