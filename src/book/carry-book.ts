import {blockEdits} from './block-edits.ts'
import {type BookParts, type CarriedEdits, carryEdits} from './carry-edits.ts'
import {applyLineEdits, type LineEdit, lineEdits, rebaseEdits} from './line-edits.ts'
import type {BlockedEdit} from './own-edits.ts'
import {isSameMarkdown} from './same-book.ts'

/**
 * Carries what was changed of a book, from `written` to `edited`, into the texts that it is put together of now: line by
 * line, or where that fails, block by block, past what a formatter changed. What was written may be an older book.
 */
export function carryBook(parts: BookParts, written: string, edited: string): CarriedEdits {
  const [was, is] = [written.split('\n'), edited.split('\n')]
  const first = carryRebased(parts, was, lineEdits(was, is))
  if (first.type !== 'blocked') return first
  const edits = blockEdits(written, edited)
  if (!isSameMarkdown(applyLineEdits(was, edits).join('\n'), edited)) return first
  const second = carryRebased(parts, was, edits)
  return second.type === 'blocked' && second.edits.length >= first.edits.length ? first : second
}

function carryRebased(parts: BookParts, was: readonly string[], changes: readonly LineEdit[]): CarriedEdits {
  const {edits, conflicts} = rebaseEdits(was, parts.book.markdown.split('\n'), changes)
  const carried = carryEdits(parts, edits)
  const met = conflicts.map(({line}): BlockedEdit => ({line, because: 'both'}))
  if (carried.type === 'carried' && met.length === 0) return carried
  const blocked = [...met, ...(carried.type === 'blocked' ? carried.edits : [])]
  return {type: 'blocked', edits: blocked.sort((one, other) => one.line - other.line)}
}
