import type {Code} from 'mdast'
import type {BookBlock} from './book-nodes.ts'

/** A block of code, or the formula that is written as one. */
export function convertCode({lang, value, position}: Code): BookBlock {
  const line = position?.start.line
  const placed = line === undefined ? {} : {line}
  const language =
    /[\w+#.-]+/
      .exec(lang ?? '')?.[0]
      .toLowerCase()
      .replace(/^\.+/, '') ?? ''
  if (language === 'math') return {type: 'math', value: value.trim(), ...placed}
  return {
    type: 'code',
    ...(language === '' ? {} : {language}),
    value,
    longestLine: longest(value, /\n/),
    longestToken: longest(value, /\s/),
    ...placed,
  }
}

/** Characters of the longest piece between separators. */
function longest(text: string, separator: RegExp): number {
  return text.split(separator).reduce((most, piece) => Math.max(most, lengthOf(piece)), 0)
}

function lengthOf(piece: string): number {
  return /[\ud800-\udbff]/.test(piece) ? [...piece].length : piece.length
}
