import type {ParseOptions} from '../syntax/parse-outline.ts'
import {keyChunks} from './front-matter-lines.ts'
import {type MergeTexts, mergeDirective} from './merge-directive.ts'
import {type OutlineSegment, outlineSegments} from './outline-segments.ts'

/** Three texts of an outline: as the program wrote it last, as it stands, and as the program would write it now. */
export interface OutlineVersions {
  readonly base: string
  readonly author: string
  readonly fresh: string
}

/** A stretch that both the author and the topic list changed, each in its own way. */
export interface OutlineConflict {
  /** Id of the directive, or what else it is. */
  readonly what: string
  /** Line of the outline as it stands, from 1. */
  readonly line: number
  readonly reason: 'both-changed' | 'removed-from-list'
}

/** An outline that was merged. */
export interface MergedOutline {
  /** With the author's side of each conflict. */
  readonly text: string
  /** With the program's side of each conflict. */
  readonly other: string
  readonly conflicts: readonly OutlineConflict[]
  /** How many stretches the author had changed and keeps. */
  readonly kept: number
}

export interface MergeOptions extends MergeTexts {
  readonly parse: ParseOptions
}

/** What becomes of one stretch; without a text it goes. */
interface Decision {
  readonly text?: string
  readonly other?: string
  readonly conflict?: OutlineConflict['reason']
  readonly isKept?: boolean
}

/**
 * Merges what an author made of a generated outline with what the program makes of the changed list, stretch by stretch.
 * What only one side changed is taken from that side; what the author wrote is never lost.
 */
export function mergeOutlines(versions: OutlineVersions, options: MergeOptions): MergedOutline {
  return new OutlineMerger(versions, options).merge()
}

class OutlineMerger {
  private readonly base: ReadonlyMap<string, OutlineSegment>
  private readonly author: readonly OutlineSegment[]
  private readonly fresh: readonly OutlineSegment[]
  private readonly authorByKey: ReadonlyMap<string, OutlineSegment>
  private readonly freshByKey: ReadonlyMap<string, OutlineSegment>
  private readonly decisions = new Map<OutlineSegment, Decision>()

  constructor(
    {base, author, fresh}: OutlineVersions,
    private readonly options: MergeOptions,
  ) {
    this.base = byKey(outlineSegments(base, options.parse))
    this.author = outlineSegments(author, options.parse)
    this.fresh = outlineSegments(fresh, options.parse)
    this.authorByKey = byKey(this.author)
    this.freshByKey = byKey(this.fresh)
  }

  merge(): MergedOutline {
    for (const segment of this.author) this.decisions.set(segment, this.decide(segment))
    this.keepHeadings()
    for (const segment of this.fresh) {
      // What the author took out stays out.
      const isNew = segment.key === undefined || (!this.authorByKey.has(segment.key) && !this.base.has(segment.key))
      if (isNew) this.decisions.set(segment, {text: segment.text})
    }
    const order = this.order()
    const conflicts = this.author.flatMap((segment): OutlineConflict[] => {
      const reason = this.decisions.get(segment)?.conflict
      return reason === undefined ? [] : [{what: nameOf(segment), line: segment.line, reason}]
    })
    const write = (textOf: (decision: Decision) => string | undefined): string =>
      this.write(order, (segment) => textOf(this.decisions.get(segment) ?? {}))
    return {
      text: write(({text}) => text),
      other: write(({text, other}) => other ?? text),
      conflicts,
      kept: [...this.decisions.values()].filter(({isKept}) => isKept).length,
    }
  }

  private decide(author: OutlineSegment): Decision {
    const {key, text} = author
    const base = key === undefined ? undefined : this.base.get(key)
    const fresh = key === undefined ? undefined : this.freshByKey.get(key)
    if (base === undefined && fresh === undefined) return {text, isKept: true}
    if (fresh === undefined) {
      return isSame(text, base?.text) ? {} : {text, isKept: true, conflict: 'removed-from-list'}
    }
    if (isSame(text, fresh.text)) return {text}
    if (isSame(text, base?.text)) return {text: fresh.text}
    if (isSame(fresh.text, base?.text)) return {text, isKept: true}
    const merged =
      author.type === 'front'
        ? mergeFrontMatter(base?.text ?? '', text, fresh.text)
        : mergeDirective({base, author, fresh}, this.options)
    if (merged !== undefined) return {text: merged, isKept: true}
    return {text, other: fresh.text, isKept: true, conflict: 'both-changed'}
  }

  /** A heading that the list no longer has stays above what the author wrote below it. */
  private keepHeadings(): void {
    let heading: OutlineSegment | undefined
    for (const segment of this.author) {
      if (segment.type === 'heading') {
        heading = segment
        continue
      }
      const isLeft = this.decisions.get(segment)?.text !== undefined && segment.type !== 'front'
      if (isLeft && heading !== undefined && this.decisions.get(heading)?.text === undefined)
        this.decisions.set(heading, {text: heading.text})
    }
  }

