import {common, createLowlight} from 'lowlight'
import {escapeHtml} from './escape-html.ts'

/** Longer code is shown without colours: some grammars take more than linear time. */
const mostCharacters = 20_000

const lowlight = createLowlight(common)
lowlight.registerAlias({
  bash: ['console', 'shell-session', 'zsh'],
  ini: ['conf'],
  json: ['json5', 'jsonc'],
  yaml: ['k8s'],
})

interface HastNode {
  readonly type: string
  readonly value?: string
  readonly properties?: {readonly className?: unknown}
  readonly children?: readonly HastNode[]
}

/** A stretch of code and the classes that say what it is, without a prefix; the innermost last. */
export interface HighlightedRun {
  readonly value: string
  readonly classes: readonly string[]
}

/** Code as HTML whose spans have classes that begin with `hl-`; undefined for a language that is not known. */
export function highlightCode(code: string, language: string): string | undefined {
  return highlight(code, language, 'hl-')?.map(spanHtml).join('')
}

/** Code in stretches of one kind, in order; undefined for a language that is not known. */
export function highlightRuns(code: string, language: string): HighlightedRun[] | undefined {
  return highlight(code, language, '')?.flatMap((node) => runsOf(node, []))
}

function highlight(code: string, language: string, prefix: string): readonly HastNode[] | undefined {
  if (code.length > mostCharacters || !lowlight.registered(language)) return undefined
  try {
    return lowlight.highlight(language, code, {prefix}).children as readonly HastNode[]
  } catch {
    // A grammar that goes astray on what is none of its language; the code is shown without colours.
    return undefined
  }
}

function spanHtml({value, properties, children = []}: HastNode): string {
  if (value !== undefined) return escapeHtml(value)
  return `<span class="${classesOf(properties).join(' ')}">${children.map(spanHtml).join('')}</span>`
}

function runsOf({value, properties, children = []}: HastNode, classes: readonly string[]): HighlightedRun[] {
  if (value !== undefined) return [{value, classes}]
  const own = [...classes, ...classesOf(properties)]
  return children.flatMap((child) => runsOf(child, own))
}

function classesOf(properties: HastNode['properties']): string[] {
  const names = properties?.className
  return Array.isArray(names) ? names.map(String).filter((name) => /^[\w-]+$/.test(name)) : []
}
