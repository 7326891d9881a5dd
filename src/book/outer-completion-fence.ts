import type {Repair} from './repair.ts'

interface FenceLine {
  readonly line: number
  readonly character: string
  readonly length: number
  readonly language: string
}

/** Takes off one ```` ```markdown ```` fence around the whole completion, short text before and behind it aside. */
export function unwrapOuterFence(text: string): {text: string; repairs: Repair[]} {
  const lines = text.split('\n')
  const fences = lines.flatMap((line, number) => readFence(line, number) ?? [])
  const [open] = fences
  if (open === undefined || !/^(?:markdown|md|mdx)$/i.test(open.language)) return {text, repairs: []}
  const before = lines.slice(0, open.line).join('\n').trim()
  if (before !== '' && (before.includes('\n\n') || before.length > 300 || !/[:!.]$/.test(before))) return {text, repairs: []}
  const close = findClose(open, fences, lines)
  if (close === undefined) return {text, repairs: []}
  const inside = lines.slice(open.line + 1, close)
  const behind = lines.slice(close + 1)
  const unwrapped = [before, inside.join('\n'), behind.join('\n').trim()].filter((part) => part.trim() !== '').join('\n\n')
  return {text: unwrapped, repairs: [{ruleId: 'outer-completion-fence', detail: (lines[open.line] as string).trim()}]}
}

/** Line of the fence that closes the outer one; the number of lines when it was never closed; undefined if content follows it. */
function findClose(open: FenceLine, fences: readonly FenceLine[], lines: readonly string[]): number | undefined {
  const closers = fences.slice(1).filter((fence) => isCloser(open, fence))
  const last = closers.at(-1)
  if (last === undefined) return lines.length
  const isNearEnd = isChatterBehind(lines.slice(last.line + 1))
  const inner = fences.filter((fence) => fence.line > open.line && fence.line < last.line)
  if (isNearEnd && isBalanced(inner)) return last.line
  // The last bare fence closes a fence inside: the outer one was never closed.
  if (isBalanced(fences.slice(1)) && isNearEnd) return lines.length
  return undefined
}

function isCloser(open: FenceLine, fence: FenceLine): boolean {
  return fence.language === '' && fence.character === open.character && fence.length >= open.length
}

/** Whether every fence among the lines is closed. */
function isBalanced(fences: readonly FenceLine[]): boolean {
  let open: FenceLine | undefined
  for (const fence of fences) {
    if (open === undefined) open = fence
    else if (isCloser(open, fence)) open = undefined
  }
  return open === undefined
}

function isChatterBehind(lines: readonly string[]): boolean {
  const rest = lines.join('\n').trim()
  return rest === '' || (rest.length <= 300 && !rest.includes('\n\n') && !/^(?:#|[-*+] |\d+[.)] |\||>)/.test(rest))
}

function readFence(line: string, number: number): FenceLine[] | undefined {
  const match = /^ {0,3}(`{3,}|~{3,})[ \t]*([^`\s]*)[^`]*$/.exec(line)
  if (match === null) return undefined
  const marks = match[1] as string
  return [{line: number, character: marks[0] as string, length: marks.length, language: match[2] as string}]
}
