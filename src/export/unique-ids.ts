/** Gives out ids that no other part of the book has. */
export class UniqueIds {
  private readonly taken = new Set<string>()
  private readonly lastNumbers = new Map<string, number>()

  /** The id itself where it is free, else with a number behind it. */
  take(id: string): string {
    let free = id
    for (let number = this.lastNumbers.get(id) ?? 1; this.taken.has(free); number++) {
      free = `${id}-${number}`
      this.lastNumbers.set(id, number + 1)
    }
    this.taken.add(free)
    return free
  }

  /** Takes the ids of the first number, from `from` on, whose ids are all free; that number. */
  takeNumber(from: number, idsOf: (number: number) => readonly string[]): number {
    let number = from
    while (idsOf(number).some((id) => this.taken.has(id))) number++
    for (const id of idsOf(number)) this.taken.add(id)
    return number
  }
}
