import {escapeHtml} from './escape-html.ts'
import type {SectionEntry} from './export-book.ts'
import type {SiteMap, SitePage} from './site-files.ts'

/** Pages that a sidebar shows before and behind its own; a book with more of them would grow by the square. */
const mostNeighbours = 60

/** The list of all pages, with the sections of the one that is shown; in a book of very many pages those around it. */
export function sidebarHtml(map: SiteMap, current: SitePage): string {
  const isNear = ({at, chapter}: SitePage): boolean =>
    chapter === undefined || Math.abs(at - current.at) <= mostNeighbours
  const rows = map.pages.filter(isNear).map((page) => {
    const isCurrent = page.at === current.at
    const mark = isCurrent ? ' aria-current="page"' : ''
    const below = isCurrent ? sectionsHtml(map, page, '') : ''
    return `<li data-path="${escapeHtml(page.path)}"><a href="${escapeHtml(page.path)}"${mark}>${escapeHtml(page.title)}</a>${below}</li>\n`
  })
  const {contents, close} = map.words
  return `<nav class="sidebar" id="ui:sidebar" aria-label="${escapeHtml(contents)}">
<a class="close" href="#ui:main">${escapeHtml(close)}</a>
<p class="progress" hidden></p>
<ul class="pages">
${rows.join('')}</ul>
</nav>
`
}

/** The contents of the whole book, on its first page. */
export function contentsHtml(map: SiteMap): string {
  const rows = map.pages.slice(1).map((page) => {
    const path = escapeHtml(page.path)
    return `<li data-path="${path}"><a href="${path}">${escapeHtml(page.title)}</a>${sectionsHtml(map, page, page.path)}</li>\n`
  })
  return `<nav class="contents" aria-labelledby="ui:contents">\n<h2 id="ui:contents">${escapeHtml(map.words.contents)}</h2>\n<ul>\n${rows.join('')}</ul>\n</nav>\n`
}

function sectionsHtml(map: SiteMap, {chapter}: SitePage, path: string): string {
  const sections = chapter === undefined ? undefined : map.sections.get(chapter)
  if (sections === undefined) return ''
  const row = ({id, title}: SectionEntry): string =>
    `<li><a href="${path}#${escapeHtml(encodeURIComponent(id))}">${escapeHtml(title)}</a></li>\n`
  return `\n<ul>\n${sections.map(row).join('')}</ul>\n`
}
