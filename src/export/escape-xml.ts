import {escapeHtml} from './escape-html.ts'

/** Text for an XML element or an attribute in quotes; what XML does not allow, and marks that turn the direction of text, become `�`. */
export function escapeXml(text: string): string {
  return escapeHtml(text).replace(/[\p{Cs}\ufffe\uffff]/gu, '\ufffd')
}
