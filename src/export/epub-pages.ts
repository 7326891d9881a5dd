import type {BookQuiz} from './book-nodes.ts'
import type {BookWords} from './book-words.ts'
import {fillWords} from './book-words.ts'
import {type Landmark, writeNavigation} from './epub-navigation.ts'
import type {EpubPlaces} from './epub-places.ts'
import {escapeXml} from './escape-xml.ts'
import type {BookPlace, ExportBook} from './export-book.ts'
import {exportWords} from './export-words.ts'
import {isRightToLeft} from './is-right-to-left.ts'
import type {AnswerPlace} from './lay-out-quizzes.ts'
import {idAttribute, type PhrasingContext, writePhrasing} from './xhtml-phrasing.ts'
import {XhtmlWriter} from './xhtml-writer.ts'

/** A page of an EPUB. */
export interface EpubPage {
  /** Below the folder of the package document. */
  readonly path: string
  readonly title: string
  readonly part: 'cover' | 'frontmatter' | 'bodymatter' | 'backmatter'
  /** XHTML of its body. */
  readonly body: string
}

/** Title page, chapters and what comes behind them, in reading order. */
export function writePages(book: ExportBook, answers: AnswerPlace, context: PhrasingContext): EpubPage[] {
  const writer = new XhtmlWriter(context)
  const {words} = context
  const {frontMatter, chapters, glossary, index, metadata} = book
  const later: BookQuiz[] = []
  const pages: EpubPage[] = []
  const add = (path: string, title: string, part: EpubPage['part'], write: () => string): void => {
    context.places.beginPage(path)
    pages.push({path, title, part, body: write()})
  }
  add('title.xhtml', metadata.title, 'frontmatter', () => {
    const body = writer.blocks(frontMatter.children, 'inline')
    return `${titleSection(book, writer)}${body}${writer.footnotes(frontMatter.footnotes)}`
  })
  chapters.forEach(({heading, title, children, footnotes}, at) => {
    add(`chapter-${String(at + 1).padStart(2, '0')}.xhtml`, title, 'bodymatter', () => {
      const body = `${writer.heading(heading)}${writer.blocks(children, answers)}`
      const quizzes = writer.takeLater()
      if (answers === 'end') later.push(...quizzes)
      const behind = answers === 'end' ? [] : quizzes.map((quiz) => answerSection(quiz, writer, words))
      return `<section epub:type="chapter" role="doc-chapter">\n${body}${behind.join('')}${writer.footnotes(footnotes)}</section>\n`
    })
  })
  if (later.length > 0)
    add('answers.xhtml', words.answers, 'backmatter', () => {
      const heading = writer.madeHeading('page:answers', 1, words.answers)
      return `<section>\n${heading}${later.map((quiz) => answerSection(quiz, writer, words)).join('')}</section>\n`
    })
  if (glossary.length > 0)
    add('glossary.xhtml', words.glossary, 'backmatter', () => {
      const heading = writer.madeHeading('page:glossary', 1, words.glossary)
      return `<section epub:type="glossary" role="doc-glossary">\n${heading}${glossaryList(book, context)}</section>\n`
    })
  if (index.length > 0)
    add('index.xhtml', words.index, 'backmatter', () => {
      const heading = writer.madeHeading('page:index', 1, words.index)
      return `<section role="doc-index">\n${heading}${indexList(book, context)}</section>\n`
    })
  return pages
}

/** The page that shows the cover's image. */
export function coverPage({metadata}: ExportBook, image: string): EpubPage {
  const words = exportWords(metadata.language)
  const body = `<section epub:type="cover" class="cover">\n<img src="${image}" alt="${escapeXml(fillWords(words.coverOf, {title: metadata.title}))}"/>\n</section>\n`
  return {path: 'cover.xhtml', title: words.cover, part: 'cover', body}
}

