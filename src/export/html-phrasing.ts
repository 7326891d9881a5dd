import type {BookImage, BookPhrasing} from './book-nodes.ts'
import {fillWords} from './book-words.ts'
import {escapeHtml} from './escape-html.ts'
import type {HtmlContext} from './html-context.ts'

/** Phrasing as HTML. `isProse` says that terms in its plain text may be marked. */
export function phrasingHtml(nodes: readonly BookPhrasing[], context: HtmlContext, isProse = false): string {
  return nodes.map((node) => nodeHtml(node, context, isProse)).join('')
}

function nodeHtml(node: BookPhrasing, context: HtmlContext, isProse: boolean): string {
  switch (node.type) {
    case 'text':
      return isProse ? context.proseText(node.value) : escapeHtml(node.value)
    case 'emphasis':
      return `<em>${phrasingHtml(node.children, context, isProse)}</em>`
    case 'strong':
      return `<strong>${phrasingHtml(node.children, context)}</strong>`
    case 'delete':
      return `<del>${phrasingHtml(node.children, context)}</del>`
    case 'inlineCode':
      return `<code>${escapeHtml(node.value)}</code>`
    case 'inlineMath':
      return context.formula(node.value, false) ?? `<code>${escapeHtml(node.value)}</code>`
    case 'break':
      return '<br>\n'
    case 'link':
      return linkHtml(node, context)
    case 'image':
      return imageHtml(node, context)
    case 'footnoteReference': {
      const id = context.isFirstCall(node.id) ? ` id="${escapeHtml(node.id.replace(/^fn/, 'fnref'))}"` : ''
      const label = escapeHtml(fillWords(context.words.footnote, {number: node.number}))
      return `<sup class="call"><a${id} href="#${escapeHtml(node.id)}" aria-label="${label}">${node.number}</a></sup>`
    }
    case 'element': {
      const title = node.title === undefined ? '' : ` title="${escapeHtml(node.title)}"`
      return `<${node.name}${title}>${phrasingHtml(node.children, context)}</${node.name}>`
    }
    case 'anchor':
      return `<span id="${escapeHtml(node.id)}"></span>`
  }
}

function linkHtml(node: Extract<BookPhrasing, {type: 'link'}>, context: HtmlContext): string {
  const text = phrasingHtml(node.children, context)
  const url = context.linkUrl(node.target)
  if (url === undefined) return text
  const title = node.title === undefined ? '' : ` title="${escapeHtml(node.title)}"`
  const rel = node.target.type === 'external' ? ' class="external" rel="noopener noreferrer"' : ''
  return `<a href="${escapeHtml(url)}"${title}${rel}>${text}</a>`
}

/** An image by `img` alone, which runs nothing that an SVG may hold; its description where there is no file. */
export function imageHtml(image: BookImage, context: HtmlContext): string {
  const url = image.path === undefined ? undefined : context.imageUrl(image.path)
  if (url === undefined)
    return `<span class="no-image">${escapeHtml(image.alt === '' ? context.words.image : image.alt)}</span>`
  const title = image.title === undefined ? '' : ` title="${escapeHtml(image.title)}"`
  return `<img src="${escapeHtml(url)}" alt="${escapeHtml(image.alt)}"${title} loading="lazy">`
}
