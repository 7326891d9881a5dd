import type {Job, JobId} from '../model/job.ts'

/** A cycle among the jobs' dependencies, from the job that is first in the outline; undefined when there is none. */
export function findCycle(jobs: ReadonlyMap<JobId, Job>): JobId[] | undefined {
  const state = new Map<JobId, 'open' | 'done'>()
  for (const start of jobs.keys()) {
    const path: {id: JobId; next: number}[] = state.has(start) ? [] : [{id: start, next: 0}]
    if (path.length > 0) state.set(start, 'open')
    while (path.length > 0) {
      const top = path[path.length - 1] as {id: JobId; next: number}
      const upstream = jobs.get(top.id)?.dependsOn[top.next++]
      if (upstream === undefined) {
        state.set(top.id, 'done')
        path.pop()
      } else if (state.get(upstream) === 'open') {
        const from = path.findIndex(({id}) => id === upstream)
        return path.slice(from).map(({id}) => id)
      } else if (!state.has(upstream)) {
        state.set(upstream, 'open')
        path.push({id: upstream, next: 0})
      }
    }
  }
  return undefined
}

/** Ids in the order of starting: upstream before downstream, longest chain of dependents first, then the outline's order. */
export function orderJobs(jobs: ReadonlyMap<JobId, Job>): JobId[] {
  const dependents = new Map<JobId, JobId[]>()
  const waiting = new Map<JobId, number>()
  for (const job of jobs.values()) {
    waiting.set(job.id, job.dependsOn.length)
    for (const upstream of job.dependsOn) {
      const list = dependents.get(upstream)
      if (list === undefined) dependents.set(upstream, [job.id])
      else list.push(job.id)
    }
  }
  const topological: JobId[] = [...jobs.keys()].filter((id) => waiting.get(id) === 0)
  for (const id of topological) {
    for (const dependent of dependents.get(id) ?? []) {
      const left = (waiting.get(dependent) as number) - 1
      waiting.set(dependent, left)
      if (left === 0) topological.push(dependent)
    }
  }
  const chain = new Map<JobId, number>()
  for (const id of topological.toReversed()) {
    chain.set(id, Math.max(0, ...(dependents.get(id) ?? []).map((dependent) => (chain.get(dependent) as number) + 1)))
  }
  const place = new Map([...jobs.keys()].map((id, number) => [id, number]))
  return topological.sort(
    (a, b) =>
      (chain.get(b) as number) - (chain.get(a) as number) || (place.get(a) as number) - (place.get(b) as number),
  )
}
