import {isClosingText, isLeadInText} from './drop-chatter.ts'
import type {Repair} from './repair.ts'

interface FenceLine {
  readonly line: number
  readonly character: string
  readonly length: number
  readonly language: string
}

/** Takes off one ```` ```markdown ```` fence around the whole completion, short text before and behind it aside. */
export function unwrapOuterFence(text: string): {text: string; repairs: Repair[]} {
  if (!/^ {0,3}(?:`{3}|~{3})/m.test(text)) return {text, repairs: []}
  const lines = text.split('\n')
  const fences = lines.flatMap((line, number) => readFence(line, number) ?? [])
  const [open] = fences
  if (open === undefined || !/^(?:markdown|md|mdx)$/i.test(open.language)) return {text, repairs: []}
  const before = lines.slice(0, open.line).join('\n').trim()
  if (before !== '' && !isLeadInText(before, true)) return {text, repairs: []}
  const close = findClose(open, fences, lines)
  if (close === undefined) return {text, repairs: []}
  const inside = lines.slice(open.line + 1, close)
  const behind = lines.slice(close + 1)
  const unwrapped = [before, inside.join('\n'), behind.join('\n').trim()]
    .filter((part) => part.trim() !== '')
    .join('\n\n')
  return {text: unwrapped, repairs: [{ruleId: 'outer-completion-fence', detail: (lines[open.line] as string).trim()}]}
}

/** Line of the fence that closes the outer one; the number of lines when it was never closed; undefined if content follows it. */
function findClose(open: FenceLine, fences: readonly FenceLine[], lines: readonly string[]): number | undefined {
  const rest = fences.slice(1)
  const nested = closeByNesting(open, rest)
  if (nested === undefined) return isClosedForParsers(open, rest) ? undefined : lines.length
  if (isOnlyChatter(lines.slice(nested.line + 1))) return nested.line
  // Fences without a language inside look like the end of the outer one: then the last fence of all must be its end.
  if (looksLikeEnd(nested, lines)) return undefined
  const last = rest.at(-1) as FenceLine
  const isEnd = isCloser(open, last) && isOnlyChatter(lines.slice(last.line + 1)) && isPaired(rest.slice(0, -1), lines)
  return isEnd ? last.line : undefined
}

/** The fence that closes the outer one when a fence with a language opens a block inside and a bare one closes it. */
function closeByNesting(open: FenceLine, rest: readonly FenceLine[]): FenceLine | undefined {
  let inner: FenceLine | undefined
  for (const fence of rest) {
    if (inner !== undefined) {
      if (isCloser(inner, fence)) inner = undefined
    } else if (isCloser(open, fence)) return fence
    else inner = fence
  }
  return undefined
}

function isCloser(open: FenceLine, fence: FenceLine): boolean {
  return fence.language === '' && fence.character === open.character && fence.length >= open.length
}

/** Whether what never closes within is of another kind, so that every parser sees the outer fence closed early. */
function isClosedForParsers(open: FenceLine, rest: readonly FenceLine[]): boolean {
  const other = rest.find(({character}) => character !== open.character)
  const close = rest.findIndex((fence) => isCloser(open, fence))
  return other !== undefined && close !== -1 && rest.slice(close + 1).some(({language}) => language !== '')
}

/** Whether a fence has its block above it and nothing right below, and so closes one more likely than it opens one. */
function looksLikeEnd({line}: FenceLine, lines: readonly string[]): boolean {
  return lines[line - 1]?.trim() !== '' && (lines[line + 1] ?? '').trim() === ''
}

/** Whether fences open and close in turn around something, none with a language where one must close. */
function isPaired(fences: readonly FenceLine[], lines: readonly string[]): boolean {
  let open: FenceLine | undefined
  for (const fence of fences) {
    if (open === undefined) open = fence
    else if (isCloser(open, fence)) {
      if (lines.slice(open.line + 1, fence.line).every((line) => line.trim() === '')) return false
      open = undefined
    } else if (fence.language !== '') return false
  }
  return open === undefined
}

function isOnlyChatter(lines: readonly string[]): boolean {
  const rest = lines.join('\n').trim()
  return rest === '' || (!rest.includes('\n\n') && isClosingText(rest))
}

function readFence(line: string, number: number): FenceLine[] | undefined {
  const match = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})[ \t]*([^`\s]*)/.exec(line)
  if (match === null) return undefined
  const marks = match[1] as string
  return [{line: number, character: marks[0] as string, length: marks.length, language: match[2] as string}]
}
