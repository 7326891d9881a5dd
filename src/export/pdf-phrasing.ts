import type {BookBlock, BookPhrasing} from './book-nodes.ts'
import {altOf, type PdfConversion} from './pdf-conversion.ts'
import type {PdfNode} from './pdf-node.ts'

/** Where words stand; cells are narrow, and headings go into the table of contents too. */
export type PhrasingPlace = 'text' | 'heading' | 'cell'

type ConvertBlocks = (blocks: readonly BookBlock[], conversion: PdfConversion) => PdfNode[]

const longestWords: Readonly<Record<PhrasingPlace, number>> = {text: 40, heading: 30, cell: 14}

/** Words and marks as the template of a PDF draws them. `convertBlocks` is for footnotes. */
export function pdfPhrasing(
  nodes: readonly BookPhrasing[],
  conversion: PdfConversion,
  place: PhrasingPlace,
  convertBlocks: ConvertBlocks,
): PdfNode[] {
  return nodes.flatMap((node) => pdfWords(node, conversion, place, convertBlocks))
}

function pdfWords(
  node: BookPhrasing,
  conversion: PdfConversion,
  place: PhrasingPlace,
  convertBlocks: ConvertBlocks,
): PdfNode[] {
  const inner = (children: readonly BookPhrasing[]): PdfNode[] =>
    pdfPhrasing(children, conversion, place, convertBlocks)
  switch (node.type) {
    case 'text':
      return [{t: hasLongWord(node.value, place) ? 'long' : 'text', v: node.value}]
    case 'inlineCode':
      return [{t: hasLongWord(node.value, place) ? 'longcode' : 'code', v: node.value}]
    case 'inlineMath':
      conversion.formulas.add(node.value)
      return [{t: 'math', tex: node.value}]
    case 'emphasis':
      return [{t: 'em', c: inner(node.children)}]
    case 'strong':
      return [{t: 'strong', c: inner(node.children)}]
    case 'delete':
      return [{t: 'del', c: inner(node.children)}]
    case 'break':
      return [place === 'heading' ? {t: 'text', v: ' '} : {t: 'br'}]
    case 'element':
      return [{t: node.name === 'abbr' ? 'group' : node.name, c: inner(node.children)}]
    case 'anchor': {
      const id = conversion.ids.define(node.id)
      return id === undefined ? [] : [{t: 'anchor', id}]
    }
    case 'image':
      if (node.path === undefined || !conversion.images.has(node.path))
        return node.alt === '' ? [] : [{t: 'text', v: `[${node.alt}]`}]
      return [{t: 'image', src: node.path, alt: altOf(node.alt, node.path)}]
    case 'footnoteReference':
      return place === 'heading' ? [] : footnoteNodes(node.id, conversion, convertBlocks)
    case 'link':
      return linkNodes(node, inner(node.children), conversion, place)
  }
}

function hasLongWord(text: string, place: PhrasingPlace): boolean {
  return text.length >= longestWords[place] && text.split(/\s+/).some((word) => word.length >= longestWords[place])
}

/** The first call holds the note, those behind it lead to it. */
function footnoteNodes(id: string, conversion: PdfConversion, convertBlocks: ConvertBlocks): PdfNode[] {
  const footnote = conversion.footnotes.get(id)
  if (footnote === undefined) return []
  const own = conversion.ids.define(footnote.id)
  if (own === undefined)
    return [conversion.ids.refer('ref', id, [{t: 'sup', c: [{t: 'text', v: String(footnote.number)}]}])]
  const blocks = convertBlocks(footnote.children, conversion)
  const [only] = blocks
  return [{t: 'note', id: own, c: blocks.length === 1 && only?.t === 'par' ? only.c : blocks}]
}

function linkNodes(
  {target}: BookPhrasing & {readonly type: 'link'},
  c: PdfNode[],
  {ids, isPrint, noted}: PdfConversion,
  place: PhrasingPlace,
): PdfNode[] {
  if (target.type === 'file' || c.length === 0) return c
  if (target.type === 'internal') return [ids.refer('ref', target.id, c)]
  const isAddress = c.length === 1 && 'v' in (c[0] as PdfNode) && target.url.includes((c[0] as {v: string}).v)
  const hasNote = isPrint && place === 'text' && !isAddress && !noted.has(target.url)
  if (hasNote) noted.add(target.url)
  return [{t: 'link', url: target.url, c, ...(hasNote ? {note: true} : {})}]
}
