import {escapeHtml} from './html-page.ts'
import type {BlockKind} from './text-blocks.ts'
import type {Span} from './word-spans.ts'

/** A block in one of several columns. */
export interface SideCell {
  readonly kind: BlockKind
  readonly change: 'same' | 'added' | 'removed' | 'changed'
  readonly spans: readonly Span[]
}

/** Texts beside each other, such as one before and after, or several candidates. */
export interface SideBySide {
  /** One for each column. */
  readonly headings: readonly string[]
  /** Each with a cell for each column, undefined where it has nothing there. */
  readonly rows: readonly (readonly (SideCell | undefined)[])[]
}

/** Texts in columns as an HTML table, for a page of `htmlPage`. */
export function sideBySideHtml({headings, rows}: SideBySide): string {
  const head = headings.map((heading) => `<th scope="col">${escapeHtml(heading)}</th>`).join('')
  const body = rows.map((cells) => `<tr>${cells.map(cellHtml).join('')}</tr>`).join('\n')
  return `<table class="columns"><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table>`
}

function cellHtml(cell: SideCell | undefined): string {
  if (cell === undefined) return '<td></td>'
  const {kind, change, spans} = cell
  const isWhole = change === 'added' || change === 'removed'
  const html = spans.map((span) => spanHtml(span, isWhole)).join('')
  return `<td class="${kind}${isWhole ? ` ${change}` : ''}">${html}</td>`
}

/** A block that is new as a whole is known by its colour, and to a reader of the page by its element all the same. */
function spanHtml({change, text}: Span, isWhole: boolean): string {
  const safe = escapeHtml(text)
  if (change === 'same') return safe
  const tag = change === 'added' ? 'ins' : 'del'
  return isWhole ? `<${tag} class="whole">${safe}</${tag}>` : `<${tag}>${safe}</${tag}>`
}
