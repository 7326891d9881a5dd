import {type DirectiveKind, directiveKinds, type Job, type JobId} from '../model/job.ts'
import type {Section} from '../model/section.ts'
import {type KindTitles, kindOfTitle} from '../syntax/recognise-kind.ts'

/** Whether directives read their chapter's texts without being told to. */
export type ContextMode = 'chapter' | 'none'

export interface ContextOptions {
  /** For the closing kinds: summary, key terms, quiz, reflection, objectives. Default `chapter`. */
  readonly context?: ContextMode
  /** By kind, before `context`; `chapter` also makes cross-references and further exploration read. */
  readonly kindContexts?: Readonly<Partial<Record<DirectiveKind, ContextMode>>>
  readonly kindTitles?: KindTitles
}

/** Kinds that read their chapter by default. */
const closingKinds: ReadonlySet<DirectiveKind> = new Set(['objectives', 'summary', 'key-terms', 'quiz', 'reflection'])

/** Kinds of the texts that are read. */
const bodyKinds: ReadonlySet<DirectiveKind> = new Set(['overview', 'section'])

/** Most texts that one directive reads by default; of more, the nearest. */
export const mostDefaultTexts = 400

/** Windows of texts begin at multiples of this, so that neighbours share one list and a long chapter stays small. */
const windowStep = 50

/** A section, or the whole book where it has no parent; `first` and `end` are ranks among all body texts. */
interface Scope {
  readonly parent: Scope | undefined
  readonly titleKind: DirectiveKind | undefined
  readonly first: number
  end: number
  /** Kinds of the directives below it, one bit each. */
  holds: number
  /** Kinds that a child has beside body texts of its own, as chapters do. */
  chapterKinds: number
  /** By kind, where the children begin whose headings name it. */
  readonly titled: Map<DirectiveKind, number[]>
}

/**
 * Upstream jobs of directives that close a chapter, or open it as objectives do, by job id: the chapter's body texts.
 * A list may be shared by many jobs and is frozen. Jobs that name their own `depends` have no entry; one whose chapter
 * holds no body text has an empty list.
 */
export function defaultDependencies(
  sections: readonly Section[],
  jobs: readonly Job[],
  options: ContextOptions = {},
): Map<JobId, readonly JobId[]> {
  const {bodies, readers} = readScopes(sections, jobs, options)
  const lists = new Map<string, readonly JobId[]>()
  const dependencies = new Map<JobId, readonly JobId[]>()
  for (const {job, scope, rank} of readers) {
    const range = nearest(rangeOf(job, scope, rank), rank)
    const key = range.join(':')
    let list = lists.get(key)
    if (list === undefined) {
      list = Object.freeze(bodies.slice(...range))
      lists.set(key, list)
    }
    dependencies.set(job.id, list)
  }
  return dependencies
}

interface Reader {
  readonly job: Job
  readonly scope: Scope
  /** Number of body texts before it in the book. */
  readonly rank: number
}

function readScopes(
  sections: readonly Section[],
  jobs: readonly Job[],
  options: ContextOptions,
): {bodies: JobId[]; readers: Reader[]} {
  const bodies: JobId[] = []
  const readers: Reader[] = []
  const visit = (section: Section, parent: Scope): void => {
    const titleKind = kindOfTitle(section.title, options.kindTitles)
    // What stands before the first heading stands in the book itself.
    const scope = section.depth === 0 ? parent : newScope(parent, titleKind, bodies.length)
    if (scope !== parent && titleKind !== undefined) noteTitle(parent, titleKind, bodies.length)
    for (const at of section.directives) {
      const job = jobs[at]
      if (job === undefined) continue
      scope.holds |= bitOf(job.kind)
      if (readsByDefault(job, options)) readers.push({job, scope, rank: bodies.length})
      if (bodyKinds.has(job.kind)) bodies.push(job.id)
    }
    for (const child of section.children) visit(child, scope)
    if (scope === parent) return
    scope.end = bodies.length
    parent.holds |= scope.holds
    if (scope.end > scope.first) parent.chapterKinds |= scope.holds
  }
  const book = newScope(undefined, undefined, 0)
  for (const section of sections) visit(section, book)
  book.end = bodies.length
  return {bodies, readers}
}

function newScope(parent: Scope | undefined, titleKind: DirectiveKind | undefined, first: number): Scope {
  return {parent, titleKind, first, end: first, holds: 0, chapterKinds: 0, titled: new Map()}
}

function noteTitle(parent: Scope, kind: DirectiveKind, rank: number): void {
  const ranks = parent.titled.get(kind)
  if (ranks === undefined) parent.titled.set(kind, [rank])
  else ranks.push(rank)
}

function readsByDefault({kind, directive}: Job, {context = 'chapter', kindContexts}: ContextOptions): boolean {
  if (directive.attributes.depends !== undefined || bodyKinds.has(kind)) return false
  return (kindContexts?.[kind] ?? (closingKinds.has(kind) ? context : 'none')) === 'chapter'
}

type Range = [first: number, end: number]

/** Ranks of the body texts that a directive reads. */
function rangeOf(job: Job, scope: Scope, rank: number): Range {
  const {kind, directive} = job
  // A directive that is the whole of its section, by its heading or by its attribute, closes what is around the section.
  const isWholeSection =
    scope.titleKind === kind ||
    (scope.first === scope.end && directive.container === 'block' && directive.attributes.kind !== undefined)
  let around = isWholeSection ? (scope.parent ?? scope) : scope
  if (scope.titleKind === kind && around !== scope) {
    const part = partBetween(around, kind, scope.first)
    if (part !== undefined) return part
  }
  // Closing parts may have a heading of their own above them. A chapter without body texts does not read other chapters.
  while (around.first === around.end && around.parent !== undefined) {
    if ((around.parent.chapterKinds & bitOf(kind)) !== 0) return [rank, rank]
    around = around.parent
  }
  return [around.first, around.end]
}

/** Where one heading has several closing parts of a kind below it, each is about the part up to the next. */
function partBetween(around: Scope, kind: DirectiveKind, start: number): Range | undefined {
  const starts = around.titled.get(kind) ?? []
  if (starts.length < 2) return undefined
  const part: Range =
    kind === 'objectives'
      ? [start, starts[firstAtLeast(starts, start + 1)] ?? around.end]
      : [starts[firstAtLeast(starts, start) - 1] ?? around.first, start]
  return part[0] === part[1] ? undefined : part
}

/** Index of the first of ascending numbers that is at least `least`; their count when there is none. */
function firstAtLeast(ascending: readonly number[], least: number): number {
  let from = 0
  let to = ascending.length
  while (from < to) {
    const middle = (from + to) >> 1
    if ((ascending[middle] as number) < least) from = middle + 1
    else to = middle
  }
  return from
}

/** The range, or of a long one the part around `rank`. */
function nearest([first, end]: Range, rank: number): Range {
  if (end - first <= mostDefaultTexts) return [first, end]
  const wanted = Math.floor((rank - mostDefaultTexts / 2) / windowStep) * windowStep
  const from = Math.min(Math.max(wanted, first), end - mostDefaultTexts)
  return [from, from + mostDefaultTexts]
}

function bitOf(kind: DirectiveKind): number {
  return 1 << directiveKinds.indexOf(kind)
}
