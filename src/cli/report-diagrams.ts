import {eachBlock} from '../export/map-book.ts'
import type {ExportSource} from './export-source.ts'

/** Reports every diagram: each format shows its code. */
export function reportDiagrams({book, report}: Pick<ExportSource, 'book' | 'report'>): void {
  for (const {children} of [book.frontMatter, ...book.chapters]) {
    eachBlock(children, (block) => {
      if (block.type === 'code' && block.language === 'mermaid') {
        const reason = 'Unexpected diagram of `mermaid`, expected an image; its code is shown'
        report('unrendered-diagram', reason, block.line)
      }
    })
  }
}
