import type {OutlineStretch} from '../book/plan-adoption.ts'
import type {Section} from '../model/section.ts'
import type {BookPlan} from './build-book.ts'
import type {OpenBooks} from './open-books.ts'
import {selectInBook} from './select-in-book.ts'

/**
 * Lines of the outline that a selector means: the smallest section that has all directives which it selects; undefined
 * without a selector, for the whole book.
 */
export function adoptedStretch(
  selector: string | undefined,
  open: OpenBooks,
  plan: BookPlan,
): OutlineStretch | undefined {
  if (selector === undefined) return undefined
  const {outline, plan: jobs, target} = plan.context.loaded
  const prefix = `${target.name}:`
  const own = open.books.length > 1 && !selector.startsWith(prefix) ? `${prefix}${selector}` : selector
  const wanted = [...selectInBook(own, open.books, plan)].map(
    (id) => jobs.jobs.get(id)?.directive.position.start.line ?? 1,
  )
  const [first, last] = [Math.min(...wanted), Math.max(...wanted)]
  const around = stretchesOf(outline.sections, outline.source.split('\n').length).filter(
    ({start, end}) => start <= first && last < end,
  )
  return around.reduce<OutlineStretch | undefined>(
    (smallest, one) => (smallest === undefined || one.end - one.start < smallest.end - smallest.start ? one : smallest),
    undefined,
  )
}

/** Each section from its heading up to the next one that is not below it. */
function stretchesOf(sections: readonly Section[], lineCount: number): OutlineStretch[] {
  const flat = (section: Section): Section[] => [section, ...section.children.flatMap(flat)]
  const all = sections.flatMap(flat)
  return all.map(({depth, place}, at) => {
    const next = all.find((other, number) => number > at && (other.depth <= depth || depth === 0))
    return {start: place.start.line, end: next?.place.start.line ?? lineCount + 1}
  })
}
