import type {BookBlock} from './book-nodes.ts'
import type {BookPart, ExportBook, ExportFinding} from './export-book.ts'
import {formulaHtml} from './formula-html.ts'
import {eachBlock, eachPhrasing, eachRun} from './map-book.ts'

/** Formulas that formats of HTML show as they are written. */
export function unreadFormulas({frontMatter, chapters}: Pick<ExportBook, 'frontMatter' | 'chapters'>): ExportFinding[] {
  const findings: ExportFinding[] = []
  const judge = (latex: string, isBlock: boolean, {line}: BookBlock): void => {
    if (formulaHtml(latex, isBlock) !== undefined) return
    const reason = `Cannot set the formula \`${latex.slice(0, 60)}\`, expected LaTeX; it is shown as it is written`
    findings.push({ruleId: 'unread-formula', reason, ...(line === undefined ? {} : {line})})
  }
  const take = ({children, footnotes}: BookPart): void =>
    eachBlock([...children, ...footnotes.flatMap((note) => note.children)], (block) => {
      if (block.type === 'math') judge(block.value, true, block)
      eachRun(block, (run) =>
        eachPhrasing(run, (node) => {
          if (node.type === 'inlineMath') judge(node.value, false, block)
        }),
      )
    })
  take(frontMatter)
  for (const chapter of chapters) take({...chapter, children: [chapter.heading, ...chapter.children]})
  return findings
}
