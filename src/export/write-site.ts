import {escapeHtml} from './escape-html.ts'
import type {ExportBook, GlossaryEntry} from './export-book.ts'
import {formulaHtml} from './formula-html.ts'
import {highlightCode} from './highlight-code.ts'
import {blocksHtml, footnotesHtml, headingHtml} from './html-blocks.ts'
import type {HtmlContext} from './html-context.ts'
import {phrasingText} from './plain-text.ts'
import type {TextFile} from './project-pages.ts'
import {type SiteMap, type SitePage, siteMap, siteUrls} from './site-files.ts'
import {glossaryHtml, termsHtml, titleHtml} from './site-lists.ts'
import {sitePage} from './site-page.ts'
import {searchScript} from './site-search.ts'
import {SiteTerms} from './site-terms.ts'

/** Most characters of a tip: it is to be read at a glance. */
const mostTipCharacters = 400

/**
 * The pages of the book's site and the script with its search index; `images` are the paths of those that are there,
 * `hasTheme` says that pages load a style of the author's too.
 */
export function writeSite(book: ExportBook, images: ReadonlySet<string>, hasTheme = false): TextFile[] {
  const map = siteMap(book, hasTheme)
  const urls = siteUrls(book)
  const terms = new SiteTerms(book.glossary)
  const write = (page: SitePage): TextFile => {
    const calls = new Set<string>()
    const marked = terms.page(({id}) => `glossary.html#${encodeURIComponent(id)}`)
    const context: HtmlContext = {
      words: map.words,
      linkUrl: (target) => urls(target, page.path),
      imageUrl: (path) => (images.has(path) ? path.split('/').map(encodeURIComponent).join('/') : undefined),
      proseText: page.chapter === undefined ? escapeHtml : marked.mark,
      highlight: highlightCode,
      formula: formulaHtml,
      isFirstCall: (id) => !calls.has(id) && calls.add(id) !== undefined,
    }
    const main = mainHtml(map, page, context)
    return {path: page.path, text: sitePage(map, page, main, tipsHtml([...marked.terms]))}
  }
  return [...map.pages.map(write), {path: 'assets/search-index.js', text: searchScript(book)}]
}

function mainHtml(map: SiteMap, page: SitePage, context: HtmlContext): string {
  const {book} = map
  if (page.path === 'glossary.html') return glossaryHtml(book, context)
  if (page.path === 'terms.html') return termsHtml(book, context)
  const chapter = page.chapter === undefined ? undefined : book.chapters[page.chapter]
  if (chapter === undefined) return titleHtml(map, context)
  const {heading, children, footnotes} = chapter
  return `${headingHtml(heading, context)}${blocksHtml(children, context)}${footnotesHtml(footnotes, context)}`
}

function tipsHtml(terms: readonly GlossaryEntry[]): string {
  return terms
    .map(({id, definitions}) => {
      const text = phrasingText(definitions[0]?.children ?? []).trim()
      const short = text.length > mostTipCharacters ? `${text.slice(0, mostTipCharacters).replace(/\S*$/, '')}…` : text
      return `<div class="tip" role="tooltip" id="ui:tip-${escapeHtml(id)}" hidden>${escapeHtml(short)}</div>\n`
    })
    .join('')
}
