/** Work that can wait, a piece between any two events, so that no answer and no request waits for more than one piece. */
export class IdleWork {
  private readonly waiting: (() => void)[] = []
  private readonly pieces: (() => void)[] = []
  private next: NodeJS.Immediate | undefined

  /** Resolves when what has arrived is taken in, and all that waited before had its turn. Goes before all pieces. */
  turn(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve)
      this.begin()
    })
  }

  /** Adds a piece; nothing may depend on its being done. */
  add(piece: () => void): void {
    this.pieces.push(piece)
    this.begin()
  }

  /** Leaves the pieces that were not done yet. */
  end(): void {
    clearImmediate(this.next)
    this.next = undefined
    this.pieces.length = 0
    for (const resolve of this.waiting.splice(0)) resolve()
  }

  private begin(): void {
    this.next ??= setImmediate(() => this.goOn())
  }

  private goOn(): void {
    this.next = undefined
    const resolve = this.waiting.shift()
    try {
      if (resolve === undefined) this.pieces.shift()?.()
      else resolve()
    } catch {
      // It is done again where its result is needed, and a fault is told there.
    }
    if (this.waiting.length + this.pieces.length > 0) this.begin()
  }
}
