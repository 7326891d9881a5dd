import type {Code, Nodes, Root} from 'mdast'
import {toString as nodeText} from 'mdast-util-to-string'
import remarkGfm from 'remark-gfm'
import remarkParse from 'remark-parse'
import {unified} from 'unified'
import {visit} from 'unist-util-visit'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import type {Manifest} from '../src/store/manifest.ts'
import {type Answer, OpenAiServer} from './support/openai-server.ts'
import {runCli} from './support/run-cli.ts'
import {ownText, type Place, places, placesOf, readShapes, type Shape, shapeOutline} from './support/shape-course.ts'
import {Workspace} from './support/workspace.ts'

// Nothing of the program reads the book here: what a reader's own parser sees is what counts.
const parser = unified().use(remarkParse).use(remarkGfm)
/** Trees of texts, most of which stand in several places. */
const trees = new Map<string, Root>()

function parseText(text: string): Root {
  const tree = trees.get(text) ?? parser.parse(text)
  trees.set(text, tree)
  return tree
}

const shapes = readShapes()
const cases = shapes.flatMap((shape, number) => placesOf(number).map((at) => ({shape, number, at})))
const prompt = (shape: number, place: number): string => `Write s${shape}p${place}.`

interface Report {
  readonly books: readonly {readonly findings: readonly {readonly line: number; readonly ruleId?: string}[]}[]
}

let space: Workspace
let server: OpenAiServer
let code: number | null
let report: Report
let summary: string
let book: string
let lines: readonly string[]
let root: Root
/** The course with one word in every place. */
const plain = shapeOutline(shapes, () => 'Text.')
let plainRoot: Root
let rows: Manifest['directives']
/** Lines of the book, from 0, that hold the author's texts around completions. */
const ownLines = new Map<string, number>()
/** Numbers of the lines that stand between them. */
const insideLines = new Set<number>()
interface Note {
  readonly type: 'footnoteReference' | 'footnoteDefinition'
  readonly label: string
  readonly line: number
}
const notes: Note[] = []
/** Rules of the findings by the line of their directive, and the lines of the outline by prompt. */
const findings = new Map<number, string[]>()
const lineOf = new Map<string, number>()

beforeAll(async () => {
  space = new Workspace()
  server = await OpenAiServer.start({
    answer: ({user}) => {
      const [, shape = ''] = /Write s(\d+)p\d+\./.exec(user) ?? []
      return shapes[Number(shape)]?.raw ?? ''
    },
  })
  const outline = shapeOutline(shapes, (shape, place) => `"<prompt>${prompt(shape, place)}</prompt>"`)
  space.write('outline/shapes.md', outline)
  // The same completion stands in several places here.
  space.write('msk-course.yaml', 'context: none\nrepairs: 0\nrules:\n  near-copy: off\n  other-language: off\n')
  const flags = ['build', '--base-url', server.baseUrl, '--model', 'any', '--concurrency', '64']
  const result = await runCli(flags, {cwd: space.root})
  code = result.code
  summary = result.stderr
  // A second build has nothing to make and tells the same findings.
  const {stdout} = await runCli([...flags, '--json'], {cwd: space.root})
  report = JSON.parse(stdout) as Report
  book = space.read('output/shapes/book.md')
  lines = book.split('\n')
  root = parser.parse(book)
  plainRoot = parser.parse(plain)
  rows = (JSON.parse(space.read('output/shapes/manifest.json')) as Manifest).directives
  lines.forEach((line, at) => {
    for (const [own] of line.matchAll(/(?:Before|Behind) s\d+p\d+\./g)) ownLines.set(own, at)
  })
  for (const {number, at} of cases) {
    const {start, text} = spanOf(number, at)
    text.forEach((_, offset) => {
      insideLines.add(start + offset + 1)
    })
  }
  visit(root, (node) => {
    if (node.type === 'footnoteReference' || node.type === 'footnoteDefinition')
      notes.push({type: node.type, label: node.identifier, line: node.position?.start.line ?? 0})
  })
  outline.split('\n').forEach((line, at) => {
    const own = /Write s\d+p\d+\./.exec(line)?.[0]
    if (own !== undefined) lineOf.set(own, at + 1)
  })
  for (const {line, ruleId} of report.books[0]?.findings ?? [])
    findings.set(line, [...(findings.get(line) ?? []), ruleId ?? ''])
}, 180_000)

afterAll(async () => {
  await server.stop()
  space.remove()
})

