/**
 * Headers by their names in any case, with the members of `Headers` that the `openai` client uses. In the bundle it stands
 * for that global (scripts/bundle.mjs), which Node makes by loading a whole HTTP client that nothing here uses.
 */
export class PlainHeaders {
  private readonly values = new Map<string, string>()

  /** Values of a name that comes several times are joined, as `fetch` does. */
  constructor(init: Iterable<readonly [string, string]> | Readonly<Record<string, string>> = []) {
    const pairs = Symbol.iterator in init ? (init as Iterable<readonly [string, string]>) : Object.entries(init)
    for (const [name, value] of pairs) this.append(name, value)
  }

  get(name: string): string | null {
    return this.values.get(name.toLowerCase()) ?? null
  }

  has(name: string): boolean {
    return this.values.has(name.toLowerCase())
  }

  append(name: string, value: string): void {
    const before = this.values.get(name.toLowerCase())
    this.set(name, before === undefined ? value : `${before}, ${value}`)
  }

  set(name: string, value: string): void {
    // White space around a value is no part of it, as `Headers` has it.
    this.values.set(name.toLowerCase(), value.trim())
  }

  delete(name: string): void {
    this.values.delete(name.toLowerCase())
  }

  entries(): IterableIterator<[string, string]> {
    return this.values.entries()
  }

  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries()
  }
}

/**
 * Stands for the global of that name in the bundle: the client asks of every body whether it is a form, and none is.
 *
 * @public the bundle puts it in.
 */
export class FormData {}
