import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {VFile} from 'vfile'
import {type CourseText, reportContents} from '../check/course-text.ts'
import {report} from '../model/report.ts'
import type {BrokenText} from './book-texts.ts'
import type {BookPlan} from './build-book.ts'
import {displayPath} from './project.ts'

/** Reports section files that cannot be used, each in a file of its own. */
export function reportBroken(broken: readonly BrokenText[], outputFolder: string, cwd: string): VFile[] {
  return broken.map(({file: {source, problem}, location, id}) => {
    const file = new VFile({path: displayPath(join(outputFolder, location), cwd), value: source})
    const mark = source.split(/\r\n?|\n/).findIndex((line) => line.startsWith('<<<<<<< '))
    const reason = `Cannot use the section file: ${problem}; mend it, or restore it from git`
    const message = report(file, 'broken-section', reason, {place: {line: Math.max(mark, 0) + 1, column: 1}})
    if (id !== '') message.note = `The directive is \`${id}\``
    return file
  })
}

/** Reports texts of which nothing is left, and those with bytes that are no text. */
export function reportUnreadable(
  {context, texts}: Pick<BookPlan, 'context' | 'texts'>,
  course: readonly (CourseText | undefined)[],
): void {
  const {plan, target} = context.loaded
  for (const [number, id] of [...plan.jobs.keys()].entries()) {
    const text = course[number]
    const own = texts.get(id)
    if (text === undefined || own === undefined) continue
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
