import type {BlockDiff, TextDiff} from './diff-texts.ts'
import {joinSpans, type Span} from './word-spans.ts'

/** A line of a comparison of two texts, as a terminal shows it. */
export interface DiffLine {
  /** What the line is as a whole: the same, new, gone, partly either; or a note about what is left out. */
  readonly type: 'same' | 'added' | 'removed' | 'changed' | 'note'
  readonly spans: readonly Span[]
}

/** Lines of code that are shown around those that changed. */
const shownAround = 2

/** The blocks of a comparison as lines; those that are the same are left out and counted. */
export function diffLines({blocks}: Pick<TextDiff, 'blocks'>): DiffLine[] {
  const lines: DiffLine[] = []
  let same = 0
  const closeSame = (): void => {
    if (same > 0) lines.push(note(`${same} ${same === 1 ? 'block' : 'blocks'} unchanged`))
    same = 0
  }
  for (const block of blocks) {
    if (block.change === 'same') same++
    else {
      closeSame()
      lines.push(...withoutDistant(blockLines(block)))
    }
  }
  closeSame()
  return lines
}

/** The lines of one block. */
export function blockLines({spans}: Pick<BlockDiff, 'spans'>): DiffLine[] {
  const lines: Span[][] = [[]]
  for (const {change, text} of spans) {
    const parts = text.split('\n')
    parts.forEach((part, at) => {
      if (at > 0) lines.push([])
      lines.at(-1)?.push({change, text: part})
    })
  }
  return joinCodeLines(lines).map((own) => {
    const kinds = new Set(own.filter(({text}) => text.trim() !== '').map(({change}) => change))
    const [only = own[0]?.change ?? 'same'] = kinds
    return {type: kinds.size > 1 ? 'changed' : only, spans: joinSpans(own)}
  })
}

/** Takes out the empty pieces before the line ends that stand at the start of a span. */
function joinCodeLines(lines: readonly Span[][]): Span[][] {
  return lines.map((line) => {
    const full = line.filter(({text}) => text !== '')
    return full.length > 0 ? full : line.slice(-1)
  })
}

function withoutDistant(lines: readonly DiffLine[]): DiffLine[] {
  const isNear = (at: number): boolean =>
    lines.slice(Math.max(0, at - shownAround), at + shownAround + 1).some(({type}) => type !== 'same')
  const shown: DiffLine[] = []
  let left = 0
  const closeLeft = (): void => {
    if (left > 0) shown.push(note(`${left} ${left === 1 ? 'line' : 'lines'} unchanged`))
    left = 0
  }
  lines.forEach((line, at) => {
    if (!isNear(at)) left++
    else {
      closeLeft()
      shown.push(line)
    }
  })
  closeLeft()
  return shown
}

function note(text: string): DiffLine {
  return {type: 'note', spans: [{change: 'same', text}]}
}
