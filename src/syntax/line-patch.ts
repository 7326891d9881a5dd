import type {SourceEdit} from '../model/outline.ts'
import {applyEdits} from './fix-outline.ts'
import {LineIndex} from './line-index.ts'

/** Lines of context around a change, as `diff -u` has them. */
const contextLines = 3

interface Change {
  /** Lines of the source, from 0; the end is not included. */
  readonly from: number
  readonly to: number
  readonly lines: readonly string[]
}

/** A unified patch of what edits change, with paths `a/…` and `b/…`; empty when there are none. */
export function linePatch(path: string, source: string, edits: readonly SourceEdit[]): string {
  if (edits.length === 0) return ''
  const index = new LineIndex(source)
  const changes = collectChanges(index, edits)
  const hunks: string[] = []
  let added = 0
  for (let at = 0; at < changes.length; ) {
    let until = at + 1
    while (
      until < changes.length &&
      (changes[until] as Change).from - (changes[until - 1] as Change).to <= contextLines * 2
    )
      until++
    const group = changes.slice(at, until)
    const {text, delta} = formatHunk(index, group, added)
    hunks.push(text)
    added += delta
    at = until
  }
  return `--- a/${path}\n+++ b/${path}\n${hunks.join('')}`
}

function collectChanges(index: LineIndex, edits: readonly SourceEdit[]): Change[] {
  const changes: Change[] = []
  for (let at = 0; at < edits.length; ) {
    const first = edits[at] as SourceEdit
    const from = index.lineAt(first.start)
    let to = index.lineAt(first.end) + 1
    let until = at + 1
    while (until < edits.length && index.lineAt((edits[until] as SourceEdit).start) < to) {
      to = Math.max(to, index.lineAt((edits[until] as SourceEdit).end) + 1)
      until++
    }
    const start = index.start(from)
    const end = index.start(to)
    const own = edits
      .slice(at, until)
      .map((edit) => ({start: edit.start - start, end: edit.end - start, text: edit.text}))
    changes.push({from, to, lines: splitLines(applyEdits(index.text.slice(start, end), own))})
    at = until
  }
  return changes
}

function formatHunk(index: LineIndex, group: readonly Change[], added: number): {text: string; delta: number} {
  const first = group[0] as Change
  const last = group.at(-1) as Change
  const count = index.start(index.count - 1) === index.text.length ? index.count - 1 : index.count
  const from = Math.max(0, first.from - contextLines)
  const to = Math.min(count, last.to + contextLines)
  const lines: string[] = []
  let at = from
  let delta = 0
  const put = (mark: string, line: string): void => {
    lines.push(/[\n\r]$/.test(line) ? mark + line : `${mark}${line}\n\\ No newline at end of file\n`)
  }
  const wholeLine = (line: number): string => index.text.slice(index.start(line), index.start(line + 1))
  for (const change of group) {
    for (; at < change.from; at++) put(' ', wholeLine(at))
    const until = Math.min(change.to, count)
    for (; at < until; at++) put('-', wholeLine(at))
    for (const line of change.lines) put('+', line)
    delta += change.lines.length - (until - change.from)
  }
  for (; at < to; at++) put(' ', wholeLine(at))
  const oldCount = to - from
  return {text: `@@ -${from + 1},${oldCount} +${from + 1 + added},${oldCount + delta} @@\n${lines.join('')}`, delta}
}

/** Lines with their line ends. */
function splitLines(text: string): string[] {
  return text.match(/[^\n\r]*(?:\r\n|\n|\r)|[^\n\r]+$/g) ?? []
}
