import {nearestNames} from '../model/nearest.ts'
import type {Section} from '../model/section.ts'
import {chapterMentions, chapterNumber, splitTitle} from '../syntax/chapter-number.ts'
import {wordsOf} from '../syntax/words-of.ts'
import {type CourseText, reportContents} from './course-text.ts'

/** Reports chapters that a text names, by number or by title, and that the outline does not have. */
export function checkChapters(texts: readonly CourseText[], sections: readonly Section[]): void {
  const headings = allSections(sections).filter(({depth}) => depth > 0)
  const top = headings.reduce((least, {depth}) => Math.min(least, depth), 6)
  const chapters = headings.filter(({depth}) => depth === top)
  const numbers = chapterNumbers(chapters)
  const titles = new Map<string, string>()
  for (const {title} of headings) {
    titles.set(wordsOf(title).join(' '), title)
    titles.set(wordsOf(splitTitle(title)?.rest ?? title).join(' '), title)
  }
  for (const text of texts) {
    if (numbers.size > 1) checkNumbers(text, numbers, chapters.length)
    if (text.kind === 'cross-reference') checkTitles(text, titles)
  }
}

function checkNumbers(text: CourseText, numbers: ReadonlySet<number>, count: number): void {
  text.contents.prose.forEach(({text: prose}, at) => {
    for (const {written} of chapterMentions(prose)) {
      if (numbers.has(chapterNumber(written))) continue
      const reason = `Unexpected chapter \`${written}\`, expected one of the ${count} chapters of the outline`
      reportContents(text, 'prose', at, 'unknown-chapter', reason)
    }
  })
}

/** In a cross-reference, a name that is set off names a heading where it is numbered, or called a chapter or a section. */
function checkTitles(text: CourseText, titles: ReadonlyMap<string, string>): void {
  text.contents.names.forEach(({text: written, isPart}, at) => {
    const name = written.trim().replace(/[:.]$/, '')
    const title = splitTitle(name)?.rest
    if (title === undefined && !isPart) return
    if ([name, title ?? name].some((own) => titles.has(wordsOf(own).join(' ')))) return
    if (title === undefined && isShortForm(name, titles)) return
    const [near] = nearestNames(name, new Set(titles.values()), 1)
    const expected = near === undefined ? 'a heading of the outline' : `\`${near}\``
    reportContents(text, 'names', at, 'unknown-chapter', `Unexpected chapter \`${name}\`, expected ${expected}`)
  })
}

/** Whether a name is part of a heading's title, or has one in it: `Monitoring` of `Monitoring and Management`. */
function isShortForm(name: string, titles: ReadonlyMap<string, string>): boolean {
  const own = ` ${wordsOf(name).join(' ')} `
  return (
    own.trim() === '' || [...titles.keys()].some((title) => ` ${title} `.includes(own) || own.includes(` ${title} `))
  )
}

/** Numbers of the chapters: those in their titles, else their places. */
function chapterNumbers(chapters: readonly Section[]): Set<number> {
  const written = chapters.flatMap(({title}) => {
    const number = splitTitle(title)?.number
    return number === undefined ? [] : [number]
  })
  return new Set(written.length > 0 ? written : chapters.map((_, at) => at + 1))
}

function allSections(sections: readonly Section[]): Section[] {
  return sections.flatMap((section) => [section, ...allSections(section.children)])
}
