const wordings = [
  /\bheading\s+levels?\s+(?<depth>\d)\b/i,
  /\blevel[\s-]+(?<depth>\d)\s+heading/i,
  /\b(?:heading\s+levels?|levels?(?:\s+heading)?s?|headings?)\s*\(\s*(?<marks>#{1,6})\s*\)/i,
]

/** Depth that a prompt names in words: the first "heading level N", "level N heading" or "(###)" after such words. */
export function declaredDepth(prompt: string): number | undefined {
  let first: {index: number; depth: number} | undefined
  for (const wording of wordings) {
    const match = wording.exec(prompt)
    if (match === null || (first !== undefined && match.index >= first.index)) continue
    const depth = match.groups?.marks?.length ?? Number(match.groups?.depth)
    if (depth >= 1 && depth <= 6) first = {index: match.index, depth}
  }
  return first?.depth
}
