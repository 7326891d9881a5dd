import type {Heading, Paragraph, PhrasingContent, Root, RootContent} from 'mdast'
import {toString as nodeText} from 'mdast-util-to-string'
import {foldTitle} from './fold-title.ts'
import type {Repair} from './repair.ts'

/**
 * Takes off the first heading, or a lone bold line before everything else, when it repeats one of `titles`. Of
 * `Title: rest` the rest stays as a bold lead, which is added to `leads`. Anything less alike stays.
 */
export function dropRepeatedTitle(root: Root, titles: readonly string[], leads: Set<RootContent>): Repair[] {
  const folded = new Set(titles.map(foldTitle).filter((title) => title !== ''))
  if (folded.size === 0) return []
  const at = root.children.findIndex((node) => node.type === 'heading')
  const first = root.children[0]
  const boldLine = first !== undefined && at !== 0 && root.children.length > 1 ? loneBold(first) : undefined
  if (boldLine !== undefined && folded.has(foldTitle(nodeText(first as Paragraph).replace(/:\s*$/, '')))) {
    root.children.shift()
    return [{ruleId: 'repeated-title', detail: nodeText(first as Paragraph)}]
  }
  if (at === -1) return []
  const heading = root.children[at] as Heading
  const title = nodeText(heading)
  if (folded.has(foldTitle(title))) {
    root.children.splice(at, 1)
    return [{ruleId: 'repeated-title', detail: title}]
  }
  const rest = restBehindTitle(heading, folded)
  if (rest === undefined) return []
  const lead: Paragraph = {type: 'paragraph', children: [{type: 'strong', children: rest}]}
  root.children[at] = lead
  leads.add(lead)
  const repeated = title.slice(0, title.length - nodeText(lead).length).trim()
  return [{ruleId: 'repeated-title', detail: `${repeated} …`}]
}

/** Children of a paragraph that is one bold run and nothing else. */
export function loneBold(node: RootContent): PhrasingContent[] | undefined {
  if (node.type !== 'paragraph') return undefined
  const content = node.children.filter((child) => child.type !== 'text' || child.value.trim() !== '')
  const [only] = content
  return content.length === 1 && only?.type === 'strong' ? only.children : undefined
}

/** What stands behind `Title:` in a heading, if the part before it is one of the titles. */
function restBehindTitle(heading: Heading, titles: ReadonlySet<string>): PhrasingContent[] | undefined {
  let before = ''
  for (const [number, child] of heading.children.entries()) {
    if (child.type === 'text') {
      for (const match of child.value.matchAll(/:\s+|\s+[–—-]\s+/g)) {
        if (!titles.has(foldTitle(before + child.value.slice(0, match.index)))) continue
        const tail = child.value.slice(match.index + match[0].length)
        const rest: PhrasingContent[] = [
          ...(tail === '' ? [] : [{type: 'text' as const, value: tail}]),
          ...heading.children.slice(number + 1),
        ]
        return rest.length > 0 ? rest : undefined
      }
    }
    before += nodeText(child)
  }
  return undefined
}
