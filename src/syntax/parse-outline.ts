import {slug} from 'github-slugger'
import type {Position} from 'unist'
import type {VFile} from 'vfile'
import type {ContainerKind, PromptDirective} from '../model/directive.ts'
import type {BookMetadata, SourceEdit} from '../model/outline.ts'
import {report} from '../model/report.ts'
import type {Section} from '../model/section.ts'
import {declaredDepth} from './declared-depth.ts'
import {directiveValue} from './directive-value.ts'
import {readFrontMatter} from './front-matter.ts'
import {LineIndex} from './line-index.ts'
import {maskSource} from './mask-source.ts'
import {findOuterFence} from './outer-fence.ts'
import {readBlocks} from './outline-blocks.ts'
import type {Scan} from './outline-scan.ts'
import type {ParsedOutline} from './parsed-outline.ts'
import type {HeadingBlock, PlacedDirective} from './placed-directive.ts'
import {readAttributes} from './read-attributes.ts'
import {reportScan} from './report-scan.ts'
import {scanDirectives} from './scan-directives.ts'

export interface ParseOptions {
  /** Names of tags beside `prompt` and `llm_prompt`. */
  readonly tagNames?: readonly string[]
}

/** Id of the part before the first heading. */
export const startSectionId = '_start'

const baseTagNames = ['prompt', 'llm_prompt']

/** Reads an outline (outline language, D1 to D9); every problem becomes a message of `file`, none is thrown. */
export function parseOutline(file: VFile, options: ParseOptions = {}): ParsedOutline {
  const source = decodeSource(file)
  const outerFence = findOuterFence(source)
  const text = outerFence === undefined ? source : outerFence.text
  const index = new LineIndex(text)
  const frontMatterStart = outerFence?.contentStart ?? 0
  const frontMatter = readFrontMatter(text.slice(frontMatterStart))
  const bodyStart = frontMatter.bodyStart === 0 ? 0 : frontMatterStart + frontMatter.bodyStart
  if (frontMatter.problem !== undefined) {
    const {span, reason} = frontMatter.problem
    report(file, 'invalid-front-matter', `Cannot read the front matter, expected YAML: ${reason}`, {
      place: index.position(frontMatterStart + span.start, frontMatterStart + span.end),
    })
  }
  const tagNames = [...baseTagNames, ...(options.tagNames ?? [])]
  const scan = scanDirectives(index, tagNames, bodyStart)
  const masked = maskSource(index, scan)
  const blocks = readBlocks(index, masked, bodyStart, scan.cuts, scan.directives)
  for (const start of blocks.tooDeep) {
    report(
      file,
      'too-deep',
      'Cannot read this part, whose lists or quotes are nested by the thousand, expected fewer',
      {place: index.point(start)},
    )
  }
  const tree = new SectionTree(index)
  const directives: PromptDirective[] = []
  const events = mergeByOffset(blocks.headings, blocks.directives)
  for (const event of events) {
    if ('depth' in event) tree.open(event, file)
    else {
      tree.add(directives.length)
      directives.push(makeDirective(event, index, tree.depth, options))
    }
  }
  const outline: ParsedOutline = {
    path: file.path ?? '',
    source,
    metadata: readMetadata(frontMatter.values),
    bodyStart,
    sections: tree.finish(),
    directives,
    placements: blocks.directives.map(({placement}) => placement),
    edits: [...blocks.edits, ...scanEdits(scan), ...(outerFence?.edits ?? [])].sort((a, b) => a.start - b.start),
    relativeLinks: blocks.relativeLinks,
    links: blocks.links,
    anchors: blocks.anchors,
    footnoteLabels: blocks.footnoteLabels,
    index,
    scan,
    scanned: blocks.directives.map(({scanned}) => scanned),
  }
  reportScan(file, outline, blocks.directives, {
    hasOuterFence: outerFence !== undefined,
    ownTagNames: options.tagNames ?? [],
  })
  return outline
}

/** Text of the file without a byte order mark; what is not UTF-8 is reported and read as far as it goes. */
function decodeSource(file: VFile): string {
  if (typeof file.value === 'string') return file.value.startsWith('\ufeff') ? file.value.slice(1) : file.value
  const bytes = file.value ?? new Uint8Array()
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(bytes)
  } catch {
    const text = new TextDecoder('utf-8').decode(bytes)
    const at = Math.max(0, text.indexOf('\ufffd'))
    report(file, 'not-utf8', 'Unexpected bytes that are no UTF-8, expected a text saved as UTF-8', {
      place: new LineIndex(text).point(at),
    })
    return text
  }
}

