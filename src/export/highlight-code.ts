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

/** Code as HTML whose spans have classes that begin with `hl-`; undefined for a language that is not known. */
export function highlightCode(code: string, language: string): string | undefined {
  if (code.length > mostCharacters || !lowlight.registered(language)) return undefined
  try {
    const {children} = lowlight.highlight(language, code, {prefix: 'hl-'})
    return (children as readonly HastNode[]).map(spanHtml).join('')
  } catch {
    // A grammar that goes astray on what is none of its language; the code is shown without colours.
    return undefined
  }
}

function spanHtml({value, properties, children = []}: HastNode): string {
  if (value !== undefined) return escapeHtml(value)
  const names = properties?.className
  const classes = Array.isArray(names) ? names.filter((name) => /^[\w-]+$/.test(String(name))).join(' ') : ''
  return `<span class="${classes}">${children.map(spanHtml).join('')}</span>`
}
