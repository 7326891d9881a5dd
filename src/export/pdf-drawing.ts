/** The part of the template that draws the nodes of a book. */
export const pdfDrawing = String.raw`// Pages before the first of the chapters; only within a context.
#let before-chapters() = {
  let first = query(<first-page>)
  if first.len() > 0 { first.first().location().page() - 1 } else { 0 }
}

// A loop rather than functions for each node: every call of a function is kept in memory with all that it was given.
#let render(nodes) = if type(nodes) == str { nodes } else { for n in nodes {
  let c = if "c" in n { if type(n.c) == str { n.c } else if n.c.len() > 0 { render(n.c) } else { "" } }
  if n.t == "text" { n.v }
  else if n.t == "par" { if n.at("leads", default: false) { block(sticky: true, spacing: 1.05em, par(c)) } else { par(c) } }
  else if n.t == "strong" { strong(c) }
  else if n.t == "code" { raw(n.v) }
  else if n.t == "list" {
    let items = ()
    for i in n.items {
      let checked = i.at("checked", default: none)
      let body = if type(i.c) == str { i.c } else if checked == none or i.c.len() == 0 or i.c.first().t != "par" { render(i.c) }
      if checked != none {
        let mark = if checked { "☑ " } else { "☐ " }
        body = if body != none { mark + body } else { par(mark + render(i.c.first().c)) + render(i.c.slice(1)) }
      }
      items.push(if "start" in n { enum.item(body) } else { list.item(body) })
    }
    let whole = if "start" in n { enum(tight: n.tight, start: n.start, ..items) } else { list(tight: n.tight, ..items) }
    if n.at("outer", default: false) { block(above: 0.9em, below: 1.1em, whole) } else { whole }
  }
  else if n.t == "ref" { if only == none { link(place(n.id), text(fill: ink, c)) } else { c } }
  else if n.t == "em" { emph(c) }
  else if n.t == "long" { breakable(n.v) }
  else if n.t == "longcode" {
    show regex("\S{10,}"): m => breakable(m.text)
    raw(n.v)
  }
  else if n.t == "heading" {
    let h = heading(level: n.level, outlined: n.at("listed", default: true), bookmarked: n.level <= 3, c)
    if "id" in n [#h#place(n.id)] else { h }
  }
  else if n.t == "pre" {
    let body = raw(n.v, block: true, lang: n.at("lang", default: none))
    let whole = n.at("whole", default: false)
    block(width: 100%, fill: faint, inset: (x: 8pt, y: 7pt), radius: 2pt, above: 1.1em, below: 1.1em, breakable: not whole,
      if n.at("options", default: false) {
        show regex("(^|\s)--?[A-Za-z][\w-]{0,28}"): m => box(m)
        if n.at("long", default: false) {
          show regex("\S{48,}"): m => breakable(m.text)
          body
        } else { body }
      } else if n.at("long", default: false) {
        show regex("\S{48,}"): m => breakable(m.text)
        body
      } else if n.at("drawn", default: false) {
        show raw: set par(leading: 0.42em)
        body
      } else { body })
  }
  else if n.t == "table" {
    let sides = ()
    for side in n.align { sides.push(if side == "right" { right } else if side == "center" { center } else { left }) }
    let columns = ()
    for width in n.columns { columns.push(if width == "auto" { auto } else { width * 1fr }) }
    let head = ()
    for cell in n.head { head.push(strong(if type(cell) == str { cell } else { render(cell) })) }
    let cells = ()
    for row in n.rows { for cell in row { cells.push(if type(cell) == str { cell } else { render(cell) }) } }
    let grid = table(
      columns: columns,
      align: (x, y) => sides.at(x) + if y == 0 { horizon } else { top },
      inset: (x: 5pt, y: 4.5pt),
      stroke: (x, y) => if y == 0 { (top: 0.8pt + accent, bottom: 0.8pt + accent) } else { (bottom: 0.4pt + luma(75%)) },
      fill: (x, y) => if y == 0 { faint },
      table.header(..head),
      ..cells,
    )
    // The number is part of the caption, since counting figures would have every page laid out again.
    let whole = figure(
      align(left, text(size: if n.isWide { 0.74em } else { 0.88em }, grid)),
      kind: table,
      supplement: none,
      numbering: none,
      caption: figure.caption(position: top, n.caption),
    )
    if "id" in n { whole = [#whole#place(n.id)] }
    if n.at("whole", default: false) { block(above: 1.5em, below: 1.5em, breakable: false, whole) } else { whole }
  }
  else if n.t == "options" {
    let items = ()
    for item in n.items { items.push(enum.item(if type(item) == str { item } else { render(item) })) }
    block(above: 0.8em, below: 1.3em, breakable: not n.at("whole", default: false), enum(tight: true, numbering: i => n.letters.at(i - 1) + ")", ..items))
  }
  else if n.t == "callout" {
    let tone = rgb(look.callouts.at(n.kind))
    block(width: 100%, stroke: (left: 3pt + tone), fill: tone.lighten(92%), inset: (left: 10pt, right: 8pt, y: 8pt), above: 1.2em, below: 1.2em, breakable: not n.at("whole", default: false), {
      block(above: 0pt, below: 0.65em, sticky: true, text(fill: tone.darken(25%), weight: "bold", n.title))
      c
    })
  }
  else if n.t == "quote" { quote(block: true, c) }
  else if n.t == "del" { strike(c) }
  else if n.t == "sub" { sub(c) }
  else if n.t == "sup" { super(c) }
  else if n.t == "mark" { highlight(c) }
  else if n.t == "kbd" { box(stroke: 0.5pt + luma(60%), radius: 2pt, inset: (x: 3pt), outset: (y: 2pt), text(size: 0.88em, font: (look.code, ..other), c)) }
  else if n.t == "group" { c }
  else if n.t == "br" { linebreak() }
  else if n.t == "hr" { align(center, block(above: 1.4em, below: 1.4em, line(length: 30%, stroke: 0.6pt + luma(60%)))) }
  else if n.t == "link" {
    link(n.url, text(fill: ink, c))
    if n.at("note", default: false) { footnote(link(n.url, breakable(n.url))) }
  }
  else if n.t == "page" and only == none {
    let words = n.c
    context link(place(n.id), text(fill: ink, words.replace("{page}", str(counter(page).at(place(n.id)).first()))))
  }
  else if n.t == "anchor" [#metadata(none)#place(n.id)]
  else if n.t == "note" [#footnote(c)#place(n.id)]
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
  else if n.t == "glossary" { context {
    let before = before-chapters()
    for entry in n.entries {
      let term = strong(render(entry.term))
      let body = if "id" in entry [#term#place(entry.id)] else { term }
      for said in entry.said {
        body += h(0.7em) + render(said.c)
        if only == none and "place" in said {
          let at = query(place(said.place))
          // Pages before the chapters are not counted with them.
          let number = if at.len() > 0 { at.first().location().page() - before } else { 1 }
          if number > 0 { body += " (" + link(place(said.place), text(fill: ink, book.words.page.replace("{page}", str(number)))) + ")" }
        }
      }
      block(above: 0.9em, below: 0.9em, par(hanging-indent: 1.2em, body))
    }
  } }
  else if n.t == "index" { context {
    let before = before-chapters()
    columns(if book.page.width < 130 { 1 } else { 2 }, gutter: 8mm, {
      set par(justify: false, hanging-indent: 1.4em, spacing: 0.55em)
      set text(size: 0.92em)
      for group in n.groups {
        block(above: 1.3em, below: 0.6em, sticky: true, strong(text(fill: accent, group.letter)))
        for entry in group.entries {
          let body = render(entry.label)
          if only == none {
            // By pages, each once, in bold where the term is defined.
            let pages = (:)
            for p in entry.places {
              let at = query(place(p.id))
              let number = if at.len() > 0 { at.first().location().page() - before } else { 1 }
              if number > 0 and (p.isMain or str(number) not in pages) { pages.insert(str(number), p) }
            }
            let gap = [  ]
            for (number, p) in if pages.len() > 1 { pages.pairs().sorted(key: pair => int(pair.first())) } else { pages } {
              let words = link(place(p.id), number)
              body += gap + if p.isMain { strong(words) } else { words }
              gap = ", "
            }
          }
          par(body)
        }
      }
    })
  } }
} }

`
