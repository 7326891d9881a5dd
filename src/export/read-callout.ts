import type {BookBlock, BookCallout, BookPhrasing, CalloutKind} from './book-nodes.ts'
import {phrasingText} from './plain-text.ts'

/** Words that call-outs begin with; those of a kind's own row are its name and no title. */
const words: readonly (readonly [CalloutKind, RegExp])[] = [
  ['note', /^(?:note|notes|info|information|remember|definition|example|hinweis|remarque|nota|merke)$/i],
  ['tip', /^(?:(?:exam |pro |quick )?tips?|hint|best practice|tipp|astuce|conseil|consejo)$/i],
  ['important', /^(?:important|key (?:point|takeaway|idea)|exam (?:signal|alert)|wichtig|importante)$/i],
  [
    'warning',
    /^(?:warning|beware|attention|common (?:mistake|pitfall)|pitfall|warnung|achtung|advertencia|avertissement)$/i,
  ],
  ['caution', /^(?:caution|danger|vorsicht|gefahr|cuidado|précaution)$/i],
]

const alert = /^\[!(note|tip|important|warning|caution)\](?:[-+]?)[ \t]*([^\n]*)(?:\n|$)/i

/** The call-out that a block quote is; undefined for an ordinary quotation. */
export function readCallout(children: readonly BookBlock[], line?: number): BookCallout | undefined {
  const [first, ...rest] = children
  if (first?.type !== 'paragraph') return undefined
  const lead = readAlert(first.children) ?? readLabel(first.children)
  if (lead === undefined) return undefined
  const {kind, title, behind} = lead
  const own = behind.length === 0 ? [] : [{...first, children: behind}]
  return {
    type: 'callout',
    kind,
    ...(title === '' || title.toLowerCase() === kind ? {} : {title}),
    children: [...own, ...rest],
    ...(line === undefined ? {} : {line}),
  }
}

interface Lead {
  readonly kind: CalloutKind
  readonly title: string
  /** What of the first paragraph is behind the mark. */
  readonly behind: readonly BookPhrasing[]
}

/** `[!NOTE]` on a line of its own, as GitHub has it; with a title behind it, as others do. */
function readAlert([first, ...rest]: readonly BookPhrasing[]): Lead | undefined {
  if (first?.type !== 'text') return undefined
  const match = alert.exec(first.value)
  if (match === null) return undefined
  const [whole, kind = '', title = ''] = match
  const behind = first.value.slice(whole.length)
  // A title that goes on in other nodes is no title.
  const isWholeLine = whole.endsWith('\n') || rest.length === 0 || rest[0]?.type === 'break'
  const shown = isWholeLine ? title.trim() : ''
  const text = isWholeLine ? behind : title + behind
  const kept = rest[0]?.type === 'break' && text === '' ? rest.slice(1) : rest
  return {
    kind: kind.toLowerCase() as CalloutKind,
    title: shown,
    behind: [...(text === '' ? [] : [{type: 'text', value: text} as const]), ...kept],
  }
}

/** `**Note:** text`, with or without a sign before it. */
function readLabel(nodes: readonly BookPhrasing[]): Lead | undefined {
  const isSign = nodes[0]?.type === 'text' && /^[^\p{L}\p{N}]{1,4}$/u.test(nodes[0].value)
  const [label, next, ...rest] = isSign ? nodes.slice(1) : nodes
  if (label?.type !== 'strong') return undefined
  const text = phrasingText(label.children).trim()
  const bare = text.replace(/^[^\p{L}]+/u, '').replace(/\s*[:.!–—-]+$/, '')
  const kind = words.find(([, pattern]) => pattern.test(bare))?.[0]
  if (kind === undefined) return undefined
  const behind = next?.type === 'text' ? next.value : undefined
  const isMarked =
    /[:.!–—-]$/.test(text) || next === undefined || next.type === 'break' || /^\s*(?:[:–—-]|\n)/.test(behind ?? '')
  if (!isMarked) return undefined
  const kept = behind === undefined ? next : {type: 'text' as const, value: behind.replace(/^\s*[:–—-]?\s*/, '')}
  const isEmpty = kept === undefined || kept.type === 'break' || (kept.type === 'text' && kept.value === '')
  return {kind, title: bare, behind: isEmpty ? rest : [kept, ...rest]}
}