/** Lines of the book between the own texts around a completion, as they stand; `start` lines stand before them. */
function spanOf(shape: number, place: number): {readonly start: number; readonly text: readonly string[]} {
  const before = ownLines.get(ownText('Before', shape, place)) ?? Number.NaN
  const behind = ownLines.get(ownText('Behind', shape, place)) ?? Number.NaN
  return {start: before + 1, text: lines.slice(before + 1, behind)}
}

/** Labels of notes that are called and that are defined between two lines, sorted. */
function notesIn(start: number, end: number): {readonly called: string[]; readonly defined: string[]} {
  const within = ({type, line}: Note, wanted: Note['type']): boolean => type === wanted && line > start && line <= end
  const of = (type: Note['type']): string[] =>
    [...new Set(notes.filter((note) => within(note, type)).map(({label}) => label))].sort()
  return {called: of('footnoteReference'), defined: of('footnoteDefinition')}
}

/** What stands in a completion's place, read by itself: without marker, label and indentation. */
function textOf(shape: number, place: number): string {
  const {text} = spanOf(shape, place)
  const depth = places[place]?.container === 'block' ? 0 : (places[place]?.depth ?? 0)
  const indent = ' '.repeat(depth * 2)
  const own = text.map((line) => (line.trim() === '' ? '' : line))
  if (places[place]?.container === 'block') return own.join('\n').trim()
  const markers = own.filter((line) => line.startsWith(`${indent.slice(2)}- `))
  const isOne = markers.length === 1
  const inner = isOne ? own.map((line) => line.slice(indent.length)) : own.map((line) => line.slice(indent.length - 2))
  const joined = inner.join('\n').trim()
  return places[place]?.container === 'label' ? joined.replace(/^\*\*Label:\*\*\s*/, '') : joined
}

/** The tree of a text without what is style: positions, soft breaks, looseness, depths that all are shifted alike. */
function bareTree(markdown: string): unknown[] {
  const tree = parseText(markdown)
  const depths: number[] = []
  visit(tree, 'heading', ({depth}) => {
    depths.push(depth)
  })
  const least = Math.min(...depths)
  const notes = new Map<string, number>()
  const bare = (node: Nodes): unknown => {
    const {position: _position, data: _data, ...rest} = node as Nodes & {spread?: unknown; label?: unknown}
    delete rest.spread
    delete rest.label
    const values: Record<string, unknown> = {...rest}
    if (node.type === 'heading') values.depth = node.depth - least
    if (node.type === 'text') values.value = node.value.replace(/\s+/g, ' ')
    if (node.type === 'footnoteReference' || node.type === 'footnoteDefinition') {
      if (!notes.has(node.identifier)) notes.set(node.identifier, notes.size)
      values.identifier = notes.get(node.identifier)
    }
    if ('children' in node) values.children = node.children.filter((child) => !isSeparator(child)).map(bare)
    return values
  }
  return tree.children.filter((child) => !isSeparator(child)).map(bare)
}

function isSeparator(node: Nodes): boolean {
  return node.type === 'html' && node.value === '<!-- -->'
}

/** Words of a source text: letters and digits, whatever Markdown makes of them; numbers of items and labels of notes aside. */
function wordsOf(source: string): string[] {
  const plain = source
    .replace(/<!-- -->/g, '')
    .replace(/\r\n?/g, '\n')
    .replace(/&(?:#x([0-9a-f]+)|#(\d+));/gi, (_, hex, decimal) =>
      String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)),
    )
    .replace(/&amp;/g, '&')
    .replace(/\[\^[^\]\s]+\]/g, ' ')
    .replace(/^([>\s]*(?:[*+-]\s+)*)\d{1,9}[.)](?=\s)/gm, '$1')
  return plain.match(/[\p{L}\p{N}]+/gu) ?? []
}

/** Words that are gone or came, beside those that the shape names. */
function strayWords(shape: Shape, text: string): [string, number][] {
  const wanted = new Map<string, number>()
  const count = (words: readonly string[], by: number): void => {
    for (const word of words) wanted.set(word, (wanted.get(word) ?? 0) + by)
  }
  count(wordsOf(shape.raw), 1)
  count(
    shape.lost.flatMap((part) => wordsOf(String(part))),
    -1,
  )
  count(
    shape.gained.flatMap((part) => wordsOf(part)),
    1,
  )
  count(wordsOf(text), -1)
  return [...wanted].filter(([, left]) => left !== 0)
}

function codesOf(markdown: string): string[] {
  const found: string[] = []
  visit(parseText(markdown), 'code', ({lang, meta, value}: Code) => {
    found.push(`${lang ?? ''} ${meta ?? ''}\n${value}`)
  })
  return found
}

