import type {DirectiveKind} from '../model/job.ts'

/** Names of the templates that directives of an outline are worded with. */
export const outlineTemplates = [
  'objectives',
  'overview',
  'topic',
  'points',
  'comparison',
  'problems',
  'steps',
  'item',
  'summary',
  'key-terms',
  'quiz',
  'cross-reference',
  'further-exploration',
  'reflection',
] as const

/** Names of the templates of a request that betters wordings. */
export const refineTemplates = ['refine-system', 'refine'] as const

export type OutlineTemplate = (typeof outlineTemplates)[number]

/** What a chapter is for, by its title. */
export type ChapterSort = 'plain' | 'practices' | 'uses' | 'comparison' | 'troubles' | 'advanced'

/** What a template may use. */
export interface PromptValues {
  /** Depth that the prompt declares. */
  readonly level: number
  readonly course: {readonly title: string}
  readonly chapter: {
    readonly title: string
    /** The title without words such as `Introduction to`. */
    readonly subject: string
    /** Whether its title says that it is about good practices, uses, comparisons, troubles or depth; else `plain`. */
    readonly sort: ChapterSort
    /** Names of its topics as they stand in a sentence, at most a dozen. */
    readonly topics: readonly string[]
    /** The same in words: `A, B and C`, with the number of those that are left out. */
    readonly list: string
    /** Paragraphs of the list below the chapter's heading. */
    readonly notes: string
    /** Fenced code of the list below the chapter's heading. */
    readonly code: string
  }
  readonly topic: {
    readonly name: string
    /** The name as code, or in quotes where it is a sentence or has code of its own. */
    readonly quoted: string
    readonly description: string
    /** What it has below it, as a Markdown list. */
    readonly points: string
    /** Names of what it has below it, in words: `A, B and C`. */
    readonly list: string
    /** Whether the description names several things one after the other. */
    readonly isEnumeration: boolean
    /** What is compared, for `A vs. B`: `A and B`; empty where nothing is. */
    readonly sides: string
    readonly notes: string
    readonly code: string
    /** Whether its points follow as directives of their own. */
    readonly hasItems: boolean
    readonly isQuestion: boolean
  }
  /** Terms that the chapter has first. */
  readonly terms: readonly string[]
  /** Terms that an earlier chapter explains. */
  readonly earlier: readonly {readonly term: string; readonly chapter: string}[]
  readonly related: readonly {readonly title: string; readonly shared: readonly string[]}[]
}

/** A directive of an outline to be. */
export interface DirectiveUnit {
  readonly type: 'directive'
  readonly id: string
  readonly isItem: boolean
  readonly template: OutlineTemplate
  readonly kind: DirectiveKind
  /** Heading that it stands below. */
  readonly title: string
  readonly values: PromptValues
  readonly tags: readonly string[]
  readonly sources: readonly number[]
  /** Lines of the topic list that it covers. */
  readonly lines: readonly number[]
}

/** A heading of an outline to be. */
export interface HeadingUnit {
  readonly type: 'heading'
  readonly depth: number
  readonly title: string
}

/** An outline to be: its front matter, and its headings and directives in order. */
export interface OutlinePlan {
  readonly frontMatter: readonly string[]
  /** Lines of the topic list that the front matter covers. */
  readonly lines: readonly number[]
  readonly units: readonly (HeadingUnit | DirectiveUnit)[]
}
