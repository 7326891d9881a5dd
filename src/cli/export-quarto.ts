import {writeQuarto} from '../export/write-quarto.ts'
import type {RenderExport} from './export-formats.ts'
import {reportBrokenImages} from './report-broken-images.ts'

/** Renders a project of Quarto with the book's images. */
export const exportQuarto: RenderExport = async (source, {answers}) => {
  const {book, images} = source
  reportBrokenImages(source)
  return [
    ...writeQuarto(book, answers).map(({path, text}) => ({path, content: text})),
    ...[...images].map(([path, content]) => ({path, content})),
  ]
}
