import type {ContentAddress} from './content-address.ts'
import type {PromptDirective} from './directive.ts'
import type {OtherJob} from './other-book.ts'

/** What a directive asks for; recognised from heading and prompt, or set by attribute or config. */
export const directiveKinds = [
  'objectives',
  'overview',
  'section',
  'summary',
  'key-terms',
  'quiz',
  'cross-reference',
  'further-exploration',
  'reflection',
  // Parts of companions: short forms of what a course says.
  'lead',
  'facts',
  'call-out',
  'use-cases',
  'features',
  'comparison',
  'summary-table',
  'choices',
  'notes',
  'tips',
] as const

export type DirectiveKind = (typeof directiveKinds)[number]

declare const jobBrand: unique symbol

/** Id of a directive and of its job: `vi-security/encryption#2`. */
export type JobId = string & {readonly [jobBrand]: true}

/** Addresses of the parts that decide whether a text is still wanted. Parts that are absent play no role for it. */
export interface Basis {
  /** The directive's text and those attributes that change what is asked. */
  readonly prompt: ContentAddress
  readonly template: ContentAddress
  readonly style: ContentAddress
  readonly model: string
  readonly sources?: ContentAddress
  /** By job id, the address of each upstream text. */
  readonly upstream?: Readonly<Record<string, ContentAddress>>
}

/** One directive to be written. */
export interface Job {
  readonly id: JobId
  readonly sectionId: string
  readonly directive: PromptDirective
  readonly kind: DirectiveKind
  /** Depth at which the completion's shallowest heading stands in the book. */
  readonly depth: number
  /** Titles of the headings above, the chapter's first. */
  readonly headingPath: readonly string[]
  /** Titles of the sections beside this one. */
  readonly siblingTitles: readonly string[]
  /** Jobs whose texts it reads; `BOOK:ID` for those of other books. */
  readonly dependsOn: readonly JobId[]
  /** Whether `dependsOn` is the chapter's texts, also where there are none, and not what the author asked for. */
  readonly readsChapter?: boolean
}

/** All jobs of an outline. */
export interface Plan {
  readonly jobs: ReadonlyMap<JobId, Job>
  /** Ids in the order in which they are started: those whose chain of dependents is longest come first. */
  readonly order: readonly JobId[]
  /** By `BOOK:ID`, the directives of other books that jobs read; absent where they read none. */
  readonly others?: ReadonlyMap<JobId, OtherJob>
}
