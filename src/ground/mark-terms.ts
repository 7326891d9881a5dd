import {findCodeSpans} from './code-spans.ts'

/** Puts terms in inline code wherever a block of prose has them as words of their own; code and links stay as they are. */
export function markTerms(block: string, terms: readonly string[]): string {
  const usable = terms.filter((term) => /^[^`\n]+$/.test(term) && /[\p{L}\p{N}]/u.test(term))
  if (usable.length === 0 || block.startsWith('```')) return block
  const longestFirst = [...usable].sort((left, right) => right.length - left.length)
  const names = longestFirst.map((term) => term.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&')).join('|')
  const pattern = new RegExp(`\\]\\([^)\\s]*\\)|(?<![\\p{L}\\p{N}\\\\])(?:${names})(?![\\p{L}\\p{N}])`, 'gu')
  const spans = findCodeSpans(block)
  return block.replace(pattern, (found, at: number) => {
    const isCode = spans.some(({start, end}) => start < at + found.length && at < end)
    return isCode || found.startsWith('](') ? found : `\`${found}\``
  })
}
