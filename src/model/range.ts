/** An estimate: `low` ≤ `expected` ≤ `high`. */
export interface Range {
  readonly low: number
  readonly expected: number
  readonly high: number
}

/** A range of nothing. */
export const noRange: Range = {low: 0, expected: 0, high: 0}

/** Range around `expected`; bounds on the wrong side of it are drawn to it. */
export function rangeAround(low: number, expected: number, high: number): Range {
  return {low: Math.min(low, expected), expected, high: Math.max(high, expected)}
}

/** Sum of two ranges, as if all that is estimated erred the same way: wide on purpose. */
export function addRanges(one: Range, other: Range): Range {
  return {low: one.low + other.low, expected: one.expected + other.expected, high: one.high + other.high}
}

/** Product of two ranges of numbers from 0. */
export function multiplyRanges(one: Range, other: Range): Range {
  return {low: one.low * other.low, expected: one.expected * other.expected, high: one.high * other.high}
}

/** Each of the three numbers, changed by a function that never falls. */
export function mapRange({low, expected, high}: Range, change: (value: number) => number): Range {
  return {low: change(low), expected: change(expected), high: change(high)}
}
