/** Work that can be done at any time, a piece between any two events, so that no answer waits for more than one piece. */
export class IdleWork {
  private readonly pieces: (() => void)[] = []
  private next: NodeJS.Immediate | undefined

  /** Adds a piece; nothing may depend on its being done. */
  add(piece: () => void): void {
    this.pieces.push(piece)
    this.next ??= setImmediate(() => this.turn())
  }

  /** Leaves what was not done yet. */
  end(): void {
    clearImmediate(this.next)
    this.next = undefined
    this.pieces.length = 0
  }

  private turn(): void {
    this.next = undefined
    try {
      this.pieces.shift()?.()
    } catch {
      // It is done again where its result is needed, and a fault is told there.
    }
    if (this.pieces.length > 0) this.next = setImmediate(() => this.turn())
  }
}
