import type {BookBlock, BookHeading, BookPhrasing} from './book-nodes.ts'
import type {BookParts, Chapter, SectionEntry} from './export-book.ts'
import type {FoundQuizzes} from './find-quizzes.ts'
import {HeadingNames, linkNames} from './link-names.ts'
import {eachBlock, mapRuns} from './map-book.ts'
import {type SectionKinds, sectionRegions} from './section-regions.ts'

/** The parts with their sections listed and the names of headings made links. */
export function linkBook(
  parts: FoundQuizzes,
  kinds: SectionKinds,
): BookParts & {readonly sections: readonly SectionEntry[]} {
  const {frontMatter, chapters, moved} = parts
  const sections = [
    ...sectionsOf(frontMatter.children, undefined, -1, kinds),
    ...chapters.flatMap(({heading, children}, at) => sectionsOf(children, heading, at, kinds)),
  ]
  const names = new HeadingNames(chapters, sections)
  return {
    frontMatter: {...frontMatter, children: linkPart(moveLinks(frontMatter.children, moved), undefined, names, kinds)},
    chapters: chapters.map(
      (chapter): Chapter => ({
        ...chapter,
        children: linkPart(moveLinks(chapter.children, moved), chapter.heading, names, kinds),
      }),
    ),
    sections,
  }
}

function sectionsOf(
  blocks: readonly BookBlock[],
  own: BookHeading | undefined,
  chapter: number,
  kinds: SectionKinds,
): SectionEntry[] {
  const kindOf = new Map(sectionRegions(blocks, own, kinds).map(({heading, kind}) => [heading, kind]))
  const found: SectionEntry[] = []
  const note = (heading: BookHeading): void => {
    const {id, title, depth, children} = heading
    const kind = kindOf.get(heading)
    found.push({id, title, depth, chapter, ...(kind === undefined ? {} : {kind}), children})
  }
  if (own !== undefined) note(own)
  for (const block of blocks) {
    if (block.type === 'blockquote' || block.type === 'callout') continue
    eachBlock([block], (inner) => {
      if (inner.type === 'heading') note(inner)
    })
  }
  return found
}

function linkPart(
  blocks: readonly BookBlock[],
  own: BookHeading | undefined,
  names: HeadingNames,
  kinds: SectionKinds,
): BookBlock[] {
  const isReference = new Set<BookBlock>()
  for (const {kind, start, end} of sectionRegions(blocks, own, kinds))
    if (kind === 'cross-reference') for (const block of blocks.slice(start, end)) isReference.add(block)
  return blocks.flatMap((block) => linkNames([block], names, isReference.has(block)))
}

/** Blocks whose links to headings that went into quizzes lead to the quizzes. */
function moveLinks(blocks: readonly BookBlock[], moved: ReadonlyMap<string, string>): readonly BookBlock[] {
  if (moved.size === 0) return blocks
  const move = (nodes: readonly BookPhrasing[]): readonly BookPhrasing[] =>
    nodes.map((node) => {
      if (!('children' in node)) return node
      const children = move(node.children)
      if (node.type !== 'link' || node.target.type !== 'internal') return {...node, children}
      return {...node, children, target: {...node.target, id: moved.get(node.target.id) ?? node.target.id}}
    })
  return mapRuns(blocks, move)
}
