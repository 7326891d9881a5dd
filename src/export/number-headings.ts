import type {Heading, Parents, Root, RootContent} from 'mdast'
import {headingAnchors} from '../syntax/heading-anchors.ts'
import {headingTitle} from '../syntax/heading-title.ts'
import {wordsOf} from '../syntax/words-of.ts'
import type {BookHeading} from './book-nodes.ts'
import {UniqueIds} from './unique-ids.ts'

/** What of a heading is decided over the whole book. */
export interface HeadingFacts extends Pick<BookHeading, 'depth' | 'id' | 'title'> {
  /** Place of its chapter, -1 before the first one. */
  readonly chapter: number
  readonly isQuoted: boolean
}

export interface NumberedHeadings {
  readonly byNode: ReadonlyMap<Heading, HeadingFacts>
  /** In reading order. */
  readonly chapters: readonly Heading[]
  /** A lone heading at the top that is the title of the whole. */
  readonly titleHeading?: Heading
  /** All ids that are given so far. */
  readonly ids: UniqueIds
}

interface FoundHeading {
  readonly node: Heading
  readonly isTop: boolean
  readonly isQuoted: boolean
}

/**
 * Gives headings their ids and depths. Chapters are the sections of the shallowest depth; a lone heading above them all
 * is the book's title, unless the front matter gives it another.
 */
export function numberHeadings(root: Root, title?: string): NumberedHeadings {
  const found: FoundHeading[] = []
  collect(root, found, true, false)
  const titleHeading = findTitleHeading(root, found, title)
  const tops = found.filter(({node, isTop}) => isTop && node !== titleHeading).map(({node}) => node)
  const top = tops.reduce((least, {depth}) => Math.min(least, depth), 7)
  const chapters = tops.filter(({depth}) => depth === top)
  const ids = new UniqueIds()
  const idOf = giveIds(found, ids)
  const byNode = new Map<Heading, HeadingFacts>()
  const isChapter = new Set(chapters)
  let above: number[] = [top]
  let chapter = -1
  for (const {node, isQuoted} of found) {
    const own = isChapter.has(node) ? top : Math.max(node.depth, top + 1)
    if (isChapter.has(node)) {
      above = [top]
      chapter++
    } else if (!isQuoted) {
      while (above.length > 1 && (above.at(-1) as number) >= own) above.pop()
      above.push(own)
    }
    const depth = Math.min(6, above.length + (isQuoted ? 1 : 0)) as BookHeading['depth']
    byNode.set(node, {depth, id: idOf.get(node) as string, title: headingTitle(node), chapter, isQuoted})
  }
  return {byNode, chapters, ids, ...(titleHeading === undefined ? {} : {titleHeading})}
}

function collect(parent: Parents, found: FoundHeading[], isTop: boolean, isQuoted: boolean): void {
  for (const node of parent.children as RootContent[]) {
    if (node.type === 'heading') found.push({node, isTop, isQuoted})
    else if (node.type === 'blockquote' || node.type === 'footnoteDefinition') collect(node, found, false, true)
    else if (node.type === 'list' || node.type === 'listItem') collect(node, found, false, isQuoted)
  }
}

/** The first heading of a book where it alone is as shallow as it is and nothing but chapters come below it. */
function findTitleHeading(root: Root, found: readonly FoundHeading[], title?: string): Heading | undefined {
  const first = root.children.find(({type}) => type !== 'yaml' && type !== 'definition')
  if (first?.type !== 'heading') return undefined
  const others = found.filter(({node, isTop}) => isTop && node !== first).map(({node}) => node.depth)
  const next = others.reduce<number>((least, depth) => Math.min(least, depth), 7)
  if (next <= first.depth || others.filter((depth) => depth === next).length < 2) return undefined
  const isTitle = title === undefined || wordsOf(title).join(' ') === wordsOf(headingTitle(first)).join(' ')
  return isTitle ? first : undefined
}

/** Ids as GitHub and `verify` have them; quoted headings come last, and an empty one is `section`. */
function giveIds(found: readonly FoundHeading[], ids: UniqueIds): Map<Heading, string> {
  const ordered = [...found.filter(({isQuoted}) => !isQuoted), ...found.filter(({isQuoted}) => isQuoted)]
  const slugs = headingAnchors(ordered.map(({node}) => headingTitle(node)))
  const isNamed = (slug: string, node: Heading): boolean =>
    slug !== '' && /[^-\s]/.test(slug) && headingTitle(node) !== ''
  const given = new Map<Heading, string>()
  ordered.forEach(({node}, at) => {
    const slug = slugs[at] as string
    if (isNamed(slug, node)) given.set(node, ids.take(slug))
  })
  for (const {node} of ordered) if (!given.has(node)) given.set(node, ids.take('section'))
  return given
}
