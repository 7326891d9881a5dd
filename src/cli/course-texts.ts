import {join} from 'node:path'
import type {Root} from 'mdast'
import {VFile} from 'vfile'
import {closeDepthGaps, shiftHeadings} from '../book/heading-depths.ts'
import type {CourseText} from '../check/course-text.ts'
import {readTextContents, type TextContents} from '../check/text-contents.ts'
import type {Config} from '../config/config-schema.ts'
import type {Job} from '../model/job.ts'
import {firstBodyLine} from '../store/section-file.ts'
import {parseMarkdown, readMarkdown} from '../syntax/parse-markdown.ts'
import type {BookText} from './book-texts.ts'
import type {LoadedOutline} from './load-course.ts'
import {displayPath} from './project.ts'
import {renamedTitles} from './renamed-titles.ts'

/** The texts of a book for the checks over all of it, by the index of the outline's directives. */
export function courseTexts(
  loaded: LoadedOutline,
  texts: ReadonlyMap<string, BookText>,
  config: Config,
  cwd: string,
): (CourseText | undefined)[] {
  const {outline, plan, file, target} = loaded
  return [...plan.jobs.values()].map((job, number) => {
    const text = texts.get(job.id)
    if (text === undefined) return undefined
    const hasHeadings = outline.placements[number]?.indent === '' || config.listItemHeadings === 'keep'
    const path = displayPath(join(target.outputFolder, text.location), cwd)
    return courseText(job, text, {
      path,
      hasHeadings,
      outline: file.path,
    })
  })
}

function courseText(
  job: Job,
  {file: {body, source, record, extra, problem}, isDraft, isEdited}: BookText,
  options: {readonly path: string; readonly hasHeadings: boolean; readonly outline: string},
): CourseText {
  const {id, kind, depth, sectionId} = job
  const {line: directiveLine} = job.directive.position.start
  const read = (root: Root): TextContents => {
    // Only what is a heading in the book has an anchor there.
    if (options.hasHeadings) {
      closeDepthGaps(root)
      shiftHeadings(root, depth - 1)
    }
    const contents = readTextContents(root)
    return options.hasHeadings ? contents : {...contents, headings: []}
  }
  let placed: TextContents | undefined
  const [chapter = ''] = sectionId.split('/', 1)
  // An id that the author gave says nothing of the heading.
  const hasOwnId = id.replace(/#\d+$/, '') !== sectionId
  const formerIds = [record?.directive, extra.formerly].filter((former) => typeof former === 'string')
  return {
    id,
    kind,
    chapter,
    file: new VFile({path: options.path, value: source}),
    contents: read(readMarkdown(body)),
    isDraft: isDraft && !isEdited,
    isBroken: problem !== undefined,
    directive: {
      file: options.outline,
      line: directiveLine,
      note: `The directive is ${options.outline}:${directiveLine}, \`${id}\``,
    },
    formerTitles: hasOwnId ? [] : formerIds.flatMap((former) => renamedTitles(former, sectionId)),
    placeOf: (list, at) => {
      // Places cost more than the rest together, so they are read where there is something to report.
      const line = firstBodyLine({source, body})
      placed ??= read(parseMarkdown('\n'.repeat(line - 1) + body))
      const start = {line, column: 1}
      return placed[list][at]?.place ?? {start, end: start}
    },
  }
}
