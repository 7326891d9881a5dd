/** A citation in a text: where it stands and the numbers in it. */
export interface Citation {
  readonly start: number
  readonly end: number
  readonly numbers: readonly number[]
}

const citation = /\[(\d{1,5}(?:\s{0,2},\s{0,2}\d{1,5}){0,49})\]/g

/** Citations of a plain text in its order: `[3]`, `[3, 6]`, each of `[3][6]`. Never throws; time is linear. */
export function readCitations(text: string): readonly Citation[] {
  if (!text.includes('[')) return []
  return [...text.matchAll(citation)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    numbers: (match[1] ?? '').split(',').map(Number),
  }))
}
