import type {BookSide, SideSection} from '../diff/book-side.ts'
import type {SectionDiff} from '../diff/diff-books.ts'
import type {Job, JobId, Plan} from '../model/job.ts'
import {nearestSelectors, selectJobs} from '../plan/select-jobs.ts'
import {UsageError} from './exit-codes.ts'
import {selectorInBook} from './select-in-book.ts'

/** A book of a comparison, with what was found. */
export interface ComparedBook {
  readonly name: string
  readonly before: BookSide | undefined
  readonly after: BookSide | undefined
  readonly sections: readonly SectionDiff[]
}

/** The sections that a selector names on either side; one that matches nothing is a usage error with the nearest ids. */
export function selectSections(selector: string, books: readonly ComparedBook[]): SectionDiff[] {
  const targets = books.map(({name}) => ({target: {name}}))
  let isFound = false
  const kept: SectionDiff[] = []
  const near: string[] = []
  for (const {name, before, after, sections} of books) {
    const own = selectorInBook(selector, targets, name)
    if (own === undefined) continue
    const was = selectOn(own, before)
    const is = selectOn(own, after)
    isFound ||= was.size > 0 || is.size > 0
    near.push(...nearestSelectors(own, planOf(after ?? before)))
    kept.push(...sections.filter(({id, from = id}) => is.has(id) || was.has(from)))
  }
  if (isFound) return kept
  const hint =
    near.length === 0
      ? ''
      : `; the nearest are ${near
          .slice(0, 3)
          .map((id) => `\`${id}\``)
          .join(', ')}`
  throw new UsageError('no-match', `Unexpected selector \`${selector}\`, expected one that matches a section${hint}`)
}

/** Ids of sections and of headings; a heading without a directive of its own stands for what is below it too. */
function selectOn(selector: string, side: BookSide | undefined): ReadonlySet<string> {
  if (side === undefined) return new Set()
  const sections = new Map<string, SideSection>(side.sections.map((section) => [section.id, section]))
  const ids = selectJobs(selector, planOf(side), (id) => {
    const {text, made} = sections.get(id) ?? {}
    return {
      state: text === undefined ? 'missing' : '',
      ...(text === undefined ? {} : {text}),
      ...(made === undefined ? {} : {model: made.model, isDraft: made.isDraft}),
    }
  })
  const headings = side.passages.map(({id, title}) => ({id, sectionId: id, title}))
  return new Set<string>([...ids, ...selectJobs(selector, makePlan(headings, side))])
}

const plans = new WeakMap<BookSide, Plan>()

/** The sections of a side as selectors look them up. */
function planOf(side: BookSide | undefined): Plan {
  if (side === undefined) return {jobs: new Map(), order: []}
  const plan = plans.get(side) ?? makePlan(side.sections, side)
  plans.set(side, plan)
  return plan
}

function makePlan(parts: readonly Omit<SideSection, 'place' | 'text'>[], side: BookSide): Plan {
  const titles = new Map([...side.sections, ...side.passages].map(({id, title}) => [id, title]))
  const jobs = new Map<JobId, Job>()
  for (const {id, sectionId, line = 0, kind = 'section', tags = []} of parts) {
    const names = sectionId.split('/')
    const headingPath = names.flatMap((_, at) => titles.get(names.slice(0, at + 1).join('/')) ?? [])
    const point = {line, column: 1}
    const directive: Job['directive'] = {
      type: 'promptDirective',
      attributes: {tags},
      value: '',
      container: 'block',
      containerDepth: 0,
      position: {start: point, end: point},
    }
    const job = {id: id as JobId, sectionId, directive, kind, depth: 1, headingPath, siblingTitles: [], dependsOn: []}
    jobs.set(job.id, job)
  }
  return {jobs, order: []}
}
