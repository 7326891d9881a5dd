import type {PdfNode, PdfReference} from './pdf-node.ts'

/** The places of a PDF that links lead to: each is defined once, and a link to one that is not there is words alone. */
export class PdfIds {
  private readonly defined = new Set<string>()

  /** The id where this is its first place, else undefined. */
  define(id: string): string | undefined {
    if (id === '' || this.defined.has(id)) return undefined
    this.defined.add(id)
    return id
  }

  has(id: string): boolean {
    return this.defined.has(id)
  }

  /** A link that becomes words when the book is whole and has no such place; see `settle`. */
  refer(t: PdfReference['t'], id: string, c: readonly PdfNode[]): PdfNode {
    const made = {t, id, c}
    this.made.push(made)
    return made
  }

  /** Turns the links that lead nowhere into their words. Changes the nodes that `refer` gave. */
  settle(): void {
    for (const node of this.made) if (!this.defined.has(node.id)) Object.assign(node, {t: 'group'})
  }

  private readonly made: PdfReference[] = []
}
