import type {Job} from '../model/job.ts'

/** Titles that a completion's first heading may repeat. */
export function repeatableTitles(job: Job): string[] {
  const {label} = job.directive
  return [job.headingPath.at(-1), label].filter((title) => title !== undefined)
}
