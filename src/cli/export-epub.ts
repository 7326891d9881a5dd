import {writeEpub} from '../export/write-epub.ts'
import {report} from '../model/report.ts'
import type {RenderExport} from './export-formats.ts'
import {reportDiagrams} from './report-diagrams.ts'

/** Renders an EPUB 3 with the book's images and cover. */
export const exportEpub: RenderExport = async (source, {answers, modified}) => {
  const {book, images, cover, file} = source
  const {content, findings} = writeEpub(book, {answers, images, modified, ...(cover === undefined ? {} : {cover})})
  reportDiagrams(source)
  for (const {ruleId, reason} of findings) report(file, ruleId, reason)
  return [{path: '', content}]
}
