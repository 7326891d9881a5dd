import {existsSync} from 'node:fs'
import {dirname, join, resolve} from 'node:path'
import {VFile} from 'vfile'
import {sourceAnchor} from '../book/link-citations.ts'
import {checkText} from '../check/check-contracts.ts'
import {checkCourse} from '../check/check-course.ts'
import {checkGrounding, type GroundedShare, type JudgeSentences} from '../check/check-grounding.ts'
import type {CourseText} from '../check/course-text.ts'
import {reportContents} from '../check/course-text.ts'
import {deriveContracts} from '../check/derive-contracts.ts'
import {findNearCopies} from '../check/near-copies.ts'
import {sentenceStems} from '../ground/source-support.ts'
import {normaliseLineEnds} from '../model/content-address.ts'
import type {JobId} from '../model/job.ts'
import {report} from '../model/report.ts'
import {readIfThere} from '../store/completion-store.ts'
import {besidePath} from '../store/sections-folder.ts'
import {sectionLocation} from './book-texts.ts'
import {type BookPlan, planBook} from './build-book.ts'
import {courseTexts} from './course-texts.ts'
import {judgedBy} from './judged-by.ts'
import type {LoadedOutline} from './load-course.ts'
import {bookContext, type OpenBooks} from './open-books.ts'
import {displayPath} from './project.ts'
import {reportUnread} from './report-unread.ts'
import {reportUnreadable} from './report-unreadable.ts'
import {nearCopyReason} from './standing-failures.ts'
import {composeBook} from './write-book.ts'

/** A link of a book to the web, and how to report on it. */
export interface WebLink {
  readonly url: string
  report(ruleId: 'dead-link' | 'moved-link' | 'unchecked-link', reason: string): void
}

/** A book that was looked through. */
export interface VerifiedBook {
  /** The project's folder, for what is kept of the web. */
  readonly root: string
  readonly textCount: number
  /** How much of each text the sources support, where that was asked. */
  readonly grounded: readonly GroundedShare[]
  /** The outline, `book.md` and the section files, with their messages. */
  readonly files: readonly VFile[]
  readonly webLinks: readonly WebLink[]
}

/** Runs all checks over a book as it stands. Reads its files, asks nobody. */
export async function verifyBook(
  open: OpenBooks,
  loaded: LoadedOutline,
  cwd: string,
  {requireReviewed = false, grounding = false} = {},
): Promise<VerifiedBook> {
  const {choice, usesModel} = await judgedBy(loaded, {}, open.config)
  const context = bookContext(open, loaded, choice, usesModel)
  const plan = await planBook(context, {reportsBroken: true})
  const {outline, target} = loaded
  const outlineFile = new VFile({path: loaded.file.path, value: loaded.file.value})
  const bookFile = new VFile({path: displayPath(join(target.outputFolder, 'book.md'), cwd)})
  const texts = courseTexts(loaded, plan.texts, open.config, cwd)
  reportStates(plan, texts, outlineFile, displayPath(join(target.outputFolder, 'sections'), cwd))
  reportUnreadable(plan, texts)
  reportContracts(plan, texts)
  if (requireReviewed) reportUnread(plan, texts)
  const strays = reportBroken(plan, texts, cwd)
  // What a book would be cannot be said while a part of it cannot be read.
  if (plan.broken.length === 0) await reportBook(plan, open, bookFile)
  const folders = {book: target.outputFolder, outline: dirname(target.outlinePath)}
  checkCourse({
    outline,
    outlineFile,
    texts,
    authorText: authorTextOf(loaded),
    anchors: (loaded.bibliography?.entries ?? []).map(({number}) => sourceAnchor(number)),
    placeOf: ({start, end}) => outline.index.position(start, end),
    exists: (path, from) => existsSync(resolve(folders[from], path)),
    isBook: (path, from) => {
      const full = resolve(folders[from], path)
      return full === join(target.outputFolder, 'book.md') || (from === 'outline' && full === target.outlinePath)
    },
  })
  const present = texts.filter((text) => text !== undefined)
  const grounded = grounding ? checkGrounding(present, sentenceJudge(plan)) : []
  return {
    root: target.root,
    textCount: present.length,
    grounded,
    files: [outlineFile, bookFile, ...present.map(({file}) => file), ...strays],
    webLinks: [...linksOfTexts(present), ...linksOfOutline(loaded, outlineFile)],
  }
}

