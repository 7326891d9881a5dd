import {normaliseLineEnds} from '../model/content-address.ts'

/**
 * The prompt between the tags as the model gets it: LF line ends, the common indentation of the lines after the first
 * taken off, escapes undone where a quoted directive holds `\"`, white space around it trimmed.
 */
export function directiveValue(raw: string, isQuoted: boolean): string {
  const dedented = dedent(normaliseLineEnds(raw))
  const unescaped = isQuoted && dedented.includes('\\"') ? dedented.replace(/\\(["\\])/g, '$1') : dedented
  return unescaped.trim()
}

function dedent(text: string): string {
  const [first = '', ...rest] = text.split('\n')
  if (rest.length === 0) return text
  let common: string | undefined
  for (const line of rest) {
    if (line.trim() === '') continue
    const indent = /^[ \t]*/.exec(line)?.[0] ?? ''
    common = common === undefined ? indent : sharedPrefix(common, indent)
  }
  const width = common?.length ?? 0
  if (width === 0) return text
  return [first, ...rest.map((line) => line.slice(width))].join('\n')
}

function sharedPrefix(a: string, b: string): string {
  let length = 0
  while (length < a.length && a[length] === b[length]) length++
  return a.slice(0, length)
}
