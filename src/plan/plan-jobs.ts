import type {VFile} from 'vfile'
import type {PromptDirective} from '../model/directive.ts'
import type {Job, JobId, Plan} from '../model/job.ts'
import type {OtherBooks} from '../model/other-book.ts'
import type {Outline} from '../model/outline.ts'
import {report} from '../model/report.ts'
import type {Section} from '../model/section.ts'
import {recogniseKind} from '../syntax/recognise-kind.ts'
import {type ContextOptions, defaultDependencies} from './default-dependencies.ts'
import {dropCyclicDefaults} from './drop-cyclic-defaults.ts'
import {explicitDependencies} from './explicit-dependencies.ts'
import {findCycle, orderJobs} from './order-jobs.ts'

export interface PlanOptions extends ContextOptions {
  /** `declared` keeps the depth that a directive declares where it is below its container. Default `shift`. */
  readonly levels?: 'shift' | 'declared'
  /** The other books of the project, whose directives may be named as `BOOK:SELECTOR`. Default: none. */
  readonly others?: OtherBooks
}

interface Draft {
  readonly directive: PromptDirective
  readonly section: Section
  readonly path: readonly Section[]
  readonly siblings: readonly string[]
  readonly number: number
}

/** Makes a job of every directive: its id (D9), kind, depth and upstream jobs. Problems become messages of `file`. */
export function planJobs(outline: Outline, file: VFile, options: PlanOptions = {}): Plan {
  const drafts: Draft[] = []
  const sectionIds = new Set<string>()
  const visitSection = (
    section: Section,
    place: number,
    above: readonly Section[],
    siblings: readonly Section[],
  ): void => {
    sectionIds.add(section.id)
    const path = section.depth === 0 ? [] : [...above, section]
    const titles = nearestTitles(place, siblings)
    section.directives.forEach((at, number) => {
      const directive = outline.directives[at]
      if (directive !== undefined) drafts[at] = {directive, section, path, siblings: titles, number}
    })
    section.children.forEach((child, at) => {
      visitSection(child, at, path, section.children)
    })
  }
  outline.sections.forEach((section, at) => {
    visitSection(section, at, [], outline.sections)
  })

  const jobs = new Map<JobId, Job>()
  for (const {directive, section, path, siblings, number} of drafts) {
    const ownId = number === 0 ? section.id : `${section.id}#${number + 1}`
    const {id: explicitId, kind: attribute} = directive.attributes
    let id = (explicitId ?? ownId) as JobId
    const taken = jobs.get(id)
    if (taken !== undefined || (explicitId !== undefined && explicitId !== section.id && sectionIds.has(explicitId))) {
      const line = taken?.directive.position.start.line
      const where = line === undefined ? 'which is the id of a section' : `which the directive on line ${line} has`
      report(file, 'duplicate-id', `Unexpected id \`${id}\`, ${where}, expected an id of its own`, {
        place: directive.position,
        actual: id,
      })
      id = uniqueId(`${id}#`, jobs) as JobId
    }
    jobs.set(id, {
      id,
      sectionId: section.id,
      directive,
      kind: recogniseKind(
        {
          title: section.title,
          prompt: directive.value,
          isBlock: directive.container === 'block',
          ...(attribute === undefined ? {} : {attribute}),
          ...(directive.label === undefined ? {} : {label: directive.label}),
        },
        options.kindTitles,
      ),
      depth: bookDepth(directive, options.levels ?? 'shift'),
      headingPath: path.map(({title}) => title),
      siblingTitles: siblings,
      dependsOn: [],
    })
  }
  return withDependencies(outline, jobs, file, options)
}

/** How many titles on each side of a section its request names. */
const siblingsOnEachSide = 12

/** Titles of the sections beside one, in order; of very many the nearest. */
function nearestTitles(place: number, siblings: readonly Section[]): string[] {
  return siblings
    .slice(Math.max(0, place - siblingsOnEachSide), place + siblingsOnEachSide + 1)
    .filter((other) => other !== siblings[place] && other.depth > 0)
    .map(({title}) => title)
}

/** Depth at which a completion's shallowest heading stands (D8): one below its container unless the declared one is kept; 7 means bold. */
function bookDepth(directive: PromptDirective, levels: 'shift' | 'declared'): number {
  const below = directive.containerDepth + 1
  const {declaredDepth} = directive
  return levels === 'declared' && declaredDepth !== undefined && declaredDepth > below ? declaredDepth : below
}

/** The plan with the edges that the author asked for, and the default ones that close no cycle with them. */
function withDependencies(outline: Outline, jobs: Map<JobId, Job>, file: VFile, options: PlanOptions): Plan {
  const {linked, others} = explicitDependencies(jobs, file, options.others)
  const read = others.size === 0 ? {} : {others}
  const cycle = findCycle(linked)
  if (cycle !== undefined) {
    const [last] = cycle.slice(-1) as [JobId]
    report(
      file,
      'dependency-cycle',
      `Unexpected cycle of dependencies \`${[...cycle, cycle[0]].join('` → `')}\`, expected none`,
      {
        place: (linked.get(last) as Job).directive.position,
      },
    )
    return {jobs: linked, order: [...linked.keys()], ...read}
  }
  const defaults = dropCyclicDefaults(linked, defaultDependencies(outline.sections, [...linked.values()], options))
  for (const [id, dependsOn] of defaults) linked.set(id, {...(linked.get(id) as Job), dependsOn, readsChapter: true})
  return {jobs: linked, order: orderJobs(linked), ...read}
}

function uniqueId(base: string, taken: ReadonlyMap<JobId, unknown>): string {
  let number = 2
  while (taken.has(`${base}${number}` as JobId)) number++
  return `${base}${number}`
}
