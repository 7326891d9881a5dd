import type {Repair} from './repair.ts'

const tag = '(?:think|thinking|thought|thoughts|reasoning)'
const opening = new RegExp(`^ {0,3}(?:<(${tag})>|◁think▷|\\[THINK\\])`, 'i')
const closing = new RegExp(`(?:</${tag}>|◁/think▷|\\[/THINK\\])[ \\t]*`, 'i')
const untilClosing = new RegExp(`^(?:(?!\`\`\`|~~~|<${tag}>)[^])*?\\n[ \\t]*</${tag}>[ \\t]*\\n+`, 'i')
/** A line below which a block can begin: text about the tags may be wrapped before one. */
const endsParagraph = /^\s*(?:$|#{1,6}\s|<)|(?:`{3}|~{3})$/
const fence = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/

/**
 * Takes off reasoning that a model left: `<think>…</think>` that begins a block outside code, before the text also
 * without the opening tag. What is never closed stays: nobody knows where the text begins.
 */
export function dropThoughts(text: string): {text: string; repairs: Repair[]} {
  if (!/<\/(?:think|thought|reasoning)|◁\/think▷|\[\/THINK\]/i.test(text)) return {text, repairs: []}
  let rest = dropBlocks(text)
  if (rest === text) rest = text.slice(untilClosing.exec(text)?.[0].length ?? 0)
  if (rest === text || rest.trim() === '') return {text, repairs: []}
  return {text: rest, repairs: [{ruleId: 'leaked-thoughts', detail: `${text.length - rest.length} characters`}]}
}

/** The text without blocks that begin a block and are closed. */
function dropBlocks(text: string): string {
  const kept: string[] = []
  const lines = text.split('\n')
  let marks: string | undefined
  let isNoneLeft = false
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] as string
    const found = fence.exec(line)?.[1]
    if (found !== undefined) {
      if (marks === undefined) marks = found
      else if (found.startsWith(marks) && line.trim() === found) marks = undefined
    }
    const opened: RegExpExecArray | null =
      marks === undefined && !isNoneLeft && endsParagraph.test(kept.at(-1) ?? '') ? opening.exec(line) : null
    const end: BlockEnd | undefined = opened === null ? undefined : findEnd(lines, at, opened[0].length)
    isNoneLeft ||= opened !== null && end === undefined
    if (end === undefined) {
      kept.push(line)
      continue
    }
    at = end.line
    if (end.rest !== '') lines.splice(at + 1, 0, end.rest)
    else while (lines[at + 1]?.trim() === '') at++
  }
  return kept.join('\n')
}

interface BlockEnd {
  readonly line: number
  /** What stands behind the block on that line. */
  readonly rest: string
}

/** Where a block ends that opened in line `from`. */
function findEnd(lines: readonly string[], from: number, column: number): BlockEnd | undefined {
  for (let line = from; line < lines.length; line++) {
    const start = line === from ? column : 0
    const found = closing.exec((lines[line] as string).slice(start))
    if (found !== null) return {line, rest: (lines[line] as string).slice(start + found.index + found[0].length)}
  }
  return undefined
}