/** Reports section files that cannot be used as they are; gives those among them that are no directive's. */
function reportBroken({context, broken}: BookPlan, course: readonly (CourseText | undefined)[], cwd: string): VFile[] {
  const strays: VFile[] = []
  for (const {path, source, problem} of broken) {
    if (problem === undefined) continue
    const shown = displayPath(join(context.loaded.target.outputFolder, 'sections', path), cwd)
    const own = course.find((text) => text?.file.path === shown)
    const file = own?.file ?? new VFile({path: shown, value: source})
    if (own === undefined) strays.push(file)
    const reason = `Cannot use the section file: ${problem.reason}, expected front matter and text; mend it, or restore it from git`
    report(file, 'broken-section', reason, {
      place: {line: problem.line, column: 1},
      ...(own === undefined ? {} : {related: own.directive}),
    })
  }
  return strays
}

/** Reports texts that are missing or no longer what is wanted. */
function reportStates(
  {context, texts, judged, beside}: BookPlan,
  course: readonly (CourseText | undefined)[],
  file: VFile,
  sections: string,
): void {
  const {plan} = context.loaded
  if (texts.size === 0) {
    const reason = `Unexpected book without a text, expected ${plan.jobs.size} in \`${sections}\`; \`msk-course build\` makes them`
    report(file, 'missing-section', reason, {place: {line: 1, column: 1, offset: 0}})
    return
  }
  const drifted = new Map<string, number>()
  for (const [number, job] of [...plan.jobs.values()].entries()) {
    const judgement = judged.get(job.id)
    const text = course[number]
    if (text !== undefined && beside.has(job.id)) {
      const path = besidePath(sectionLocation(job.id))
      const reason = `Unexpected new text beside that of \`${job.id}\`, expected \`${path}\` merged into it and accepted`
      reportContents(text, 'prose', 0, 'stale-section', reason)
      continue
    }
    if (judgement === undefined || judgement.state === 'fresh') continue
    const because = judgement.reasons.join('; ')
    if (text === undefined) {
      const reason = `Cannot find the text of \`${job.id}\`, expected its section file: ${because}`
      report(file, 'missing-section', reason, {place: job.directive.position})
    } else if (judgement.state === 'drifted') drifted.set(because, (drifted.get(because) ?? 0) + 1)
    else {
      const reason = `Unexpected text of \`${job.id}\`, expected a newer one: ${because}`
      reportContents(text, 'prose', 0, 'stale-section', reason)
    }
  }
  // What a change around the texts did is one message, not one for each of them.
  for (const [because, count] of drifted) {
    const texts = count === 1 ? '1 text' : `${count} texts`
    report(file, 'drifted-section', `Unexpected drift of ${texts}, expected what they were made from: ${because}`, {
      place: {line: 1, column: 1, offset: 0},
    })
  }
}

