import type {LinkTarget} from './book-nodes.ts'
import type {BookPart, ExportBook} from './export-book.ts'
import {eachBlock, eachPhrasing, eachRun} from './map-book.ts'

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

/** Addresses of link targets, as seen from any page. A place that no page shows is its chapter. */
export function siteUrls(book: ExportBook): (target: LinkTarget, from: string) => string | undefined {
  const terms = new Set(book.glossary.map(({id}) => id))
  const shown = shownIds(book)
  return (target, from) => {
    if (target.type === 'external') return target.url
    if (target.type === 'file') return undefined
    if (terms.has(target.id)) return `glossary.html#${encodeURIComponent(target.id)}`
    const path = chapterPath(target.chapter)
    if (!shown.has(target.id)) return path
    return `${path === from ? '' : path}#${encodeURIComponent(target.id)}`
  }
}

/** Ids of headings, tables and anchors as pages show them. */
function shownIds(book: ExportBook): Set<string> {
  const ids = new Set(book.chapters.map(({id}) => id))
  const take = ({children, footnotes}: BookPart): void =>
    eachBlock([...children, ...footnotes.flatMap((note) => note.children)], (block) => {
      if (block.type === 'heading' || block.type === 'table') ids.add(block.id)
      eachRun(block, (run) =>
        eachPhrasing(run, (node) => {
          if (node.type === 'anchor') ids.add(node.id)
        }),
      )
    })
  for (const part of [book.frontMatter, ...book.chapters]) take(part)
  for (const {heading} of book.chapters)
    eachPhrasing(heading.children, (node) => {
      if (node.type === 'anchor') ids.add(node.id)
    })
  return ids
}
