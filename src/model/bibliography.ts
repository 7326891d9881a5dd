/** Paths below the project at which a bibliography may lie; in both is an error. */
export const bibliographyPaths = ['sources/sources.yaml', 'sources.yaml'] as const

/** One source of a course, under the number by which notes and texts cite it. */
export interface BibliographyEntry {
  /** From 1. */
  readonly number: number
  readonly title: string
  /** Address with http or https. */
  readonly url?: string
  /** Terms under which the source may be used, such as `CC-BY-4.0`. */
  readonly licence?: string
  /** Day, month or year on which its facts were looked up: `2025-03-01`, `2025-03` or `2025`. */
  readonly date?: string
  /** Notes below `sources/` that rest on this source wherever they cite nothing. */
  readonly files?: readonly string[]
}

/** The numbered sources of a course, in the order of their numbers. */
export interface Bibliography {
  /** Path of the file that lists them, below the project, with `/`. */
  readonly path: string
  readonly entries: readonly BibliographyEntry[]
}
