import {writeMdbook} from '../export/write-mdbook.ts'
import type {RenderExport} from './export-formats.ts'

/** Renders a project of mdBook with the book's images. */
export const exportMdbook: RenderExport = async ({book, images}, {answers}) => [
  ...writeMdbook(book, answers).map(({path, text}) => ({path, content: text})),
  ...[...images].map(([path, content]) => ({path: `src/${path}`, content})),
]
