import {wordsOf} from '../syntax/words-of.ts'

/** What is to have an id: a chapter, or a topic below one. */
export interface IdNode {
  readonly head: string
  /** Its whole line. */
  readonly text: string
  readonly children: readonly IdNode[]
}

/** A chapter or topic of the list before, with the id that it got. */
export interface KnownTopic {
  readonly id: string
  /** Id of what it stands below; absent for a chapter. */
  readonly parent?: string
  readonly head: string
  readonly text: string
}

/** Longest part of an id. */
const longestPart = 60
/** Longest id that still gets parts below it. */
const longestParent = 130
/** Share of words that two heads have in common when one is the other, renamed. */
const leastAlike = 0.5

/** Last parts of ids that a chapter's own sections have. */
export const chapterParts = [
  'learning-objectives',
  'overview',
  'summary',
  'key-terms',
  'quiz',
  'cross-reference',
  'further-exploration',
  'reflection',
] as const

/**
 * Ids of chapters and topics, free of chapter numbers. What was in the list before keeps its id: where it stands, moved,
 * or renamed.
 */
export function assignIds(chapters: readonly IdNode[], known: readonly KnownTopic[] = []): Map<IdNode, string> {
  const ids = new Map<IdNode, string>()
  const matcher = new TopicMatcher(known)
  matcher.match(chapters, undefined, ids)
  matcher.matchMoved(chapters, ids)
  const taken = new Set(ids.values())
  const free = new FreeIds(taken)
  const assign = (nodes: readonly IdNode[], parent: string | undefined): void => {
    for (const node of nodes) {
      let id = ids.get(node)
      if (id === undefined) {
        id = free.take(parent, node.head)
        ids.set(node, id)
      }
      taken.add(id)
      if (parent === undefined) for (const part of chapterParts) taken.add(`${id}/${part}`)
      assign(node.children, id)
    }
  }
  assign(chapters, undefined)
  return ids
}

/** Gives ids that are free; equal ones are counted on from where the last one ended. */
class FreeIds {
  private readonly counts = new Map<string, number>()

  constructor(private readonly taken: Set<string>) {}

  take(parent: string | undefined, head: string): string {
    const own = idPart(head) || 'topic'
    const base = parent === undefined ? own : parent.length > longestParent ? `${parent}-x` : `${parent}/${own}`
    let id = base
    let count = this.counts.get(base) ?? 0
    while (this.taken.has(id)) id = `${base}-${++count}`
    this.counts.set(base, count)
    return id
  }
}

/** A text as a part of an id: letters without accents, digits and `-`; empty where nothing of it can stand there. */
function idPart(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/&/g, ' and ')
    .replace(/['’]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, longestPart)
    .replace(/-+$/, '')
}

/** Finds what the topics of a list were in the list before. */
class TopicMatcher {
  private readonly below = new Map<string | undefined, KnownTopic[]>()
  private readonly free = new Set<KnownTopic>()
  private readonly byText = new Map<string, KnownTopic[]>()

  constructor(known: readonly KnownTopic[]) {
    for (const topic of known) {
      this.free.add(topic)
      push(this.below, topic.parent, topic)
      push(this.byText, topic.text.toLowerCase(), topic)
    }
  }

  /** Matches topics with those below what their parent was. */
  match(nodes: readonly IdNode[], parent: string | undefined, ids: Map<IdNode, string>): void {
    const before = (this.below.get(parent) ?? []).filter((topic) => this.free.has(topic))
    if (before.length === 0) return
    this.pair(nodes, before, ids, ({text}) => text.toLowerCase())
    this.pair(nodes, before, ids, ({head}) => head.toLowerCase())
    this.matchRenamed(nodes, before, ids)
    for (const node of nodes) {
      const id = ids.get(node)
      if (id !== undefined) this.match(node.children, id, ids)
    }
  }

  /** Matches what is left with topics of the same words anywhere. */
  matchMoved(nodes: readonly IdNode[], ids: Map<IdNode, string>): void {
    for (const node of nodes) {
      const found = ids.has(node)
        ? undefined
        : this.byText.get(node.text.toLowerCase())?.find((topic) => this.free.has(topic))
      if (found !== undefined) {
        this.take(node, found, ids)
        this.match(node.children, found.id, ids)
      }
      this.matchMoved(node.children, ids)
    }
  }

  private pair(
    nodes: readonly IdNode[],
    before: readonly KnownTopic[],
    ids: Map<IdNode, string>,
    keyOf: (topic: {readonly head: string; readonly text: string}) => string,
  ): void {
    const byKey = new Map<string, KnownTopic[]>()
    for (const topic of before) if (this.free.has(topic)) push(byKey, keyOf(topic), topic)
    for (const node of nodes) {
      if (ids.has(node)) continue
      const found = byKey.get(keyOf(node))?.shift()
      if (found !== undefined) this.take(node, found, ids)
    }
  }

  /** Between two that were matched, one that went and one that came and are alike are the same, renamed. */
  private matchRenamed(nodes: readonly IdNode[], before: readonly KnownTopic[], ids: Map<IdNode, string>): void {
    const places = new Map(before.map((topic, at) => [topic.id, at]))
    let previous = -1
    for (const node of nodes) {
      const id = ids.get(node)
      if (id !== undefined) {
        previous = places.get(id) ?? previous
        continue
      }
      const next = before[previous + 1]
      if (next === undefined || !this.free.has(next) || !this.isRenamed(node, next)) continue
      this.take(node, next, ids)
      previous++
    }
  }

  private isRenamed(node: IdNode, topic: KnownTopic): boolean {
    if (isAlike(node.head, topic.head)) return true
    const behind = topic.text.slice(topic.head.length).trim()
    if (behind.length > 3 && node.text.slice(node.head.length).trim() === behind) return true
    const children = new Set((this.below.get(topic.id) ?? []).map(({text}) => text.toLowerCase()))
    const same = node.children.filter(({text}) => children.has(text.toLowerCase())).length
    return same > 0 && same * 2 >= Math.max(children.size, node.children.length)
  }

  private take(node: IdNode, topic: KnownTopic, ids: Map<IdNode, string>): void {
    ids.set(node, topic.id)
    this.free.delete(topic)
  }
}

function push<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}

function isAlike(one: string, other: string): boolean {
  const [left, right] = [new Set(wordsOf(one)), new Set(wordsOf(other))]
  const same = [...left].filter((word) => right.has(word)).length
  return same / Math.max(left.size, right.size, 1) >= leastAlike
}
