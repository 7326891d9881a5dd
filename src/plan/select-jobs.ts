import type {DirectiveKind, Job, JobId, Plan} from '../model/job.ts'
import {nearestNames} from '../model/nearest.ts'
import {selectorKeys} from '../model/other-book.ts'
import {foldTitle, type JobIndex, jobIndex, type NamedJob, withoutNumbers} from './job-index.ts'

/** What the files say of a directive; selectors that ask for it match nothing without them. */
export interface JobFacts {
  readonly state: string
  readonly isEdited?: boolean
  readonly isDraft?: boolean
  /** Whether somebody read its text as it stands; undefined where there is no text. */
  readonly isRead?: boolean | undefined
  readonly model?: string
  readonly sources?: readonly string[]
  readonly text?: string
  /** Days since the text was generated. */
  readonly ageDays?: number
}

/**
 * Directives that a selector names (D10): an id, a glob over ids, a heading's text, or `line:`, `kind:`, `tag:`,
 * `state:`, `model:`, `source:`, `text:`, `older:`. A `BOOK:` before it is the caller's to take off.
 */
export function selectJobs(selector: string, plan: Plan, factsOf?: (id: JobId) => JobFacts | undefined): JobId[] {
  const index = jobIndex(plan)
  const found = selectByKey(selector, index, factsOf) ?? selectByName(selector, plan, index)
  return found.map(({id}) => id)
}

/** Selectors nearest to one that matches nothing, best first: ids for a name. Takes time in proportion to the plan. */
export function nearestSelectors(selector: string, plan: Plan): string[] {
  const [, key, value = ''] = keyed.exec(selector) ?? []
  const index = jobIndex(plan)
  if (key !== undefined) return nearestValues(key, value, index).map((near) => `${key}:${near}`)
  const {candidates} = index
  const names = nearestNames(withoutNumbers(selector), candidates.keys())
  return [...new Set(names.map((name) => candidates.get(name) as JobId))]
}

function nearestValues(key: string, value: string, {byKind, byTag, jobs}: JobIndex): string[] {
  switch (key) {
    case 'line': {
      const last = jobs.at(-1)
      return last === undefined ? [] : [String(last.directive.position.start.line)]
    }
    case 'kind':
      return nearestNames(value, byKind.keys())
    case 'tag':
      return nearestNames(value.replace(/^#/, ''), byTag.keys())
    case 'state':
      return nearestNames(value, states).filter((state) => state !== value)
    default:
      return []
  }
}

function selectByKey(
  selector: string,
  index: JobIndex,
  factsOf: ((id: JobId) => JobFacts | undefined) | undefined,
): readonly Job[] | undefined {
  const match = keyed.exec(selector)
  if (match === null) return undefined
  const [, key, raw = ''] = match
  const value = raw.replace(/^"([^]*)"$/, '$1')
  const {jobs} = index
  const byFacts = (test: (facts: JobFacts) => boolean): Job[] =>
    factsOf === undefined
      ? []
      : jobs.filter(({id}) => {
          const facts = factsOf(id)
          return facts !== undefined && test(facts)
        })
  switch (key) {
    case 'line':
      return selectByLine(Number(value), jobs)
    case 'kind':
      return index.byKind.get(value as DirectiveKind) ?? []
    case 'tag':
      return index.byTag.get(value.replace(/^#/, '')) ?? []
    case 'state':
      return byFacts((facts) => hasState(facts, value))
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

const keyed = new RegExp(`^(${selectorKeys.join('|')}):([^]*)$`)

const states = ['missing', 'stale', 'drifted', 'failed', 'fresh', 'edited', 'draft', 'read', 'unread']

/** Flags stand beside the state and are named like one. */
function hasState({state, isEdited, isDraft, isRead}: JobFacts, value: string): boolean {
  switch (value) {
    case 'edited':
      return isEdited === true
    case 'draft':
      return isDraft === true
    case 'read':
      return isRead === true
    case 'unread':
      return isRead === false
    default:
      return state === value
  }
}

/** The directives on the line, else the next one after it, so that a heading's line names what is below it. */
function selectByLine(line: number, jobs: readonly Job[]): readonly Job[] {
  if (!Number.isInteger(line) || line < 1) return []
  // Directives do not overlap: in the outline's order both their starts and their ends ascend.
  const next = firstWhere(jobs, ({directive}) => directive.position.start.line > line)
  const first = firstWhere(jobs, ({directive}) => directive.position.end.line >= line)
  return first < next ? jobs.slice(first, next) : jobs.slice(next, next + 1)
}

/** Index of the first element that passes a test which all after it pass too. */
function firstWhere<Value>(values: readonly Value[], test: (value: Value) => boolean): number {
  let from = 0
  let to = values.length
  while (from < to) {
    const middle = (from + to) >> 1
    if (test(values[middle] as Value)) to = middle
    else from = middle + 1
  }
  return from
}

function selectByName(selector: string, plan: Plan, index: JobIndex): readonly Job[] {
  const exact = plan.jobs.get(selector as JobId)
  if (exact !== undefined) return [exact]
  if (selector.includes('*')) return selectByGlob(selector, index)
  const plain = withoutNumbers(selector)
  const byId = index.byPlainId.get(plain) ?? index.byPlainSection.get(plain)
  if (byId !== undefined) return byId
  const title = foldTitle(selector)
  if (title === '') return []
  // A heading without a directive of its own stands for all that is below it.
  return index.byTitle.get(title) ?? index.byHeading.get(title) ?? []
}

function selectByGlob(glob: string, index: JobIndex): readonly Job[] {
  let found = index.globs.get(glob)
  if (found === undefined) {
    const direct = matchGlob(glob, index.sorted, index.jobs)
    found = direct.length > 0 ? direct : matchGlob(withoutNumbers(glob), index.sortedPlain, index.jobs)
    index.globs.set(glob, found)
  }
  return found
}

/** Jobs whose name matches, in the outline's order; only names that begin like the glob are looked at. */
function matchGlob(glob: string, sorted: readonly NamedJob[], jobs: readonly Job[]): Job[] {
  const pattern = globPattern(glob)
  const prefix = glob.slice(0, glob.indexOf('*')).replace(/\/$/, '')
  const places: number[] = []
  for (let at = firstWhere(sorted, ({name}) => name >= prefix); at < sorted.length; at++) {
    const {name, place} = sorted[at] as NamedJob
    if (!name.startsWith(prefix)) break
    if (pattern.test(name)) places.push(place)
  }
  return places.sort((a, b) => a - b).map((place) => jobs[place] as Job)
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
