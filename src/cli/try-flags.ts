import type {BuildFlags} from './build-flags.ts'
import type {SpendingFlags} from './build-settings.ts'
import type {PlannedBook} from './planned-book.ts'

/** Flags of `try`. */
export interface TryFlags
  extends Omit<SpendingFlags, 'model'>,
    Pick<BuildFlags, 'rpm' | 'tpm' | 'dryRun' | 'wait' | 'failFast'> {
  /** Models to compare; none for the one that a build would ask. */
  readonly model: readonly string[]
  /** Files with styles to compare; none for the course's. */
  readonly style: readonly string[]
  /** Selector of a directive, whose chapter is tried. */
  readonly section?: string
  /** The book's own folder. */
  readonly out?: string
  /** Folder that the sample goes into. */
  readonly to?: string
}

/** The flags of `try` as those of a build with one of its models. */
export function buildFlagsOf(flags: TryFlags, model: string | undefined): BuildFlags {
  const {model: _, style, to, section, ...spending} = flags
  return {
    ...spending,
    ...(model === undefined ? {} : {model}),
    frozen: false,
    strict: false,
    drafts: true,
    allowMissing: false,
    discardBookEdits: false,
  }
}

/** The outline and the flags of a sample of what a build would make: of the first of its books that a model writes. */
export function sampleOf(books: readonly PlannedBook[], flags: BuildFlags): [string[], TryFlags] {
  const paid = books.find(({choice, plan}) => choice.name === 'openai' && plan.make.size > 0)
  const {model: _, refresh: __, ...own} = flags
  const outlines = paid === undefined ? [] : [paid.loaded.target.outlinePath]
  return [outlines, {...own, model: paid === undefined ? [] : [paid.choice.model], style: []}]
}
