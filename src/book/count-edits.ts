import {type LineEdit, lineEdits} from './line-edits.ts'

/** How many edits a reader would count: each sentence that was changed is one, and what was put in or taken out at one place. */
export function countEdits(base: readonly string[], edits: readonly LineEdit[]): number {
  let count = 0
  for (const {start, end, lines} of edits) {
    const changes = lineEdits(sentencesOf(base.slice(start, end)), sentencesOf(lines))
    for (const change of changes) {
      const replaced = change.end - change.start
      count += replaced === change.lines.length ? replaced : 1
    }
  }
  return Math.max(count, 1)
}

function sentencesOf(lines: readonly string[]): string[] {
  return lines.flatMap((line) => line.trim().split(/(?<=[.!?…])\s+/)).filter((sentence) => sentence !== '')
}