/** Every visible word in the order of the tree. */
function readingOrder(markdown: string): string {
  const found: string[] = []
  visit(parseText(markdown), (node) => {
    if (node.type === 'text' || node.type === 'inlineCode' || node.type === 'code') found.push(node.value)
    if (node.type === 'html') found.push(node.value.replace(/<[^>]*>/g, ' '))
    if (node.type === 'image') found.push(node.alt ?? '')
  })
  return (found.join(' ').match(/[\p{L}\p{N}]+/gu) ?? []).join(' ')
}

function countItems(markdown: string): number {
  let count = 0
  visit(parseText(markdown), 'listItem', () => {
    count++
  })
  return count
}

/** Own texts of the author with the kinds of all that they stand in. */
function ownPlaces(tree: Root): string[] {
  const found: string[] = []
  const walk = (node: Nodes, path: string): void => {
    if (node.type === 'text')
      for (const [own] of node.value.matchAll(/(?:Before|Behind) s\d+p\d+\./g)) found.push(`${own} ${path}`)
    if ('children' in node) for (const child of node.children) walk(child, `${path}>${node.type}`)
  }
  walk(tree, '')
  return found
}

/** What is in one list and not in the other; short, where a difference of whole books would not be. */
function differences(found: readonly string[], wanted: readonly string[]): string[] {
  const at = wanted.findIndex((text, place) => text !== found[place])
  if (at === -1 && found.length === wanted.length) return []
  const from = at === -1 ? wanted.length : at
  return [
    `expected ${JSON.stringify(wanted.slice(from, from + 3))}`,
    `found ${JSON.stringify(found.slice(from, from + 3))}`,
  ]
}

