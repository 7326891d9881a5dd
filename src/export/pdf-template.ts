import {pdfDrawing} from './pdf-drawing.ts'

/**
 * The program that the typesetter runs: the same for every book. A book is data to it, read from `/book.json`, and
 * images have names that the program made, so that no text of a book is ever run.
 */
export const pdfTemplate = `
#let book = json("/book.json")
#let look = book.look
#let only = book.at("only", default: none)
#let accent = rgb(look.accent)
#let faint = rgb(look.faint)
#let ink = if book.isPrint { black } else { rgb(look.link) }
#let size = look.size * 1pt
#let other = ("DejaVu Math TeX Gyre", "Noto Sans Symbols", "Noto Sans Symbols 2", "Noto Sans JP", "Noto Emoji", "DejaVu Sans Mono")
#let place(id) = label("p-" + id)
// Breaks that leave nothing in copied text.
#let breakable(words) = words.clusters().chunks(4).map(x => x.join()).join(box())

#set document(title: book.title, author: book.authors, description: book.at("description", default: none), date: if book.date == none { none } else { datetime(..book.date) })
// One height of lines whatever the font of a letter, so that marks of lists stand beside their words.
#set text(font: (look.body, ..other), size: size, lang: book.lang, region: book.region, fallback: false, hyphenate: true, top-edge: 0.714em)
#set par(justify: true, leading: 0.68em, spacing: 1.05em)
#set page(
  width: book.page.width * 1mm,
  height: book.page.height * 1mm,
  margin: if book.isPrint {
    (inside: book.page.inside * 1mm, outside: book.page.outside * 1mm, top: book.page.top * 1mm, bottom: book.page.bottom * 1mm)
  } else {
    (x: book.page.outside * 1mm, top: book.page.top * 1mm, bottom: book.page.bottom * 1mm)
  },
)
#set list(indent: 0.4em, body-indent: 0.6em, marker: ([•], [–], [•]))
#set enum(indent: 0.4em, body-indent: 0.6em)
#set footnote.entry(gap: 0.5em)
#set table(stroke: none)
#set smartquote(enabled: false)
#show math.equation: set text(font: ("DejaVu Math TeX Gyre", ..other), fallback: false)
#show raw: set text(font: (look.code, ..other), fallback: false)
#show raw.where(block: false): set text(size: 1.12em)
#show raw.where(block: true): set text(size: 1.05em, hyphenate: false)
#show raw.where(block: true): set par(justify: false, leading: 0.55em)
#show heading: set text(font: (look.headings, ..other), hyphenate: false)
#show heading: set par(justify: false, leading: 0.5em)
#show heading: set block(above: 1.6em, below: 0.9em, sticky: true)
#show heading.where(level: 1): it => {
  if book.runsOn {
    block(above: 2.4em, below: 1em, width: 100%, sticky: true, text(size: size * 1.7, fill: accent, it))
  } else {
    pagebreak(weak: true)
    block(above: 0pt, below: 2em, width: 100%, inset: (top: 3em), {
      text(size: size * 2, fill: accent, it)
    })
  }
}
#show heading.where(level: 2): set text(size: size * 1.4, fill: accent)
#show heading.where(level: 3): set text(size: size * 1.18)
#show heading.where(level: 4): set text(size: size * 1.05)
#show heading.where(level: 5): set text(size: size, style: "italic")
#show heading.where(level: 6): set text(size: size, style: "italic", weight: "regular")
#show table: set par(justify: false, leading: 0.5em)
#show table: set text(hyphenate: false)
#show figure: set block(above: 1.5em, below: 1.5em)
#show figure.where(kind: table): set block(breakable: true)
#show figure.caption: set text(size: 0.88em)
#show figure.caption: set par(justify: false)

${pdfDrawing}#let contents(title, ..given) = {
  show footnote: none
  outline(title: title, ..given)
}

// The title page.
#[
  #set page(header: none, footer: none)
  #set par(justify: false)
  #set align(center)
  #v(1fr)
  #show title: set text(size: size * if book.page.width < 170 { 2.3 } else { 3 }, font: (look.headings, ..other), fill: accent, hyphenate: false)
  #show title: set par(leading: 0.45em)
  #title()
  #if "subtitle" in book { block(above: 2.2em, text(size: size * 1.5, book.subtitle)) }
  #if book.authors.len() > 0 { block(above: 3em, text(size: size * 1.25, book.authors.join(", "))) }
  #v(2fr)
  #if "description" in book { block(width: 80%, emph(book.description)) }
  #for fact in book.facts { block(above: 0.8em, text(size: 0.95em, fact)) }
  #v(0.4fr)
]

#let foot() = context {
  let number = counter(page).display()
  set text(size: 0.88em)
  if not book.isPrint { align(center, number) }
  else { align(if calc.even(counter(page).get().first()) { left } else { right }, number) }
}

#set page(numbering: "i", footer: foot())
#counter(page).update(1)
#[
  #show outline.entry.where(level: 1): set block(above: 1.1em)
  #show outline.entry.where(level: 1): set text(weight: "bold")
  #contents(book.words.contents, depth: look.contents, indent: auto)
]
#if book.hasTables and only == none { contents(book.words.tables, target: figure.where(kind: table)) }

#let head(part, id) = context {
  if locate(id).page() == here().page() { return }
  set text(size: 0.82em, fill: luma(35%))
  let (left, right) = part.head
  if book.isPrint and calc.even(counter(page).get().first()) { left; h(1fr) }
  else if book.isPrint { h(1fr); right }
  else { left; h(1fr); right }
  v(-0.6em)
  line(length: 100%, stroke: 0.4pt + luma(70%))
}
#let draw(part) = { counter(footnote).update(0); render(part.nodes) }
#let parts = if only == none { book.parts } else { (book.parts.at(only),) }
#for part in parts { if not part.isMain { draw(part) } }
#pagebreak(weak: true, to: if book.isPrint { "odd" } else { none })
#set page(numbering: "1")
#counter(page).update(1)
#metadata(none)<first-page>
#for (at, part) in parts.enumerate() {
  if part.isMain {
    let id = label("part-" + str(at))
    set page(header: head(part, id))
    [#metadata(none)#id]
    draw(part)
  }
}
`
