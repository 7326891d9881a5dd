/**
 * The program that the typesetter runs: the same for every book. A book is data to it, read from `/book.json`, and
 * images have names that the program made, so that no text of a book is ever run.
 */
export const pdfTemplate = String.raw`
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
#set text(font: (look.body, ..other), size: size, lang: book.lang, region: book.region, fallback: false, hyphenate: true)
#set par(justify: true, leading: 0.68em, spacing: 1.05em, linebreaks: "optimized")
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
#show heading: set text(font: (look.headings, ..other), hyphenate: false)
#show heading: set par(justify: false, leading: 0.5em)
#show heading: set block(above: 1.6em, below: 0.9em, sticky: true)
#show heading.where(level: 1): it => {
  pagebreak(weak: true)
  block(above: 0pt, below: 2em, width: 100%, inset: (top: 3em), {
    text(size: size * 2, fill: accent, it)
  })
}
#show heading.where(level: 2): set text(size: size * 1.4, fill: accent)
#show heading.where(level: 3): set text(size: size * 1.18)
#show heading.where(level: 4): set text(size: size * 1.05)
#show heading.where(level: 5): set text(size: size, style: "italic")
#show heading.where(level: 6): set text(size: size, style: "italic", weight: "regular")
#show table: set par(justify: false, leading: 0.5em)
#show table: set text(hyphenate: false)
#show figure.where(kind: table): set block(breakable: true)
#show figure.caption: set text(size: 0.88em)
#show figure.caption: set par(justify: false)

#let pages-of(places) = context {
  if only != none { return }
  let found = (:)
  for p in places {
    let number = str(counter(page).at(place(p.id)).first())
    if number not in found or p.isMain { found.insert(number, p) }
  }
  found.pairs().sorted(key: ((number, _)) => int(number)).map(((number, p)) => {
    let words = link(place(p.id), number)
    if p.isMain { strong(words) } else { words }
  }).join(", ")
}

#let render(nodes) = for n in nodes {
  let c() = render(n.c)
  if n.t == "text" { n.v }
  else if n.t == "long" { breakable(n.v) }
  else if n.t == "par" { par(c()) }
  else if n.t == "code" { raw(n.v) }
  else if n.t == "longcode" {
    show regex("\S{10,}"): m => breakable(m.text)
    raw(n.v)
  }
  else if n.t == "strong" { strong(c()) }
  else if n.t == "em" { emph(c()) }
  else if n.t == "del" { strike(c()) }
  else if n.t == "sub" { sub(c()) }
  else if n.t == "sup" { super(c()) }
  else if n.t == "mark" { highlight(c()) }
  else if n.t == "kbd" { box(stroke: 0.5pt + luma(60%), radius: 2pt, inset: (x: 3pt), outset: (y: 2pt), text(size: 0.88em, font: (look.code, ..other), c())) }
  else if n.t == "group" { c() }
  else if n.t == "br" { linebreak() }
  else if n.t == "hr" { align(center, block(above: 1.4em, below: 1.4em, line(length: 30%, stroke: 0.6pt + luma(60%)))) }
  else if n.t == "link" {
    link(n.url, text(fill: ink, c()))
    if n.at("note", default: false) { footnote(link(n.url, breakable(n.url))) }
  }
  else if n.t == "ref" { if only == none { link(place(n.id), text(fill: ink, c())) } else { c() } }
  else if n.t == "page" { if only == none { context link(place(n.id), text(fill: ink, str(counter(page).at(place(n.id)).first()))) } }
  else if n.t == "anchor" [#metadata(none)#place(n.id)]
  else if n.t == "note" [#footnote(if n.c.len() == 1 and n.c.first().t == "par" { render(n.c.first().c) } else { c() })#place(n.id)]
  else if n.t == "image" {
    if n.src in book.images { box(baseline: 20%, image(book.images.at(n.src), alt: n.alt, height: 1.2em)) } else { "[" + n.alt + "]" }
  }
  else if n.t == "figure" {
    if n.src in book.images {
      figure(image(book.images.at(n.src), alt: n.alt), alt: n.alt, caption: n.at("title", default: none), numbering: none, kind: image)
    } else { par(emph("[" + n.alt + "]")) }
  }
  else if n.t == "math" { if n.tex in book.formulas { math.equation(eval(book.formulas.at(n.tex), mode: "math").body, alt: n.tex) } else { raw(n.tex) } }
  else if n.t == "mathblock" {
    if n.tex in book.formulas { math.equation(eval(book.formulas.at(n.tex), mode: "math").body, block: true, alt: n.tex) }
    else { align(center, raw(n.tex)) }
  }
  else if n.t == "heading" {
    let h = heading(level: n.level, outlined: n.at("listed", default: true), bookmarked: n.level <= 3, c())
    if "id" in n [#h#place(n.id)] else { h }
  }
  else if n.t == "pre" {
    let body = raw(n.v, block: true, lang: n.at("lang", default: none))
    block(width: 100%, fill: faint, inset: (x: 8pt, y: 7pt), radius: 2pt, above: 1.1em, below: 1.1em, {
      set par(justify: false, leading: 0.55em)
      set text(size: 1.05em, hyphenate: false)
      show regex("(^|\s)--?[A-Za-z][\w-]{0,28}"): m => box(m)
      if n.at("long", default: false) {
        show regex("\S{48,}"): m => breakable(m.text)
        body
      } else { body }
    })
  }
  else if n.t == "list" {
    let items = n.items.map(i => {
      let checked = i.at("checked", default: none)
      if checked == none { return render(i.c) }
      let mark = if checked { "☑ " } else { "☐ " }
      if i.c.len() > 0 and i.c.first().t == "par" { par(mark + render(i.c.first().c)); render(i.c.slice(1)) }
      else { mark; render(i.c) }
    })
    if "start" in n { enum(tight: n.tight, start: n.start, ..items.map(i => enum.item(i))) }
    else { list(tight: n.tight, ..items.map(i => list.item(i))) }
  }
  else if n.t == "options" {
    enum(tight: true, numbering: i => n.letters.at(i - 1) + ")", ..n.items.map(i => enum.item(render(i))))
  }
  else if n.t == "table" {
    let columns = n.columns.map(w => if w == "auto" { auto } else { w * 1fr })
    let sides = n.align.map(side => if side == "right" { right } else if side == "center" { center } else { left })
    let grid = table(
      columns: columns,
      align: (x, y) => sides.at(x) + if y == 0 { horizon } else { top },
      inset: (x: 5pt, y: 4.5pt),
      stroke: (x, y) => if y == 0 { (top: 0.8pt + accent, bottom: 0.8pt + accent) } else { (bottom: 0.4pt + luma(75%)) },
      fill: (x, y) => if y == 0 { faint },
      table.header(..n.head.map(cell => strong(render(cell)))),
      ..n.rows.sum(default: ()).map(cell => render(cell)),
    )
    let whole = figure(
      align(left, text(size: if n.isWide { 0.74em } else { 0.88em }, grid)),
      kind: table,
      supplement: "Table",
      numbering: _ => str(n.number),
      caption: figure.caption(position: top, n.caption),
    )
    if "id" in n [#whole#place(n.id)] else { whole }
  }
  else if n.t == "callout" {
    let tone = rgb(look.callouts.at(n.kind))
    block(width: 100%, stroke: (left: 3pt + tone), fill: tone.lighten(92%), inset: (left: 10pt, right: 8pt, y: 8pt), above: 1.2em, below: 1.2em, {
      block(above: 0pt, below: 0.65em, sticky: true, text(fill: tone.darken(25%), weight: "bold", n.title))
      c()
    })
  }
  else if n.t == "quote" { quote(block: true, c()) }
  else if n.t == "entry" {
    let term = strong(render(n.term))
    block(above: 0.9em, below: 0.9em, par(hanging-indent: 1.2em, { if "id" in n [#term#place(n.id)] else { term }; h(0.7em); c() }))
  }
  else if n.t == "index" {
    columns(if book.page.width < 130 { 1 } else { 2 }, gutter: 8mm, {
      set par(justify: false, hanging-indent: 1.4em, spacing: 0.55em)
      set text(size: 0.92em)
      for group in n.groups {
        block(above: 1.3em, below: 0.6em, sticky: true, strong(text(fill: accent, group.letter)))
        for entry in group.entries { par({ render(entry.label); [  ]; pages-of(entry.places) }) }
      }
    })
  }
}

#let contents(title, ..given) = {
  show footnote: none
  outline(title: title, ..given)
}

// The title page.
#[
  #set page(header: none, footer: none)
  #set par(justify: false)
  #set align(center)
  #v(1fr)
  #block(text(size: size * 2.8, weight: "bold", font: (look.headings, ..other), fill: accent, hyphenate: false, title()))
  #if "subtitle" in book { block(above: 1.6em, text(size: size * 1.5, book.subtitle)) }
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
  #contents("Contents", depth: look.contents, indent: auto)
]
#if book.hasTables and only == none { contents("Tables", target: figure.where(kind: table)) }

#let head() = context {
  let number = here().page()
  let chapters = query(heading.where(level: 1))
  if chapters.any(h => h.location().page() == number) { return }
  let before = chapters.filter(h => h.location().page() < number)
  if before.len() == 0 { return }
  set text(size: 0.82em, fill: luma(35%))
  let chapter = before.last().body
  show footnote: none
  if book.isPrint and calc.even(counter(page).get().first()) { book.title; h(1fr) }
  else if book.isPrint { h(1fr); chapter }
  else { book.title; h(1fr); chapter }
  v(-0.6em)
  line(length: 100%, stroke: 0.4pt + luma(70%))
}
#let draw(part) = { counter(footnote).update(0); render(part.nodes) }
#let parts = if only == none { book.parts } else { (book.parts.at(only),) }
#for part in parts { if not part.isMain { draw(part) } }
#pagebreak(weak: true, to: if book.isPrint { "odd" } else { none })
#set page(numbering: "1", header: head(), footer: foot())
#counter(page).update(1)
#for part in parts { if part.isMain { draw(part) } }
`
