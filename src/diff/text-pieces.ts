import {diffLines, diffWordsWithSpace} from 'diff'

/** A stretch of two texts that is the same in both, or stands in one of them alone. */
export interface TextPiece {
  readonly type: 'same' | 'removed' | 'added'
  readonly text: string
}

/** Lines, or words of a stretch of lines, beyond which two texts count as wholly different; time grows with its square. */
const mostEdits = 2000

/**
 * What differs between two texts: lines first, then words within lines that changed. The removed and the same pieces
 * give the text before, the added and the same ones the text after.
 */
export function textPieces(before: string, after: string): TextPiece[] {
  if (before === after) return joined([{type: 'same', text: before}])
  const lines = diffLines(before, after, {maxEditLength: mostEdits})
  if (lines === undefined) return replaced(before, after)
  const pieces: TextPiece[] = []
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] as (typeof lines)[number]
    const next = lines[at + 1]
    if (line.removed && next?.added === true) {
      pieces.push(...wordPieces(line.value, next.value))
      at++
    } else pieces.push({type: line.removed ? 'removed' : line.added ? 'added' : 'same', text: line.value})
  }
  return joined(pieces)
}

function wordPieces(before: string, after: string): TextPiece[] {
  const words = diffWordsWithSpace(before, after, {maxEditLength: mostEdits})
  return (
    words?.map(({value, added, removed}) => ({type: removed ? 'removed' : added ? 'added' : 'same', text: value})) ??
    replaced(before, after)
  )
}

function replaced(before: string, after: string): TextPiece[] {
  return joined([
    {type: 'removed', text: before},
    {type: 'added', text: after},
  ])
}

/** Pieces without empty ones, and with neighbours of one type as one. */
function joined(pieces: readonly TextPiece[]): TextPiece[] {
  const all: TextPiece[] = []
  for (const piece of pieces) {
    const last = all.at(-1)
    if (piece.text === '') continue
    if (last?.type === piece.type) all[all.length - 1] = {type: piece.type, text: last.text + piece.text}
    else all.push(piece)
  }
  return all
}
