import {existsSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import type {Heading} from 'mdast'
import {toString as nodeText} from 'mdast-util-to-string'
import {visit} from 'unist-util-visit'
import {VFile} from 'vfile'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {checkOutline} from '../src/check/check-outline.ts'
import {contractRules} from '../src/model/rules.ts'
import {planJobs} from '../src/plan/plan-jobs.ts'
import {parseBookMarkdown, parseMarkdown} from '../src/syntax/parse-markdown.ts'
import {parseOutline} from '../src/syntax/parse-outline.ts'
import {readRegularMarkdown} from '../src/syntax/read-regular-markdown.ts'
import {OpenAiServer} from './support/openai-server.ts'
import {runCli} from './support/run-cli.ts'
import {Workspace} from './support/workspace.ts'

const root = join(import.meta.dirname, '..')
const inputs = join(root, '..', 'shared', 'inputs')
const hasInputs = existsSync(inputs)

/** Outlines that are built whole: the one that ships, and the author's own where it is at hand. */
const outlines = [join(root, 'outline', 'msk.md'), ...(hasInputs ? [join(inputs, 'msk-outline.md')] : [])]

interface SampleRow {
  readonly n: number
  readonly completion: string
}

/** Completions of a model for some directives of the author's outline, by the directive's number from 1. */
function sampleCompletions(): Map<number, string> {
  if (!hasInputs) return new Map()
  const lines = readFileSync(join(inputs, 'completions-sample.jsonl'), 'utf8').trim().split('\n')
  return new Map(lines.map((line) => JSON.parse(line) as SampleRow).map(({n, completion}) => [n, completion]))
}

function headingsOf(markdown: string): string[] {
  const headings: string[] = []
  for (const node of parseBookMarkdown(markdown).children) {
    if (node.type === 'heading') headings.push(`${'#'.repeat(node.depth)} ${nodeText(node)}`)
  }
  return headings
}

function wordsOf(markdown: string): string[] {
  const texts: string[] = []
  visit(parseMarkdown(markdown), (node) => {
    if (node.type === 'text' || node.type === 'inlineCode' || node.type === 'code') texts.push(node.value)
  })
  return texts.join(' ').match(/[\p{L}\p{N}]+/gu) ?? []
}

describe.skipIf(!hasInputs)('the author’s outline', () => {
  it('has 346 directives, 231 blocks and 115 in list items, under 247 headings, and no warning', () => {
    const file = new VFile({path: 'msk-outline.md', value: readFileSync(join(inputs, 'msk-outline.md'))})
    const outline = parseOutline(file)
    planJobs(outline, file)
    checkOutline(outline, file)
    const count = (container: string): number =>
      outline.directives.filter((directive) => directive.container === container).length
    expect([outline.directives.length, count('block'), count('list-item')]).toEqual([346, 231, 115])
    expect(file.messages.map(({ruleId}) => ruleId)).toEqual(Array(6).fill('level-of-heading'))
    const sections = (list: typeof outline.sections): number =>
      list.reduce((sum, {children}) => sum + 1 + sections(children), 0)
    expect(sections(outline.sections) - 1).toBe(247)
  })
})

describe.skipIf(!hasInputs)('completions of a model', () => {
  it('are regular Markdown, nine in ten at least', () => {
    const texts = [...sampleCompletions().values()]
    const regular = texts.filter((text) => readRegularMarkdown(text) !== undefined)
    expect(regular.length / texts.length).toBeGreaterThan(0.9)
  })
})

describe.each(outlines)('a whole course: %s', (path) => {
  const source = readFileSync(path, 'utf8')
  let space: Workspace
  let server: OpenAiServer
  const sent: string[] = []

  beforeAll(async () => {
    space = new Workspace()
    space.write('outline/course.md', source)
    // The answers hold nothing that a directive asks for.
    space.write('msk-course.yaml', `rules: {${contractRules.map((ruleId) => `${ruleId}: warning`).join(', ')}}\n`)
    const file = new VFile({path, value: source})
    const outline = parseOutline(file)
    const samples = path.endsWith('msk-outline.md') ? sampleCompletions() : new Map<number, string>()
    const values = outline.directives.map(({value}) => value)
    server = await OpenAiServer.start({
      answer: ({user}) => {
        const at = values.findIndex((value) => user.includes(value))
        const text =
          samples.get(at + 1) ??
          `#### Answer ${at}\n\nWords of answer ${at}.\n\n- one\n- two\n\n\`\`\`sh\nrun ${at}\n\`\`\``
        sent.push(text)
        return text
      },
    })
  })

  afterAll(async () => {
    await server.stop()
    space.remove()
  })

  // Without repairs, of which only the better completion would be in the book.
  const flags = ['--model', 'any', '--concurrency', '64', '--repairs', '0', '--json']
  const build = async (): Promise<number | null> =>
    (await runCli(['build', '--base-url', server.baseUrl, ...flags], {cwd: space.root})).code

  it('gives a book in which all headings stand in order at their depth and no depth is skipped', async () => {
    expect(await build()).toBe(0)
    const book = space.read('output/course/book.md')
    const present = headingsOf(book)
    let at = 0
    for (const heading of headingsOf(source.replace(/"<prompt>[^]*?<\/prompt>"/g, 'x'))) {
      const next = present.indexOf(heading, at)
      expect(next, heading).toBeGreaterThanOrEqual(at)
      at = next + 1
    }
    let before = 0
    visit(parseBookMarkdown(book), 'heading', ({depth}: Heading) => {
      expect(depth).toBeLessThanOrEqual(before + 1)
      before = depth
    })
  })

  it('leaves no tag and no delimiter', () => {
    const book = space.read('output/course/book.md')
    expect(book).not.toMatch(/<\/?prompt/)
    expect(book).not.toMatch(/^["“]|^\*\s+["“]$/m)
  })

  it('holds every completion’s words and code', () => {
    const book = space.read('output/course/book.md')
    const words = new Set(book.match(/[\p{L}\p{N}]+/gu))
    const codes = new Set<string>()
    visit(parseBookMarkdown(book), 'code', ({value}) => {
      codes.add(value)
    })
    for (const text of sent) {
      const plain = text.replace(/^```markdown\n|\n```$/g, '').replace(/<\/?(?:details|summary|br)>/g, ' ')
      const lost = wordsOf(plain.replace(/^(?:Certainly|Let me know)[^\n]*$/gm, '')).filter((word) => !words.has(word))
      expect(lost).toEqual([])
      visit(parseMarkdown(plain), 'code', ({value}) => {
        expect(codes).toContain(value)
      })
    }
  })

  it('is built a second time without a request or a write', async () => {
    const before = space.snapshot()
    const count = server.seen.length
    expect(await build()).toBe(0)
    expect(server.seen).toHaveLength(count)
    expect(space.snapshot()).toEqual(before)
  })

  it('sends one request for one changed directive', async () => {
    const count = server.seen.length
    const text = space.read('outline/course.md')
    writeFileSync(join(space.root, 'outline/course.md'), text.replace('</prompt>', ' In other words.</prompt>'))
    expect(await build()).toBe(0)
    expect(server.seen).toHaveLength(count + 1)
  })
})

describe('the course that ships', () => {
  it('has 16 chapters with all their parts, at least 300 directives, and checks clean', async () => {
    const {stdout, code} = await runCli(['list', 'outline/msk.md', '--json', '--cwd', root], {cwd: root})
    expect(code).toBe(0)
    const rows = JSON.parse(stdout) as {id: string; kind: string; container: string}[]
    expect(rows.length).toBeGreaterThanOrEqual(300)
    const chapters = [...new Set(rows.map(({id}) => id.split('/')[0]))]
    expect(chapters).toHaveLength(16)
    for (const chapter of chapters) {
      const kinds = new Set(rows.filter(({id}) => id.startsWith(`${chapter}/`)).map(({kind}) => kind))
      for (const kind of [
        'objectives',
        'section',
        'summary',
        'key-terms',
        'quiz',
        'cross-reference',
        'further-exploration',
        'reflection',
      ]) {
        expect(kinds, chapter).toContain(kind)
      }
    }
    const checked = await runCli(['check', '--strict', '--cwd', root], {cwd: root})
    expect(checked.stderr).toContain('0 errors, 0 warnings, 0 info')
  })
})
