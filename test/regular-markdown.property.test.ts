import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import fc from 'fast-check'
import type {Nodes, Root} from 'mdast'
import {VFile} from 'vfile'
import {afterAll, beforeAll, describe, expect, it, vi} from 'vitest'
import {parse} from 'yaml'
import {assembleBook} from '../src/book/assemble-book.ts'
import {normaliseCompletion} from '../src/book/normalise-completion.ts'
import {planJobs} from '../src/plan/plan-jobs.ts'
import {unwrapLines} from '../src/syntax/canonical-markdown.ts'
import {parseMarkdown} from '../src/syntax/parse-markdown.ts'
import {parseOutline} from '../src/syntax/parse-outline.ts'
import {readRegularMarkdown} from '../src/syntax/read-regular-markdown.ts'
import {serialiseAnyMarkdown} from '../src/syntax/serialise-markdown.ts'
import {type SerialiseOptions, writeRegularMarkdown} from '../src/syntax/write-regular-markdown.ts'
import {fixturesRoot} from './support/fixtures.ts'
import {growth} from './support/growth.ts'
import {markdown, phrasing} from './support/markdown-pieces.ts'

const runs = {numRuns: Number(process.env.PROPERTY_RUNS ?? 500), seed: 20261121}
/** Long runs take their time. */
const timeoutMs = 60_000 + runs.numRuns * 100
const styles: readonly SerialiseOptions[] = [{}, {bullet: '*', bulletOrdered: ')'}, {bullet: '+'}]

/** A tree without positions. */
function bare(node: Nodes): unknown {
  const {position: _, ...rest}: Nodes = node
  return 'children' in rest ? {...rest, children: (rest.children as Nodes[]).map(bare)} : rest
}

/** Whether the text is regular; fails where the two ways of reading it differ. */
function compareReaders(text: string): boolean {
  const fast = readRegularMarkdown(text)
  if (fast !== undefined) expect(bare(fast)).toEqual(bare(parseMarkdown(text)))
  return fast !== undefined
}

/** Whether the tree is regular; fails where the two ways of writing it differ. */
function compareWriters({children}: Root): boolean {
  let isRegular = false
  for (const style of styles) {
    const fast = writeRegularMarkdown(children, style)
    if (fast === undefined) continue
    isRegular = true
    expect(fast).toBe(serialiseAnyMarkdown(children, style))
  }
  return isRegular
}

/** Compares both directions, as written and in canonical form. */
function compare(text: string): boolean {
  const isRead = compareReaders(text)
  const root = parseMarkdown(text)
  compareWriters(root)
  unwrapLines(root)
  const isWritten = compareWriters(root)
  if (isWritten) compareReaders(serialiseAnyMarkdown(root.children))
  return isRead && isWritten
}

function files(root: string, name: RegExp): string[] {
  const paths = readdirSync(root, {recursive: true, encoding: 'utf8'}).filter((path) => name.test(path))
  return paths.sort().map((path) => readFileSync(join(root, path), 'utf8'))
}

const completions = files(join(fixturesRoot, 'book'), /completions\.yaml$/).flatMap((text) => {
  const values = parse(text) as {completions: readonly string[]} | readonly string[]
  return 'completions' in values ? values.completions : values
})
const notes = files('sources', /\.md$/).flatMap((text) => [text, ...text.split(/\n\n+/)])

