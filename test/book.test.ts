import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import type {Nodes, Root} from 'mdast'
import {visit} from 'unist-util-visit'
import {VFile} from 'vfile'
import {describe, expect, it} from 'vitest'
import {parse} from 'yaml'
import {type AssembledBook, assembleBook} from '../src/book/assemble-book.ts'
import {normaliseCompletion} from '../src/book/normalise-completion.ts'
import type {Repair, RepairId} from '../src/book/repair.ts'
import {mapSources} from '../src/book/source-map.ts'
import type {Job} from '../src/model/job.ts'
import {type RuleId, rulePage, rules} from '../src/model/rules.ts'
import type {Section} from '../src/model/section.ts'
import {planJobs} from '../src/plan/plan-jobs.ts'
import {canonicalMarkdown, unwrapLines} from '../src/syntax/canonical-markdown.ts'
import {readFrontMatter} from '../src/syntax/front-matter.ts'
import {headingTitle} from '../src/syntax/heading-title.ts'
import {parseMarkdown} from '../src/syntax/parse-markdown.ts'
import {parseOutline} from '../src/syntax/parse-outline.ts'
import type {ParsedOutline} from '../src/syntax/parsed-outline.ts'
import {casesOf, expectFile, fixturesRoot} from './support/fixtures.ts'
import {normaliseAgain} from './support/normalise-again.ts'

/** `completions.yaml`: one raw completion per directive, in the order of the outline. */
interface Completions {
  readonly completions: readonly string[]
  readonly listItemHeadings?: 'bold' | 'keep'
  readonly levels?: 'shift' | 'declared'
  /** Path before every relative link and image of the outline, as a build sets it for the book's folder. */
  readonly rebase?: string
  /** Rule ids of the repairs of each completion, where the case is about them. */
  readonly repairs?: readonly (readonly string[])[]
}

interface Built {
  readonly outline: ParsedOutline
  readonly jobs: readonly Job[]
  readonly texts: readonly string[]
  /** What normalising these gives. */
  readonly textsAgain: readonly string[]
  readonly repairs: readonly (readonly Repair[])[]
  readonly book: AssembledBook
}

function readCompletions(path: string): Completions {
  const values = parse(readFileSync(path, 'utf8')) as Completions | readonly string[]
  return 'completions' in values ? values : {completions: values}
}

/** What a build does with an outline and its completions, without requests, store and files; `off` is a repair that is left out. */
function buildBook(source: Uint8Array | string, values: Completions, off?: RepairId): Built {
  const file = new VFile({path: 'outline.md', value: source})
  const outline = parseOutline(file)
  const {levels, listItemHeadings} = values
  const plan = planJobs(outline, file, levels === undefined ? {} : {levels})
  const jobs = [...plan.jobs.values()]
  expect(values.completions.length, 'one completion per directive').toBe(jobs.length)
  const normalised = jobs.map(({directive, headingPath, depth}, number) => {
    const titles = [headingPath.at(-1), directive.label].filter((title) => title !== undefined)
    const isInItem = directive.container !== 'block'
    const options = {depth, isInItem, ...(off === undefined ? {} : {off: new Set([off])})}
    const first = normaliseCompletion(values.completions[number] ?? '', titles, options)
    return {...first, again: normaliseAgain(first, titles, options).text}
  })
  const {rebase} = values
  const edits = outline.relativeLinks.map(({start, end, url}) => ({start, end, text: `${rebase ?? ''}${url}`}))
  const book = assembleBook(
    outline,
    jobs.map(({id, depth}, number) => ({id, depth, text: normalised[number]?.text ?? ''})),
    {...(rebase === undefined ? {} : {edits}), ...(listItemHeadings === undefined ? {} : {listItemHeadings})},
  )
  return {
    outline,
    jobs,
    texts: normalised.map(({text}) => text),
    textsAgain: normalised.map(({again}) => again),
    repairs: normalised.map(({repairs}, number) => [...repairs, ...(book.repairs.get((jobs[number] as Job).id) ?? [])]),
    book,
  }
}

interface BookHeading {
  readonly depth: number
  readonly title: string
  readonly line: number
}

/** Headings wherever they stand, in order. */
function bookHeadings(markdown: string): BookHeading[] {
  const found: BookHeading[] = []
  const body = bodyOf(markdown)
  const linesBefore = markdown.slice(0, markdown.length - body.length).split('\n').length - 1
  visit(parseMarkdown(body), 'heading', (heading) => {
    const {depth} = heading
    found.push({depth, title: headingTitle(heading), line: linesBefore + (heading.position?.start.line ?? 0)})
  })
  return found
}

