import {escapeXml} from './escape-xml.ts'

/** How a stretch of text looks; everything is off where it is not given. */
export interface RunLook {
  /** Id of a character style. */
  readonly style?: 'CodeText' | 'Hyperlink' | 'FootnoteReference'
  readonly isBold?: boolean
  readonly isItalic?: boolean
  readonly isStruck?: boolean
  readonly isMarked?: boolean
  /** Set in the font of code, for code that has another style. */
  readonly isCode?: boolean
  readonly raised?: 'superscript' | 'subscript'
  /** `rrggbb`. */
  readonly colour?: string
}

/** The font of code. */
export const codeFont = 'Consolas'

/** Text as one run; line ends are breaks and tabs are tabs where `isVerbatim`, else both are spaces. */
export function textRun(text: string, look: RunLook = {}, isVerbatim = false): string {
  if (text === '') return ''
  return `<w:r>${propertiesXml(look)}${isVerbatim ? verbatim(text) : textXml(text.replace(/[\t\n\r]+/g, ' '))}</w:r>`
}

/** A run that holds something else than text. */
export function rawRun(xml: string, look: RunLook = {}): string {
  return `<w:r>${propertiesXml(look)}${xml}</w:r>`
}

/** A field that the program makes, with what is shown until it is brought up to date. */
export function fieldRuns(instruction: string, shown: string): string {
  const mark = (type: string): string => `<w:r><w:fldChar w:fldCharType="${type}"/></w:r>`
  return `${mark('begin')}<w:r><w:instrText xml:space="preserve"> ${instruction} </w:instrText></w:r>${mark('separate')}${shown}${mark('end')}`
}

function verbatim(text: string): string {
  return text
    .split(/(\r\n|[\n\r\t])/)
    .map((piece) => (piece === '\t' ? '<w:tab/>' : /^[\r\n]/.test(piece) ? '<w:br/>' : textXml(piece)))
    .join('')
}

function textXml(text: string): string {
  return text === '' ? '' : `<w:t xml:space="preserve">${escapeXml(text)}</w:t>`
}

function propertiesXml({style, isBold, isItalic, isStruck, isMarked, isCode, raised, colour}: RunLook): string {
  const rows = [
    style === undefined ? '' : `<w:rStyle w:val="${style}"/>`,
    isCode && style !== 'CodeText' ? `<w:rFonts w:ascii="${codeFont}" w:hAnsi="${codeFont}" w:cs="${codeFont}"/>` : '',
    isBold ? '<w:b/><w:bCs/>' : '',
    isItalic ? '<w:i/><w:iCs/>' : '',
    isStruck ? '<w:strike/>' : '',
    colour === undefined ? '' : `<w:color w:val="${colour}"/>`,
    isMarked ? '<w:highlight w:val="yellow"/>' : '',
    raised === undefined ? '' : `<w:vertAlign w:val="${raised}"/>`,
  ].join('')
  return rows === '' ? '' : `<w:rPr>${rows}</w:rPr>`
}
