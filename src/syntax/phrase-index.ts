interface PhraseNode<Value> {
  readonly next: Map<string, PhraseNode<Value>>
  readonly values: Value[]
}

/** Finds any of many phrases in texts, in time that grows with the texts and not with the number of phrases. */
export class PhraseIndex<Value> {
  private readonly root: PhraseNode<Value> = {next: new Map(), values: []}

  /** Adds a phrase of at least one word. */
  add(words: readonly string[], value: Value): void {
    if (words.length === 0) return
    let node = this.root
    for (const word of words) {
      let next = node.next.get(word)
      if (next === undefined) {
        next = {next: new Map(), values: []}
        node.next.set(word, next)
      }
      node = next
    }
    node.values.push(value)
  }

  /** Calls `found` for each phrase at each place of a text. */
  find(words: readonly string[], found: (value: Value) => void): void {
    for (let start = 0; start < words.length; start++) {
      let node = this.root.next.get(words[start] as string)
      for (let at = start + 1; node !== undefined; at++) {
        for (const value of node.values) found(value)
        node = at < words.length ? node.next.get(words[at] as string) : undefined
      }
    }
  }
}
