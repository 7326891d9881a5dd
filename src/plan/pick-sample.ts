import {directiveKinds, type Job, type JobId, type Plan} from '../model/job.ts'
import {isOfOtherBook} from '../model/other-book.ts'

/** Directives that show what a whole book would be like. */
export interface Sample {
  /** In the outline's order. */
  readonly ids: readonly JobId[]
  /** Those that read texts beyond the sample: by id, the texts that they lack. A build with these would ask again. */
  readonly lacking: ReadonlyMap<JobId, readonly JobId[]>
  /** Directives that cannot be made without many texts beyond the sample. */
  readonly leftOut: readonly JobId[]
}

/** Most texts that are taken into a sample for the sake of one directive that reads them. */
const mostExtra = 6

/**
 * A chapter, and one directive of each kind of the book that the chapter lacks. What they read is in the sample too, as
 * far as it does not stand already and is not too much: then each request is the one that a build of the whole book sends.
 */
export function pickSample(plan: Plan, chapter: readonly JobId[], stands: (id: JobId) => boolean): Sample {
  const ids = new Set<JobId>(chapter)
  const lacking = new Map<JobId, readonly JobId[]>()
  const leftOut: JobId[] = []
  const take = (job: Job, missing: ReadonlySet<JobId> | undefined): void => {
    if (missing !== undefined) for (const id of [job.id, ...missing]) ids.add(id)
    else if (job.readsChapter === true) {
      ids.add(job.id)
      lacking.set(
        job.id,
        job.dependsOn.filter((id) => !isOfOtherBook(id) && !ids.has(id) && !stands(id)),
      )
    } else {
      ids.delete(job.id)
      leftOut.push(job.id)
    }
  }
  const missingOf = (job: Job): ReadonlySet<JobId> | undefined =>
    missingTexts(job, plan, (id) => ids.has(id) || stands(id))
  for (const id of chapter) {
    const job = plan.jobs.get(id)
    if (job !== undefined) take(job, missingOf(job))
  }
  const byKind = groupByKind(plan)
  for (const kind of directiveKinds) {
    const candidates = byKind.get(kind) ?? []
    if (candidates.some(({id}) => ids.has(id))) continue
    let best: {job: Job; missing: ReadonlySet<JobId> | undefined} | undefined
    for (const job of candidates) {
      const missing = missingOf(job)
      const isBetter = best === undefined || (missing?.size ?? Infinity) < (best.missing?.size ?? Infinity)
      if (isBetter) best = {job, missing}
      if (missing?.size === 0) break
    }
    if (best !== undefined) take(best.job, best.missing)
  }
  return {ids: [...plan.jobs.keys()].filter((id) => ids.has(id)), lacking, leftOut}
}

function groupByKind(plan: Plan): Map<string, Job[]> {
  const byKind = new Map<string, Job[]>()
  for (const job of plan.jobs.values()) {
    const jobs = byKind.get(job.kind)
    if (jobs === undefined) byKind.set(job.kind, [job])
    else jobs.push(job)
  }
  return byKind
}

/** What a directive reads, what that reads included, as far as it is not there; undefined where that is too much. */
function missingTexts(job: Job, plan: Plan, isThere: (id: JobId) => boolean): ReadonlySet<JobId> | undefined {
  const missing = new Set<JobId>()
  const open: Job[] = [job]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const id of next.dependsOn) {
      // What it reads of other books is read as it stands.
      if (isOfOtherBook(id) || isThere(id) || missing.has(id)) continue
      if (missing.size === mostExtra) return undefined
      missing.add(id)
      const read = plan.jobs.get(id)
      if (read !== undefined) open.push(read)
    }
  }
  return missing
}
