import {pageOf} from '../export/pdf-look.ts'
import {writeDocx} from '../export/write-docx.ts'
import {UsageError} from './exit-codes.ts'
import {unknownDate} from './export-date.ts'
import type {RenderExport} from './export-formats.ts'

/** Renders a document of Word with the book's images. */
export const exportDocx: RenderExport = async ({book, images, report}, {answers, size, modified}) => {
  const page = pageOf(size, false)
  if (page === undefined)
    throw new UsageError(
      'bad-flag',
      `Unexpected size of a page \`${size}\`, expected WxH such as \`6x9in\` or \`170x240mm\`, from 80 to 600 mm a side`,
    )
  const dated = modified === unknownDate ? {} : {date: modified}
  const {content, findings} = writeDocx(book, {answers, images, page, ...dated})
  for (const {ruleId, reason, line} of findings) report(ruleId, reason, line)
  return [{path: '', content}]
}
