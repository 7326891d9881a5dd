import type {LinkTarget} from './book-nodes.ts'
import type {BookWords} from './book-words.ts'
import type {BookPart, ExportBook, SectionEntry} from './export-book.ts'
import {exportWords} from './export-words.ts'
import {eachBlock, eachPhrasing, eachRun} from './map-book.ts'

/** A page of the site, in reading order. */
export interface SitePage {
  /** Place in `SiteMap.pages`. */
  readonly at: number
  readonly path: string
  readonly title: string
  /** Place in `ExportBook.chapters`; undefined for the pages around them. */
  readonly chapter?: number
}

/** The pages of a site and what their navigation shows of them. */
export interface SiteMap {
  readonly book: ExportBook
  /** What the site adds to the book, in its language. */
  readonly words: BookWords
  /** Whether pages load a style of the author's. */
  readonly hasTheme: boolean
  /** The first page, the chapters, and the lists that the book has. */
  readonly pages: readonly SitePage[]
  /** By chapter, its sections of the depth below. */
  readonly sections: ReadonlyMap<number, readonly SectionEntry[]>
}

/** Name of a chapter's page; -1 is the front matter, which stands on the first page. */
export function chapterPath(chapter: number): string {
  return chapter === -1 ? 'index.html' : `chapter-${String(chapter + 1).padStart(2, '0')}.html`
}

/** What every page of a site needs to know of all others. */
export function siteMap(book: ExportBook, hasTheme: boolean): SiteMap {
  const words = exportWords(book.metadata.language)
  // A link without words leads nobody.
  const named = (title: string): string => (title.trim() === '' ? words.untitled : title)
  const pages = [
    {path: 'index.html', title: words.contents},
    ...book.chapters.map(({title}, chapter) => ({path: chapterPath(chapter), title: named(title), chapter})),
    ...(book.glossary.length > 0 ? [{path: 'glossary.html', title: words.glossary}] : []),
    ...(book.index.length > 0 ? [{path: 'terms.html', title: words.index}] : []),
  ]
  const sections = new Map<number, SectionEntry[]>()
  for (const entry of book.sections) {
    if (entry.depth !== 2) continue
    const section = {...entry, title: named(entry.title)}
    const others = sections.get(section.chapter)
    if (others === undefined) sections.set(section.chapter, [section])
    else others.push(section)
  }
  return {book, words, hasTheme, pages: pages.map((page, at) => ({...page, at})), sections}
}

/** Addresses of link targets, as seen from any page. A place that no page shows is its chapter. */
export function siteUrls(book: ExportBook): (target: LinkTarget, from: string) => string | undefined {
  const terms = new Set(book.glossary.map(({id}) => id))
  const shown = shownIds(book)
  return (target, from) => {
    if (target.type === 'external') return target.url
    if (target.type === 'file') return undefined
    if (terms.has(target.id)) return `glossary.html#${encodeURIComponent(target.id)}`
    const own = shown.get(target.id)
    const path = chapterPath(own ?? target.chapter)
    if (own === undefined) return path
    return `${path === from ? '' : path}#${encodeURIComponent(target.id)}`
  }
}

/** The chapters that show headings, tables and anchors, by their ids: notes stand where they are called. */
function shownIds({frontMatter, chapters}: ExportBook): Map<string, number> {
  const ids = new Map<string, number>()
  const take = ({children, footnotes}: BookPart, chapter: number): void =>
    eachBlock([...children, ...footnotes.flatMap((note) => note.children)], (block) => {
      if (block.type === 'heading' || block.type === 'table') ids.set(block.id, chapter)
      eachRun(block, (run) =>
        eachPhrasing(run, (node) => {
          if (node.type === 'anchor') ids.set(node.id, chapter)
        }),
      )
    })
  take(frontMatter, -1)
  chapters.forEach((chapter, at) => {
    take({...chapter, children: [chapter.heading, ...chapter.children]}, at)
  })
  return ids
}
