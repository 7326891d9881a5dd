import {type Spread, spreadOf} from './sample.ts'

export type Unit = 'seconds' | 'mebibytes' | 'share' | 'count'

/** One line of the table: what was measured, against what, and what is to be reached. */
export interface Row {
  readonly cell: string
  readonly what: string
  readonly unit: Unit
  /** One value for each run of msk-course. */
  readonly own: readonly number[]
  /** What it is compared with, in the same unit; `values` has one entry where it is computed. */
  readonly other?: {readonly name: string; readonly values: readonly number[]}
  /** What the target is about: own / other, own - other, or own alone. */
  readonly compare: 'ratio' | 'difference' | 'value'
  readonly target?: {readonly atMost: number} | {readonly atLeast: number}
}

/** A row with what follows from it. */
export interface JudgedRow extends Row {
  readonly ownSpread: Spread
  readonly otherSpread: Spread | null
  /** Ratio or difference of the medians, with the range over the pairs of runs. */
  readonly comparison: Spread
  /** Null where there is no target. */
  readonly reached: boolean | null
}

/** Medians, ranges and whether the target is reached. */
export function judgeRow(row: Row): JudgedRow {
  const ownSpread = spreadOf(row.own)
  const otherSpread = row.other === undefined ? null : spreadOf(row.other.values)
  const compare = (own: number, other: number): number =>
    row.compare === 'ratio' ? own / other : row.compare === 'difference' ? own - other : own
  const pairs = spreadOf(
    row.own.map((own, at) => compare(own, row.other?.values[at] ?? otherSpread?.median ?? Number.NaN)),
  )
  const median = compare(ownSpread.median, otherSpread?.median ?? Number.NaN)
  const comparison = {median, min: pairs.min, max: pairs.max}
  return {...row, ownSpread, otherSpread, comparison, reached: isReached(median, row.target)}
}

function isReached(value: number, target: Row['target']): boolean | null {
  if (target === undefined) return null
  return 'atMost' in target ? value <= target.atMost : value >= target.atLeast
}
