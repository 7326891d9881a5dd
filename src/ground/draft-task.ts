import type {ContainerKind, WordBounds} from '../model/directive.ts'
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
  /** Language of the course, as a BCP 47 tag; English by default. */
  readonly language?: string
  /** Length that is asked for. */
  readonly words?: WordBounds
  /** Notes, or numbers of the bibliography, that the author wants it to rest on. */
  readonly sources?: readonly string[]
  /** Names that the list items below the same heading explain, which its table may compare. */
  readonly itemNames?: readonly string[]
  /** Texts of other books that the draft is to be made from; absent where the directive reads none. */
  readonly upstream?: readonly {readonly title: string; readonly text: string}[]
  /** What the chapter's other drafts leave to this one; without it, the draft has the notes to itself. */
  readonly share?: DraftShare
}

/** What one draft gets when a chapter's passages are divided among its drafts. */
export interface DraftShare {
  /** Places in `PassageLibrary.passages`, by wish of the draft's form. */
  readonly passages: readonly (readonly number[])[]
  /** What sections before it print of the texts that a companion's draft reads, by statement. */
  readonly taken?: readonly string[]
  /** Headings of the chapter below which the notes have something to say; for objectives and reflection. */
  readonly subjects?: readonly string[]
  /** Terms that the chapter's glossary defines, those first that nothing else in the chapter uses; for objectives. */
  readonly terms?: readonly string[]
  /** Heading of the section that says what this one would have said. */
  readonly elsewhere?: string
  /** Whether the list items below the same heading have something to say where this draft has not. */
  readonly hasItems?: boolean
  /** Sections below this one that have something to say where this draft has not. */
  readonly parts?: readonly string[]
  /** Sections of the outline's chapters by the chapter's title; for cross-references. */
  readonly sectionTitles?: Readonly<Record<string, readonly string[]>>
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
