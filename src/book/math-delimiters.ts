import type {Root} from 'mdast'
import {eachNode} from '../syntax/each-node.ts'
import {parseMarkdown} from '../syntax/parse-markdown.ts'
import type {Repair} from './repair.ts'

/**
 * A formula between TeX's own delimiters, or between dollars; what Markdown reads as an escape is not one by itself.
 * Lengths are bounded, so that a text of nothing but delimiters takes no longer.
 */
const formula =
  /(?<![\\a-zA-Z])\\\(([^\n`]{1,400}?)(?<!\\)\\\)|^([ \t]*)\\\[((?:[^\n`]|\n(?![ \t]*\n)){1,4000}?)(?<!\\)\\\][ \t]*$|(?<!\\)\\\[([^\n`]{1,400}?)(?<!\\)\\\]|^([ \t]*)\$\$((?:[^\n`$]|\n(?![ \t]*\n)){1,4000}?)\$\$[ \t]*$|(?<![\\$\w])\$(?=\S)([^\n`$]{0,200}?(?:\\[a-zA-Z]|[_^]\{)[^\n`$]{0,200}?)(?<=\S)\$(?![\d$])/gm
const looksLikeMath =
  /\\[a-zA-Z]+|[\^_=<>+]|^\s*-?[\d.,\s]*[a-zA-Z]['′]?\s*$|^\s*[a-zA-Z\d]+(?:\s*[*/-]\s*[a-zA-Z\d]+){1,9}\s*$/
/** What a bracket within a line must hold: `\[x\]`, `\[a-z\]` and `\[topic_name\]` are brackets that were escaped. */
const isSurelyMath = /\\[a-zA-Z]+|\^|_\{|\s[=<>+]\s|^\s*[a-zA-Z]['′]?\s*=/

/**
 * Writes formulas as code, which Markdown leaves as it is: `\(x\)` as `` $`x`$ ``, and `\[x\]` or `$$x$$` on lines of
 * their own as a fence of `math`. Between the delimiters of TeX, Markdown would take backslashes and stars away.
 */
export function fenceMath(text: string): {text: string; repairs: Repair[]} {
  if (!/\\[([]|\$/.test(text)) return {text, repairs: []}
  const found = [...text.matchAll(formula)].filter(isMath)
  if (found.length === 0) return {text, repairs: []}
  const opaque = opaqueRanges(parseMarkdown(text))
  const pieces: string[] = []
  const shown: string[] = []
  let at = 0
  for (const match of found) {
    const end = match.index + match[0].length
    if (opaque.some((range) => range.start < end && match.index < range.end)) continue
    pieces.push(text.slice(at, match.index), write(match))
    shown.push(contentOf(match).trim())
    at = end
  }
  if (shown.length === 0) return {text, repairs: []}
  const detail = shown.slice(0, 3).join(' ').replace(/\s+/g, ' ').slice(0, 60)
  return {text: pieces.join('') + text.slice(at), repairs: [{ruleId: 'math-delimiters', detail}]}
}

function contentOf(match: RegExpExecArray): string {
  return [1, 3, 4, 6, 7].map((group) => match[group]).find((part) => part !== undefined) ?? ''
}

function isMath(match: RegExpExecArray): boolean {
  return (match[4] === undefined ? looksLikeMath : isSurelyMath).test(contentOf(match))
}

function write(match: RegExpExecArray): string {
  const content = contentOf(match).trim()
  const indent = match[2] ?? match[5]
  if (indent === undefined) return `$\`${content}\`$`
  const lines = content.split('\n').map((line) => indent + line.trim())
  return `${indent}\`\`\`math\n${lines.join('\n')}\n${indent}\`\`\``
}

/** Where code and raw HTML stand, which hold no formulas. */
function opaqueRanges(root: Root): {start: number; end: number}[] {
  const ranges: {start: number; end: number}[] = []
  eachNode(root, (node) => {
    if (node.type !== 'code' && node.type !== 'inlineCode' && node.type !== 'html' && node.type !== 'link') return
    ranges.push({start: node.position?.start.offset ?? 0, end: node.position?.end.offset ?? 0})
  })
  return ranges
}
