import type {DirectiveKind, Job, JobId, Plan} from '../model/job.ts'

/** What selectors look up, made once per plan, so that thousands of them cost no thousand passes over the jobs. */
export interface JobIndex {
  /** In the outline's order. */
  readonly jobs: readonly Job[]
  readonly byPlainId: ReadonlyMap<string, readonly Job[]>
  readonly byPlainSection: ReadonlyMap<string, readonly Job[]>
  /** By the folded title of the nearest heading. */
  readonly byTitle: ReadonlyMap<string, readonly Job[]>
  /** By the folded title of any heading above. */
  readonly byHeading: ReadonlyMap<string, readonly Job[]>
  readonly byKind: ReadonlyMap<DirectiveKind, readonly Job[]>
  readonly byTag: ReadonlyMap<string, readonly Job[]>
  /** Ids in the order of their characters, with their jobs. */
  readonly sorted: readonly NamedJob[]
  /** The same without the numbers of chapters. */
  readonly sortedPlain: readonly NamedJob[]
  /** Names that a selector may have meant, with an id each. */
  readonly candidates: ReadonlyMap<string, JobId>
  /** What globs matched. */
  readonly globs: Map<string, readonly Job[]>
}

/** A job under one of its names, with its place in the outline. */
export interface NamedJob {
  readonly name: string
  readonly place: number
}

const indexes = new WeakMap<Plan['jobs'], JobIndex>()

/** The index of a plan's jobs, which must not change any more. */
export function jobIndex({jobs}: Plan): JobIndex {
  let index = indexes.get(jobs)
  if (index === undefined) {
    index = makeIndex([...jobs.values()])
    indexes.set(jobs, index)
  }
  return index
}

function makeIndex(jobs: readonly Job[]): JobIndex {
  const plain = jobs.map(({id}) => withoutNumbers(id))
  const folded = new Map<string, string>()
  const fold = (title: string): string => {
    let known = folded.get(title)
    if (known === undefined) {
      known = foldTitle(title)
      folded.set(title, known)
    }
    return known
  }
  const candidates = new Map<string, JobId>()
  jobs.forEach(({id}, at) => {
    const name = plain[at] as string
    candidates.set(name, id)
    const last = name.slice(name.lastIndexOf('/') + 1)
    if (!candidates.has(last)) candidates.set(last, id)
  })
  return {
    jobs,
    byPlainId: groupBy(jobs, (_, at) => [plain[at] as string]),
    byPlainSection: groupBy(jobs, ({sectionId}) => [withoutNumbers(sectionId)]),
    byTitle: groupBy(jobs, ({headingPath}) => [fold(headingPath.at(-1) ?? '')]),
    byHeading: groupBy(jobs, ({headingPath}) => new Set(headingPath.map(fold))),
    byKind: groupBy(jobs, ({kind}) => [kind]),
    byTag: groupBy(jobs, ({directive}) => new Set(directive.attributes.tags)),
    sorted: byName(jobs.map(({id}) => id)),
    sortedPlain: byName(plain),
    candidates,
    globs: new Map(),
  }
}

function byName(names: readonly string[]): NamedJob[] {
  return names.map((name, place) => ({name, place})).sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

function groupBy<Key>(jobs: readonly Job[], keysOf: (job: Job, at: number) => Iterable<Key>): Map<Key, Job[]> {
  const groups = new Map<Key, Job[]>()
  jobs.forEach((job, at) => {
    for (const key of keysOf(job, at)) {
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [job])
      else group.push(job)
    }
  })
  return groups
}

/** An id without the numbers of its chapters: `vi-security/1-2-encryption` is `security/encryption`. */
export function withoutNumbers(id: string): string {
  return id
    .split('/')
    .map((part) => part.replace(/^(?:(?:chapter|part|section)-)?(?:[ivxlcdm]+|\d+(?:-\d+)*)-(?=[a-z0-9])/, ''))
    .join('/')
}

/** A heading's text as selectors compare it: without case, numbering and punctuation. */
export function foldTitle(title: string): string {
  return title
    .normalize('NFKC')
    .toLowerCase()
    .replace(/^\s*(?:[ivxlcdm]+|\d+(?:\.\d+)*)[.):]\s+/, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
