import type {Root} from 'mdast'
import {visit} from 'unist-util-visit'
import type {RelativeLink} from '../model/outline.ts'

/** Destinations in the author's text that are relative paths, with the offsets at which they are written. */
export function relativeLinks(root: Root, source: string): RelativeLink[] {
  const found: RelativeLink[] = []
  visit(root, (node) => {
    const start = node.position?.start.offset
    const end = node.position?.end.offset
    if (start === undefined || end === undefined) return
    if (node.type === 'link' || node.type === 'image' || node.type === 'definition') {
      if (!isRelative(node.url)) return
      const at = destinationAt(source.slice(start, end), node.url)
      if (at === undefined) return
      const isImage = node.type === 'image' || /\.(?:png|jpe?g|gif|svg|webp|avif)$/i.test(node.url)
      found.push({
        type: isImage ? 'image' : 'link',
        url: node.url,
        start: start + at,
        end: start + at + node.url.length,
      })
    } else if (node.type === 'html') {
      for (const match of source.slice(start, end).matchAll(/\b(src|href)\s*=\s*(?:"([^"]*)"|'([^']*)')/gi)) {
        const url = match[2] ?? match[3] ?? ''
        if (!isRelative(url)) continue
        const at = start + match.index + match[0].lastIndexOf(url)
        found.push({type: match[1]?.toLowerCase() === 'src' ? 'image' : 'link', url, start: at, end: at + url.length})
      }
    }
  })
  return found
}

/** Where a destination is written in the source of its node: behind `](`, or behind `]:` of a definition. */
function destinationAt(written: string, url: string): number | undefined {
  for (const opening of ['](<', '](', ']:']) {
    for (let at = written.lastIndexOf(opening); at !== -1; at = at === 0 ? -1 : written.lastIndexOf(opening, at - 1)) {
      const behind = written.slice(at + opening.length)
      const space = /^\s*<?/.exec(behind)?.[0].length ?? 0
      if (behind.startsWith(url, space)) return at + opening.length + space
    }
  }
  return undefined
}

function isRelative(url: string): boolean {
  return url !== '' && !/^(?:[a-z][a-z0-9+.-]*:|\/|\\|#|\?)/i.test(url)
}
