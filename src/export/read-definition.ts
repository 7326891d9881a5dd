import type {BookPhrasing} from './book-nodes.ts'
import {dropLead} from './drop-lead.ts'
import {phrasingText} from './plain-text.ts'

/** A term with what is said of it. */
export interface Definition {
  readonly term: string
  /** As it is marked, without bold. */
  readonly label: readonly BookPhrasing[]
  readonly children: readonly BookPhrasing[]
}

/** Most characters of a term. */
const mostCharacters = 80

/** The definition that a paragraph is: `**Term**: …`, `` `term` – … ``; undefined for any other. */
export function readDefinition(nodes: readonly BookPhrasing[]): Definition | undefined {
  const [first, second] = nodes
  if (first?.type !== 'strong' && first?.type !== 'inlineCode') return undefined
  const written = phrasingText([first]).trim()
  const rest = second?.type === 'text' ? second.value : ''
  const separator = /^\s*(?:\([^)]*\)\s*)?[:–—-]\s*/.exec(rest)?.[0]
  const term = written.replace(/\s*[:.]$/, '')
  const isDefined = term !== written || separator !== undefined
  if (!isDefined || term === '' || term.length > mostCharacters) return undefined
  const behind = dropLead(nodes.slice(1), separator?.length ?? 0)
  if (phrasingText(behind).trim() === '') return undefined
  return {term, label: labelOf(first, term), children: trimStart(behind)}
}

function labelOf(node: BookPhrasing, term: string): readonly BookPhrasing[] {
  const inner = node.type === 'strong' ? node.children : [node]
  return inner.length === 1 && inner[0]?.type === 'inlineCode' ? inner : [{type: 'text', value: term}]
}

function trimStart(nodes: readonly BookPhrasing[]): readonly BookPhrasing[] {
  const [first] = nodes
  return first?.type === 'text' ? dropLead(nodes, first.value.length - first.value.trimStart().length) : nodes
}