describe('Markdown that is read and written without the parser', () => {
  it(
    'is the parser’s and the serialiser’s, whatever the blocks',
    () => {
      let regular = 0
      fc.assert(
        fc.property(markdown, (text) => {
          if (compare(text)) regular++
        }),
        runs,
      )
      expect(regular).toBeGreaterThan(runs.numRuns / 20)
    },
    timeoutMs,
  )

  it(
    'is the parser’s and the serialiser’s, whatever the marks in a paragraph, a heading, an item or a cell',
    () => {
      let regular = 0
      fc.assert(
        fc.property(phrasing, fc.constantFrom('', '## ', '- ', '1. ', '> ', '| a |\n| - |\n| '), (text, before) => {
          if (
            compare(`${before}${before === '' ? text : text.replace(/\n/g, ' ')}${before.startsWith('|') ? ' |' : ''}`)
          )
            regular++
        }),
        {...runs, numRuns: runs.numRuns * 2},
      )
      expect(regular).toBeGreaterThan(runs.numRuns / 5)
    },
    timeoutMs,
  )

  it.each([
    ['completions of all cases', completions, 0.75],
    ['pieces of the shipped notes', notes, 0.5],
  ])('is most of the %s', (_, texts, share) => {
    const regular = texts.filter(compare).length
    expect(texts.length).toBeGreaterThan(100)
    expect(regular / texts.length).toBeGreaterThan(share)
  })

  it.each([
    '[a]: b\n\n[a]',
    'a <!-- b -->',
    'See http://a.b',
    '***a***',
    '*a **b* c**',
    'a\n===',
    '```\nnever closed',
    '- a\nb',
    '-\ta',
    '&copy;',
    '[^1]\n\n[^1]: a',
    '1. a\n\n        code',
    '> a\nb',
    '![a](b)',
    '~~a~~',
  ])('never is %j', (text) => {
    expect(readRegularMarkdown(text)).toBeUndefined()
  })

  it.each(['- ', '* ', '_', '-', '#', '> ', '1. ', '|-', '=', ' '])(
    'does not run out of stack on a long line of %j',
    (piece) => {
      expect(() => readRegularMarkdown(`a\n\n${piece.repeat(1_000_000)}`)).not.toThrow()
    },
  )

  it.each([
    ['opened brackets', '['],
    ['links', '[a](b) '],
    ['code', '`a` '],
    ['runs of grave accents', '`a``b'],
    ['opened emphasis', '*a '],
    ['emphasis', '**a** '],
    ['quotes', '> '],
    ['items', '- a\n'],
    ['items in items', '- '],
    ['lines', 'a\n'],
    ['cells', '| a '],
    ['fences', '```\n'],
    ['tildes', '~a '],
    ['blank lines in an item', '- a\n\n\n\n'],
  ])('takes time in proportion to its length: %s', async (_, piece) => {
    const reading = (count: number) => {
      const text = piece.repeat(count)
      return () => readRegularMarkdown(text)
    }
    expect(await growth(reading, 10_000)).toBeLessThan(3)
  })
})

describe('A book made with the parser alone', () => {
  const source =
    '# A\n\n"<prompt>x</prompt>"\n\n- "<prompt>y</prompt>"\n- **L**: "<prompt>z</prompt>"\n\n## B\n\n"<prompt>w</prompt>"\n'
  const outline = parseOutline(new VFile({path: 'outline.md', value: source}))
  const jobs = [...planJobs(outline, new VFile({path: 'outline.md'})).jobs.values()]
  let slow: {normaliseCompletion: typeof normaliseCompletion; assembleBook: typeof assembleBook}

  beforeAll(async () => {
    vi.resetModules()
    vi.doMock('../src/syntax/read-regular-markdown.ts', () => ({readRegularMarkdown: () => undefined}))
    vi.doMock('../src/syntax/write-regular-markdown.ts', () => ({writeRegularMarkdown: () => undefined}))
    slow = {
      normaliseCompletion: (await import('../src/book/normalise-completion.ts')).normaliseCompletion,
      assembleBook: (await import('../src/book/assemble-book.ts')).assembleBook,
    }
  })
  afterAll(() => {
    vi.doUnmock('../src/syntax/read-regular-markdown.ts')
    vi.doUnmock('../src/syntax/write-regular-markdown.ts')
  })

  function expectSame(texts: readonly string[]): void {
    const titles = ['A', 'L', 'Kafka']
    const normalised = texts.map((text) => normaliseCompletion(text, titles))
    expect(texts.map((text) => slow.normaliseCompletion(text, titles))).toEqual(normalised)
    const placed = jobs.map(({id, depth}, number) => ({
      id,
      depth,
      text: normalised[number % normalised.length]?.text ?? '',
    }))
    const options = {listItemHeadings: texts.length % 2 === 0 ? 'keep' : 'bold'} as const
    expect(assembleBook(outline, placed, options)).toEqual(slow.assembleBook(outline, placed, options))
  }

  it(
    'has the same bytes',
    () => {
      fc.assert(fc.property(fc.array(markdown, {minLength: 1, maxLength: 4}), expectSame), {
        ...runs,
        numRuns: Math.ceil(runs.numRuns / 4),
      })
    },
    timeoutMs,
  )

  it('has the same bytes for the completions of all cases', () => {
    for (let at = 0; at < completions.length; at += 3) expectSame(completions.slice(at, at + 3))
  })
})