/** The contents as a page and for the reader's own menu. */
export function navigationPage(places: EpubPlaces, pages: readonly EpubPage[], words: BookWords): EpubPage {
  const has = (path: string): boolean => pages.some((page) => page.path === path)
  const first = pages.find(({part}) => part === 'bodymatter')
  const landmarks: Landmark[] = [
    {type: 'cover', title: words.cover, href: 'cover.xhtml'},
    {type: 'titlepage', title: words.titlePage, href: 'title.xhtml'},
    {type: 'toc', title: words.contents, href: 'nav.xhtml'},
    ...(first === undefined ? [] : [{type: 'bodymatter', title: words.beginning, href: first.path} as const]),
    ...(has('glossary.xhtml') ? [{type: 'glossary', title: words.glossary, href: 'glossary.xhtml'} as const] : []),
  ]
  return {
    path: 'nav.xhtml',
    title: words.contents,
    part: 'frontmatter',
    body: writeNavigation(places, landmarks, words),
  }
}

/** A whole page. */
export function writePage({title, part, body}: EpubPage, language: string): string {
  const direction = isRightToLeft(language) ? ' dir="rtl"' : ''
  const shown = title.trim() === '' ? exportWords(language).untitled : title
  return `<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="${escapeXml(language)}" xml:lang="${escapeXml(language)}"${direction}>
<head>
<meta charset="utf-8"/>
<title>${escapeXml(shown)}</title>
<link rel="stylesheet" type="text/css" href="style.css"/>
</head>
<body${part === 'cover' ? '' : ` epub:type="${part}"`}>
${body}</body>
</html>
`
}

function titleSection({metadata}: ExportBook, writer: XhtmlWriter): string {
  const {title, subtitle, authors, edition, date, description, rights, isbn} = metadata
  const row = (name: string, text: string | undefined): string =>
    text === undefined || text.trim() === '' ? '' : `<p class="${name}">${escapeXml(text)}</p>\n`
  const facts = [edition, date, rights, isbn === undefined ? undefined : `ISBN ${isbn}`]
  const heading = writer.madeHeading('page:title', 1, title)
  return `<section epub:type="titlepage" class="title-page">\n${heading}${row('subtitle', subtitle)}${row('authors', authors?.join(', '))}${row('description', description)}${facts.map((fact) => row('facts', fact)).join('')}</section>\n`
}

function answerSection(quiz: BookQuiz, writer: XhtmlWriter, {answersOf}: BookWords): string {
  const heading = writer.madeHeading(`answers:${quiz.id}`, 2, fillWords(answersOf, {title: quiz.title}))
  return `<section class="answers">\n${heading}${writer.answers(quiz)}</section>\n`
}

function glossaryList(book: ExportBook, context: PhrasingContext): string {
  const rows = book.glossary.map(({id: key, label, definitions}) => {
    const id = idAttribute(context.places.place(key))
    const said = definitions.map(
      ({place, children}) =>
        `<dd>${writePhrasing(children, context)} <span class="places">(${placeLink(place, book, context)})</span></dd>\n`,
    )
    return `<dt${id}><dfn>${writePhrasing(label, context)}</dfn></dt>\n${said.join('')}`
  })
  return `<dl>\n${rows.join('')}</dl>\n`
}

function indexList(book: ExportBook, context: PhrasingContext): string {
  const rows = book.index.map(({label, places}) => {
    const links = places.map((place) => {
      const link = placeLink(place, book, context)
      return place.isMain ? `<strong>${link}</strong>` : link
    })
    return `<li>${writePhrasing(label, context)} <span class="places">${links.join('; ')}</span></li>\n`
  })
  return `<ul class="index">\n${rows.join('')}</ul>\n`
}

/** A section by its title, with the number of its chapter: many chapters have a section of the same title. */
function placeLink({chapter, id, title}: BookPlace, {chapters}: ExportBook, {places}: PhrasingContext): string {
  const href = places.href(id)
  const own = chapters[chapter]
  const named = title.trim() === '' ? '…' : title
  const label = escapeXml(own === undefined || own.id === id ? named : `${own.number}, ${named}`)
  return href === undefined ? label : `<a href="${href}">${label}</a>`
}
