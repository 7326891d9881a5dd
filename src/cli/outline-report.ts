import {messageSeverity} from '../model/report.ts'
import {besideOutline} from './outline-target.ts'
import {displayPath} from './project.ts'
import type {OutlineOutcome} from './run-outline.ts'

/** The outcome as a JSON document. */
export function outlineJson(outcome: OutlineOutcome, cwd: string): unknown {
  const {topics, draft, target, update, refinement, coverage, directives, files, isWritten} = outcome
  const messages = files.flatMap((file) =>
    file.messages.map((message) => ({
      file: file.path,
      line: message.line ?? 1,
      column: message.column ?? 1,
      ruleId: message.ruleId ?? null,
      severity: messageSeverity(message),
      reason: message.reason,
      url: message.url ?? null,
    })),
  )
  return {
    version: 1,
    command: 'outline',
    topics,
    outline: target?.shown ?? null,
    written: isWritten,
    changed: target === undefined || target.standing !== update.text,
    chapters: draft.list.chapters.length,
    directives,
    merge: {
      kept: update.kept,
      conflicts: update.conflicts,
      beside: update.other === undefined || target === undefined ? null : displayPath(besideOutline(target.path), cwd),
    },
    refined:
      refinement === undefined
        ? null
        : {
            accepted: refinement.wordings.size,
            refused: refinement.refused,
            requests: refinement.sent,
            costUsd: refinement.costUsd ?? null,
          },
    coverage: {
      lines: coverage.length,
      covered: coverage.filter(({directive}) => directive !== undefined).length,
      rows: coverage.map(({line, text, directive, outlineLine}) => ({
        line,
        text,
        directive: directive ?? null,
        outlineLine: outlineLine ?? null,
      })),
    },
    messages,
  }
}

/** Where each line of the list went, a line each. */
export function coverageLines({topics, coverage, target}: OutlineOutcome): string[] {
  return coverage.map(({line, text, directive, outlineLine}) => {
    const where = directive === undefined ? 'NOT COVERED' : `${target?.shown ?? 'outline'}:${outlineLine} ${directive}`
    return `${topics}:${line} -> ${where}  ${shorten(text)}`
  })
}

/** What a reader is told at the end. */
export function summaryLines(outcome: OutlineOutcome, cwd: string): string[] {
  const {draft, target, update, refinement, coverage, directives, isWritten, topics} = outcome
  const covered = coverage.filter(({directive}) => directive !== undefined).length
  const lines: string[] = []
  const {chapters} = draft.list
  const counts = `${count(chapters.length, 'chapter')}, ${count(directives, 'directive')}; ${covered} of ${count(coverage.length, 'line')} of ${topics} covered`
  if (target === undefined) lines.push(counts)
  else {
    const isSame = target.standing === update.text
    const verb = isSame
      ? 'is up to date'
      : isWritten
        ? target.standing === undefined
          ? 'written'
          : 'updated'
        : 'would change'
    lines.push(`${target.shown} ${verb}: ${counts}`)
  }
  if (update.kept > 0) lines.push(`kept ${count(update.kept, 'edit')} of yours`)
  for (const {what, line, reason} of update.conflicts) {
    const why =
      reason === 'both-changed'
        ? 'changed by you and by the topic list; yours stands'
        : 'taken out of the topic list, but edited by you; it stays'
    lines.push(`${target?.shown}:${line} ${what}: ${why}`)
  }
  if (update.other !== undefined && target !== undefined && isWritten)
    lines.push(`the other side is in ${displayPath(besideOutline(target.path), cwd)}; compare the two and remove it`)
  if (refinement !== undefined) {
    lines.push(`refined the wording of ${count(refinement.wordings.size, 'directive')}`)
    for (const {id, reason} of refinement.refused) lines.push(`kept the template's wording of ${id}: ${reason}`)
  }
  const missing = coverage.filter(({directive}) => directive === undefined)
  for (const {line, text} of missing.slice(0, 5)) lines.push(`${topics}:${line} is not covered: ${shorten(text)}`)
  if (missing.length > 5) lines.push(`and ${missing.length - 5} more lines; --coverage lists all`)
  if (isWritten && target?.standing === undefined)
    lines.push(`next: \`msk-course check ${target?.shown}\`, then \`msk-course build ${target?.shown}\``)
  return lines
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}
