import type {JobId} from '../model/job.ts'
import {applyLineEdits, type LineEdit} from './line-edits.ts'
import {isSameMarkdown} from './same-book.ts'
import type {LineOrigin} from './source-map.ts'

/** An edit of a book with the directives in whose text it may be, the likeliest first. */
export interface OwnedEdit {
  readonly edit: LineEdit
  readonly owners: readonly JobId[]
}

/** An edit that no directive's text can take. */
export interface BlockedEdit {
  /** Line of the edited book, from 1. */
  readonly line: number
  /** What stands in the way. */
  readonly because:
    | 'outline'
    | 'several'
    | 'unplaceable'
    | 'both'
    | 'missing'
    | 'unreadable'
    | 'unmerged'
    | 'bibliography'
  /** The directive whose text it would be in. */
  readonly id?: JobId
  /** The outline's line that it changes or stands behind. */
  readonly outlineLine?: number
}

/**
 * Finds the text that each edit of a book is in. What only changes the look of the author's own text, as a formatter
 * does, is left out. `empty` has the lines, from 0, at which texts would stand that hold nothing.
 */
export function ownEdits(
  base: readonly string[],
  origins: readonly LineOrigin[],
  edits: readonly LineEdit[],
  empty: ReadonlyMap<JobId, number> = new Map(),
): {readonly owned: readonly OwnedEdit[]; readonly blocked: readonly BlockedEdit[]} {
  const owned: OwnedEdit[] = []
  const blocked: BlockedEdit[] = []
  const dropped: LineEdit[] = []
  for (const edit of edits.flatMap((whole) => splitByOwner(whole, origins))) {
    const owners = ownersOf(edit, base, origins, empty)
    if (owners.length > 0) owned.push({edit, owners})
    else if (isSameMarkdown(base.slice(edit.start, edit.end).join('\n'), edit.lines.join('\n'))) dropped.push(edit)
    else blocked.push(blockedEdit(edit, base, origins))
  }
  if (dropped.length === 0 || blocked.length > 0) return {owned, blocked}
  const kept = owned.map(({edit}) => edit)
  const all = [...kept, ...dropped].sort((one, other) => one.start - other.start || one.end - other.end)
  const [without, present] = [applyLineEdits(base, kept), applyLineEdits(base, all)]
  if (isSameMarkdown(without.join('\n'), present.join('\n'))) return {owned, blocked}
  return {owned, blocked: dropped.map((edit) => blockedEdit(edit, base, origins))}
}

/** Lines that were changed one by one are taken one by one where they are of several texts. */
function splitByOwner(edit: LineEdit, origins: readonly LineOrigin[]): LineEdit[] {
  const {start, end, lines, line} = edit
  const ids = new Set(origins.slice(start, end).map(nameOf))
  if (ids.size < 2 || lines.length !== end - start) return [edit]
  const single: LineEdit[] = []
  lines.forEach((text, at) => {
    const last = single.at(-1)
    const isSameOwner = at > 0 && nameOf(origins[start + at]) === nameOf(origins[start + at - 1])
    if (last !== undefined && isSameOwner)
      single.splice(-1, 1, {...last, end: last.end + 1, lines: [...last.lines, text]})
    else single.push({start: start + at, end: start + at + 1, lines: [text], line: line + at})
  })
  return single
}

function nameOf(origin: LineOrigin | undefined): string {
  return origin?.type === 'directive' ? `directive ${origin.id}` : (origin?.type ?? '')
}

function ownersOf(
  {start, end}: LineEdit,
  base: readonly string[],
  origins: readonly LineOrigin[],
  empty: ReadonlyMap<JobId, number>,
): JobId[] {
  const replaced = origins.slice(start, end).filter((_, at) => base[start + at]?.trim() !== '')
  // A text that holds nothing stands on the line of its marker or label.
  const onLine = [...empty].filter(([, line]) => start <= line && line < end && base[line]?.trim() !== '')
  if (replaced.length === 1 && onLine.length === 1) return onLine.map(([id]) => id)
  const found = new Set(replaced.map((origin) => (origin.type === 'directive' ? origin.id : undefined)))
  if (found.size > 0) {
    const [only] = found
    return found.size === 1 && only !== undefined ? [only] : []
  }
  const [before, behind] = [lineBefore(start, base), lineBehind(end, base)]
  const here = [...empty].filter(([, line]) => before <= line && line <= behind).map(([id]) => id)
  const beside = [origins[before], origins[behind]].flatMap((origin) =>
    origin?.type === 'directive' ? [origin.id] : [],
  )
  return [...new Set([...here, ...beside])]
}

function blockedEdit(edit: LineEdit, base: readonly string[], origins: readonly LineOrigin[]): BlockedEdit {
  const {start, end, line} = edit
  const replaced = origins.slice(start, end).filter((_, at) => base[start + at]?.trim() !== '')
  const near = replaced.length > 0 ? replaced : [origins[lineBefore(start, base)] ?? origins[lineBehind(end, base)]]
  const outline = near.find((origin) => origin?.type === 'outline')
  if (outline?.type === 'outline') return {line, because: 'outline', outlineLine: outline.line}
  if (near.some((origin) => origin?.type === 'bibliography')) return {line, because: 'bibliography'}
  const directive = near.find((origin) => origin?.type === 'directive')
  return {line, because: 'several', ...(directive?.type === 'directive' ? {id: directive.id} : {})}
}

function lineBefore(start: number, base: readonly string[]): number {
  let at = start - 1
  while (at >= 0 && base[at]?.trim() === '') at--
  return at
}

function lineBehind(end: number, base: readonly string[]): number {
  let at = end
  while (at < base.length && base[at]?.trim() === '') at++
  return at
}
