import {unreadFormulas} from '../export/unread-formulas.ts'
import {writeEpub} from '../export/write-epub.ts'
import type {RenderExport} from './export-formats.ts'

/** Renders an EPUB 3 with the book's images and cover. */
export const exportEpub: RenderExport = async (source, {answers, modified}) => {
  const {book, images, cover, report} = source
  const {content, findings} = writeEpub(book, {answers, images, modified, ...(cover === undefined ? {} : {cover})})
  for (const {ruleId, reason, line} of [...findings, ...unreadFormulas(book)]) report(ruleId, reason, line)
  return [{path: '', content}]
}