/** Reports what texts do not hold of what their directives ask for; a draft is held to nothing. */
function reportContracts(
  {context, texts, failures: noted}: BookPlan,
  course: readonly (CourseText | undefined)[],
): void {
  const bodies: [string, string][] = []
  const byId = new Map<string, CourseText>()
  for (const [number, job] of [...context.loaded.plan.jobs.values()].entries()) {
    const text = course[number]
    const stored = texts.get(job.id)
    if (text === undefined || stored === undefined || text.isDraft || text.isBroken) continue
    const {record, body} = stored.file
    // That it is empty is said already.
    if (body.trim() === '') continue
    // How a completion ended says nothing of what an author made of it.
    const finish = stored.isEdited ? undefined : record?.finish
    const failures = checkText(body, deriveContracts(job, context.contracts), finish === undefined ? {} : {finish})
    // That a raw completion was cut off cannot be seen in a text whose fence or table was closed.
    if (!failures.some(({ruleId}) => ruleId === 'truncated-text'))
      failures.push(...(noted.get(job.id) ?? []).filter(({ruleId}) => ruleId === 'truncated-text'))
    for (const {ruleId, severity, message} of failures) reportContents(text, 'prose', 0, ruleId, message, {severity})
    bodies.push([job.id, body])
    byId.set(job.id, text)
  }
  for (const {id, copyOf, likeness} of findNearCopies(bodies)) {
    const text = byId.get(id)
    if (text !== undefined) reportContents(text, 'prose', 0, 'near-copy', nearCopyReason(copyOf, likeness))
  }
}

/** Holds sentences against the notes, and against the texts that a text was made from. */
function sentenceJudge({context, texts}: BookPlan): JudgeSentences {
  const known = new Map<string, readonly ReadonlySet<string>[]>()
  const stemsOf = (id: JobId): readonly ReadonlySet<string>[] => {
    const stems = known.get(id) ?? sentenceStems(texts.get(id)?.file.body ?? '')
    known.set(id, stems)
    return stems
  }
  return (paragraph, {id}) => {
    const upstream = context.loaded.plan.jobs.get(id as JobId)?.dependsOn ?? []
    return context.sources.support.judge(paragraph, upstream.flatMap(stemsOf))
  }
}

/** Reports a `book.md` that is not what the outline and these texts give. */
async function reportBook(plan: BookPlan, open: OpenBooks, file: VFile): Promise<void> {
  const {loaded} = plan.context
  const composed = composeBook(loaded, plan.texts, open.config)
  // While texts are missing, a book is left as it was.
  if (!composed.isComplete) return
  const present = await readIfThere(join(loaded.target.outputFolder, 'book.md'))
  const text = present === undefined ? undefined : normaliseLineEnds(present)
  if (text === composed.book.markdown) return
  const line = text === undefined ? 1 : firstDifference(text, composed.book.markdown)
  const reason =
    text === undefined
      ? 'Cannot find `book.md`, expected what the outline and the section files give; `msk-course build` writes it'
      : 'Unexpected text in `book.md`, expected what the outline and the section files give; `msk-course build` brings them together'
  report(file, 'stale-book', reason, {place: {line, column: 1}})
}

function firstDifference(left: string, right: string): number {
  let line = 1
  for (let at = 0; at < left.length && left[at] === right[at]; at++) if (left[at] === '\n') line++
  return line
}

/** What the author wrote around the directives. */
function authorTextOf({outline}: LoadedOutline): string {
  const pieces: string[] = []
  let at = outline.bodyStart
  for (const {start, end} of outline.placements) {
    pieces.push(outline.source.slice(at, start))
    at = Math.max(at, end)
  }
  return [...pieces, outline.source.slice(at)].join('\n')
}

const web = /^https?:/i

function linksOfTexts(texts: readonly CourseText[]): WebLink[] {
  return texts.flatMap((text) =>
    text.contents.links.flatMap(({url}, at): WebLink[] =>
      web.test(url) ? [{url, report: (ruleId, reason) => reportContents(text, 'links', at, ruleId, reason)}] : [],
    ),
  )
}

function linksOfOutline({outline}: LoadedOutline, file: VFile): WebLink[] {
  return outline.links.flatMap(({url, start, end}): WebLink[] => {
    const place = outline.index.position(start, end)
    return web.test(url) ? [{url, report: (ruleId, reason) => void report(file, ruleId, reason, {place})}] : []
  })
}
