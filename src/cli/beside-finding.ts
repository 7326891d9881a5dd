import type {JobId} from '../model/job.ts'
import type {Judgement} from '../plan/judge-state.ts'
import {besidePath} from '../store/sections-folder.ts'
import {sectionLocation} from './book-texts.ts'
import type {BookContext} from './build-book.ts'
import type {Finding} from './build-report.ts'

/** What is said where a new text could not be merged into one that was edited and waits for its author. */
export function besideFinding(
  id: JobId,
  {selectorOf}: Pick<BookContext, 'selectorOf'>,
  {reasons}: Judgement,
  lines: readonly number[] = [],
): Omit<Finding, 'id' | 'line'> {
  const name = selectorOf(id)
  const own = sectionLocation(id)
  const places = lines.length === 0 ? own : `${own}:${[...new Set(lines)].join(',')}`
  return {
    state: 'conflict',
    reasons,
    message: `a new text waits in \`${besidePath(own)}\`, which could not be merged into what was edited by hand (${places}); edit \`${own}\` and run \`msk-course accept ${name}\`, or take the new text with \`msk-course regenerate --overwrite ${name}\`, or drop both with \`msk-course revert ${name}\``,
  }
}
