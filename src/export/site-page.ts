import {createHash} from 'node:crypto'
import type {BookWords} from './book-words.ts'
import {escapeHtml} from './escape-html.ts'
import {isRightToLeft} from './is-right-to-left.ts'
import type {SiteMap, SitePage} from './site-files.ts'
import {sidebarHtml} from './site-sidebar.ts'

/**
 * Nothing may be loaded or run but the site's own files. `file:` is what a folder on a disk is: browsers differ in
 * whether `'self'` holds there, and on a server it allows nothing.
 */
const policy = ['script-src', 'style-src', 'img-src', 'font-src'].reduce(
  (all, name) => `${all}; ${name} 'self' file:`,
  "default-src 'none'",
)

/** The words that the scripts of a page show. */
const scriptWords: readonly (keyof BookWords)[] = [
  ...(['check', 'chooseFirst', 'isRight', 'isWrong', 'score', 'left', 'again', 'found', 'firstFound'] as const),
  ...(['nothingFound', 'copy', 'copied', 'cannotCopy', 'lightColours', 'darkColours', 'read'] as const),
  ...(['chaptersRead', 'resume'] as const),
]

/** A whole page around what it shows; `tips` are the texts that terms are described by. */
export function sitePage(map: SiteMap, page: SitePage, main: string, tips = ''): string {
  const {metadata, chapters} = map.book
  const {words} = map
  const {title, language} = metadata
  const shown = page.path === 'index.html' ? title : `${page.title} – ${title}`
  const direction = isRightToLeft(language) ? ' dir="rtl"' : ''
  const said = JSON.stringify(Object.fromEntries(scriptWords.map((name) => [name, words[name]])))
  return `<!doctype html>
<html lang="${escapeHtml(language)}"${direction} data-course="${courseKey(title)}" data-page="${escapeHtml(page.path)}" data-chapters="${chapters.length}" data-words="${escapeHtml(said)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(shown)}</title>
<link rel="stylesheet" href="assets/site.css">
${map.hasTheme ? '<link rel="stylesheet" href="assets/theme.css">\n' : ''}<script src="assets/site.js"></script>
<script src="assets/search.js" defer></script>
<script src="assets/quiz.js" defer></script>
</head>
<body>
<a class="skip" href="#ui:main">${escapeHtml(words.skip)}</a>
<header class="top">
<a class="menu" href="#ui:sidebar" aria-label="${escapeHtml(words.contents)}">☰</a>
<a class="book-title" href="index.html">${escapeHtml(title)}</a>
<div class="search" role="search" hidden>
<input type="search" id="ui:query" placeholder="${escapeHtml(words.search)}" aria-label="${escapeHtml(words.searchBook)}" autocomplete="off" spellcheck="false">
<div class="results" hidden><p class="found" role="status"></p><ol></ol></div>
</div>
<button type="button" class="theme" hidden></button>
</header>
<div class="frame">
${sidebarHtml(map, page)}<main id="ui:main" tabindex="-1">
${main}${neighboursHtml(map, page)}</main>
</div>
${tips}</body>
</html>
`
}

/** Tells what one book keeps in a browser from what others do; all folders on a disk are one place to it. */
function courseKey(title: string): string {
  return createHash('sha256').update(title, 'utf8').digest('hex').slice(0, 12)
}

function neighboursHtml({pages, words}: SiteMap, {at}: SitePage): string {
  const link = (other: SitePage | undefined, name: 'prev' | 'next', label: string): string =>
    other === undefined
      ? ''
      : `<a class="${name}" rel="${name}" href="${escapeHtml(other.path)}"><span>${escapeHtml(label)}</span> ${escapeHtml(other.title)}</a>\n`
  return `<nav class="neighbours" aria-label="${escapeHtml(words.neighbours)}">\n${link(pages[at - 1], 'prev', words.previous)}${link(pages[at + 1], 'next', words.next)}</nav>\n`
}
