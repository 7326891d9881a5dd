import {alignLines} from './align-lines.ts'

/** A change of a text by lines: those from `start` up to `end`, counted from 0, become `lines`. */
export interface LineEdit {
  readonly start: number
  readonly end: number
  readonly lines: readonly string[]
  /** Where it stands in the changed text, a line counted from 1. */
  readonly line: number
}

/** Largest number of pairs of lines between two anchors that are compared one by one; of more, all count as changed. */
const mostPairs = 4_000_000

/** What was changed between two texts, in order; edits never touch each other. */
export function lineEdits(before: readonly string[], after: readonly string[]): LineEdit[] {
  const edits: LineEdit[] = []
  const aligned = alignLines(before, after)
  let from = 0
  let to = 0
  const close = (end: number, until: number): void => {
    if (end > from || until > to) edits.push(...refine(before, after, [from, end], [to, until]))
  }
  aligned.forEach((was, at) => {
    if (was === undefined) return
    close(was, at)
    from = was + 1
    to = at + 1
  })
  close(before.length, after.length)
  return edits
}

/** The text with its edits, which rise. */
export function applyLineEdits(before: readonly string[], edits: readonly LineEdit[]): string[] {
  const made: string[] = []
  let at = 0
  for (const {start, end, lines} of edits) {
    made.push(...before.slice(at, start), ...lines)
    at = end
  }
  return [...made, ...before.slice(at)]
}

/**
 * Edits of one text as edits of another that was made of it, and those that meet a change of that one. What changes other
 * words of the same lines does not meet it.
 */
export function rebaseEdits(
  before: readonly string[],
  other: readonly string[],
  edits: readonly LineEdit[],
  merge: (before: readonly string[], change: LineEdit, edit: LineEdit) => LineEdit | undefined = mergeWords,
): {readonly edits: readonly LineEdit[]; readonly conflicts: readonly LineEdit[]} {
  const changes = lineEdits(before, other)
  const conflicts: LineEdit[] = []
  const rebased: LineEdit[] = []
  let next = 0
  let shift = 0
  for (const edit of edits) {
    while (next < changes.length && (changes[next] as LineEdit).end < edit.start) {
      const {start, end, lines} = changes[next++] as LineEdit
      shift += lines.length - (end - start)
    }
    const meeting = changes[next]
    if (meeting === undefined || meeting.start > edit.end) {
      rebased.push({...edit, start: edit.start + shift, end: edit.end + shift})
    } else if (!isSame(meeting, edit)) {
      const merged = merge(before, meeting, edit)
      if (merged === undefined) conflicts.push(edit)
      else rebased.push({...merged, start: merged.start + shift, end: merged.start + shift + meeting.lines.length})
    }
  }
  return {edits: rebased, conflicts}
}

/** An edit of lines that were changed otherwise as well, where the two change different words of them. */
function mergeWords(before: readonly string[], change: LineEdit, edit: LineEdit): LineEdit | undefined {
  if (change.start !== edit.start || change.end !== edit.end || edit.start === edit.end) return undefined
  const [was, other, is] = [before.slice(edit.start, edit.end), change.lines, edit.lines].map((lines) =>
    lines.join('\n').split(/([^\p{L}\p{N}]+)/u),
  ) as [string[], string[], string[]]
  const {edits, conflicts} = rebaseEdits(was, other, lineEdits(was, is), () => undefined)
  if (conflicts.length > 0) return undefined
  return {...edit, lines: applyLineEdits(other, edits).join('').split('\n')}
}

function isSame(one: LineEdit, other: LineEdit): boolean {
  return one.start === other.start && one.end === other.end && one.lines.join('\n') === other.lines.join('\n')
}

/** The smallest edits between two stretches: lines of a longest common subsequence stay. */
function refine(
  before: readonly string[],
  after: readonly string[],
  [from, end]: readonly [number, number],
  [to, until]: readonly [number, number],
): LineEdit[] {
  const height = end - from
  const width = until - to
  const whole = {start: from, end, lines: after.slice(to, until), line: to + 1}
  if (height === 0 || width === 0 || height * width > mostPairs) return [whole]
  // lengths[row * (width + 1) + column]: of the longest common subsequence from there on.
  const lengths = new Uint32Array((height + 1) * (width + 1))
  const at = (row: number, column: number): number => lengths[row * (width + 1) + column] as number
  for (let row = height - 1; row >= 0; row--) {
    for (let column = width - 1; column >= 0; column--) {
      const isEqual = before[from + row] === after[to + column]
      lengths[row * (width + 1) + column] = isEqual
        ? at(row + 1, column + 1) + 1
        : Math.max(at(row + 1, column), at(row, column + 1))
    }
  }
  const edits: LineEdit[] = []
  let row = 0
  let column = 0
  while (row < height || column < width) {
    const [startRow, startColumn] = [row, column]
    while (
      (row < height || column < width) &&
      !(row < height && column < width && before[from + row] === after[to + column])
    ) {
      if (column === width || (row < height && at(row + 1, column) >= at(row, column + 1))) row++
      else column++
    }
    if (row > startRow || column > startColumn) {
      const lines = after.slice(to + startColumn, to + column)
      edits.push({start: from + startRow, end: from + row, lines, line: to + startColumn + 1})
    }
    while (row < height && column < width && before[from + row] === after[to + column]) {
      row++
      column++
    }
  }
  return edits
}
