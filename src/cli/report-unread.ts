import {type CourseText, reportContents} from '../check/course-text.ts'
import type {BookPlan} from './build-book.ts'
import {reviewOf, reviewStateOf} from './review-state.ts'

/** Reports texts that nobody read as they stand; one that cannot be used as it is has a report of its own. */
export function reportUnread({context, texts}: BookPlan, course: readonly (CourseText | undefined)[]): void {
  for (const [number, id] of [...context.loaded.plan.jobs.keys()].entries()) {
    const text = course[number]
    const stored = texts.get(id)
    if (text === undefined || stored === undefined || text.isBroken) continue
    const state = reviewStateOf(stored.file)
    if (state === 'read') continue
    const what =
      state === 'unread'
        ? `Unexpected text of \`${id}\` that nobody read`
        : `Unexpected text of \`${id}\` that changed since \`${reviewOf(stored.file)?.by}\` read it`
    const reason = `${what}, expected it to be read as it stands; \`msk-course accept ${context.selectorOf(id)}\` says so`
    reportContents(text, 'prose', 0, 'unread-section', reason)
  }
}