  /** All stretches that are left: in the list's order, or the author's where the author has changed it. */
  private order(): OutlineSegment[] {
    const known = [...this.base.keys()].filter((key) => this.authorByKey.has(key))
    const standing = this.author.flatMap(({key}) => (key !== undefined && this.base.has(key) ? [key] : []))
    const isMoved = known.some((key, at) => key !== standing[at])
    return isMoved
      ? weave(this.author, this.fresh, (segment) => this.authorByKey.get(segment.key ?? ''), this.decisions)
      : weave(
          this.fresh.map((segment) => this.authorByKey.get(segment.key ?? '') ?? segment),
          this.author,
          (segment) => (this.freshByKey.has(segment.key ?? '') ? segment : undefined),
          this.decisions,
        )
  }

  private write(order: readonly OutlineSegment[], textOf: (segment: OutlineSegment) => string | undefined): string {
    const before = new Map<OutlineSegment, OutlineSegment | undefined>()
    for (const list of [this.author, this.fresh])
      for (const [at, segment] of list.entries()) before.set(segment, list[at - 1])
    let written = ''
    let previous: OutlineSegment | undefined
    for (const segment of order) {
      const text = textOf(segment)
      if (text === undefined) continue
      if (previous !== undefined)
        written += before.get(segment) === previous ? segment.gap : gapBetween(previous, segment)
      written += text
      previous = segment
    }
    return `${written.trimEnd()}\n`
  }
}

/**
 * A sequence with the stretches of another one put in: each behind the one that is before it there. `counterpart` gives
 * what of the first sequence stands for one of the other.
 */
function weave(
  main: readonly OutlineSegment[],
  other: readonly OutlineSegment[],
  counterpart: (segment: OutlineSegment) => OutlineSegment | undefined,
  decisions: ReadonlyMap<OutlineSegment, Decision>,
): OutlineSegment[] {
  const present = new Set(main)
  const behind = new Map<OutlineSegment | undefined, OutlineSegment[]>()
  let anchor: OutlineSegment | undefined
  for (const segment of other) {
    const own = counterpart(segment)
    if (own !== undefined && present.has(own)) {
      anchor = own
      continue
    }
    if (present.has(segment)) {
      anchor = segment
      continue
    }
    if (decisions.get(segment)?.text === undefined) continue
    const list = behind.get(anchor)
    if (list === undefined) behind.set(anchor, [segment])
    else list.push(segment)
  }
  const front = main[0]?.type === 'front' ? main[0] : undefined
  const first = behind.get(undefined) ?? []
  return [
    ...(front === undefined ? [] : [front]),
    ...first,
    ...main.flatMap((segment) => [...(segment === front ? [] : [segment]), ...(behind.get(segment) ?? [])]),
  ]
}

/** Line ends between two stretches that did not stand beside each other before. */
function gapBetween(previous: OutlineSegment, next: OutlineSegment): string {
  const isBelow = next.type === 'directive' && previous.type === 'heading'
  const isItem = next.type === 'directive' && next.isItem === true && previous.type === 'directive'
  return isBelow || isItem ? '\n' : '\n\n'
}

function byKey(segments: readonly OutlineSegment[]): Map<string, OutlineSegment> {
  return new Map(segments.flatMap((segment) => (segment.key === undefined ? [] : [[segment.key, segment] as const])))
}

/** Whether two stretches are the same but for wrapping and white space. */
function isSame(one: string, other: string | undefined): boolean {
  return other !== undefined && (one === other || fold(one) === fold(other))
}

function fold(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

function nameOf({type, key, text}: OutlineSegment): string {
  if (type === 'front') return 'the front matter'
  if (type === 'heading') return text.split('\n', 1)[0] ?? ''
  return key ?? type
}

/** Front matter merged key by key; undefined where one key was changed on both sides. */
function mergeFrontMatter(base: string, author: string, fresh: string): string | undefined {
  const chunks = [base, author, fresh].map((text) => keyChunks(text.split(/\r\n|\n/).slice(1, -1)))
  const [before, own, next] = chunks as [Map<string, string[]>, Map<string, string[]>, Map<string, string[]>]
  const lines: string[] = []
  for (const key of new Set([...own.keys(), ...next.keys()])) {
    const [was, is, will] = [before, own, next].map((map) => map.get(key)?.join('\n'))
    const merged = is === will ? is : is === was ? will : will === was ? is : null
    if (merged === null) return undefined
    if (merged !== undefined) lines.push(merged)
  }
  return ['---', ...lines, '---'].join('\n')
}
