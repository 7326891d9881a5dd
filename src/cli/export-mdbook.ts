import {writeMdbook} from '../export/write-mdbook.ts'
import type {RenderExport} from './export-formats.ts'
import {reportBrokenImages} from './report-broken-images.ts'

/** Renders a project of mdBook with the book's images. */
export const exportMdbook: RenderExport = async (source, {answers}) => {
  const {book, images} = source
  reportBrokenImages(source)
  return [
    ...writeMdbook(book, answers).map(({path, text}) => ({path, content: text})),
    ...[...images].map(([path, content]) => ({path: `src/${path}`, content})),
  ]
}
