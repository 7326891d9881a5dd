import {writeQuarto} from '../export/write-quarto.ts'
import type {RenderExport} from './export-formats.ts'

/** Renders a project of Quarto with the book's images. */
export const exportQuarto: RenderExport = async ({book, images}, {answers}) => [
  ...writeQuarto(book, answers).map(({path, text}) => ({path, content: text})),
  ...[...images].map(([path, content]) => ({path, content})),
]
