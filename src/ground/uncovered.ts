import {chapterName, type DraftTask, withoutNumber} from './draft-task.ts'
import {readInlineText} from './inline-text.ts'
import type {PromptReading} from './prompt-reading.ts'
import {splitSentences} from './split-sentences.ts'

const longestSubject = 90

/** Says which subject no note covers, with the heading it stands under. */
export function reportUncovered(task: DraftTask, prompt: PromptReading): string {
  const heading = withoutNumber(task.headingPath.at(-1) ?? '')
  const isOfChapter = task.kind !== 'section' && task.kind !== 'overview' && chapterName(task) !== ''
  const wanted = task.label ?? prompt.lead ?? (isOfChapter ? chapterName(task) : firstClause(prompt))
  const subject = readInlineText(wanted, new Map()).text.replace(/[.:]$/, '')
  const named = subject === '' ? heading : subject
  const place = heading === '' || named === heading ? '' : ` (${readInlineText(heading, new Map()).text})`
  return `No source in this course covers this yet: ${named}${place}.`
}

/** The prompt up to the first mark that ends a clause, cut between two words. */
function firstClause(prompt: PromptReading): string {
  const request = prompt.request === '' ? (prompt.points[0] ?? '') : prompt.request
  const clause = /^[^:;]*/.exec(splitSentences(request)[0] ?? '')?.[0].trim() ?? ''
  if (clause.length <= longestSubject) return clause
  const cut = clause.slice(0, longestSubject)
  return `${cut.slice(0, cut.lastIndexOf(' ') + 1).trimEnd() || cut} …`
}
