import type {Html} from 'mdast'
import {eachNode} from '../syntax/each-node.ts'
import {parseMarkdown} from '../syntax/parse-markdown.ts'
import type {Repair} from './repair.ts'

const maxRounds = 20
const mayBeOpen = /<!|<\?|<(?:script|pre|style|textarea)\b/i
/** Beginnings of HTML that goes on to its own end, however many blank lines come. */
const ends: readonly (readonly [begin: RegExp, end: RegExp])[] = [
  [/^ {0,3}<!--/, /-->/],
  [/^ {0,3}<\?/, /\?>/],
  [/^ {0,3}<!\[CDATA\[/, /\]\]>/],
  [/^ {0,3}<![a-z]/i, />/],
  [/^ {0,3}<(?:script|pre|style|textarea)\b/i, /<\/(?:script|pre|style|textarea)>/i],
]

/** Shows the beginning of HTML that never ends as text, so that all behind it is read as the Markdown that it is. */
export function showOpenHtml(raw: string): {text: string; repairs: Repair[]} {
  const repairs: Repair[] = []
  let text = raw
  for (let round = 0; round < maxRounds && mayBeOpen.test(text); round++) {
    const open = findOpen(text)
    const at = open?.position?.start.offset
    if (open === undefined || at === undefined) break
    repairs.push({ruleId: 'unsafe-html', detail: open.value.trim().split('\n', 1)[0]?.slice(0, 40) ?? ''})
    const tag = text.indexOf('<', at)
    text = `${text.slice(0, tag)}${partLine(text, tag)}\\${text.slice(tag)}`
  }
  return {text, repairs}
}

function findOpen(text: string): Html | undefined {
  let found: Html | undefined
  eachNode(parseMarkdown(text), (node) => {
    if (found !== undefined || node.type !== 'html') return
    if (ends.some(([begin, end]) => begin.test(node.value) && !end.test(node.value))) found = node
  })
  return found
}

/** What parts a line from a paragraph right above it, which HTML ends and text goes on. */
function partLine(text: string, at: number): string {
  const start = text.lastIndexOf('\n', at - 1) + 1
  const lead = text.slice(start, at)
  const above = text.slice(text.lastIndexOf('\n', start - 2) + 1, Math.max(0, start - 1))
  return /^[ \t>]*$/.test(lead) && /[^\s>]/.test(above) ? `\n${lead}` : ''
}
