import type {Code, Root} from 'mdast'
import {eachNode} from '../syntax/each-node.ts'
import {readMarkdown} from '../syntax/parse-markdown.ts'
import {closeBeforeNext} from './close-before-next.ts'
import type {Repair} from './repair.ts'

const maxRounds = 20
const bareFence = /^[>\s]*(`{3,}|~{3,})\s*$/

export interface ClosedFences {
  readonly text: string
  /** The text read, where that had to be done. */
  readonly root?: Root
  readonly repairs: readonly Repair[]
  /** Whether one was open where the text ended, so that more of it may be missing. */
  readonly isOpenAtEnd: boolean
}

/**
 * Closes fences that are open: before the next one that opens with a language; where a fence of another kind or length
 * was meant to close one, or one at the wrong indentation, it is made the right one; else the parser closes it at the
 * end of what holds it.
 */
export function closeFences(raw: string): ClosedFences {
  if (!/^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?:`{3}|~{3})/m.test(raw))
    return {text: raw, repairs: [], isOpenAtEnd: false}
  const {text, closed} = closeBeforeNext(raw)
  let current = readFences(text)
  const [first] = current.open
  const detail = closed ?? first?.lang ?? 'code'
  if (first === undefined) {
    const repairs: Repair[] = closed === undefined ? [] : [{ruleId: 'unclosed-completion-fence', detail}]
    return {text, root: current.root, repairs, isOpenAtEnd: false}
  }
  for (let round = 0; round < maxRounds; round++) {
    const better = mend(current.text, current.open)
    if (better === undefined) break
    current = better
  }
  const end = current.text.trimEnd().length
  const isOpenAtEnd = current.open.some((node) => (node.position?.end.offset ?? 0) >= end)
  for (const node of current.open) node.value = node.value.replace(/\s+$/, '')
  return {text: current.text, root: current.root, repairs: [{ruleId: 'unclosed-completion-fence', detail}], isOpenAtEnd}
}

interface Reading {
  readonly text: string
  readonly root: Root
  readonly open: readonly Code[]
}

function readFences(text: string): Reading {
  const root = readMarkdown(text)
  return {text, root, open: unclosedFences(root, text)}
}

/** The first change that leaves fewer fences open. */
function mend(text: string, open: readonly Code[]): Reading | undefined {
  for (const node of open) {
    const changed = closeAt(text, node)
    if (changed === undefined) continue
    const reading = readFences(changed)
    if (reading.open.length < open.length) return reading
  }
  return undefined
}

/** The text with the line that was meant to close a fence made to do so; lines inside an item are moved into it. */
function closeAt(text: string, node: Code): string | undefined {
  const lines = text.split('\n')
  const {start} = node.position as NonNullable<Code['position']>
  const opener = lines[start.line - 1] as string
  const before = opener.slice(0, start.column - 1)
  const marks = /`{3,}|~{3,}/.exec(opener.slice(start.column - 1))?.[0] as string
  const close = meantToClose(lines, start.line, marks)
  if (close === undefined) return undefined
  const lead = before.replace(/[^>\s]/g, ' ')
  const inside = lines.slice(start.line, close)
  const isQuoted = lead.includes('>')
  const least = Math.min(...inside.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)))
  const missing = isQuoted || !Number.isFinite(least) ? 0 : Math.max(0, lead.length - least)
  const moved = inside.map((line) => (line.trim() === '' ? line : ' '.repeat(missing) + line))
  lines.splice(start.line, close - start.line + 1, ...moved, lead + marks)
  return lines.join('\n')
}

/** The first bare fence behind an opener that closes no fence opened with a language in between. */
function meantToClose(lines: readonly string[], from: number, marks: string): number | undefined {
  let inner: string | undefined
  for (let at = from; at < lines.length; at++) {
    const line = lines[at] as string
    const bare = bareFence.exec(line)?.[1]
    if (bare === undefined) {
      const opened = /^[>\s]*(`{3,}(?=[^`]*$)|~{3,})/.exec(line)?.[1]
      if (opened !== undefined && inner === undefined && opened !== marks) inner = opened
    } else if (inner?.[0] === bare[0]) inner = undefined
    else return endsBlock(lines[at + 1]) ? at : undefined
  }
  return undefined
}

/** Whether a line lets a block end above it: it is blank, or begins an item or a heading. */
function endsBlock(line: string | undefined): boolean {
  return line === undefined || /^[>\s]*(?:$|[-*+] |\d{1,9}[.)] |#{1,6} )/.test(line)
}

/** Fences that the parser had to close. A regular text, whose nodes have no position, leaves none open. */
function unclosedFences(root: Root, text: string): Code[] {
  const found: Code[] = []
  eachNode(root, (node) => {
    if (node.type !== 'code' || node.position === undefined) return
    const source = text.slice(node.position.start.offset, node.position.end.offset)
    const marks = /^(`{3,}|~{3,})/.exec(source)?.[1]
    if (marks === undefined) return
    const last = source.trimEnd().split('\n').slice(1).at(-1) ?? ''
    const closing = last.replace(/^[>\s]+/, '').trim()
    const isClosed = closing.length >= marks.length && [...closing].every((character) => character === marks[0])
    if (!isClosed) found.push(node)
  })
  return found
}
