import {escapeHtml} from './escape-html.ts'
import type {BookPlace, ExportBook} from './export-book.ts'
import {blocksHtml, footnotesHtml} from './html-blocks.ts'
import type {HtmlContext} from './html-context.ts'
import {phrasingHtml} from './html-phrasing.ts'
import type {SiteMap} from './site-files.ts'
import {contentsHtml} from './site-sidebar.ts'

/** The first page: what the book is, what stands before its first chapter, and its contents. */
export function titleHtml(map: SiteMap, context: HtmlContext): string {
  const {book} = map
  const {title, subtitle, authors, edition, date, description, rights, isbn} = book.metadata
  const line = (name: string, text: string | undefined): string =>
    text === undefined || text === '' ? '' : `<p class="${name}">${escapeHtml(text)}</p>\n`
  const facts = [edition, date, isbn === undefined ? undefined : `ISBN ${isbn}`, rights]
  const {children, footnotes} = book.frontMatter
  const head = [
    line('subtitle', subtitle),
    line('authors', authors?.join(', ')),
    line('facts', facts.filter((fact) => fact !== undefined && fact !== '').join(' · ')),
    line('description', description),
  ]
  return `<header class="title">\n<h1>${escapeHtml(title)}</h1>\n${head.join('')}<p class="resume" hidden></p>\n</header>\n${blocksHtml(children, context)}${footnotesHtml(footnotes, context)}${contentsHtml(map)}`
}

/** All key terms with what the chapters say of them. */
export function glossaryHtml(book: ExportBook, context: HtmlContext): string {
  const rows = book.glossary.map(({id, label, definitions}) => {
    const texts = definitions.map(
      ({place, children}) =>
        `<dd>${phrasingHtml(children, context)} <span class="place">${placeHtml(place, chapterTitle(book, place), context)}</span></dd>\n`,
    )
    return `<dt id="${escapeHtml(id)}">${phrasingHtml(label, context)}</dt>\n${texts.join('')}`
  })
  return `<h1>${escapeHtml(context.words.glossary)}</h1>\n<dl class="glossary">\n${rows.join('')}</dl>\n`
}

/** All terms with the sections that define and use them, under their first letters. */
export function termsHtml(book: ExportBook, context: HtmlContext): string {
  const groups = new Map<string, string[]>()
  const titles = new Map<string, number>()
  for (const {title} of book.sections) titles.set(title, (titles.get(title) ?? 0) + 1)
  const nameOf = (place: BookPlace): string => {
    const number = book.chapters[place.chapter]?.number
    return titles.get(place.title) === 1 || number === undefined ? place.title : `${number}, ${place.title}`
  }
  for (const {term, label, places} of book.index) {
    const letter = /^\P{L}*(\p{L})/u.exec(term)?.[1]?.normalize('NFD').charAt(0).toLocaleUpperCase('en') ?? '#'
    const links = places.map((place) => {
      const link = placeHtml(place, nameOf(place), context)
      return place.isMain ? `<strong>${link}</strong>` : link
    })
    const row = `<li>${phrasingHtml(label, context)}: ${links.join('; ')}</li>\n`
    const others = groups.get(letter)
    if (others === undefined) groups.set(letter, [row])
    else others.push(row)
  }
  const lists = [...groups].map(
    ([letter, rows], at) =>
      `<h2 id="ui:letter-${at + 1}">${escapeHtml(letter)}</h2>\n<ul class="terms">\n${rows.join('')}</ul>\n`,
  )
  const letters = [...groups.keys()].map((letter, at) => `<a href="#ui:letter-${at + 1}">${escapeHtml(letter)}</a>\n`)
  return `<h1>${escapeHtml(context.words.index)}</h1>\n<nav class="letters" aria-label="${escapeHtml(context.words.index)}">\n${letters.join('')}</nav>\n${lists.join('')}`
}

/** Sections of many chapters have the same title; the chapter's tells them apart. */
function chapterTitle({chapters, metadata}: ExportBook, {chapter}: BookPlace): string {
  return chapters[chapter]?.title ?? metadata.title
}

function placeHtml({chapter, id}: BookPlace, name: string, context: HtmlContext): string {
  const url = context.linkUrl({type: 'internal', chapter, id}) ?? ''
  return `<a href="${escapeHtml(url)}">${escapeHtml(name)}</a>`
}
