import type {BookBlock, BookTable} from './book-nodes.ts'
import type {ExportFinding} from './export-book.ts'
import {eachBlock, eachPhrasing, eachRun} from './map-book.ts'

/** Characters of a line of code that fit a printed page. */
const mostCodeCharacters = 100
/** Columns that fit a printed page. */
const mostColumns = 7
/** Characters that the longest words of all columns may take side by side. */
const mostTableCharacters = 100

/** Characters of a name that a message shows. */
const mostShown = 80

/** What of a book's blocks a reader of some format would stumble over. */
export function findFaults(blocks: readonly BookBlock[]): ExportFinding[] {
  const findings: ExportFinding[] = []
  eachBlock(blocks, (block) => {
    const line = block.line === undefined ? {} : {line: block.line}
    if (block.type === 'code' && block.longestLine > mostCodeCharacters) {
      const reason = `Unexpected line of ${block.longestLine} characters of code, expected at most ${mostCodeCharacters}; a printed page breaks it`
      findings.push({ruleId: 'long-code-line', reason, ...line})
    }
    if (block.type === 'table' && isWide(block)) {
      const reason = `Unexpected width of the table \`${block.caption.slice(0, mostShown)}\` of ${block.head.length} columns, expected one that fits a page`
      findings.push({ruleId: 'wide-table', reason, ...line})
    }
    eachRun(block, (nodes) =>
      eachPhrasing(nodes, (node) => {
        if (node.type !== 'image') return
        const shown = node.path ?? ''
        if (node.refused === undefined && node.alt.trim() === '')
          findings.push({
            ruleId: 'missing-alt-text',
            reason: `Unexpected image \`${shown}\` without alternative text, expected what it shows in words`,
            ...line,
          })
      }),
    )
  })
  return findings
}

function isWide({head, widths}: BookTable): boolean {
  const characters = widths.reduce((sum, {longestWord}) => sum + longestWord + 3, 0)
  return head.length > mostColumns || characters > mostTableCharacters
}
