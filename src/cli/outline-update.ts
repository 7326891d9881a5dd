import {existsSync} from 'node:fs'
import type {Config} from '../config/config-schema.ts'
import {mergeTexts} from '../diff/merge-texts.ts'
import {type MergedOutline, mergeOutlines} from '../topics/merge-outlines.ts'
import {UsageError} from './exit-codes.ts'
import {readOptions} from './load-course.ts'
import {besideOutline, type OutlineTarget} from './outline-target.ts'
import {displayPath} from './project.ts'

/** What an outline becomes. */
export interface OutlineUpdate extends Omit<MergedOutline, 'other'> {
  /** With the program's side of the conflicts; absent where there are none. */
  readonly other?: string
}

/**
 * The outline with what the changed list brings merged into it. Throws a usage error where it is not known what the
 * author has changed, or where a text that was laid beside it is still there.
 */
export function updateOutline(target: OutlineTarget, fresh: string, config: Config, cwd: string): OutlineUpdate {
  const {standing, record, shown} = target
  if (standing === undefined || standing === fresh) return {text: fresh, conflicts: [], kept: 0}
  if (record === undefined)
    throw new UsageError(
      'foreign-outline',
      `Cannot update \`${shown}\`, of which there is no record of what \`outline\` wrote, expected \`${displayPath(target.recordPath, cwd)}\` beside it; write a new one with another -o and compare them, or print it with -o -`,
    )
  const {parse} = readOptions(config)
  const merged = mergeOutlines(
    {base: record.outline, author: standing, fresh},
    {
      parse,
      mergeTexts: (versions) => {
        const own = mergeTexts(versions)
        return own.type === 'clean' ? own.text : undefined
      },
    },
  )
  const {text, other, conflicts, kept} = merged
  if (conflicts.length === 0) return {text, conflicts, kept}
  const beside = besideOutline(target.path)
  if (existsSync(beside))
    throw new UsageError(
      'beside-exists',
      `Unexpected \`${displayPath(beside, cwd)}\` from an earlier conflict, expected none; take from it what you need and remove it`,
    )
  return {text, other, conflicts, kept}
}