function makeDirective(
  placed: PlacedDirective,
  index: LineIndex,
  containerDepth: number,
  _options: ParseOptions,
): PromptDirective {
  const {scanned, container, label} = placed
  const isQuoted = /["“”„]/.test(scanned.opening + scanned.closing)
  const value = directiveValue(index.text.slice(scanned.valueStart, scanned.valueEnd), isQuoted)
  const {attributes} = readAttributes(scanned.tag.attributes)
  const depth = attributes.level ?? declaredDepth(value)
  return {
    type: 'promptDirective',
    attributes,
    value,
    container: container satisfies ContainerKind,
    containerDepth,
    ...(depth === undefined ? {} : {declaredDepth: depth}),
    ...(label === undefined ? {} : {label}),
    position: index.position(scanned.start, scanned.end),
  }
}

function scanEdits(scan: Scan): SourceEdit[] {
  return [
    ...scan.strayTags.map(({start, end}) => ({start, end, text: ''})),
    ...scan.doubledMarks.map(({start, end}) => ({start, end, text: ''})),
    ...scan.breaks.map(({start}) => ({start, end: start, text: '\n'})),
  ]
}

function mergeByOffset(
  headings: readonly HeadingBlock[],
  directives: readonly PlacedDirective[],
): (HeadingBlock | PlacedDirective)[] {
  const merged: (HeadingBlock | PlacedDirective)[] = []
  let next = 0
  for (const directive of directives) {
    for (
      let heading = headings[next];
      heading !== undefined && heading.start < directive.scanned.start;
      heading = headings[next]
    ) {
      merged.push(heading)
      next++
    }
    merged.push(directive)
  }
  merged.push(...headings.slice(next))
  return merged
}

function readMetadata(values: Readonly<Record<string, unknown>>): BookMetadata {
  const text = (key: string): string | undefined => {
    const value = values[key]
    if (typeof value === 'string' || typeof value === 'number') return String(value).toWellFormed()
    return value instanceof Date ? value.toISOString().slice(0, 10) : undefined
  }
  const authors = [values.authors ?? values.author].flat().filter((name) => typeof name === 'string')
  const keys = ['title', 'subtitle', 'language', 'description', 'date', 'edition', 'rights', 'isbn', 'cover'] as const
  const entries = keys.map((key) => [key, text(key)] as const).filter(([, value]) => value !== undefined)
  return {...Object.fromEntries(entries), ...(authors.length > 0 ? {authors} : {})}
}

interface OpenSection {
  id: string
  title: string
  depth: number
  place: Position
  directives: number[]
  children: OpenSection[]
  slugs: Map<string, number>
}

/** Builds the tree of sections and their ids from headings in order. */
class SectionTree {
  private readonly index: LineIndex
  private readonly start: OpenSection
  private readonly tops: OpenSection[] = []
  private readonly topSlugs = new Map<string, number>()
  private readonly stack: OpenSection[] = []

  constructor(index: LineIndex) {
    this.index = index
    this.start = {
      id: startSectionId,
      title: '',
      depth: 0,
      place: index.position(0, 0),
      directives: [],
      children: [],
      slugs: new Map(),
    }
  }

  get depth(): number {
    return this.stack.at(-1)?.depth ?? 0
  }

  open(heading: HeadingBlock, file: VFile): void {
    const {depth, title, start, end} = heading
    const before = this.stack.at(-1)?.depth
    if (before !== undefined && depth > before + 1) {
      report(
        file,
        'heading-skips',
        `Unexpected heading of depth ${depth} below one of depth ${before}, expected depth ${before + 1} at most`,
        {
          place: this.index.position(start, end),
          actual: title,
        },
      )
    }
    while ((this.stack.at(-1)?.depth ?? 0) >= depth) this.stack.pop()
    const parent = this.stack.at(-1)
    const own = uniqueSlug(slug(title) || 'section', parent?.slugs ?? this.topSlugs)
    const section: OpenSection = {
      id: parent === undefined ? own : `${parent.id}/${own}`,
      title,
      depth,
      place: this.index.position(start, end),
      directives: [],
      children: [],
      slugs: new Map(),
    }
    ;(parent?.children ?? this.tops).push(section)
    this.stack.push(section)
  }

  add(directive: number): void {
    ;(this.stack.at(-1) ?? this.start).directives.push(directive)
  }

  finish(): Section[] {
    return [this.start, ...this.tops]
  }
}

/** As github-slugger counts: `a`, `a-1`, `a-2`; a counted slug is taken too. */
function uniqueSlug(base: string, taken: Map<string, number>): string {
  let result = base
  while (taken.has(result)) {
    const count = (taken.get(base) ?? 0) + 1
    taken.set(base, count)
    result = `${base}-${count}`
  }
  taken.set(result, 0)
  return result
}
