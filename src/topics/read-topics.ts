import type {VFile} from 'vfile'
import {normaliseLineEnds} from '../model/content-address.ts'
import {report} from '../model/report.ts'
import {splitTitle} from '../syntax/chapter-number.ts'
import {readFrontMatter} from '../syntax/front-matter.ts'
import {decodeTopics} from './decode-topics.ts'
import {readTopicText, type TopicText} from './read-topic-text.ts'
import {splitTerm} from './split-term.ts'
import {readTopicEvents, type TopicEvent} from './topic-events.ts'
import type {Topic, TopicChapter, TopicCode, TopicList, TopicNote} from './topic-list.ts'

export interface ReadTopicsOptions {
  /** Names of tags beside `prompt` and `llm_prompt` that would be read as directives. */
  readonly tagNames?: readonly string[]
}

/** A topic list with the lines that are to be found again in an outline. */
export interface ReadTopics extends TopicList {
  /** Lines that are text and not form, each with the line at which its topic, heading or paragraph begins. */
  readonly written: readonly {readonly number: number; readonly line: number; readonly text: string}[]
}

type Draft<Value> = {-readonly [Key in keyof Value]: Value[Key] extends readonly (infer One)[] ? One[] : Value[Key]}
interface OpenTopic extends Omit<Draft<Topic>, 'children'> {
  readonly children: OpenTopic[]
  /** Columns before its marker; headings are left of all bullets, by their depth. */
  readonly indent: number
}
interface OpenChapter extends Omit<Draft<TopicChapter>, 'topics'> {
  readonly topics: OpenTopic[]
}

/** Words of a line that may be a title without being a heading. */
const mostTitleWords = 12

