import type {BookBlock, BookCallout, BookCode, BookHeading, BookList, BookTable, TableRow} from './book-nodes.ts'
import {fillWords} from './book-words.ts'
import {escapeHtml} from './escape-html.ts'
import type {Footnote} from './export-book.ts'
import type {HtmlContext} from './html-context.ts'
import {imageHtml, phrasingHtml} from './html-phrasing.ts'
import {quizHtml} from './html-quiz.ts'

/** Blocks as HTML. `isProse` says that terms in their paragraphs may be marked. */
export function blocksHtml(blocks: readonly BookBlock[], context: HtmlContext, isProse = true): string {
  return blocks.map((block) => blockHtml(block, context, isProse)).join('')
}

function blockHtml(block: BookBlock, context: HtmlContext, isProse: boolean): string {
  switch (block.type) {
    case 'paragraph': {
      // A place alone takes no room.
      const name = block.children.every(({type}) => type === 'anchor') ? 'div' : 'p'
      return `<${name}>${phrasingHtml(block.children, context, isProse)}</${name}>\n`
    }
    case 'heading':
      return headingHtml(block, context)
    case 'list':
      return listHtml(block, context, isProse)
    case 'code':
      return codeHtml(block, context)
    case 'table':
      return tableHtml(block, context, isProse)
    case 'callout':
      return calloutHtml(block, context, isProse)
    case 'details': {
      const summary =
        block.summary.length === 0 ? escapeHtml(context.words.details) : phrasingHtml(block.summary, context)
      const open = block.isOpen ? ' open' : ''
      return `<details${open}><summary>${summary}</summary>\n${blocksHtml(block.children, context, isProse)}</details>\n`
    }
    case 'quiz':
      return quizHtml(block, context, (blocks) => blocksHtml(blocks, context, false))
    case 'blockquote':
      return `<blockquote>\n${blocksHtml(block.children, context, isProse)}</blockquote>\n`
    case 'thematicBreak':
      return '<hr>\n'
    case 'math': {
      const formula = context.formula(block.value, true)
      if (formula === undefined) return codeHtml({type: 'code', value: block.value}, context)
      return `<div class="formula" role="group" aria-label="${escapeHtml(context.words.formula)}" tabindex="0">${formula}</div>\n`
    }
    case 'figure':
      return `<figure>${imageHtml(block.image, context)}${captionHtml(block.image.title)}</figure>\n`
  }
}

function captionHtml(title: string | undefined): string {
  return title === undefined ? '' : `<figcaption>${escapeHtml(title)}</figcaption>`
}

/** A heading with a link to itself. */
export function headingHtml({depth, id, title, children}: BookHeading, context: HtmlContext): string {
  const text = phrasingHtml(children, context)
  const url = escapeHtml(`#${encodeURIComponent(id)}`)
  const label = escapeHtml(fillWords(context.words.linkTo, {title}))
  const anchor = `<a class="anchor" href="${url}" aria-label="${label}">#</a>`
  return `<h${depth} id="${escapeHtml(id)}">${text}${anchor}</h${depth}>\n`
}

function listHtml({isOrdered, start, isLoose, children}: BookList, context: HtmlContext, isProse: boolean): string {
  const name = isOrdered ? 'ol' : 'ul'
  const first = isOrdered && start !== 1 ? ` start="${start}"` : ''
  const rows = children.map((row) => {
    const box = row.checked === undefined ? '' : `<span class="box">${row.checked ? '☑' : '☐'}</span> `
    const blocks = row.children.map((child) =>
      child.type === 'paragraph' && !isLoose
        ? `${phrasingHtml(child.children, context, isProse)}\n`
        : blocksHtml([child], context, isProse),
    )
    return `<li>${box}${blocks.join('').trimEnd()}</li>\n`
  })
  return `<${name}${first}>\n${rows.join('')}</${name}>\n`
}

function codeHtml({language, value}: Pick<BookCode, 'type' | 'language' | 'value'>, context: HtmlContext): string {
  const code = (language === undefined ? undefined : context.highlight(value, language)) ?? escapeHtml(value)
  const label = language === undefined ? '' : ` data-language="${escapeHtml(language)}"`
  return `<div class="code"${label}><pre tabindex="0"><code>${code}\n</code></pre></div>\n`
}

function tableHtml(table: BookTable, context: HtmlContext, isProse: boolean): string {
  const row = (cells: TableRow, name: 'th' | 'td'): string => {
    const written = cells.map((cell, at) => {
      const align = table.align[at]
      const mark = align === undefined || align === 'left' ? '' : ` class="${align}"`
      const scope = name === 'th' && cell.length > 0 ? ' scope="col"' : ''
      const tag = cell.length === 0 ? 'td' : name
      return `<${tag}${scope}${mark}>${phrasingHtml(cell, context, isProse && name === 'td')}</${tag}>`
    })
    return `<tr>${written.join('')}</tr>\n`
  }
  const label = escapeHtml(fillWords(context.words.tableOf, {number: table.number, caption: table.caption}))
  const rows = table.rows.map((cells) => row(cells, 'td')).join('')
  return `<div class="table" id="${escapeHtml(table.id)}" role="group" aria-label="${label}" tabindex="0"><table>\n<thead>\n${row(table.head, 'th')}</thead>\n<tbody>\n${rows}</tbody>\n</table></div>\n`
}

function calloutHtml({kind, title, children}: BookCallout, context: HtmlContext, isProse: boolean): string {
  const name = escapeHtml(title ?? context.words[kind])
  return `<div class="callout ${kind}" role="note"><p class="callout-title">${name}</p>\n${blocksHtml(children, context, isProse)}</div>\n`
}

/** The footnotes of a page, each with a link back to its call. */
export function footnotesHtml(footnotes: readonly Footnote[], context: HtmlContext): string {
  if (footnotes.length === 0) return ''
  const rows = footnotes.map(({id, number, children}) => {
    const label = escapeHtml(fillWords(context.words.backToCall, {number}))
    const back = `<a href="#${escapeHtml(id.replace(/^fn/, 'fnref'))}" aria-label="${label}">↩</a>`
    return `<li id="${escapeHtml(id)}" value="${number}">${blocksHtml(children, context, false).trimEnd()} ${back}</li>\n`
  })
  return `<section class="footnotes" aria-label="${escapeHtml(context.words.footnotes)}">\n<ol>\n${rows.join('')}</ol>\n</section>\n`
}
