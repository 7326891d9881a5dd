import type {LinkTarget} from './book-nodes.ts'
import type {ExportBook} from './export-book.ts'

/** A page of the site, in reading order. */
export interface SitePage {
  readonly path: string
  readonly title: string
  /** Place in `ExportBook.chapters`; undefined for the pages around them. */
  readonly chapter?: number
}

/** Name of a chapter's page; -1 is the front matter, which stands on the first page. */
export function chapterPath(chapter: number): string {
  return chapter === -1 ? 'index.html' : `chapter-${String(chapter + 1).padStart(2, '0')}.html`
}

/** All pages of a site: the first page, the chapters, and the lists that the book has. */
export function sitePages(book: ExportBook): SitePage[] {
  return [
    {path: 'index.html', title: 'Contents'},
    ...book.chapters.map(({title}, chapter) => ({path: chapterPath(chapter), title, chapter})),
    ...(book.glossary.length > 0 ? [{path: 'glossary.html', title: 'Glossary'}] : []),
    ...(book.index.length > 0 ? [{path: 'terms.html', title: 'Index'}] : []),
  ]
}

/** Addresses of link targets, as seen from any page. */
export function siteUrls(book: ExportBook): (target: LinkTarget, from: string) => string | undefined {
  const terms = new Set(book.glossary.map(({id}) => id))
  return (target, from) => {
    if (target.type === 'external') return target.url
    if (target.type === 'file') return undefined
    const path = terms.has(target.id) ? 'glossary.html' : chapterPath(target.chapter)
    return `${path === from ? '' : path}#${encodeURIComponent(target.id)}`
  }
}
