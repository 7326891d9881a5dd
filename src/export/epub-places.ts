import {UniqueIds} from './unique-ids.ts'

/** A heading or a table as it came to stand, for navigation. */
export interface EpubEntry {
  readonly page: string
  readonly id: string
  /** Of a heading, as in its element; 1 for tables. */
  readonly depth: number
  readonly title: string
}

interface Place {
  readonly page: string
  readonly id: string
}

/**
 * Where everything stands that links lead to. A book is written twice: the first time finds the places, the second
 * time writes the links, so that none can lead to what is not there.
 */
export class EpubPlaces {
  /** In reading order. */
  readonly headings: EpubEntry[] = []
  /** In reading order. */
  readonly tables: EpubEntry[] = []
  private readonly ids = new UniqueIds()
  private readonly found = new Map<string, Place>()
  private readonly known: EpubPlaces | undefined
  private page = ''

  /** `known` are the places of the first time. */
  constructor(known?: EpubPlaces) {
    this.known = known
  }

  beginPage(page: string): void {
    this.page = page
  }

  /** Notes that what `key` names stands here; its id, which is undefined where it stands already. */
  place(key: string, wish = key): string | undefined {
    if (this.found.has(key)) return undefined
    const id = this.ids.take(xmlName(wish))
    this.found.set(key, {page: this.page, id})
    return id
  }

  noteHeading(id: string, depth: number, title: string): void {
    this.headings.push({page: this.page, id, depth, title})
  }

  noteTable(id: string, title: string): void {
    this.tables.push({page: this.page, id, depth: 1, title})
  }

  /** Address of a place from the page that is being written; undefined for what is nowhere. */
  href(key: string): string | undefined {
    const place = this.known?.found.get(key)
    if (place === undefined) return undefined
    return place.page === this.page ? `#${place.id}` : `${place.page}#${place.id}`
  }
}

/** An id that XML, style sheets and addresses take as it is. */
function xmlName(wish: string): string {
  const name = wish.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^-+|-+$/g, '')
  return /^[A-Za-z]/.test(name) ? name : `id-${name}`
}
