import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {type CourseText, reportContents} from '../check/course-text.ts'
import type {BookPlan} from './build-book.ts'

/** Reports texts of which nothing is left, and those with bytes that are no text. */
export function reportUnreadable(
  {context, texts}: Pick<BookPlan, 'context' | 'texts'>,
  course: readonly (CourseText | undefined)[],
): void {
  const {plan, target} = context.loaded
  for (const [number, id] of [...plan.jobs.keys()].entries()) {
    const text = course[number]
    const own = texts.get(id)
    if (text === undefined || own === undefined || text.isBroken) continue
    if (own.file.body.trim() === '') {
      const reason = `Unexpected empty text of \`${id}\`, expected its text; without the file, \`msk-course build\` makes it`
      reportContents(text, 'prose', 0, 'missing-section', reason)
    }
    // The mark of what could not be decoded may also be what an author wrote.
    if (own.file.source.includes('\ufffd') && !isUtf8(join(target.outputFolder, own.location))) {
      const at = text.contents.prose.findIndex(({text: prose}) => prose.includes('\ufffd'))
      const reason = 'Unexpected bytes that are no text, expected a file in UTF-8'
      reportContents(text, 'prose', Math.max(at, 0), 'not-utf8', reason)
    }
  }
}

function isUtf8(path: string): boolean {
  try {
    new TextDecoder('utf-8', {fatal: true}).decode(readFileSync(path))
    return true
  } catch (error) {
    if (error instanceof TypeError) return false
    throw error
  }
}
