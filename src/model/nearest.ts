/** The candidates nearest to `name` by edits of one character, best first; those too far off are left out. */
export function nearestNames(name: string, candidates: Iterable<string>, most = 3): string[] {
  const target = name.toLowerCase()
  const limit = Math.max(2, Math.ceil(target.length / 3))
  return [...candidates]
    .map((candidate) => ({candidate, distance: editDistance(target, candidate.toLowerCase(), limit)}))
    .filter(({candidate, distance}) => distance <= limit || candidate.toLowerCase().includes(target))
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, most)
    .map(({candidate}) => candidate)
}

/** Number of insertions, deletions, replacements and swaps of neighbours between two texts; `limit + 1` when it is more. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1
  let beforeLast: number[] = []
  let last = Array.from({length: b.length + 1}, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let best = Math.min((last[j] as number) + 1, (row[j - 1] as number) + 1, (last[j - 1] as number) + cost)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (beforeLast[j - 2] as number) + 1)
      row.push(best)
    }
    beforeLast = last
    last = row
  }
  return last[b.length] as number
}
