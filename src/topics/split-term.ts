/** Longest term before a colon, in characters and words. */
const longestTerm = 90
const mostWords = 12

/** Takes `Term: description` or `**Term** – description` apart; a text without one is all head. */
export function splitTerm(text: string): {readonly head: string; readonly description: string} {
  const [, bold, behind] = /^(?:\*\*|__)(.+?)(?:\*\*|__)\s*(?:[:–—-]\s*)?(.*)$/.exec(text) ?? []
  if (bold !== undefined && behind !== undefined && bold.length <= longestTerm) {
    return {head: tidyHead(bold.replace(/:$/, '')), description: behind.trim()}
  }
  const at = separatorOf(text)
  if (at === undefined) return {head: tidyHead(text), description: ''}
  return {head: tidyHead(text.slice(0, at.start)), description: text.slice(at.end).trim()}
}

/** The first colon with a space behind it, or dash between spaces, outside of parentheses and code. */
function separatorOf(text: string): {readonly start: number; readonly end: number} | undefined {
  let depth = 0
  let isCode = false
  for (let at = 0; at < text.length && at <= longestTerm; at++) {
    const sign = text[at] as string
    if (sign === '`') isCode = !isCode
    if (isCode) continue
    if (sign === '(') depth++
    else if (sign === ')') depth = Math.max(0, depth - 1)
    if (depth > 0 || at === 0) continue
    const isColon = (sign === ':' && /\s/.test(text[at + 1] ?? ' ')) || sign === '：'
    const isDash = /[–—]/.test(sign) && text[at - 1] === ' ' && text[at + 1] === ' '
    if (!isColon && !isDash) continue
    if (text.slice(0, at).trim().split(/\s+/).length > mostWords) return undefined
    return {start: at, end: at + 1}
  }
  return undefined
}

function tidyHead(text: string): string {
  return text
    .replace(/\*\*|__/g, '')
    .replace(/^[*_]([^*_]+)[*_]$/, '$1')
    .trim()
    .replace(/(?<![.])[.;,:]$/, '')
    .trim()
}
