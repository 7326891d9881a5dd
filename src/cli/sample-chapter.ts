import type {JobId} from '../model/job.ts'
import type {Section} from '../model/section.ts'
import type {LoadedOutline} from './load-course.ts'

/** A chapter that is to show what the book would be like. */
export interface SampleChapter {
  /** Its heading; empty for what stands before the first one. */
  readonly title: string
  readonly ids: readonly JobId[]
}

/**
 * The chapter of a directive, or the first one with directives. Where one heading stands above the whole book, as its
 * title, the chapters are the sections below it.
 */
export function sampleChapter(
  {outline, plan}: Pick<LoadedOutline, 'outline' | 'plan'>,
  wanted?: JobId,
): SampleChapter | undefined {
  const jobs = [...plan.jobs.keys()]
  const own = ({directives}: Section): JobId[] => directives.flatMap((at) => jobs[at] ?? [])
  const all = (section: Section): JobId[] => [...own(section), ...section.children.flatMap(all)]
  let sections = outline.sections
  const before: SampleChapter[] = []
  for (;;) {
    const [only, ...others] = sections.filter(({depth}) => depth > 0)
    const isTitle = only !== undefined && others.length === 0 && only.children.some((child) => all(child).length > 0)
    if (!isTitle || sections.some((section) => section !== only && all(section).length > 0)) break
    if (own(only).length > 0) before.push({title: only.title, ids: own(only)})
    sections = only.children
  }
  const chapters = [...before, ...sections.map((section) => ({title: section.title, ids: all(section)}))]
  return chapters.find(({ids}) => (wanted === undefined ? ids.length > 0 : ids.includes(wanted)))
}
