import type {Link, PhrasingContent, Root, Text} from 'mdast'
import {eachNode} from '../syntax/each-node.ts'
import {readCitations} from '../syntax/read-citations.ts'

/** Id of a source's place in the bibliography of a book. */
export function sourceAnchor(number: number): string {
  return `source-${number}`
}

/**
 * Makes citations of known numbers links to the book's bibliography; what has an unknown one stays text. Headings, links,
 * code and HTML stay as they are, and so does a citation that is a link already. Gives the numbers that are cited,
 * rising.
 */
export function linkCitations(root: Root, numbers: ReadonlySet<number>): readonly number[] {
  const cited = new Set<number>()
  eachNode(root, (node, at, parent) => {
    if (node.type === 'link') noteLinked(node, numbers, cited)
    if (node.type === 'heading' || node.type === 'link' || node.type === 'linkReference') return at + 1
    if (node.type !== 'text') return undefined
    const parts = splitText(node, numbers, cited)
    if (parts === undefined) return undefined
    ;(parent.children as PhrasingContent[]).splice(at, 1, ...parts)
    return at + parts.length
  })
  return [...cited].sort((one, other) => one - other)
}

/** The number that a link of this form cites; undefined for any other link. */
export function linkedNumber({url, children}: Link): number | undefined {
  const number = /^#source-(\d{1,5})$/.exec(url)?.[1]
  const [only] = children
  return children.length === 1 && only?.type === 'text' && only.value === `[${number}]` ? Number(number) : undefined
}

function noteLinked(link: Link, numbers: ReadonlySet<number>, cited: Set<number>): void {
  const number = linkedNumber(link)
  if (number !== undefined && numbers.has(number)) cited.add(number)
}

function splitText({value}: Text, numbers: ReadonlySet<number>, cited: Set<number>): PhrasingContent[] | undefined {
  const known = readCitations(value).filter((citation) => citation.numbers.every((number) => numbers.has(number)))
  if (known.length === 0) return undefined
  const parts: PhrasingContent[] = []
  let from = 0
  for (const {start, end, numbers: own} of known) {
    if (start > from) parts.push({type: 'text', value: value.slice(from, start)})
    for (const number of own) {
      cited.add(number)
      parts.push({
        type: 'link',
        url: `#${sourceAnchor(number)}`,
        title: null,
        children: [{type: 'text', value: `[${number}]`}],
      })
    }
    from = end
  }
  if (from < value.length) parts.push({type: 'text', value: value.slice(from)})
  return parts
}
