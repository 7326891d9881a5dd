import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {stringify} from 'yaml'
import {messageSeverity} from '../src/model/report.ts'
import {wordsOf} from '../src/syntax/words-of.ts'
import {casesOf, expectFile, fixturesRoot} from './support/fixtures.ts'
import {coverageOf, readOutline, topicOutline} from './support/topic-outline.ts'

describe('a topic list', () => {
  for (const name of casesOf('topics')) {
    const folder = join(fixturesRoot, 'topics', name)
    const source = readFileSync(join(folder, 'topics.md'))

    it(`${name} gives an outline`, () => {
      const made = topicOutline(source)
      expectFile(join(folder, 'expected.md'), made.text)
      const messages = made.messages.map((message) => ({
        line: message.line,
        column: message.column,
        ruleId: message.ruleId,
        severity: messageSeverity(message),
        reason: message.reason,
      }))
      expectFile(join(folder, 'messages.yaml'), stringify(messages))
    })

    it(`${name} is covered, and its outline has no fault`, () => {
      const made = topicOutline(source)
      const {jobs, faults} = readOutline(made.text)
      expect(faults).toEqual([])
      expect(jobs.map(({id, kind}) => [id, kind])).toEqual(made.units.map(({id, kind}) => [id, kind]))
      expect(coverageOf(made).filter(({directive}) => directive === undefined)).toEqual([])
    })
  }

  it('without anything that could be a chapter is an error and no throw', () => {
    for (const source of ['', '\n\n', '---\ntitle: x\n---\n', '<!-- only this -->', '***']) {
      const {messages} = topicOutline(source)
      expect(
        messages.map(({ruleId}) => ruleId),
        source,
      ).toContain('empty-topic-list')
    }
  })

  it('that is no UTF-8 is an error at its place', () => {
    const {messages} = topicOutline(new Uint8Array([0x23, 0x20, 0x41, 0x0a, 0x2d, 0x20, 0xff, 0xfe]))
    expect(messages.find(({ruleId}) => ruleId === 'not-utf8')).toMatchObject({line: 2, column: 3})
  })

  it('has chapters numbered as asked', () => {
    const source = '## A\n- x\n## B\n- y\n'
    const chapters = (numbering: 'roman' | 'arabic' | 'none'): string[] =>
      topicOutline(source, {numbering}).text.match(/^# .*$/gm) ?? []
    expect(chapters('roman')).toEqual(['# I. A', '# II. B'])
    expect(chapters('arabic')).toEqual(['# 1. A', '# 2. B'])
    expect(chapters('none')).toEqual(['# A', '# B'])
    const many = Array.from({length: 120}, (_, at) => `## C${at}\n- x${at}\n`).join('')
    expect(topicOutline(many).text).toContain('\n# 120. C119\n')
  })

  it('keeps the front matter that it has', () => {
    const {text} = topicOutline('---\ntitle: Mine\nauthors: [Ada]\n---\n# Theirs #Tag\n\n## A\n- x\n')
    expect(text).toMatch(/^---\ntitle: Mine\ntags: \[tag\]\nauthors: \[Ada\]\n---\n/)
  })
})

describe('key terms', () => {
  const termsOf = (topics: string): string[] => {
    const {text} = topicOutline(Buffer.from(`# Course\n\n## Chapter One\n${topics}`))
    const list = /glossary format: (.*?)\.(?: Add| End|<)/.exec(text)?.[1] ?? ''
    return [...list.matchAll(/`([^`]+)`/g)].map(([, term = '']) => term)
  }

  it('are heads of definitions, code without further backticks, abbreviations and names within sentences', () => {
    const terms = termsOf(
      '*   `bootstrap.servers`: the first addresses, as Kafka Streams reads them.\n*   Rack Awareness: zones.\n',
    )
    expect(terms).toEqual(['bootstrap.servers', 'Kafka Streams', 'Rack Awareness'])
    expect(termsOf('*   Ways from Another VPC\n*   Who reads `client.rack` there.\n')).toEqual(['VPC', 'client.rack'])
  })

  it('are no words of a title', () => {
    for (const title of ['Work That Stays with You', 'Clients in the Same VPC', 'Choosing Among MSK Options'])
      expect(termsOf(`*   ${title}\n*   Rest: what is left.\n`), title).not.toContainEqual(expect.stringContaining(' '))
    expect(termsOf('*   Where to Look: logs and tools.\n*   Tracking Cost: what is spent.\n')).toEqual([])
  })
})

describe('ids', () => {
  const before = topicOutline('## Dough\n- Flour: ground wheat\n- Water\n## Oven\n- Heat: 250 degrees\n')
  const idsOf = (source: string): string[] =>
    topicOutline(source, {numbering: 'roman', known: before.plan.known}).units.map(({id}) => id)

  it('stay where topics and chapters move', () => {
    const ids = idsOf('## Oven\n- Heat: 250 degrees\n- Flour: ground wheat\n## Dough\n- Water\n')
    expect(ids).toEqual(expect.arrayContaining(['oven/heat', 'dough/flour', 'dough/water', 'oven/summary']))
    expect(ids).not.toContain('oven/flour')
  })

  it('stay where topics and chapters are renamed', () => {
    const ids = idsOf('## Dough and Flour\n- Wheat Flour: ground wheat\n- Water\n## The Oven\n- Heat: 250 degrees\n')
    expect(ids).toEqual(expect.arrayContaining(['dough/overview', 'dough/flour', 'oven/heat']))
  })

  it('are new for new topics, and never given twice', () => {
    const ids = idsOf('## Dough\n- Flour: ground wheat\n- Flour: rye\n- Summary\n- Water\n')
    expect(ids).toEqual(expect.arrayContaining(['dough/flour', 'dough/flour-1', 'dough/summary-1']))
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('are found for titles without Latin letters', () => {
    const {units, text} = topicOutline('## Тесто\n- Мука\n- Вода\n## 水\n- Ünï çødé\n')
    expect(new Set(units.map(({id}) => id)).size).toBe(units.length)
    expect(readOutline(text).faults).toEqual([])
  })
})

const shared = join(import.meta.dirname, '..', '..', 'shared', 'inputs', 'msk-topics.md')

describe.skipIf(!existsSync(shared))('the topic list of the user', () => {
  const source = existsSync(shared) ? readFileSync(shared) : ''
  const made = topicOutline(source)
  const {outline, jobs, faults} = readOutline(made.text)

  it('gives sixteen chapters without a fault', () => {
    expect(made.messages).toEqual([])
    expect(faults).toEqual([])
    expect(outline.sections.filter(({depth}) => depth === 1)).toHaveLength(16)
    expect(outline.sections.at(-1)?.title).toBe('XVI. Advanced Topics')
  })

  it('has every part in every chapter', () => {
    const kinds = new Map<string, number>()
    for (const {kind} of jobs) kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
    const {section, ...parts} = Object.fromEntries(kinds)
    expect(Object.values(parts)).toEqual(Array(8).fill(16))
    expect(section).toBeGreaterThan(140)
  })

  it('is covered line by line, with its citations and tags', () => {
    const rows = coverageOf(made)
    expect(rows.filter(({directive}) => directive === undefined)).toEqual([])
    const byId = new Map(jobs.map((job) => [String(job.id), job.directive]))
    const lines = String(source).split('\n')
    // By the text alone: every line that is no blank one.
    expect(rows.map(({line}) => line)).toEqual(lines.flatMap((line, at) => (line.trim() === '' ? [] : [at + 1])))
    for (const {line, directive = ''} of rows.slice(1)) {
      const {attributes, value} = byId.get(directive) ?? {}
      const written = lines[line - 1] as string
      const numbers = written.match(/\[[\d, ]+\]/g)?.flatMap((list) => list.match(/\d+/g) ?? []) ?? []
      expect(attributes?.sources ?? [], written).toEqual(expect.arrayContaining(numbers))
      const tags = (written.match(/ #\w+/g) ?? []).map((tag) => tag.slice(2).toLowerCase())
      expect(attributes?.tags, written).toEqual(expect.arrayContaining(tags))
      const words = wordsOf(written.replace(/^#+|\[[\d, ]+\]| #\w+/g, ''))
      expect(wordsOf(value ?? ''), written).toEqual(expect.arrayContaining(words))
    }
  })

  it('asks for tables where things are compared or go wrong', () => {
    const promptOf = (title: string): string =>
      jobs.find((job) => job.headingPath.at(-1) === title)?.directive.value ?? ''
    expect(promptOf('MSK vs. Amazon SQS')).toMatch(/comparison table.*MSK and Amazon SQS/)
    expect(promptOf('Common Issues')).toMatch(/table with the columns Problem, Cause and Solution/)
  })
})
