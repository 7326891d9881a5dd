import {readFileSync} from 'node:fs'
import {makePdf, type PdfJob} from '../export/make-pdf.ts'
import {Typesetter} from '../export/typeset-pdf.ts'

/** A job with the files of its fonts; none for those that the process was started with. */
export interface PdfTask {
  readonly job: PdfJob
  readonly fonts?: readonly string[]
}

// The entrance of a process of its own: it makes one PDF and ends, so that a book that the typesetter cannot cope with
// takes nothing else down. Its arguments are the fonts that it most likely needs; it is started before the book is read,
// and gets ready meanwhile.
process.once('message', ({job, fonts}: PdfTask) => {
  const result = makePdf(job, fonts === undefined ? ready : setterOf(fonts))
  process.send?.(result, () => process.disconnect())
})
const ready = setterOf(process.argv.slice(2))
ready.warm()

function setterOf(fonts: readonly string[]): Typesetter {
  return new Typesetter(fonts.map((path) => readFileSync(path)))
}
