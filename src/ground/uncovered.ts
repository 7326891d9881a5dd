import type {Draft} from './choose-passages.ts'
import {fillPhrase, joinNames} from './draft-phrases.ts'
import {chapterName, withoutNumber} from './draft-task.ts'
import {readInlineText} from './inline-text.ts'
import {type PromptReading, requestSubject} from './prompt-reading.ts'

const longestSubject = 70

/** Says which subject no note covers, or where in the chapter it is covered. */
export function reportUncovered(draft: Draft, prompt: PromptReading): string {
  const {task, phrases} = draft
  const {elsewhere} = task.share ?? {}
  const subject = subjectOf(draft, prompt)
  if (task.share?.hasItems === true) return fillPhrase(phrases.below, boldName(subject))
  const {parts} = task.share ?? {}
  if (parts !== undefined)
    return fillPhrase(phrases.parts, joinNames(parts.map(withoutNumber).map(boldName), phrases.and))
  if (elsewhere === undefined) return reportSubject(draft, subject)
  if (elsewhere === task.headingPath.at(-1)) return fillPhrase(phrases.above, boldName(subject))
  return fillPhrase(fillPhrase(phrases.elsewhere, boldName(subject)), boldName(withoutNumber(elsewhere)))
}

function subjectOf({task}: Draft, prompt: PromptReading): string {
  const heading = withoutNumber(task.headingPath.at(-1) ?? '')
  const isOfChapter = task.kind !== 'section' && task.kind !== 'overview' && chapterName(task) !== ''
  if (isOfChapter) return chapterName(task)
  const own = task.label ?? prompt.lead ?? ''
  if (own !== '') return own
  const asked = requestSubject(prompt.request === '' ? (prompt.points[0] ?? '') : prompt.request)
  return (task.container === 'block' && heading !== '') || asked === '' ? heading : asked
}

/** Says that no note covers one subject, given as the author wrote it. */
export function reportSubject({phrases}: Draft, subject: string): string {
  return fillPhrase(phrases.uncovered, boldName(subject))
}

/** A name of the outline in bold, on one line, its Markdown harmless. */
export function boldName(name: string): string {
  const text = readInlineText(shorten(name).replace(/[`*]/g, ''), new Map()).text.replace(/[.:,;]+$/, '')
  return `**${text.replace(/(?<!\\)_/g, '\\_')}**`
}

/** Up to the first mark that ends a clause, cut between two words. */
function shorten(subject: string): string {
  const clause = subject.length <= longestSubject ? subject : (/^[^:;,.]*/.exec(subject)?.[0] ?? '')
  if (clause.length <= longestSubject) return clause.trim()
  const cut = clause.slice(0, longestSubject)
  return cut.slice(0, cut.lastIndexOf(' ') + 1).trimEnd() || cut
}
