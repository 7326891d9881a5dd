import type {BookImage, BookPhrasing, LinkTarget} from './book-nodes.ts'
import type {BookWords} from './book-words.ts'
import type {EpubFormulas} from './epub-formulas.ts'
import type {EpubPlaces} from './epub-places.ts'
import {escapeXml} from './escape-xml.ts'
import {phrasingText} from './plain-text.ts'
import {strictUrl} from './strict-url.ts'

/** What writing phrasing needs to know beside the nodes. */
export interface PhrasingContext {
  /** What the format adds to the book, in its language. */
  readonly words: BookWords
  readonly places: EpubPlaces
  /** Whether the text around code runs from right to left, which code never does. */
  readonly isRightToLeft: boolean
  readonly formulas: EpubFormulas
  /** By its path in the book, the path of an image in the container. */
  readonly imagePaths: ReadonlyMap<string, string>
  /** Within a link no other may stand. */
  readonly isInLink?: true
}

/** Phrasing as XHTML; all text is escaped. */
export function writePhrasing(nodes: readonly BookPhrasing[], context: PhrasingContext): string {
  return nodes.map((node) => writeNode(node, context)).join('')
}

/** The attribute of an id with the space before it; nothing for no id. */
export function idAttribute(id: string | undefined): string {
  return id === undefined ? '' : ` id="${id}"`
}

/** An image, or what stands for one that is not shown. */
export function writeImage({alt, title, path}: BookImage, {imagePaths}: PhrasingContext): string {
  const src = path === undefined ? undefined : imagePaths.get(path)
  if (src === undefined) return alt === '' ? '' : `<span class="image">${escapeXml(alt)}</span>`
  const titled = title === undefined ? '' : ` title="${escapeXml(title)}"`
  return `<img src="${src}" alt="${escapeXml(alt)}"${titled}/>`
}

function writeNode(node: BookPhrasing, context: PhrasingContext): string {
  switch (node.type) {
    case 'text':
      return escapeXml(node.value)
    case 'inlineCode':
      return `<code>${escapeXml(node.value)}</code>`
    case 'inlineMath':
      return context.formulas.xhtml(node.value, false) ?? `<code class="math">${escapeXml(node.value)}</code>`
    case 'emphasis':
      return `<em>${writePhrasing(node.children, context)}</em>`
    case 'strong':
      return `<strong>${writePhrasing(node.children, context)}</strong>`
    case 'delete':
      return `<del>${writePhrasing(node.children, context)}</del>`
    case 'break':
      return '<br/>'
    case 'element': {
      const title = node.title === undefined ? '' : ` title="${escapeXml(node.title)}"`
      return `<${node.name}${title}>${writePhrasing(node.children, context)}</${node.name}>`
    }
    case 'image':
      return writeImage(node, context)
    case 'anchor': {
      const id = context.places.place(node.id)
      return id === undefined ? '' : `<span id="${id}"></span>`
    }
    case 'link':
      return writeLink(node, context)
    case 'footnoteReference': {
      const href = context.places.href(`note:${node.id}`)
      const id = idAttribute(context.places.place(`call:${node.id}`, node.id.replace(/^fn/, 'fnref')))
      const linked =
        href === undefined || context.isInLink
          ? node.number
          : `<a href="${href}" epub:type="noteref" role="doc-noteref">${node.number}</a>`
      return `<sup${id}>${linked}</sup>`
    }
  }
}

function writeLink({target, title, children}: Extract<BookPhrasing, {type: 'link'}>, context: PhrasingContext): string {
  const href = context.isInLink ? undefined : hrefOf(target, context)
  const hasLabel = phrasingText(children).trim() !== ''
  if (href === undefined || !hasLabel) return writePhrasing(children, context)
  const titled = title === undefined ? '' : ` title="${escapeXml(title)}"`
  return `<a href="${escapeXml(href)}"${titled}>${writePhrasing(children, {...context, isInLink: true})}</a>`
}

/** A file beside the book is not in the container: nothing can lead to it. */
function hrefOf(target: LinkTarget, {places}: PhrasingContext): string | undefined {
  if (target.type === 'internal') return places.href(target.id)
  return target.type === 'external' ? strictUrl(target.url) : undefined
}