// Shows nothing or turns the direction of the text; as B5 takes them out of completions.
const controls = /(?!\t)[\p{Cc}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/gu

/** Reads a topic list; every problem becomes a message of `file`, none is thrown. */
export function readTopics(file: VFile, {tagNames = []}: ReadTopicsOptions = {}): ReadTopics {
  const source = normaliseLineEnds(decodeTopics(file))
  const {bodyStart, problem} = readFrontMatter(source)
  if (problem !== undefined) {
    report(file, 'invalid-front-matter', `Cannot read the front matter, expected YAML: ${problem.reason}`, {
      place: {line: 1, column: 1},
    })
  }
  const head = source.slice(0, bodyStart)
  const lines = source.split('\n')
  const from = head === '' ? 0 : head.split('\n').length - 1
  const reader = new TopicReader(file, tagNames)
  const events = readTopicEvents(lines, from)
  const list = reader.read(events, head === '' ? [] : lines.slice(1, from - 1))
  if (list.chapters.length === 0) {
    report(
      file,
      'empty-topic-list',
      'Unexpected topic list without chapters, expected headings such as `## Title`, or bullets',
      {place: {line: 1, column: 1}},
    )
  }
  file.messages.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
  const written = events.flatMap(({line, lines: own}) =>
    own.map((number) => ({number, line, text: lines[number - 1] ?? ''})),
  )
  return {...list, written}
}

class TopicReader {
  private readonly tags: RegExp
  private readonly chapters: OpenChapter[] = []
  private readonly stack: OpenTopic[] = []
  private title: TopicList['title']
  private readonly courseTags: string[] = []
  private readonly courseNotes: TopicNote[] = []
  private chapterDepth = 2
  private hasChapterHeadings = true

  constructor(
    private readonly file: VFile,
    tagNames: readonly string[],
  ) {
    const names = ['prompt', 'llm_prompt', ...tagNames].map((name) => name.replace(/[^\w-]/g, '\\$&'))
    this.tags = new RegExp(`<(/?\\s*(?:${names.join('|')})\\b[^<>]*)>?`, 'gi')
  }

  read(events: readonly TopicEvent[], frontMatter: readonly string[]): TopicList {
    const titleAt = this.findLevels(events)
    events.forEach((event, at) => {
      if (at === titleAt && event.type !== 'code') this.readTitle(event)
      else if (event.type === 'heading') this.readHeading(event)
      else if (event.type === 'code') this.readCode(event)
      else if (event.type === 'item') this.readItem(event)
      else this.readParagraph(event)
    })
    this.reportChapters()
    return {
      ...(this.title === undefined ? {} : {title: this.title}),
      tags: [...new Set(this.courseTags)],
      notes: this.courseNotes,
      frontMatter,
      chapters: this.chapters,
    }
  }

  /** Which headings are chapters, and where the title is; -1 where there is none. */
  private findLevels(events: readonly TopicEvent[]): number {
    const headings = events.flatMap((event, at) => (event.type === 'heading' ? [{depth: event.depth, at}] : []))
    const [first, ...rest] = headings
    if (first === undefined) {
      this.hasChapterHeadings = false
      // A line of a few words above the bullets is the title.
      const [top] = events
      return top?.type === 'paragraph' && top.text.split(/\s+/).length <= mostTitleWords ? 0 : -1
    }
    const least = headings.reduce((depth, own) => Math.min(depth, own.depth), 6)
    const tops = headings.filter(({depth}) => depth === least)
    // The list's title is the only heading of its depth, and the first one.
    if (first.depth === 1 && tops.length === 1) {
      this.chapterDepth = rest.reduce((depth, own) => Math.min(depth, own.depth), 6)
      this.hasChapterHeadings = rest.length > 0
      return first.at
    }
    // Several of one depth are chapters, but for a first one that has nothing below it.
    const next = events[first.at + 1]
    const isBare = first.depth === 1 && next?.type === 'heading' && next.depth === 1
    this.chapterDepth = least
    return isBare ? first.at : -1
  }

  private readTitle(event: Exclude<TopicEvent, {type: 'code'}>): void {
    const {text, tags} = this.textOf(event)
    if (text !== '') this.title = {line: event.line, text}
    this.courseTags.push(...tags)
  }

  private readHeading(event: Extract<TopicEvent, {type: 'heading'}>): void {
    const read = this.textOf(event)
    if (read.text === '') {
      this.warn(event, 'Unexpected heading without a text, expected a title')
      return
    }
    if (event.depth <= this.chapterDepth || this.chapters.length === 0) {
      this.openChapter(event, read)
      return
    }
    // Headings are left of every bullet: -5 for the shallowest below a chapter's.
    this.openTopic(event, read, event.depth - 10, false)
  }

  private readItem(event: Extract<TopicEvent, {type: 'item' | 'paragraph'}>): void {
    const read = this.textOf(event)
    if (read.text === '') {
      this.warn(event, 'Unexpected list item without a text, expected a topic')
      return
    }
    if (!this.hasChapterHeadings && (event.indent < 2 || this.chapters.length === 0)) {
      this.openChapter(event, read)
      return
    }
    if (this.chapters.length === 0) {
      this.warn(
        event,
        'Unexpected topic before the first chapter, expected a heading above it; `Introduction` is taken',
      )
      this.openChapter(event, {text: 'Introduction', tags: [], sources: [], problems: []})
    }
    this.openTopic(event, read, event.indent, event.isNumbered)
  }

  private readParagraph(event: Extract<TopicEvent, {type: 'item' | 'paragraph'}>): void {
    const chapter = this.chapters.at(-1)
    // `#AWS #Kafka` on a line of its own are the tags of what is above.
    const {text, tags, sources} = this.textOf(event)
    if (tags.length > 0) (chapter === undefined ? this.courseTags : chapter.tags).push(...tags)
    if (text === '') return
    const note: TopicNote = {line: event.line, text, sources}
    const topic = this.stack.findLast((open) => open.indent < 0 || event.indent > open.indent)
    if (chapter === undefined) this.courseNotes.push(note)
    else if (topic !== undefined) topic.notes.push(note)
    else chapter.notes.push(note)
  }

  private readCode({info, code: lines, line, isClosed}: Extract<TopicEvent, {type: 'code'}>): void {
    if (!isClosed)
      this.warn(
        {line: line - 1, column: 1},
        'Unexpected fence without an end, expected a closing line; it runs to the end',
      )
    const cleaned = lines.map((own) => this.clean(own))
    const code: TopicCode = {line, info: this.clean(info).replace(/[^\w+#-].*$/, ''), lines: cleaned}
    ;(this.stack.at(-1) ?? this.chapters.at(-1))?.code.push(code)
    if (this.chapters.length === 0)
      this.warn({line: line - 1, column: 1}, 'Unexpected code before the first chapter, expected it below a topic')
  }

  private openChapter({line}: {readonly line: number}, {text, tags, sources}: TopicText): void {
    this.stack.length = 0
    const title = (splitTitle(text)?.rest ?? text).replace(/[:.]$/, '')
    this.chapters.push({line, text: title, tags: [...tags], sources: [...sources], notes: [], code: [], topics: []})
  }

  private openTopic({line}: {readonly line: number}, read: TopicText, indent: number, isNumbered: boolean): void {
    // As in Markdown, one column more is no deeper list.
    while ((this.stack.at(-1)?.indent ?? Number.NEGATIVE_INFINITY) > indent - (indent < 0 ? 1 : 2)) this.stack.pop()
    const siblings = this.stack.at(-1)?.children ?? this.chapters.at(-1)?.topics
    const {text, tags, sources} = read
    const {head, description} = splitTerm(text)
    const topic: OpenTopic = {
      line,
      text,
      head: head === '' ? text : head,
      description,
      isNumbered,
      tags: [...tags],
      sources: [...sources],
      notes: [],
      code: [],
      children: [],
      indent,
    }
    siblings?.push(topic)
    this.stack.push(topic)
  }

  private textOf(event: {readonly text: string; readonly line: number; readonly column: number}): TopicText {
    const cleaned = this.clean(event.text)
    if (cleaned !== event.text && controls.test(event.text)) {
      controls.lastIndex = 0
      report(this.file, 'control-character', 'Unexpected control character, expected text; it is left out', {
        place: {line: event.line, column: event.column},
      })
    }
    if (event.text.search(this.tags) >= 0)
      this.warn(event, 'Unexpected tag of a directive in a topic list, expected text; its brackets are left out')
    const read = readTopicText(cleaned)
    for (const {written, at} of read.problems) {
      report(
        this.file,
        'invalid-citation',
        `Unexpected citation \`${written}\`, expected numbers from 1 to 9999 such as \`[3, 6]\``,
        {place: {line: event.line, column: event.column + Math.max(0, at)}, actual: written},
      )
    }
    return read
  }

  /** Without what shows nothing, and without what would be read as a directive's tag. */
  private clean(text: string): string {
    return text.toWellFormed().replace(controls, '').replace(this.tags, '$1')
  }

  private warn(place: {readonly line: number; readonly column: number}, reason: string): void {
    report(this.file, 'irregular-topic', reason, {place: {line: place.line, column: place.column}})
  }

  private reportChapters(): void {
    const titles = new Map<string, number>()
    for (const {line, text, topics, notes, code} of this.chapters) {
      const key = text.toLowerCase()
      const other = titles.get(key)
      if (other === undefined) titles.set(key, line)
      else this.reportTwice('chapter', text, line, other)
      if (topics.length === 0 && notes.length === 0 && code.length === 0) {
        report(this.file, 'empty-chapter', `Unexpected chapter \`${text}\` without topics, expected bullets below it`, {
          place: {line, column: 1},
          actual: text,
        })
      }
      const heads = new Map<string, number>()
      for (const topic of topics) {
        const before = heads.get(topic.text.toLowerCase())
        if (before === undefined) heads.set(topic.text.toLowerCase(), topic.line)
        else this.reportTwice('topic', topic.text, topic.line, before)
      }
    }
  }

  private reportTwice(what: string, text: string, line: number, other: number): void {
    report(
      this.file,
      'duplicate-topic',
      `Unexpected second ${what} \`${text}\`, expected one; the first is in line ${other}`,
      {
        place: {line, column: 1},
        actual: text,
      },
    )
  }
}
