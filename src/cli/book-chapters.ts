import type {Job} from '../model/job.ts'
import type {LoadedOutline} from './load-course.ts'

/** A top section of an outline with its jobs, those of the sections below it included. */
export interface Chapter {
  /** The heading; empty for the part before the first one. */
  readonly title: string
  readonly jobs: readonly Job[]
}

/** The chapters of a book that have jobs, in the outline's order. */
export function chaptersOf({outline, plan}: Pick<LoadedOutline, 'outline' | 'plan'>): Chapter[] {
  const jobs = new Map<string, Job[]>(outline.sections.map(({id}) => [id, []]))
  for (const job of plan.jobs.values()) {
    // A section's id begins with that of its top section.
    const [top = ''] = job.sectionId.split('/', 1)
    jobs.get(top)?.push(job)
  }
  return outline.sections.flatMap(({id, title}) => {
    const own = jobs.get(id) ?? []
    return own.length === 0 ? [] : [{title, jobs: own}]
  })
}
