import type {BookImage, BookPhrasing} from './book-nodes.ts'
import type {DocxContext} from './docx-context.ts'
import {drawingXml} from './docx-images.ts'
import {bookmarkXml} from './docx-places.ts'
import {type RunLook, rawRun, textRun} from './docx-run.ts'
import {phrasingText} from './plain-text.ts'
import {strictUrl} from './strict-url.ts'

/** Phrasing as runs. `isInLink`: within a link no other may stand. */
export function phrasingRuns(
  nodes: readonly BookPhrasing[],
  context: DocxContext,
  look: RunLook = {},
  isInLink = false,
): string {
  return nodes.map((node) => nodeRuns(node, context, look, isInLink)).join('')
}

/** An image as a run, or what stands for one that is not shown. */
export function imageRuns(image: BookImage, context: DocxContext, look: RunLook = {}): string {
  const shown = image.path === undefined ? undefined : context.images.get(image.path)
  if (shown === undefined) return textRun(image.alt, {...look, isItalic: true})
  const relation = context.relations.part('image', shown.path)
  return rawRun(drawingXml(image, shown, relation, context.nextDrawing(), context.room))
}

/** Runs that lead to a place of the document; without a link where there is none. */
export function placeLink(key: string, label: string, {places}: DocxContext, look: RunLook = {}): string {
  const bookmark = places.bookmark(key)
  return bookmark === undefined
    ? textRun(label, look)
    : `<w:hyperlink w:anchor="${bookmark}" w:history="1">${textRun(label, {...look, style: 'Hyperlink'})}</w:hyperlink>`
}

function nodeRuns(node: BookPhrasing, context: DocxContext, look: RunLook, isInLink: boolean): string {
  const inner = (more: RunLook): string =>
    'children' in node ? phrasingRuns(node.children, context, {...look, ...more}, isInLink) : ''
  switch (node.type) {
    case 'text':
      return textRun(node.value, look)
    case 'inlineCode':
    case 'inlineMath':
      return textRun(node.value, {style: 'CodeText', ...look, isCode: true})
    case 'emphasis':
      return inner({isItalic: true})
    case 'strong':
      return inner({isBold: true})
    case 'delete':
      return inner({isStruck: true})
    case 'break':
      return rawRun('<w:br/>')
    case 'element':
      return inner(elementLooks[node.name])
    case 'image':
      return imageRuns(node, context, look)
    case 'anchor':
      return bookmarkXml(context.places.place(node.id))
    case 'link':
      return linkRuns(node, context, look, isInLink)
    case 'footnoteReference':
      return isInLink ? '' : context.callFootnote(node.id)
  }
}

const elementLooks: Readonly<Record<Extract<BookPhrasing, {type: 'element'}>['name'], RunLook>> = {
  sub: {raised: 'subscript'},
  sup: {raised: 'superscript'},
  kbd: {isCode: true},
  abbr: {},
  mark: {isMarked: true},
}

function linkRuns(
  {target, children}: Extract<BookPhrasing, {type: 'link'}>,
  context: DocxContext,
  look: RunLook,
  isInLink: boolean,
): string {
  const leads = isInLink || phrasingText(children).trim() === '' ? undefined : attributeOf(target, context)
  if (leads === undefined) return phrasingRuns(children, context, look, isInLink)
  const runs = phrasingRuns(children, context, {...look, style: 'Hyperlink'}, true)
  return `<w:hyperlink ${leads} w:history="1">${runs}</w:hyperlink>`
}

/** A file beside the book is not in the container: nothing can lead to it. */
function attributeOf(
  target: Extract<BookPhrasing, {type: 'link'}>['target'],
  {places, relations}: DocxContext,
): string | undefined {
  if (target.type === 'file') return undefined
  if (target.type === 'internal') {
    const bookmark = places.bookmark(target.id)
    return bookmark === undefined ? undefined : `w:anchor="${bookmark}"`
  }
  const url = strictUrl(target.url)
  return url === undefined ? undefined : `r:id="${relations.link(url)}"`
}
