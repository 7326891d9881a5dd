/** They tell of the bytes on the wire, which are no longer those of the body. */
const ofTheWire = new Set(['content-encoding', 'content-length'])

/** Headers of an answer by their names in any case; values of a name that came several times are joined, as `fetch` does. */
export class WireHeaders {
  private readonly values = new Map<string, string>()

  /** `raw`: names and values by turns, as Node gives them. */
  constructor(raw: readonly string[]) {
    for (let at = 0; at + 1 < raw.length; at += 2) {
      const name = (raw[at] as string).toLowerCase()
      if (ofTheWire.has(name)) continue
      const before = this.values.get(name)
      const value = raw[at + 1] as string
      this.values.set(name, before === undefined ? value : `${before}, ${value}`)
    }
  }

  get(name: string): string | null {
    return this.values.get(name.toLowerCase()) ?? null
  }

  has(name: string): boolean {
    return this.values.has(name.toLowerCase())
  }

  entries(): IterableIterator<[string, string]> {
    return this.values.entries()
  }
}

/** An answer whose whole body is there, with the members of a `Response` that the `openai` client reads. */
export class WireAnswer {
  readonly url = ''
  readonly body = null
  readonly ok: boolean

  constructor(
    readonly status: number,
    readonly headers: WireHeaders,
    private readonly bytes: Uint8Array,
  ) {
    this.ok = status >= 200 && status < 300
  }

  async text(): Promise<string> {
    return new TextDecoder().decode(this.bytes)
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text())
  }
}
