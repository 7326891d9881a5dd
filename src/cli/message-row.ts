import type {VFile} from 'vfile'
import type {VFileMessage} from 'vfile-message'
import {messageSeverity, type RelatedPlace, relatedPlace} from '../model/report.ts'
import type {Severity} from '../model/rules.ts'

/** A message as scripts get it (contract, C7). */
export interface MessageRow {
  readonly file: string
  readonly line: number | null
  readonly column: number | null
  readonly endLine: number | null
  readonly endColumn: number | null
  readonly ruleId: string
  readonly severity: Severity
  readonly reason: string
  readonly url: string | null
}

/** A message for those who show it at a place: with the other place that it is about. */
export interface PlacedRow extends MessageRow {
  readonly related?: RelatedPlace
}

/** The messages of files as rows, in their order. */
export function messageRows(files: Iterable<VFile>): MessageRow[] {
  return placedRows(files).map(({related: _, ...row}) => row)
}

/** The same with their other places. */
export function placedRows(files: Iterable<VFile>): PlacedRow[] {
  const rows: PlacedRow[] = []
  for (const file of files) for (const message of file.messages) rows.push(placedRow(file, message))
  return rows
}

const ranks: Readonly<Record<Severity, number>> = {error: 0, warning: 1, info: 2}

/** Rows with the gravest first; those of one severity stay in their order. */
export function bySeverity<Row extends MessageRow>(rows: readonly Row[]): Row[] {
  return rows.toSorted((one, other) => ranks[one.severity] - ranks[other.severity])
}

function placedRow(file: VFile, message: VFileMessage): PlacedRow {
  const {place} = message
  const end = place !== undefined && 'end' in place ? place.end : place
  const related = relatedPlace(message)
  return {
    file: file.path,
    line: message.line ?? null,
    column: message.column ?? null,
    endLine: end?.line ?? null,
    endColumn: end?.column ?? null,
    ruleId: message.ruleId ?? 'unknown',
    severity: messageSeverity(message),
    reason: message.reason,
    url: message.url ?? null,
    ...(related === undefined ? {} : {related}),
  }
}
