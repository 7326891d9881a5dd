import {readFileSync} from 'node:fs'
import type {PdfJob} from '../export/make-pdf.ts'
import {makePdf} from '../export/make-pdf.ts'

/** A job with the files of its fonts. */
export interface PdfTask {
  readonly job: PdfJob
  readonly fonts: readonly string[]
}

// The entrance of a process of its own: it makes one PDF and ends, so that a book that the typesetter cannot cope with
// takes nothing else down.
process.once('message', ({job, fonts}: PdfTask) => {
  const result = makePdf(
    job,
    fonts.map((path) => readFileSync(path)),
  )
  process.send?.(result, () => process.disconnect())
})
