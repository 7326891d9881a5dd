import {assignIds, type KnownTopic} from './assign-ids.ts'
import {chapterLabel, type Numbering} from './chapter-label.ts'
import {type ChapterTerms, findTerms} from './find-terms.ts'
import {frontMatterLines} from './front-matter-lines.ts'
import type {DirectiveUnit, HeadingUnit, OutlinePlan, OutlineTemplate, PromptValues} from './outline-unit.ts'
import {type RelatedChapter, relateChapters} from './relate-chapters.ts'
import {sortOf, topicForm} from './topic-form.ts'
import {eachTopic, type Topic, type TopicChapter, type TopicList} from './topic-list.ts'
import {codeText, enumerate, nameOf, noTopic, noteText, topicValues} from './topic-values.ts'

export interface PlanOutlineOptions {
  readonly numbering: Numbering
  /** Topics of the list before, so that they keep their ids. */
  readonly known?: readonly KnownTopic[]
}

/** An outline to be, and its topics with their ids for the next time. */
export interface PlannedOutline extends OutlinePlan {
  readonly known: readonly KnownTopic[]
}

/** Names of topics that a chapter's own directives list at most. */
const mostNames = 12
/** Longest title that is no name but a sentence, in characters. */
const longestTitle = 80
/** Deepest nesting of topics whose ids and places are kept apart; what is below belongs to the topic there. */
const depths = {chapter: 1, part: 2, topic: 3} as const

/** Plans the outline that a topic list asks for. The same list gives the same plan. */
export function planOutline(list: TopicList, {numbering, known = []}: PlanOutlineOptions): PlannedOutline {
  const nodes = list.chapters.map((chapter) => ({...chapter, head: chapter.text, children: chapter.topics}))
  const ids = assignIds(nodes, known)
  const terms = findTerms(list.chapters, list.title?.text)
  const related = relateChapters(list.chapters, terms, list.title?.text)
  const units = list.chapters.flatMap((chapter, place) =>
    new ChapterPlanner({
      list,
      chapter,
      place,
      id: ids.get(nodes[place] as (typeof nodes)[number]) as string,
      idOf: (topic) => ids.get(topic) as string,
      terms: terms[place] as ChapterTerms,
      related: related[place] ?? [],
      numbering,
    }).units(),
  )
  const front = frontMatterLines(list)
  return {...front, units, known: knownTopics(nodes, ids)}
}

function knownTopics(
  nodes: readonly {readonly head: string; readonly text: string; readonly topics: readonly Topic[]}[],
  ids: ReadonlyMap<object, string>,
): KnownTopic[] {
  const known: KnownTopic[] = []
  const add = (topics: readonly Topic[], parent: string): void => {
    for (const topic of topics) {
      const id = ids.get(topic) as string
      known.push({id, parent, head: topic.head, text: topic.text})
      add(topic.children, id)
    }
  }
  for (const node of nodes) {
    const id = ids.get(node) as string
    known.push({id, head: node.head, text: node.text})
    add(node.topics, id)
  }
  return known
}

interface ChapterInput {
  readonly list: TopicList
  readonly chapter: TopicChapter
  readonly place: number
  readonly id: string
  idOf(topic: Topic): string
  readonly terms: ChapterTerms
  readonly related: readonly RelatedChapter[]
  readonly numbering: Numbering
}

type Unit = HeadingUnit | DirectiveUnit

/** Plans one chapter: what opens it, its topics, and what closes it. */
class ChapterPlanner {
  private readonly planned: Unit[] = []
  private readonly base: Omit<PromptValues, 'level' | 'topic'>
  private title = ''
  private readonly allSources: readonly number[]

  constructor(private readonly input: ChapterInput) {
    const {list, chapter, terms, related} = input
    const {chapters} = list
    const topics = chapter.topics.map(({head}) => nameOf(head))
    this.base = {
      course: {title: list.title?.text ?? ''},
      chapter: {
        title: chapter.text,
        subject: subjectOf(chapter.text),
        sort: sortOf(chapter),
        topics: topics.slice(0, mostNames),
        list: enumerate(topics.slice(0, mostNames), Math.max(0, topics.length - mostNames)),
        notes: noteText(chapter.notes),
        code: codeText(chapter.code),
      },
      terms: terms.own,
      earlier: terms.earlier.map(({term, first}) => ({term, chapter: chapters[first]?.text ?? ''})),
      related: related.map(({place, shared}) => ({title: chapters[place]?.text ?? '', shared: shared.slice(0, 3)})),
    }
    const sources = [...eachTopic(chapter.topics)].flatMap((topic) => sourcesOf(topic))
    this.allSources = unique([...chapter.sources, ...chapter.notes.flatMap((note) => note.sources), ...sources])
  }

