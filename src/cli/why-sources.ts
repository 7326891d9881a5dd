import type {Job} from '../model/job.ts'
import type {SourceExcerpt} from '../model/source-excerpt.ts'
import type {BookPlan} from './build-book.ts'

/** What the sources say to a directive, as `why --json` gives it. */
export interface WhySources {
  /** In the order of the notes; none where no source covers it. */
  readonly passages: readonly WhyPassage[]
}

interface WhyPassage {
  readonly numbers: readonly number[]
  /** Name of the note below `sources/`. */
  readonly note: string
  /** Line of the note, from 1. */
  readonly line: number
  readonly markdown: string
}

/** The passages that a request for a job would carry now; null where it is to carry none. */
export function whySources(job: Job, {context}: BookPlan): WhySources | null {
  const excerpt: SourceExcerpt | undefined = context.sources.excerptFor(job, context.render)
  if (excerpt === undefined) return null
  return {passages: excerpt.passages.map(({numbers, note, line, markdown}) => ({numbers, note, line, markdown}))}
}

/** The same for the reader: number, place in the note, and how the passage begins. */
export function sourceLines(sources: WhySources | null): string[] {
  if (sources === null) return []
  if (sources.passages.length === 0) return ['no source covers this; the request says so']
  return sources.passages.map(({numbers, note, line, markdown}) => {
    const text = markdown.replace(/\s+/g, ' ')
    const number = numbers.length === 0 ? '' : `[${numbers.join(', ')}] `
    return `${number}sources/${note}:${line}  ${text.length > 70 ? `${text.slice(0, 69).trimEnd()}…` : text}`
  })
}
