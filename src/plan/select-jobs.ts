import type {Job, JobId, Plan} from '../model/job.ts'
import {nearestNames} from '../model/nearest.ts'

/** What the files say of a directive; selectors that ask for it match nothing without them. */
export interface JobFacts {
  readonly state: string
  readonly isEdited?: boolean
  readonly isDraft?: boolean
  readonly model?: string
  readonly sources?: readonly string[]
  readonly text?: string
  /** Days since the text was generated. */
  readonly ageDays?: number
}

export interface Selection {
  readonly ids: readonly JobId[]
  /** Ids nearest to a selector that matched nothing. */
  readonly nearest: readonly string[]
}

/**
 * Directives that a selector names (D10): an id, a glob over ids, a heading's text, or `line:`, `kind:`, `tag:`,
 * `state:`, `model:`, `source:`, `text:`, `older:`. A `BOOK:` before it is the caller's to take off.
 */
export function selectJobs(selector: string, plan: Plan, factsOf?: (id: JobId) => JobFacts | undefined): Selection {
  const jobs = [...plan.jobs.values()]
  const found = selectByKey(selector, jobs, factsOf) ?? selectByName(selector, plan, jobs)
  if (found.length > 0) return {ids: found.map(({id}) => id), nearest: []}
  const candidates = nearestCandidates(jobs)
  const nearest = nearestNames(withoutNumbers(selector), candidates.keys()).map(
    (name) => candidates.get(name) as string,
  )
  return {ids: [], nearest: [...new Set(nearest)]}
}

function selectByKey(
  selector: string,
  jobs: readonly Job[],
  factsOf: ((id: JobId) => JobFacts | undefined) | undefined,
): Job[] | undefined {
  const match = /^(line|kind|tag|state|model|source|text|older):([^]*)$/.exec(selector)
  if (match === null) return undefined
  const [, key, raw = ''] = match
  const value = raw.replace(/^"([^]*)"$/, '$1')
  const byFacts = (test: (facts: JobFacts) => boolean): Job[] =>
    jobs.filter(({id}) => {
      const facts = factsOf?.(id)
      return facts !== undefined && test(facts)
    })
  switch (key) {
    case 'line':
      return selectByLine(Number(value), jobs)
    case 'kind':
      return jobs.filter((job) => job.kind === value)
    case 'tag':
      return jobs.filter(({directive}) => directive.attributes.tags?.includes(value.replace(/^#/, '')) === true)
    case 'state':
      return byFacts((facts) =>
        value === 'edited'
          ? facts.isEdited === true
          : value === 'draft'
            ? facts.isDraft === true
            : facts.state === value,
      )
    case 'model':
      return byFacts((facts) => facts.model === value)
    case 'source':
      return jobs.filter(
        ({id, directive}) =>
          directive.attributes.sources?.includes(value) === true || factsOf?.(id)?.sources?.includes(value) === true,
      )
    case 'text':
      return byFacts((facts) => facts.text?.toLowerCase().includes(value.toLowerCase()) === true)
    default: {
      const days = /^(\d+)d$/.exec(value)?.[1]
      return days === undefined ? [] : byFacts((facts) => (facts.ageDays ?? -1) > Number(days))
    }
  }
}

/** The directive that covers the line, else the next one after it, so that a heading's line names what is below it. */
function selectByLine(line: number, jobs: readonly Job[]): Job[] {
  const covering = jobs.filter(({directive: {position}}) => position.start.line <= line && line <= position.end.line)
  if (covering.length > 0 || !Number.isInteger(line) || line < 1) return covering
  const after = jobs.find(({directive}) => directive.position.start.line > line)
  return after === undefined ? [] : [after]
}

function selectByName(selector: string, plan: Plan, jobs: readonly Job[]): Job[] {
  const exact = plan.jobs.get(selector as JobId)
  if (exact !== undefined) return [exact]
  if (selector.includes('*')) {
    const exactGlob = globPattern(selector)
    const direct = jobs.filter(({id}) => exactGlob.test(id))
    if (direct.length > 0) return direct
    const loose = globPattern(withoutNumbers(selector))
    return jobs.filter(({id}) => loose.test(withoutNumbers(id)))
  }
  const plain = withoutNumbers(selector)
  const byId = jobs.filter(({id}) => withoutNumbers(id) === plain)
  if (byId.length > 0) return byId
  const bySection = jobs.filter(({sectionId}) => withoutNumbers(sectionId) === plain)
  if (bySection.length > 0) return bySection
  const title = foldTitle(selector)
  if (title === '') return []
  const own = jobs.filter(({headingPath}) => foldTitle(headingPath.at(-1) ?? '') === title)
  // A heading without a directive of its own stands for all that is below it.
  return own.length > 0
    ? own
    : jobs.filter(({headingPath}) => headingPath.some((heading) => foldTitle(heading) === title))
}

/** `**` stands for any number of parts, none included, `*` for any text within one part. */
function globPattern(glob: string): RegExp {
  const source = glob
    .split(/(\/\*\*(?=\/|$)|\*\*\/?|\*)/)
    .map((part) => {
      if (part === '/**') return '(?:[/#].*)?'
      if (part.startsWith('**')) return part === '**/' ? '(?:.*/)?' : '.*'
      return part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    })
    .join('')
  return new RegExp(`^${source}$`)
}

/** An id without the numbers of its chapters: `vi-security/1-2-encryption` is `security/encryption`. */
export function withoutNumbers(id: string): string {
  return id
    .split('/')
    .map((part) => part.replace(/^(?:(?:chapter|part|section)-)?(?:[ivxlcdm]+|\d+(?:-\d+)*)-(?=[a-z0-9])/, ''))
    .join('/')
}

function foldTitle(title: string): string {
  return title
    .normalize('NFKC')
    .toLowerCase()
    .replace(/^\s*(?:[ivxlcdm]+|\d+(?:\.\d+)*)[.):]\s+/, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

function nearestCandidates(jobs: readonly Job[]): Map<string, string> {
  const names = new Map<string, string>()
  for (const {id} of jobs) {
    const plain = withoutNumbers(id)
    names.set(plain, id)
    const last = plain.split('/').at(-1) as string
    if (!names.has(last)) names.set(last, id)
  }
  return names
}
