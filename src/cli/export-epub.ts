import {writeEpub} from '../export/write-epub.ts'
import {report} from '../model/report.ts'
import type {RenderExport} from './export-formats.ts'

/** Renders an EPUB 3 with the book's images and cover. */
export const exportEpub: RenderExport = async ({book, images, cover, file}, {answers, modified}) => {
  const {content, findings} = writeEpub(book, {answers, images, modified, ...(cover === undefined ? {} : {cover})})
  for (const {ruleId, reason} of findings) report(file, ruleId, reason)
  return [{path: '', content}]
}
