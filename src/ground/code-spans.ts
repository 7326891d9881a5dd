/** Part of a text from `start` up to `end`, in UTF-16 units. */
export interface TextRange {
  readonly start: number
  readonly end: number
}

/** Code spans of one paragraph with their backticks, in order; time is linear in the length of `text`. */
export function findCodeSpans(text: string): readonly TextRange[] {
  const runs = [...text.matchAll(/\\[\\`]|`+/g)].filter((run) => !run[0].startsWith('\\'))
  const closings: (number | undefined)[] = []
  const nextOfLength = new Map<number, number>()
  for (let at = runs.length - 1; at >= 0; at -= 1) {
    const length = runs[at]?.[0].length ?? 0
    closings[at] = nextOfLength.get(length)
    nextOfLength.set(length, at)
  }
  const spans: TextRange[] = []
  for (let at = 0; at < runs.length; at += 1) {
    const opening = runs[at]
    const closing = closings[at]
    const last = closing === undefined ? undefined : runs[closing]
    if (opening === undefined || closing === undefined || last === undefined) continue
    spans.push({start: opening.index, end: last.index + last[0].length})
    at = closing
  }
  return spans
}
