import type {Job, JobId} from '../model/job.ts'

type Jobs = ReadonlyMap<JobId, Pick<Job, 'id' | 'dependsOn'>>

/** A cycle among the jobs' dependencies, from the job that is first in the outline; undefined when there is none. */
export function findCycle(jobs: Jobs): JobId[] | undefined {
  return walkUpstream(jobs).cycle
}

/** Ids in the order of starting: upstream before downstream, longest chain of dependents first, then the outline's order. */
export function orderJobs(jobs: Jobs): JobId[] {
  const {order} = walkUpstream(jobs)
  const chain = new Map<JobId, number>()
  for (const id of order.toReversed()) {
    const own = chain.get(id) ?? 0
    for (const upstream of jobs.get(id)?.dependsOn ?? []) {
      if ((chain.get(upstream) ?? 0) <= own) chain.set(upstream, own + 1)
    }
  }
  // Sorting is stable: of equal chains the outline's order stays.
  return [...jobs.keys()].sort((a, b) => (chain.get(b) ?? 0) - (chain.get(a) ?? 0))
}

/** Ids with each job after those that it reads, up to the first cycle. Linear in jobs and edges. */
function walkUpstream(jobs: Jobs): {order: JobId[]; cycle?: JobId[]} {
  const order: JobId[] = []
  const state = new Map<JobId, 'open' | 'done'>()
  for (const start of jobs.keys()) {
    const path: {id: JobId; next: number}[] = state.has(start) ? [] : [{id: start, next: 0}]
    if (path.length > 0) state.set(start, 'open')
    while (path.length > 0) {
      const top = path[path.length - 1] as {id: JobId; next: number}
      const upstream = jobs.get(top.id)?.dependsOn[top.next++]
      if (upstream === undefined) {
        state.set(top.id, 'done')
        order.push(top.id)
        path.pop()
      } else if (state.get(upstream) === 'open') {
        const from = path.findIndex(({id}) => id === upstream)
        return {order, cycle: path.slice(from).map(({id}) => id)}
      } else if (!state.has(upstream)) {
        state.set(upstream, 'open')
        path.push({id: upstream, next: 0})
      }
    }
  }
  return {order}
}
