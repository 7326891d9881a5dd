import type {Position} from 'unist'
import type {VFile} from 'vfile'
import type {DirectiveKind} from '../model/job.ts'
import {type RelatedPlace, type ReportOptions, report} from '../model/report.ts'
import type {RuleId} from '../model/rules.ts'
import type {FactList, TextContents} from './text-contents.ts'

/** A directive's text as it stands, for the checks over a whole book. */
export interface CourseText {
  readonly id: string
  readonly kind: DirectiveKind
  /** Id of the top section it is in. */
  readonly chapter: string
  /** The section file, which gets the messages. */
  readonly file: VFile
  readonly contents: TextContents
  /** Whether it was put together from the sources and no author changed it. */
  readonly isDraft: boolean
  /** Whether its file cannot be used as it is: others may lead to it, and nothing in it is checked. */
  readonly isBroken: boolean
  /** Titles that the headings above it had when the text was placed there, as far as they were others. */
  readonly formerTitles: readonly string[]
  /** Where its directive is. */
  readonly directive: RelatedPlace
  /** Place in the section file of a fact, by its list and its number in it. */
  placeOf(list: FactList, at: number): Position | undefined
}

/** Reports a fault of a fact at its place in the section file; the note says where the directive is. */
export function reportContents(
  text: CourseText,
  list: FactList,
  at: number,
  ruleId: RuleId,
  reason: string,
  options: Omit<ReportOptions, 'place'> = {},
): void {
  const place = text.placeOf(list, at)
  report(text.file, ruleId, reason, {...options, related: text.directive, ...(place === undefined ? {} : {place})})
}
