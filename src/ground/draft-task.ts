import type {ContainerKind} from '../model/directive.ts'
import type {DirectiveKind} from '../model/job.ts'

/** What is to be drafted: a directive and what surrounds it in the outline. */
export interface DraftTask {
  /** Id of the directive; it decides the order of a quiz's options. */
  readonly id: string
  readonly kind: DirectiveKind
  readonly prompt: string
  /** Titles of the headings above, the chapter's first, the directive's own section last. */
  readonly headingPath: readonly string[]
  /** Titles of the sections beside this one. */
  readonly siblingTitles: readonly string[]
  /** Titles of all chapters of the outline, in order. */
  readonly chapterTitles: readonly string[]
  readonly container: ContainerKind
  /** Text of the label that the draft continues, as plain text. */
  readonly label?: string
  /** Texts of other books that the draft is to be made from; absent where the directive reads none. */
  readonly upstream?: readonly {readonly title: string; readonly text: string}[]
}

/** The chapter's title without its number; empty outside a chapter. */
export function chapterName(task: DraftTask): string {
  return withoutNumber(task.headingPath[0] ?? '')
}

/** A title without the number before it: `IV. Title`, `4.2 Title`, `Chapter 3: Title`. */
export function withoutNumber(title: string): string {
  const word = /^\s*(?:chapter|part|unit|module)\s+(?:[IVXLC]+|\d+)(?:[.):]|\s+[—–-])?\s+/i
  const name = title.replace(word, '').replace(/^\s*(?:(?:[IVXLC]+|\d+(?:\.\d+)*)[.):]|\d+(?:\.\d+)+)\s+/, '')
  return name.trim() === '' ? title.trim() : name.trim()
}
