/** What sets a paragraph apart from others of its style. */
export interface ParagraphLook {
  /** Id of a paragraph style; that of ordinary text where none is given. */
  readonly style?: string
  /** In twentieths of a point, from the margin. */
  readonly indent?: number
  /** The item of a list that it begins. */
  readonly item?: {readonly id: number; readonly depth: number; readonly hanging: number}
  readonly align?: 'center' | 'right'
  /** Whether the paragraph that follows stands on the same page. */
  readonly isWithNext?: boolean
  /** Whether the same style above or below it takes no space between. */
  readonly isTight?: boolean
}

/** A paragraph of runs. */
export function paragraphXml(runs: string, look: ParagraphLook = {}): string {
  const {style, indent = 0, item, align, isWithNext, isTight} = look
  const rows = [
    style === undefined ? '' : `<w:pStyle w:val="${style}"/>`,
    isWithNext ? '<w:keepNext/>' : '',
    item === undefined ? '' : `<w:numPr><w:ilvl w:val="${item.depth}"/><w:numId w:val="${item.id}"/></w:numPr>`,
    item !== undefined
      ? `<w:ind w:left="${indent}" w:hanging="${item.hanging}"/>`
      : indent > 0
        ? `<w:ind w:left="${indent}"/>`
        : '',
    isTight ? '<w:contextualSpacing/>' : '',
    align === undefined ? '' : `<w:jc w:val="${align}"/>`,
  ].join('')
  return `<w:p>${rows === '' ? '' : `<w:pPr>${rows}</w:pPr>`}${runs}</w:p>\n`
}