/** Headings of an outline in order, each with whether it skips a depth. */
function outlineHeadings(outline: ParsedOutline): {depth: number; title: string; skips: boolean}[] {
  const walk = (section: Section): Section[] => [section, ...section.children.flatMap(walk)]
  const sections = outline.sections.flatMap(walk).filter(({depth}) => depth > 0)
  return sections.map(({depth, title}, number) => {
    const above = sections[number - 1]?.depth ?? depth
    return {depth, title, skips: depth > above + 1}
  })
}

/** Text behind the front matter. */
function bodyOf(markdown: string): string {
  return markdown.slice(readFrontMatter(markdown).bodyStart)
}

/** The tree without positions and without what is style: soft line breaks, looseness of lists, pieces of one text. */
function bareTree(markdown: string): unknown {
  const root: Root = parseMarkdown(markdown)
  unwrapLines(root)
  return bareNode(root)
}

function bareNode(node: Nodes): unknown {
  const {position: _position, data: _data, ...rest} = node
  const values = Object.fromEntries(Object.entries(rest).filter(([key]) => key !== 'spread' && key !== 'children'))
  return 'children' in node ? {...values, children: node.children.map(bareNode)} : values
}

/** Outline headings, and only they, stand outside the completions; every depth has the one above it over it. */
function expectHeadings({outline, book}: Built, levels: Completions['levels']): void {
  const found = bookHeadings(book.markdown)
  const spans = [...book.lines.values()]
  const own = found.filter(({line}) => !spans.some(({start, end}) => start <= line && line <= end))
  const wanted = outlineHeadings(outline)
  expect(own.map(({depth, title}) => ({depth, title}))).toEqual(wanted.map(({depth, title}) => ({depth, title})))
  if (levels === 'declared') return
  const skips = new Set(wanted.flatMap(({depth, skips: isSkip}, number) => (isSkip ? [`${number} ${depth}`] : [])))
  found.forEach((heading, number) => {
    const above = found[number - 1]?.depth ?? heading.depth
    const at = own.indexOf(heading)
    if (heading.depth > above + 1 && !skips.has(`${at} ${heading.depth}`))
      expect.fail(`Unexpected depth ${heading.depth} of \`${heading.title}\` below ${above}`)
  })
}

/** No tag of a directive stands in the book but as text or code. */
function expectNoDirectives(markdown: string): void {
  const root = parseMarkdown(markdown)
  visit(root, (node) => {
    if (node.type === 'html' && !node.value.startsWith('<!--')) expect(node.value).not.toMatch(/<\/?(?:llm_)?prompt\b/i)
    if (node.type !== 'text') return
    const source = markdown.slice(node.position?.start.offset, node.position?.end.offset)
    expect(source).not.toMatch(/(?<!\\)<\/?(?:llm_)?prompt\b/i)
  })
}

/** A section file's top headings stand at depth 1, and none is skipped below them. */
function expectDepthsFromOne(text: string): void {
  let above = 0
  let least = 7
  visit(parseMarkdown(text), 'heading', ({depth}) => {
    expect(depth, text).toBeLessThanOrEqual(above + 1)
    above = depth
    least = Math.min(least, depth)
  })
  expect([1, 7], text).toContain(least)
}

/** Each line of the book is one of the outline's, of a text's, or keeps two texts apart. */
function expectOrigins({outline, texts, jobs, book}: Built): void {
  const sections = jobs.map(({id, depth}, number) => ({id, depth, text: texts[number] ?? ''}))
  const {lines} = mapSources(outline, sections, book)
  const bookLines = book.markdown.split('\n').slice(0, -1)
  const outlineLines = outline.source.split(/\r\n?|\n/)
  const wordsOf = (text = ''): string[] => text.match(/[\p{L}\p{N}]+/gu) ?? []
  expect(lines).toHaveLength(bookLines.length)
  lines.forEach((origin, at) => {
    const words = wordsOf(bookLines[at])
    if (origin.type === 'between') expect(bookLines[at]?.trim()).toMatch(/^(?:<!-- -->)?$/)
    else if (origin.type === 'outline')
      expect(wordsOf(outlineLines[origin.line - 1])).toEqual(expect.arrayContaining(words))
    else expect(origin.type === 'directive' && book.lines.has(origin.id)).toBe(true)
  })
}

