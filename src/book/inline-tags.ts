import type {Parents, PhrasingContent, Root} from 'mdast'
import {eachNode} from '../syntax/each-node.ts'

const inlineTag = /^<(\/?)(sub|sup|kbd|abbr|mark)\b/i

/**
 * Shows tags of elements within a line that have no partner in the same run of text: an element left open would go on
 * over everything behind it. Gives the tags. Changes `root`.
 */
export function pairInlineTags(root: Root): string[] {
  const shown: string[] = []
  const pair = (parent: Parents): void => {
    if (!parent.children.some(({type}) => type === 'html')) return
    for (const at of unpaired(parent.children.map((node) => (node.type === 'html' ? node.value : '')))) {
      const {value} = parent.children[at] as {value: string}
      parent.children[at] = {type: 'text', value} satisfies PhrasingContent
      shown.push(value)
    }
  }
  eachNode(root, (node) => {
    if ('children' in node) pair(node)
  })
  return shown
}

/** Whether the tags within a piece of HTML pair. */
export function isBalanced(html: string): boolean {
  return unpaired(html.match(/<[^>]*>/g) ?? []).length === 0
}

/** Places of the tags that open or close nothing. */
function unpaired(values: readonly string[]): number[] {
  const open: {readonly name: string; readonly at: number}[] = []
  const alone: number[] = []
  values.forEach((value, at) => {
    const [, slash, name = ''] = inlineTag.exec(value) ?? []
    if (slash === undefined) return
    if (slash === '') open.push({name, at})
    else {
      const partner = open.findLastIndex((tag) => tag.name === name)
      if (partner === -1) alone.push(at)
      else
        alone.push(
          ...open
            .splice(partner)
            .slice(1)
            .map((tag) => tag.at),
        )
    }
  })
  return [...alone, ...open.map((tag) => tag.at)]
}
