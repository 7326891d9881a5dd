import type {BookPart, ExportBook} from './export-book.ts'
import {eachBlock, eachPhrasing, eachRun} from './map-book.ts'

/** By the paths of a book's images, the line of `book.md` that the block with the first of each begins on. */
export function imageLines({frontMatter, chapters}: Pick<ExportBook, 'frontMatter' | 'chapters'>): Map<string, number> {
  const lines = new Map<string, number>()
  const take = ({children, footnotes}: BookPart): void =>
    eachBlock([...children, ...footnotes.flatMap((note) => note.children)], (block) => {
      eachRun(block, (run) =>
        eachPhrasing(run, (node) => {
          if (node.type !== 'image' || node.path === undefined || block.line === undefined) return
          if (!lines.has(node.path)) lines.set(node.path, block.line)
        }),
      )
    })
  take(frontMatter)
  for (const chapter of chapters) take(chapter)
  return lines
}
