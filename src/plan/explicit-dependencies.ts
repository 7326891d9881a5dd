import type {VFile} from 'vfile'
import type {Job, JobId, Plan} from '../model/job.ts'
import {nearestNames} from '../model/nearest.ts'
import {bookPrefix, type OtherBooks, type OtherJob, otherBookId} from '../model/other-book.ts'
import {report} from '../model/report.ts'
import {nearestSelectors, selectJobs} from './select-jobs.ts'

/** After so many unknown selectors the nearest ids are left out, for each takes a look at every id. */
const mostHints = 50

/** Jobs with the edges that their `depends` name, and the directives of other books among these. */
export interface LinkedJobs {
  readonly linked: Map<JobId, Job>
  readonly others: ReadonlyMap<JobId, OtherJob>
}

/** Resolves the `depends` of jobs, within their book and in the other books of the project; problems become messages. */
export function explicitDependencies(
  jobs: ReadonlyMap<JobId, Job>,
  file: VFile,
  books: OtherBooks | undefined,
): LinkedJobs {
  const resolver = new DependencyResolver({jobs, order: [...jobs.keys()]}, file, books)
  const linked = new Map(jobs)
  for (const [id, job] of jobs) {
    const dependsOn = new Set<JobId>()
    for (const selector of job.directive.attributes.depends ?? []) {
      const ids = resolver.resolve(selector, job)
      // A glob may cover the directive itself; only naming itself outright is a cycle.
      for (const found of ids) if (found !== id || ids.length === 1) dependsOn.add(found)
    }
    if (dependsOn.size > 0) linked.set(id, {...job, dependsOn: [...dependsOn]})
  }
  return {linked, others: resolver.others}
}

class DependencyResolver {
  readonly others = new Map<JobId, OtherJob>()
  private readonly unknown = new Map<string, readonly string[]>()

  constructor(
    private readonly plan: Plan,
    private readonly file: VFile,
    private readonly books: OtherBooks | undefined,
  ) {}

  resolve(selector: string, job: Job): readonly JobId[] {
    const book = this.books === undefined ? undefined : bookPrefix(selector)
    if (book === undefined || this.books === undefined) return this.select(selector, selector, this.plan, job)
    const bare = selector.slice(book.length + 1)
    if (book === this.books.own) return this.select(selector, bare, this.plan, job)
    const cycle = this.books.cycles.get(book)
    const plan = this.books.plans.get(book)
    if (cycle !== undefined) {
      const reason = `Unexpected cycle of books \`${cycle.join('` → `')}\`, expected none: each is made before those that read it`
      report(this.file, 'dependency-cycle', reason, {place: job.directive.position, actual: selector})
      return []
    }
    if (plan === undefined) return this.selectOwnOrRefuse(selector, book, this.books, job)
    return this.select(selector, bare, plan, job).map((id) => {
      const read = otherBookId(book, id)
      this.others.set(read, {book, job: plan.jobs.get(id) as Job})
      return read
    })
  }

  /** A heading's text may hold a colon; else what is before it was meant to be a book. */
  private selectOwnOrRefuse(selector: string, book: string, {names}: OtherBooks, job: Job): readonly JobId[] {
    const ids = selectJobs(selector, this.plan)
    if (ids.length > 0) return ids
    const nearest = nearestNames(book, names)
    const known = nearest.length > 0 ? nearest : names.slice(0, 3)
    const reason = `Unexpected book \`${book}\` in the dependency \`${selector}\`, expected a book of the project${hint(known)}`
    report(this.file, 'unknown-dependency', reason, {
      place: job.directive.position,
      actual: selector,
      expected: [...known],
    })
    return []
  }

  private select(selector: string, bare: string, plan: Plan, job: Job): readonly JobId[] {
    const ids = selectJobs(bare, plan)
    if (ids.length > 0) return ids
    const prefix = selector.slice(0, selector.length - bare.length)
    const nearest =
      this.unknown.get(selector) ??
      (this.unknown.size < mostHints ? nearestSelectors(bare, plan).map((id) => prefix + id) : [])
    this.unknown.set(selector, nearest)
    const reason = `Unexpected dependency \`${selector}\`, expected the id of a directive${hint(nearest)}`
    report(this.file, 'unknown-dependency', reason, {
      place: job.directive.position,
      actual: selector,
      expected: [...nearest],
    })
    return ids
  }
}

function hint(nearest: readonly string[]): string {
  return nearest.length === 0 ? '' : `, such as ${nearest.map((id) => `\`${id}\``).join(', ')}`
}