function expectInvariants(built: Built, values: Completions): void {
  const {book, texts, textsAgain} = built
  expect(textsAgain).toEqual(texts)
  const body = bodyOf(book.markdown)
  expectHeadings(built, values.levels)
  if (values.rebase === undefined) expectOrigins(built)
  expectNoDirectives(body)
  const canonical = canonicalMarkdown(body)
  expect(canonicalMarkdown(canonical)).toBe(canonical)
  expect(bareTree(canonical)).toEqual(bareTree(body))
  expect(book.markdown).not.toMatch(/\r/)
  expect(book.markdown).toMatch(/[^\n]\n$|^\n$/)
  for (const text of texts) {
    expect(canonicalMarkdown(text)).toBe(text)
    expectDepthsFromOne(text)
  }
  let last = 0
  for (const {start, end} of book.lines.values()) {
    expect(start).toBeGreaterThanOrEqual(last)
    expect(end).toBeGreaterThanOrEqual(start)
    last = end
  }
}

describe('books', () => {
  for (const name of casesOf('book')) {
    it(name, () => {
      const folder = join(fixturesRoot, 'book', name)
      const values = readCompletions(join(folder, 'completions.yaml'))
      const built = buildBook(readFileSync(join(folder, 'outline.md')), values)
      expectFile(join(folder, 'expected.md'), built.book.markdown)
      if (values.repairs !== undefined)
        expect(built.repairs.map((list) => list.map(({ruleId}) => ruleId).sort())).toEqual(
          values.repairs.map((list) => [...list].sort()),
        )
      expectInvariants(built, values)
    })
  }
})

describe('each repair', () => {
  const cases = casesOf('book').map((name) => {
    const folder = join(fixturesRoot, 'book', name)
    return {
      outline: readFileSync(join(folder, 'outline.md')),
      values: readCompletions(join(folder, 'completions.yaml')),
      expected: () => readFileSync(join(folder, 'expected.md'), 'utf8'),
    }
  })
  const repairs = [...new Set(cases.flatMap(({values}) => values.repairs?.flat() ?? []))].sort()

  it('has a case, and none that is no rule of completions', () => {
    const ofCompletions = Object.keys(rules).filter((rule) =>
      read(rulePage(rule as RuleId)).includes('build (completions)'),
    )
    expect(repairs).toEqual(ofCompletions.sort())
  })

  it.each(repairs.filter((rule) => rule !== 'too-deep-heading'))('%s is missed when it is not made', (rule) => {
    const concerned = cases.filter(({values}) => values.repairs?.flat().includes(rule))
    const missed = concerned.filter(({outline, values, expected}) => {
      const built = buildBook(outline, values, rule as RepairId)
      return built.book.markdown !== expected() || fails(() => expectInvariants(built, values))
    })
    expect(missed.length, `of ${concerned.length} cases`).toBeGreaterThan(0)
  })
})

function fails(check: () => void): boolean {
  try {
    check()
    return false
  } catch {
    return true
  }
}

function read(path: string): string {
  return readFileSync(join(import.meta.dirname, '..', path), 'utf8')
}

describe('a fence that is open', () => {
  it.each([
    ['at the end', 'Run:\n\n```sh\nls\n', true],
    ['at the end of the last item', '- Run:\n\n  ```sh\n  ls', true],
    ['until marks of another kind', 'Run:\n\n```sh\nls\n~~~\n\nThen stop.', undefined],
    ['until its item ends', '- Run:\n\n  ```sh\n  ls\n\nThen stop.', undefined],
    ['until marks that close it', 'Run:\n\n```sh\nls\n```', undefined],
  ])('%s tells whether the text was cut off', (_, raw, expected) => {
    expect(normaliseCompletion(raw, []).endsInFence).toBe(expected)
  })
})

describe('a text that is shown as code', () => {
  it.each([
    ['quotes in quotes', '> '.repeat(80)],
    ['brackets', `${'['.repeat(200)}\n\`\`\`\n`],
  ])('%s stay as they are when they are normalised again', (_, raw) => {
    const {text, repairs} = normaliseCompletion(raw, [])
    expect(repairs.map(({ruleId}) => ruleId)).toEqual(['unreadable-completion'])
    expect(normaliseCompletion(text, [])).toEqual({text, repairs: []})
  })
})
