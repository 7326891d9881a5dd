import type {Job, JobId} from '../model/job.ts'

/** Jobs and the lists of those that they read by default. */
type Defaults = ReadonlyMap<JobId, readonly JobId[]>

/**
 * The default edges without those that lie on a cycle with edges that the author asked for, which alone must form none.
 * Linear in jobs and edges; lists from which nothing is dropped stay the same ones.
 */
export function dropCyclicDefaults(jobs: ReadonlyMap<JobId, Job>, defaults: Defaults): Defaults {
  // Default edges lead from closing parts to body texts, which have none: every cycle enters a closing part by an edge
  // that the author asked for.
  const mayCycle = [...jobs.values()].some(({dependsOn}) => dependsOn.some((id) => (defaults.get(id)?.length ?? 0) > 0))
  if (!mayCycle) return defaults
  const component = strongComponents([...jobs.keys()], (id) => defaults.get(id) ?? jobs.get(id)?.dependsOn ?? [])
  const kept = new Map<JobId, readonly JobId[]>()
  for (const [id, upstream] of defaults) {
    const isCyclic = (other: JobId): boolean => component.get(other) === component.get(id)
    kept.set(id, upstream.some(isCyclic) ? upstream.filter((other) => !isCyclic(other)) : upstream)
  }
  return kept
}

/** For each node the number of its strongly connected component, after Tarjan, without recursion. */
function strongComponents(nodes: readonly JobId[], edgesOf: (id: JobId) => readonly JobId[]): Map<JobId, number> {
  const component = new Map<JobId, number>()
  const found = new Map<JobId, number>()
  const lowest = new Map<JobId, number>()
  const open: JobId[] = []
  const path: {id: JobId; edges: readonly JobId[]; next: number}[] = []
  const enter = (id: JobId): void => {
    lowest.set(id, found.size)
    found.set(id, found.size)
    open.push(id)
    path.push({id, edges: edgesOf(id), next: 0})
  }
  const lower = (id: JobId, to: number): void => {
    if (to < (lowest.get(id) as number)) lowest.set(id, to)
  }
  let components = 0
  for (const start of nodes) {
    if (found.has(start)) continue
    enter(start)
    while (path.length > 0) {
      const top = path[path.length - 1] as {id: JobId; edges: readonly JobId[]; next: number}
      const to = top.edges[top.next++]
      if (to !== undefined) {
        if (!found.has(to)) enter(to)
        else if (!component.has(to)) lower(top.id, found.get(to) as number)
        continue
      }
      path.pop()
      const low = lowest.get(top.id) as number
      const above = path[path.length - 1]
      if (above !== undefined) lower(above.id, low)
      if (low !== found.get(top.id)) continue
      const from = open.lastIndexOf(top.id)
      for (const id of open.splice(from)) component.set(id, components)
      components++
    }
  }
  return component
}