describe('a course of broken completions', () => {
  it('is built, and says what was wrong', () => {
    expect(code).toBe(1)
    expect(summary).toContain(`${cases.length} sections`)
  })

  it('has the headings of the outline, in order', () => {
    const headings: string[] = []
    visit(root, 'heading', (node) => {
      if (!insideLines.has(node.position?.start.line ?? 0)) headings.push(`${node.depth} ${nodeText(node)}`)
    })
    const own: string[] = []
    visit(plainRoot, 'heading', (node) => {
      own.push(`${node.depth} ${nodeText(node)}`)
    })
    expect(differences(headings, own)).toEqual([])
  })

  it('leaves every text of the author where it stands', () => {
    expect(differences(ownPlaces(root), ownPlaces(plainRoot))).toEqual([])
    const outside = lines.filter((line, at) => !insideLines.has(at + 1) && line.trim() !== '')
    const written = plain.split('\n').filter((line) => line.trim() !== '' && !line.endsWith('Text.'))
    expect(differences(outside, written)).toEqual([])
  })

  it('brings no HTML but harmless elements, and no link that is unsafe', () => {
    const wrong: string[] = []
    visit(root, (node) => {
      if (node.type === 'html') {
        const rest = node.value
          .replace(/<!-- -->/g, '')
          .replace(/<\/?(?:br|details|summary|sub|sup|kbd|abbr|mark)(?: open| title="[^"<>]*")*>/g, '')
        if (rest.includes('<')) wrong.push(node.value)
      }
      if (node.type === 'link' || node.type === 'image' || node.type === 'definition') {
        if (!/^(?:https?:\/\/|mailto:|#|[\w.-]+$)/.test(node.url)) wrong.push(node.url)
      }
      if (node.type === 'linkReference' || node.type === 'imageReference') wrong.push(node.identifier)
    })
    expect(wrong).toEqual([])
  })

  it('says each repair that the manifest has, counted by rule', () => {
    const counts = new Map<string, number>()
    for (const {repairs} of rows) for (const {ruleId} of repairs) counts.set(ruleId, (counts.get(ruleId) ?? 0) + 1)
    for (const [ruleId, count] of counts) expect(summary).toContain(`${count} ${ruleId}`)
    expect(shapes.flatMap(({repairs}) => repairs).filter((ruleId) => !counts.has(ruleId))).toEqual([])
  })
})

describe('completions that hold no text', () => {
  const answers: Readonly<Record<string, Answer>> = {
    nothing: '',
    blank: ' \n\t\n\u200b',
    missing: {message: {role: 'assistant', content: null}},
    refused: {message: {role: 'assistant', content: null, refusal: 'I cannot write this.'}},
    thoughts: '<think>\nOnly thoughts.\n</think>\n',
    open: {message: {role: 'assistant', content: '<think>\nOnly thoughts and'}, finish: 'length'},
    chatter: 'Certainly! Here is the section:',
    title: '## Title\n',
    fence: '```markdown\n```\n',
    cut: {message: {role: 'assistant', content: 'A text that is cut off in the'}, finish: 'length'},
    inserted: 'Text.\n\n[Insert reference here]\n',
  }

  it('are findings with a name, and change nothing of the book', async () => {
    const own = new Workspace()
    const names = Object.keys(answers)
    const course = (write: (name: string) => string): string =>
      `# Course\n\n## Whole\n\nOwn.\n\n${names.map((name) => `## Title\n\n${write(name)}\n`).join('\n')}`
    server.options = {answer: ({user}) => answers[/Write (\w+)\./.exec(user)?.[1] ?? ''] ?? ''}
    own.write(
      'outline/empty.md',
      course((name) => `"<prompt>Write ${name}.</prompt>"`),
    )
    own.write('msk-course.yaml', 'context: none\nrepairs: 0\n')
    const flags = ['--base-url', server.baseUrl, '--model', 'any', '--json', '--allow-missing']
    const result = await runCli(['build', ...flags], {cwd: own.root})
    expect(result.code).toBe(1)
    const {books} = JSON.parse(result.stdout) as Report
    const found = new Set(books[0]?.findings.map(({line}) => line))
    const asked = own.read('outline/empty.md').split('\n')
    const unnamed = names.filter((name) => !found.has(asked.findIndex((line) => line.includes(`Write ${name}.`)) + 1))
    expect(unnamed).toEqual([])
    const headings: string[] = []
    visit(parser.parse(own.read('output/empty/book.md')), 'heading', (node) => {
      headings.push(`${node.depth} ${nodeText(node)}`)
    })
    expect(headings).toEqual(['1 Course', '2 Whole', ...names.map(() => '2 Title')])
    own.remove()
  })
})

describe('each shape in each place', () => {
  it.each(shapes.map((shape, number) => [shape.key, shape, number] as const))('%s', (_key, shape, number) => {
    const wrong = placesOf(number).flatMap((at) => {
      const place = places[at] as Place
      return failuresOf(shape, number, place, at).map((text) => `${place.container} ${place.depth}: ${text}`)
    })
    expect(wrong).toEqual([])
  })
})

/** What is wrong with a completion in a place of the book. */
function failuresOf(shape: Shape, number: number, place: Place, at: number): string[] {
  const wrong: string[] = []
  const must = (found: unknown, wanted: unknown, name: string): void => {
    const [one, two] = [found, wanted].map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
    if (one !== two) wrong.push(`${name}\n found  ${one}\n wanted ${two}\n`)
  }
  const isBlock = place.container === 'block'
  const wanted = (isBlock ? undefined : shape.wantInItem) ?? shape.want ?? shape.raw
  const {start, text} = spanOf(number, at)
  const inner = textOf(number, at)
  if (isBlock) must(bareTree(inner), bareTree(wanted), 'tree')
  else {
    must(readingOrder(inner), readingOrder(wanted), 'text')
    const items = countItems(wanted)
    if (![items, items - 1].includes(countItems(inner))) must(countItems(inner), items, 'items')
  }
  must(strayWords(shape, inner), [], 'words')
  must(codesOf(inner), codesOf(wanted), 'code')
  const headings = headingsOf(text.join('\n'))
  if (!isBlock) must(headings, [], 'headings')
  let above = place.depth
  for (const depth of headings) {
    if (depth <= place.depth || depth > above + 1) wrong.push(`depth ${depth} below ${above} in ${place.depth}`)
    above = depth
  }
  const {called, defined} = notesIn(start, start + text.length)
  must(called, defined, 'notes')
  const ids =
    rows[cases.findIndex((each) => each.number === number && each.at === at)]?.repairs.map(({ruleId}) => ruleId) ?? []
  const counted = ids.filter((ruleId) => ruleId !== 'shifted-headings' && ruleId !== 'too-deep-heading').sort()
  must(
    counted,
    shape.repairs.filter((ruleId) => isBlock || ruleId !== 'bold-heading'),
    'repairs',
  )
  const found = findings.get(lineOf.get(prompt(number, at)) ?? 0) ?? []
  must(found, shape.findings, 'findings')
  return wrong
}

function headingsOf(markdown: string): number[] {
  const depths: number[] = []
  const tree = parseText(markdown)
  for (const node of tree.children) if (node.type === 'heading') depths.push(node.depth)
  return depths
}
