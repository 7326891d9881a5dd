/** A heading or a table as it came to stand, for the contents. */
export interface DocxEntry {
  /** Name of its bookmark. */
  readonly bookmark: string
  /** Of a heading, from 1; 1 for tables. */
  readonly depth: number
  readonly title: string
}

/**
 * The bookmarks of a document. It is written twice: the first time finds the places, the second time writes the links,
 * so that none can lead to what is not there.
 */
export class DocxPlaces {
  /** In reading order. */
  readonly headings: DocxEntry[] = []
  /** In reading order. */
  readonly tables: DocxEntry[] = []
  private readonly names = new Map<string, string>()
  private readonly known: DocxPlaces | undefined

  /** `known` are the places of the first time. */
  constructor(known?: DocxPlaces) {
    this.known = known
  }

  /** Notes that what `key` names stands here; the name of its bookmark, undefined where it stands already. */
  place(key: string): string | undefined {
    if (this.names.has(key)) return undefined
    // Names that begin with `_` are hidden from the list of bookmarks.
    const name = `_m${this.names.size + 1}`
    this.names.set(key, name)
    return name
  }

  /** The bookmark of a place; undefined for what is nowhere. */
  bookmark(key: string): string | undefined {
    return this.known?.names.get(key)
  }

  /** What the contents list; empty the first time. */
  get knownHeadings(): readonly DocxEntry[] {
    return this.known?.headings ?? []
  }

  get knownTables(): readonly DocxEntry[] {
    return this.known?.tables ?? []
  }
}

/** An empty bookmark; nothing for no name. */
export function bookmarkXml(name: string | undefined): string {
  if (name === undefined) return ''
  const id = name.slice(2)
  return `<w:bookmarkStart w:id="${id}" w:name="${name}"/><w:bookmarkEnd w:id="${id}"/>`
}
