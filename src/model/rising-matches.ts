/** Places of two equal values in the sequences before and after. */
export interface Match {
  readonly before: number
  readonly after: number
}

/** The longest run of matches, given in the order after, that rises before too. */
export function risingMatches(matches: readonly Match[]): Match[] {
  // By length of a run, the place in `matches` of the lowest one that ends such a run; and of each the one before it.
  const ends: number[] = []
  const previous: number[] = []
  matches.forEach(({before}, at) => {
    let low = 0
    let high = ends.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((matches[ends[middle] as number] as Match).before < before) low = middle + 1
      else high = middle
    }
    previous.push(low === 0 ? -1 : (ends[low - 1] as number))
    ends[low] = at
  })
  const run: Match[] = []
  for (let at = ends.at(-1) ?? -1; at !== -1; at = previous[at] as number) run.push(matches[at] as Match)
  return run.reverse()
}
