import type {TextPiece} from '../diff/text-pieces.ts'
import type {RequestDifference} from './why-sent.ts'

/** Lines around a change that are shown. */
const contextLines = 2

/** What the request of now has other than the one that made the text: settings, then messages word by word. */
export function requestDiffLines(differences: readonly RequestDifference[]): string[] {
  return differences.flatMap((difference) => {
    if (difference.part !== 'message')
      return [`${difference.part}: [-${valueText(difference.was)}-] {+${valueText(difference.now)}+}`]
    return [`--- message ${difference.number}, ${difference.role} ---`, ...pieceLines(difference.pieces ?? [])]
  })
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Lines that changed, with removed words as `[-…-]` and added ones as `{+…+}`, and some lines around them. */
function pieceLines(pieces: readonly TextPiece[]): string[] {
  const lines: {text: string; isChanged: boolean}[] = [{text: '', isChanged: false}]
  for (const {type, text} of pieces) {
    const [open, close] = {same: ['', ''], removed: ['[-', '-]'], added: ['{+', '+}']}[type] as [string, string]
    for (const [at, part] of text.split('\n').entries()) {
      if (at > 0) lines.push({text: '', isChanged: false})
      const line = lines.at(-1) as {text: string; isChanged: boolean}
      if (part === '' && type !== 'same' && at > 0) continue
      line.text += part === '' ? '' : `${open}${part}${close}`
      line.isChanged ||= type !== 'same'
    }
  }
  const isShown = lines.map(() => false)
  lines.forEach(({isChanged}, at) => {
    if (isChanged) isShown.fill(true, Math.max(0, at - contextLines), at + contextLines + 1)
  })
  return lines.flatMap(({text}, at) => {
    if (isShown[at]) return [text]
    return at === 0 || isShown[at - 1] ? ['…'] : []
  })
}
