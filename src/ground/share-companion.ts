import {readCourseFacts, statementKey} from './companion-statements.ts'
import {composeCompanion} from './compose-companion.ts'
import type {DraftTask} from './draft-task.ts'

/**
 * Divides what a course says among the drafts of one companion, given in the order of its outline, so that no statement
 * stands twice in it: each is told what others print of the texts that it reads.
 */
export function shareCompanion(tasks: readonly DraftTask[]): readonly DraftTask[] {
  const printed = new Set<string>()
  const shared = new Map<DraftTask, DraftTask>()
  for (const task of [...tasks].sort((one, other) => rankOf(one) - rankOf(other))) {
    const {texts} = readCourseFacts(task.upstream ?? [])
    const own = texts.flat().map(({text}) => statementKey(text))
    const taking = {...task, share: {passages: [], taken: own.filter((key) => printed.has(key))}}
    for (const key of composeCompanion(taking).printed) printed.add(key)
    shared.set(task, taking)
  }
  return tasks.map((task) => shared.get(task) ?? task)
}

/** What can use few statements alone chooses first: a lead, then what needs comparisons, then tables. */
function rankOf({kind}: DraftTask): number {
  if (kind === 'lead') return 0
  if (kind === 'choices') return 1
  return kind === 'comparison' || kind === 'summary-table' ? 2 : 3
}
