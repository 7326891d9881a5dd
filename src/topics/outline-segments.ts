import {VFile} from 'vfile'
import type {PromptDirective} from '../model/directive.ts'
import type {Section} from '../model/section.ts'
import {type ParseOptions, parseOutline} from '../syntax/parse-outline.ts'
import type {ParsedOutline} from '../syntax/parsed-outline.ts'

/** A stretch of an outline: its front matter, a heading, a directive with the lines it is on, or an author's own text. */
export interface OutlineSegment {
  readonly type: 'front' | 'heading' | 'directive' | 'text'
  /** By which the same stretch is known in another version; absent for what has no id. */
  readonly key?: string
  /** Without the line ends around it. */
  readonly text: string
  /** Line ends between the stretch before and this one. */
  readonly gap: string
  /** Line of the outline, from 1. */
  readonly line: number
  readonly depth?: number
  readonly directive?: PromptDirective
  readonly isItem?: boolean
}

/** Takes an outline apart. Put together with their gaps, the segments are its text. */
export function outlineSegments(text: string, options: ParseOptions): OutlineSegment[] {
  const outline = parseOutline(new VFile({path: 'outline.md', value: text}), options)
  const source = outline.index.text
  const marks = marksOf(outline, source)
  const segments: OutlineSegment[] = []
  let at = 0
  let gap = ''
  const add = (start: number, end: number, rest: Omit<OutlineSegment, 'text' | 'gap' | 'line'>): void => {
    const written = source.slice(start, end)
    const body = written.trimEnd()
    const before = /^(?:[ \t]*(?:\r\n|\n|\r))*/.exec(body)?.[0] ?? ''
    if (body.trim() === '') {
      gap += written
      return
    }
    segments.push({
      ...rest,
      text: body.slice(before.length),
      gap: gap + before,
      line: outline.index.lineAt(start + before.length) + 1,
    })
    gap = written.slice(body.length)
  }
  if (outline.bodyStart > 0) {
    add(0, outline.bodyStart, {type: 'front', key: 'front'})
    at = outline.bodyStart
  }
  for (const {start, end, ...rest} of marks) {
    if (start < at) continue
    add(at, start, {type: 'text'})
    add(start, end, rest)
    at = end
  }
  add(at, source.length, {type: 'text'})
  return withHeadingKeys(segments)
}

interface Mark extends Omit<OutlineSegment, 'text' | 'gap' | 'line' | 'key'> {
  readonly start: number
  readonly end: number
  readonly key?: string
}

function marksOf({sections, directives, index}: ParsedOutline, source: string): Mark[] {
  const marks: Mark[] = []
  const visit = (section: Section): void => {
    const {start, end} = section.place
    if (section.depth > 0)
      marks.push({type: 'heading', start: start.offset ?? 0, end: end.offset ?? 0, depth: section.depth})
    for (const child of section.children) visit(child)
  }
  for (const section of sections) visit(section)
  for (const directive of directives) {
    const {start, end} = directive.position
    const id = directive.attributes.id
    marks.push({
      type: 'directive',
      start: index.start(start.line - 1),
      end: lineEnd(source, end.offset ?? 0),
      directive,
      isItem: directive.container !== 'block',
      ...(id === undefined ? {} : {key: id}),
    })
  }
  return marks.sort((a, b) => a.start - b.start || a.end - b.end)
}

function lineEnd(source: string, from: number): number {
  const at = source.slice(from, from + 10_000).search(/[\r\n]/)
  if (at >= 0) return from + at
  const far = source.slice(from).search(/[\r\n]/)
  return far < 0 ? source.length : from + far
}

/**
 * A heading is known by the directive right below it; one that has only headings below it, as a chapter's, by the first
 * part of the next id.
 */
function withHeadingKeys(segments: readonly OutlineSegment[]): OutlineSegment[] {
  const keyed: OutlineSegment[] = []
  const taken = new Set<string>()
  let next: string | undefined
  for (let at = segments.length - 1; at >= 0; at--) {
    const segment = segments[at] as OutlineSegment
    if (segment.type === 'directive' && segment.key !== undefined) next = segment.key
    if (segment.type !== 'heading') {
      keyed.push(segment)
      continue
    }
    const below = segments[at + 1]
    const key =
      below?.type === 'directive'
        ? below.key
        : next === undefined || segment.depth !== 1
          ? undefined
          : `# ${next.split('/')[0]}`
    keyed.push(key === undefined ? segment : {...segment, key: key.startsWith('#') ? key : `## ${key}`})
  }
  return keyed.reverse().map((segment) => {
    if (segment.key === undefined) return segment
    if (!taken.has(segment.key)) {
      taken.add(segment.key)
      return segment
    }
    // A second one of the same id is a copy of the author's.
    const {key: _, ...own} = segment
    return own
  })
}