  units(): Unit[] {
    const {list, chapter, place, numbering} = this.input
    this.heading(depths.chapter, chapterLabel(chapter.text, place + 1, list.chapters.length, numbering))
    this.part('Learning Objectives', 'objectives', 'learning-objectives')
    const {subject} = this.base.chapter
    const overview = subject === '' ? 'Overview' : `Overview of ${subject}`
    const own = unique([...chapter.sources, ...chapter.notes.flatMap((note) => note.sources)])
    const lines = [chapter.line, ...chapter.notes.map(({line}) => line), ...chapter.code.map(({line}) => line)]
    this.part(overview, 'overview', 'overview', {sources: own, lines})
    for (const topic of chapter.topics) this.topic(topic)
    this.part('Summary', 'summary', 'summary')
    this.part('Key Terms', 'key-terms', 'key-terms')
    this.part('Self-Assessment Quiz', 'quiz', 'quiz')
    if (this.base.related.length > 0) this.part('Cross-Reference', 'cross-reference', 'cross-reference')
    this.part('Further Exploration', 'further-exploration', 'further-exploration', {sources: this.allSources})
    this.part('Reflection Prompt', 'reflection', 'reflection')
    return this.planned
  }

  private heading(depth: number, title: string): void {
    this.planned.push({type: 'heading', depth, title})
    this.title = title
  }

  private part(
    title: string,
    template: Exclude<OutlineTemplate, 'topic' | 'points' | 'comparison' | 'problems' | 'steps' | 'item'>,
    name: string,
    {sources = [], lines = []}: {readonly sources?: readonly number[]; readonly lines?: readonly number[]} = {},
  ): void {
    this.heading(depths.part, title)
    this.planned.push({
      type: 'directive',
      id: `${this.input.id}/${name}`,
      isItem: false,
      template,
      kind: template,
      title,
      values: {...this.base, level: depths.part + 1, topic: noTopic},
      tags: this.tags([]),
      sources,
      lines,
    })
  }

  private topic(topic: Topic): void {
    const form = topicForm(topic)
    // One point alone needs no list.
    const hasItems = form === 'topic' && topic.children.length > 1
    this.heading(depths.topic, titleOf(topic.head))
    this.directive(topic, form, hasItems, false, topic.tags)
    if (!hasItems) return
    for (const child of topic.children) this.directive(child, 'item', false, true, [...topic.tags, ...child.tags])
  }

  private directive(
    topic: Topic,
    template: OutlineTemplate,
    hasItems: boolean,
    isItem: boolean,
    tags: readonly string[],
  ): void {
    const below = hasItems ? [] : [...eachTopic(topic.children)]
    const covered = [topic, ...below]
    this.planned.push({
      type: 'directive',
      id: this.input.idOf(topic),
      isItem,
      template,
      kind: 'section',
      title: this.title,
      values: {...this.base, level: depths.topic + (isItem ? 2 : 1), topic: topicValues(topic, hasItems)},
      tags: this.tags([...tags, ...below.flatMap((one) => one.tags)]),
      sources: unique(covered.flatMap(sourcesOf)),
      lines: covered.flatMap(linesOf),
    })
  }

  private tags(own: readonly string[]): string[] {
    return [...new Set([...this.input.chapter.tags, ...own])]
  }
}

function sourcesOf({sources, notes}: Topic): number[] {
  return [...sources, ...notes.flatMap((note) => note.sources)]
}

function linesOf({line, notes, code}: Topic): number[] {
  return [line, ...notes.map((note) => note.line), ...code.map((block) => block.line)]
}

function unique(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].sort((a, b) => a - b)
}

/** What a chapter is about, by its title: `Amazon MSK` of `Introduction to Amazon MSK`. */
function subjectOf(title: string): string {
  return title
    .replace(/^(?:(?:an? )?(?:introduction|overview|guide)(?:\s+(?:to|of)\b)?:?|comparison:|comparing)\s*/i, '')
    .replace(/^the\s+/i, '')
    .trim()
}

/** A topic's name as a heading; of a long sentence its first part. */
function titleOf(head: string): string {
  if (head.length <= longestTitle) return head
  const [clause = head] = head.split(/(?<=\w)(?:[,;:]\s| [–—(-]\s?|\.\s)/)
  if (clause.length <= longestTitle && clause.length > 8) return clause
  return head
    .slice(0, head.lastIndexOf(' ', longestTitle) > 0 ? head.lastIndexOf(' ', longestTitle) : longestTitle)
    .trim()
}
