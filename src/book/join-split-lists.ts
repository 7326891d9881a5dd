import type {List, ListItem, Parents, Root, RootContent} from 'mdast'
import {toString as nodeText} from 'mdast-util-to-string'
import {visitFlow} from './phrasing-lines.ts'
import type {Repair} from './repair.ts'

/**
 * Joins a numbered list that was cut apart because code or bullets that belong to an item stood too far left: the
 * numbers behind go on where those before ended. Changes `root`.
 */
export function joinSplitLists(root: Root): Repair[] {
  const repairs: Repair[] = []
  visitFlow(root, (parent) => {
    for (let at = 0; at < parent.children.length; at++) {
      const list = parent.children[at] as RootContent
      if (list.type !== 'list') continue
      for (let next = nextPart(parent, at, list); next !== undefined; next = nextPart(parent, at, list)) {
        const fallen = parent.children.splice(at + 1, next - at) as RootContent[]
        const rest = fallen.pop() as List
        const item = list.children.at(-1) as ListItem
        item.children.push(...(fallen as ListItem['children']))
        item.spread ||= fallen.some(({type}) => type !== 'list')
        repairs.push({ruleId: 'split-list', detail: `${rest.start}. ${nodeText(rest).slice(0, 50)}`})
        list.children.push(...rest.children)
        list.spread ||= rest.spread === true
      }
    }
  })
  return repairs
}

/** Place of the list that goes on with the numbers of `list`, behind nothing but code and bullets. */
function nextPart(parent: Parents, at: number, list: List): number | undefined {
  if (list.ordered !== true) return undefined
  const wanted = (list.start ?? 1) + list.children.length
  for (let next = at + 1; next < parent.children.length; next++) {
    const node = parent.children[next] as RootContent
    if (node.type === 'code' || (node.type === 'list' && node.ordered !== true)) continue
    if (node.type !== 'list' || next === at + 1) return undefined
    return node.start === wanted || countsFromOne(list, node) ? next : undefined
  }
  return undefined
}

const joinedOnes = new WeakSet<List>()

/** Whether both are lists of one item with the number 1, as models write that leave the counting to Markdown. */
function countsFromOne(list: List, next: List): boolean {
  const isOne = (list.start ?? 1) === 1 && (list.children.length === 1 || joinedOnes.has(list))
  if (!isOne || next.start !== 1 || next.children.length !== 1) return false
  joinedOnes.add(list)
  return true
}
