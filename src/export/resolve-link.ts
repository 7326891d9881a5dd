import type {LinkTarget} from './book-nodes.ts'

const safeScheme = /^(?:https?|mailto):/i
const anyScheme = /^[a-z][a-z0-9+.-]*:/i
/** Anchors that programs make for footnotes, or that lead to the top of the page. */
const madeAnchor = /^(?:|top|(?:user-content-)?fn(?:ref)?[:-].*)$/

/** Where a link leads: `dead` for an anchor that is not there, undefined for what is not to be followed. */
export function resolveLink(url: string, anchors: ReadonlyMap<string, number>): LinkTarget | 'dead' | undefined {
  // Browsers ignore white space and controls inside a scheme.
  const bare = [...url].filter((character) => (character.codePointAt(0) as number) > 0x20).join('')
  if (safeScheme.test(bare)) return {type: 'external', url: bare}
  if (bare === '' || anyScheme.test(bare) || /^[/\\]/.test(bare)) return undefined
  const fragment = /^(?:(?:\.\/)?book\.md)?#(.*)$/.exec(bare)?.[1]
  if (fragment === undefined) return {type: 'file', path: url.trim()}
  const anchor = decode(fragment)
  for (const id of [anchor, anchor.toLowerCase()]) {
    const chapter = anchors.get(id)
    if (chapter !== undefined) return {type: 'internal', chapter, id}
  }
  return madeAnchor.test(anchor) ? undefined : 'dead'
}

function decode(fragment: string): string {
  try {
    return decodeURIComponent(fragment)
  } catch {
    // A `%` that encodes nothing is part of the anchor.
    return fragment
  }
}
