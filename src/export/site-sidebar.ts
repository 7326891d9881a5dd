import {escapeHtml} from './escape-html.ts'
import type {ExportBook, SectionEntry} from './export-book.ts'
import {type SitePage, sitePages} from './site-files.ts'

/** The list of all pages, with the sections of the one that is shown. */
export function sidebarHtml(book: ExportBook, current: SitePage): string {
  const rows = sitePages(book).map((page) => {
    const isCurrent = page.path === current.path
    const mark = isCurrent ? ' aria-current="page"' : ''
    const below = isCurrent && page.chapter !== undefined ? sectionsHtml(book, page.chapter, '') : ''
    return `<li data-path="${escapeHtml(page.path)}"><a href="${escapeHtml(page.path)}"${mark}>${escapeHtml(page.title)}</a>${below}</li>\n`
  })
  return `<nav class="sidebar" id="ui:sidebar" aria-label="Contents">
<a class="close" href="#ui:main">Close</a>
<p class="progress" hidden></p>
<ul class="pages">
${rows.join('')}</ul>
</nav>
`
}

/** The contents of the whole book, on its first page. */
export function contentsHtml(book: ExportBook): string {
  const rows = sitePages(book).flatMap(({path, title, chapter}) => {
    if (path === 'index.html') return []
    const below = chapter === undefined ? '' : sectionsHtml(book, chapter, path)
    return [`<li data-path="${escapeHtml(path)}"><a href="${escapeHtml(path)}">${escapeHtml(title)}</a>${below}</li>\n`]
  })
  return `<nav class="contents" aria-labelledby="ui:contents">\n<h2 id="ui:contents">Contents</h2>\n<ul>\n${rows.join('')}</ul>\n</nav>\n`
}

function sectionsHtml(book: ExportBook, chapter: number, path: string): string {
  const sections = book.sections.filter((section) => section.chapter === chapter && section.depth === 2)
  if (sections.length === 0) return ''
  const row = ({id, title}: SectionEntry): string =>
    `<li><a href="${path}#${escapeHtml(encodeURIComponent(id))}">${escapeHtml(title)}</a></li>\n`
  return `\n<ul>\n${sections.map(row).join('')}</ul>\n`
}
