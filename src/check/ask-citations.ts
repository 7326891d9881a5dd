import {readCitations} from '../syntax/read-citations.ts'
import type {CheckedText} from './checked-text.ts'
import {citedLines} from './cited-lines.ts'
import type {Asked, ContractJob, ContractSettings} from './contract.ts'

/** Largest number that is read as a citation where the bibliography has no such source: beyond it stand years. */
const largestCited = 999

/** In a course with a bibliography: that each citation is of a source that there is. */
export function askKnownCitations(_job: ContractJob, {citations}: ContractSettings): Asked | undefined {
  if (citations === undefined) return undefined
  const {numbers} = citations
  return {
    expected: 'citations of numbers that the bibliography has',
    check: (text) => {
      const unknown = citedNumbers(text).filter((number) => !numbers.has(number) && number <= largestCited)
      if (unknown.length === 0) return undefined
      const list = unknown.map((number) => `[${number}]`).join(', ')
      return {message: `Unexpected citation ${list}, expected a number of the bibliography`, count: unknown.length}
    },
  }
}

/** In a course with a bibliography: that a passage of a cited source says something of what the sentence says. */
export function askSupportedCitations(_job: ContractJob, {citations}: ContractSettings): Asked | undefined {
  if (citations === undefined) return undefined
  return {
    expected: 'citations of sources that say what is said',
    check: (text) => {
      if (!text.source.includes('[')) return undefined
      const found = citedLines(text.root).flatMap((line) => citations.unsupported(line))
      const [first] = found
      if (first === undefined) return undefined
      const others = found.length === 1 ? '' : ` and ${found.length - 1} more`
      const message = `Unexpected citation [${first.number}]${others}, expected a passage of that source that supports \`${shorten(first.sentence)}\``
      return {message, count: found.length}
    },
  }
}

function citedNumbers(text: CheckedText): readonly number[] {
  if (!text.source.includes('[')) return []
  const all = citedLines(text.root).flatMap((line) => readCitations(line).map(({numbers}) => numbers))
  // Bounds such as [0, 1] cite nothing.
  return [...new Set(all.filter((numbers) => !numbers.includes(0)).flat())].sort((one, other) => one - other)
}

function shorten(sentence: string): string {
  const text = sentence.replaceAll('`', "'")
  return text.length > 80 ? `${text.slice(0, 79).trimEnd()}…` : text
}
