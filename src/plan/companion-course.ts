import type {Job, Plan} from '../model/job.ts'
import {otherBookId} from '../model/other-book.ts'
import type {Outline} from '../model/outline.ts'
import type {Section} from '../model/section.ts'
import {splitTitle} from '../syntax/chapter-number.ts'

/** A section of a course as templates of companions see it. */
export interface CompanionSection {
  readonly title: string
  /** The title without a number before it. */
  readonly name: string
  readonly id: string
  readonly depth: number
  /** Kinds of the directives in it, those below it included. */
  readonly kinds: readonly string[]
  /** Tags of these directives. */
  readonly tags: readonly string[]
  /** Selectors of its explaining texts, for `depends`. */
  readonly depends: string
}

/** A chapter of a course as templates of companions see it. */
export interface CompanionChapter extends CompanionSection {
  /** From 1, among the chapters that have texts. */
  readonly number: number
  /** All sections below it, in order. */
  readonly sections: readonly CompanionSection[]
}

/** A course as templates of companions see it. */
export interface CompanionCourse {
  /** Name of the course's book, which goes before selectors. */
  readonly book: string
  readonly course: {
    readonly title: string
    readonly subtitle: string
    readonly description: string
    readonly language: string
    /** Selectors of the texts that hold the gist of each chapter: its overview and summary, else its first text. */
    readonly depends: string
  }
  /** The chapters that have texts. */
  readonly chapters: readonly CompanionChapter[]
}

/** Kinds whose texts explain the course's subject; the others practise or point elsewhere. */
const explaining: ReadonlySet<string> = new Set(['overview', 'section'])
const gist: ReadonlySet<string> = new Set(['overview', 'summary'])

/** What the templates of a course's companions loop over. */
export function companionCourse(book: string, {sections, metadata}: Outline, plan: Plan): CompanionCourse {
  const bySection = new Map<string, Job[]>()
  for (const job of plan.jobs.values()) {
    const known = bySection.get(job.sectionId)
    if (known === undefined) bySection.set(job.sectionId, [job])
    else known.push(job)
  }
  const jobsOf = (section: Section): Job[] => [
    ...(bySection.get(section.id) ?? []),
    ...section.children.flatMap(jobsOf),
  ]
  const dependsOn = (jobs: readonly Job[]): string => jobs.map(({id}) => otherBookId(book, id)).join(', ')
  const describe = (section: Section): CompanionSection => {
    const jobs = jobsOf(section)
    const {title} = section
    return {
      title: plain(title),
      name: plain(splitTitle(title)?.rest ?? title),
      id: section.id,
      depth: section.depth,
      kinds: [...new Set(jobs.map(({kind}) => kind))],
      tags: [...new Set(jobs.flatMap(({directive}) => directive.attributes.tags ?? []))],
      depends: dependsOn(explainingOf(jobs)),
    }
  }
  const chapters = chaptersOf(sections).filter((section) => jobsOf(section).length > 0)
  return {
    book,
    course: {
      title: plain(metadata.title ?? book),
      subtitle: plain(metadata.subtitle ?? ''),
      description: plain(metadata.description ?? ''),
      language: metadata.language ?? '',
      depends: dependsOn(chapters.flatMap((section) => gistOf(jobsOf(section)))),
    },
    chapters: chapters.map((section, at) => ({
      ...describe(section),
      number: at + 1,
      sections: below(section).map(describe),
    })),
  }
}

function explainingOf(jobs: readonly Job[]): readonly Job[] {
  const found = jobs.filter(({kind}) => explaining.has(kind))
  return found.length > 0 ? found : jobs
}

/** Of a chapter, one text of each kind that sums it up. */
function gistOf(jobs: readonly Job[]): readonly Job[] {
  const found = [...gist].flatMap((kind) => jobs.find((job) => job.kind === kind) ?? [])
  return found.length > 0 ? found : explainingOf(jobs).slice(0, 1)
}

/** The sections of the shallowest depth; where that is a single one over others, a book's title, those below it. */
function chaptersOf(sections: readonly Section[]): readonly Section[] {
  const headed = sections.filter(({depth}) => depth > 0)
  const top = Math.min(...headed.map(({depth}) => depth))
  const chapters = headed.filter(({depth}) => depth === top)
  const [only] = chapters
  return chapters.length === 1 && only !== undefined && only.children.length > 1 ? only.children : chapters
}

function below({children}: Section): readonly Section[] {
  return children.flatMap((child) => [child, ...below(child)])
}

/** A title as text that opens and closes no tag and stays on its line. */
function plain(title: string): string {
  return title
    .replace(/<(?=[\p{L}/!])/gu, '‹')
    .replace(/\s+/g, ' ')
    .trim()
}
