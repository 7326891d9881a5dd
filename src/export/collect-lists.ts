import type {BookBlock, BookHeading, BookQuiz} from './book-nodes.ts'
import {definitionsIn, makeGlossary, type PlacedDefinition} from './collect-glossary.ts'
import {collectIndex, type IndexedSection} from './collect-index.ts'
import type {BookParts, BookPlace, ExportBook} from './export-book.ts'
import {findFaults} from './find-faults.ts'
import {eachBlock, eachPhrasing, eachRun} from './map-book.ts'
import {type SectionKinds, sectionRegions} from './section-regions.ts'
import type {UniqueIds} from './unique-ids.ts'

type Lists = Pick<ExportBook, 'glossary' | 'index' | 'tables' | 'quizzes' | 'images' | 'findings'>

/** What stands in lists of its own: terms, tables, quizzes, images, and faults. */
export function collectLists(parts: BookParts, kinds: SectionKinds, language: string, ids: UniqueIds): Lists {
  const definitions: PlacedDefinition[] = []
  const indexed: IndexedSection[] = []
  const tables: ExportBook['tables'][number][] = []
  const quizzes: BookQuiz[] = []
  const images = new Set<string>()
  const findings: ExportBook['findings'][number][] = []
  const takePart = (blocks: readonly BookBlock[], own: BookHeading | undefined, chapter: number): void => {
    const regions = sectionRegions(blocks, own, kinds)
    const placeOf = ({id, title}: BookHeading): BookPlace => ({chapter, id, title})
    for (const [at, {heading, kind, start, end}] of regions.entries()) {
      const next = regions[at + 1]
      const inner = next !== undefined && next.start <= end ? next : undefined
      if (kind === 'key-terms') {
        for (const definition of definitionsIn(blocks.slice(start, end)))
          definitions.push({...definition, place: placeOf(heading)})
      }
      const isTerms = definitions.at(-1)?.place.id === heading.id
      const own = blocks.slice(start, isTerms || inner === undefined ? end : inner.start - 1)
      indexed.push({place: placeOf(heading), kind, blocks: own})
    }
    findings.push(...findFaults(blocks))
    eachBlock(blocks, (block) => {
      if (block.type === 'table') tables.push({id: block.id, number: block.number, caption: block.caption, chapter})
      if (block.type === 'quiz') quizzes.push(block)
      eachRun(block, (nodes) =>
        eachPhrasing(nodes, (node) => {
          if (node.type === 'image' && node.path !== undefined) images.add(node.path)
        }),
      )
    })
  }
  const all = [
    {blocks: parts.frontMatter.children, notes: parts.frontMatter.footnotes, own: undefined, chapter: -1},
    ...parts.chapters.map(({children, footnotes, heading}, chapter) => ({
      blocks: children,
      notes: footnotes,
      own: heading,
      chapter,
    })),
  ]
  for (const {blocks, notes, own, chapter} of all)
    takePart([...blocks, ...notes.flatMap(({children}) => children)], own, chapter)
  return {
    glossary: makeGlossary(definitions, language, ids),
    index: collectIndex(indexed, language),
    tables,
    quizzes,
    images: [...images],
    findings,
  }
}
