import type {Root} from 'mdast'
import {eachNode} from '../syntax/each-node.ts'
import type {Repair} from './repair.ts'

const safeScheme = /^(?:https?|mailto):/i
const anyScheme = /^[a-z][a-z0-9+.-]*:/i

/** Takes links and images off whose scheme is none of http, https and mailto; their text stays. References to definitions must be resolved before. Fragments and relative paths stay. */
export function dropUnsafeLinks(root: Root): Repair[] {
  const dropped: string[] = []
  eachNode(root, (node, at, parent) => {
    if ((node.type !== 'link' && node.type !== 'image') || isSafe(node.url)) return
    dropped.push(node.url.slice(0, 40))
    if (node.type === 'link') {
      parent.children.splice(at, 1, ...(node.children as typeof parent.children))
      return at
    }
    parent.children[at] = {type: 'text', value: node.alt ?? ''}
    return
  })
  return dropped.length === 0 ? [] : [{ruleId: 'unsafe-link', detail: [...new Set(dropped)].slice(0, 5).join(' ')}]
}

function isSafe(url: string): boolean {
  // Browsers ignore white space and controls inside a scheme.
  const bare = [...url].filter((character) => (character.codePointAt(0) as number) > 0x20).join('')
  if (/^[/\\]{2}/.test(bare)) return false
  return !anyScheme.test(bare) || safeScheme.test(bare)
}
