import {readCourseFacts, statementKey} from './companion-statements.ts'
import {composeCompanion} from './compose-companion.ts'
import type {DraftTask} from './draft-task.ts'

/**
 * Divides what a course says among the drafts of one companion, given in the order of its outline, so that no statement
 * stands twice in it: each is told what those before it print of the texts that it reads.
 */
export function shareCompanion(tasks: readonly DraftTask[]): readonly DraftTask[] {
  const printed = new Set<string>()
  return tasks.map((task) => {
    const {texts} = readCourseFacts(task.upstream ?? [])
    const own = texts.flat().map(({text}) => statementKey(text))
    const shared = {...task, share: {passages: [], taken: own.filter((key) => printed.has(key))}}
    for (const key of composeCompanion(shared).printed) printed.add(key)
    return shared
  })
}
