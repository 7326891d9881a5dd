import {readdirSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {OpenAiServer} from './support/openai-server.ts'
import {type CliResult, runCli} from './support/run-cli.ts'
import {Workspace} from './support/workspace.ts'

const outline = `# I. Leaves

"<prompt>Explain what a leaf is.</prompt>"

## Growing
"<prompt words="100-200">Explain how tea grows.</prompt>"

## Summary
"<prompt depends="i-leaves/growing">Summarise the chapter.</prompt>"

# II. ${'Water and '.repeat(12)}heat
"<prompt model="gpt-4o">Explain how hot the water is.</prompt>"
`

interface Cost {
  readonly low: number
  readonly expected: number
  readonly high: number
}

interface Spending {
  readonly requests: number
  readonly words: number
  readonly pages: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly costUsd: Cost | null
}

interface DryRun {
  readonly dryRun: boolean
  readonly books: readonly (Spending & {
    readonly name: string
    readonly make: readonly string[]
    readonly stored: number
    readonly total: number
    readonly chapters: readonly (Spending & {readonly title: string})[]
  })[]
  readonly costUsd: Cost | null
}

let space: Workspace
let server: OpenAiServer

beforeEach(async () => {
  space = new Workspace()
  server = await OpenAiServer.start({
    answer: ({user}) => ({
      message: {role: 'assistant', content: `One two three four ${user.length}.`},
      usage: {
        prompt_tokens: 1000,
        completion_tokens: 500,
        total_tokens: 1500,
        prompt_tokens_details: {cached_tokens: 400},
        completion_tokens_details: {reasoning_tokens: 300},
      },
    }),
  })
  space.write('outline/tea.md', outline)
  space.write('msk-course.yaml', '')
})

afterEach(async () => {
  space.remove()
  await server.stop()
})

async function cli(...args: string[]): Promise<CliResult> {
  return runCli(args, {cwd: space.root})
}

async function build(...args: string[]): Promise<CliResult> {
  const model = args.includes('--model') ? [] : ['--model', 'gpt-4o-mini']
  return cli('build', '--base-url', server.baseUrl, ...model, ...args)
}

async function dryRun(...args: string[]): Promise<DryRun> {
  return JSON.parse((await build('--dry-run', '--json', ...args)).stdout) as DryRun
}

function expectRange(cost: Cost | null): void {
  expect(cost).not.toBeNull()
  expect(cost?.low).toBeGreaterThan(0)
  expect(cost?.expected).toBeGreaterThanOrEqual(cost?.low ?? Number.NaN)
  expect(cost?.high).toBeGreaterThanOrEqual(cost?.expected ?? Number.NaN)
}

/** Cost of one call of the server above. */
const miniUsd = (600 * 0.15 + 400 * 0.075 + 500 * 0.6) / 1e6
const largeUsd = (600 * 2.5 + 400 * 1.25 + 500 * 10) / 1e6

describe('a dry run', () => {
  it('gives requests, words, pages, tokens and cost per chapter and book, and sends and writes nothing', async () => {
    const before = space.snapshot()
    const {books, costUsd} = await dryRun()
    const [book] = books
    expect(book).toMatchObject({name: 'tea', stored: 0, total: 4, requests: 4})
    expect(book?.chapters.map(({title, requests}) => [title.slice(0, 9), requests])).toEqual([
      ['I. Leaves', 3],
      ['II. Water', 1],
    ])
    for (const key of ['requests', 'words', 'inputTokens', 'outputTokens'] as const) {
      const sum = book?.chapters.reduce((total, chapter) => total + chapter[key], 0) ?? Number.NaN
      expect(Math.abs(sum - (book?.[key] ?? Number.NaN)), key).toBeLessThanOrEqual(1)
    }
    for (const chapter of book?.chapters ?? []) expectRange(chapter.costUsd)
    expectRange(costUsd)
    expect(book?.costUsd).toEqual(costUsd)
    expect(server.seen).toEqual([])
    expect(space.snapshot()).toEqual(before)
  })

  it('shows a table of at most 80 columns on standard output, with the date of default prices', async () => {
    const {stdout, stderr, code} = await build('--dry-run')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^chapter +requests +words +pages +in +out +low +expected +high$/m)
    expect(stdout).toMatch(/^I\. Leaves +3 /m)
    expect(stdout).toMatch(/^total +4 /m)
    expect(stdout).toMatch(/^`gpt-4o-mini`: default price as of \d{4}-\d\d-\d\d$/m)
    expect(stdout).toMatch(/^`gpt-4o`: default price as of/m)
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
    expect(stderr).toBe('')
  })

  it('says that a price is unknown, model by model, and gives no cost where it takes part', async () => {
    const {books, costUsd} = await dryRun('--model', 'llama')
    expect(costUsd).toBeNull()
    expect(books[0]?.chapters[0]?.costUsd).toBeNull()
    expectRange(books[0]?.chapters[1]?.costUsd ?? null)
    const {stdout} = await build('--dry-run', '--model', 'llama')
    expect(stdout).toContain('`llama`: price unknown')
    expect(stdout).toMatch(/^I\. Leaves .* unknown +unknown +unknown$/m)
  })

  it('takes prices from the config, 0 included', async () => {
    space.write('msk-course.yaml', 'prices:\n  llama: {input: 0, output: 0}\n  gpt-4o: {input: 1, output: 1}\n')
    const {books} = await dryRun('--model', 'llama')
    expect(books[0]?.chapters[0]?.costUsd).toEqual({low: 0, expected: 0, high: 0})
    expectRange(books[0]?.chapters[1]?.costUsd ?? null)
    expect((await build('--dry-run', '--model', 'llama')).stdout).toContain("`llama`: the config's price")
  })

  it('counts nothing for what the store has', async () => {
    await build()
    rmSync(join(space.root, 'output/tea/sections/i-leaves/growing.md'))
    const second = readdirSync(join(space.root, 'output/tea/sections')).find((name) => name.startsWith('ii-'))
    rmSync(join(space.root, 'output/tea/sections', second ?? 'ii'), {recursive: true})
    const {books, costUsd} = await dryRun()
    expect(books[0]).toMatchObject({stored: books[0]?.make.length, requests: 0, inputTokens: 0, outputTokens: 0})
    expect(books[0]?.make.length).toBeGreaterThan(0)
    expect(costUsd).toEqual({low: 0, expected: 0, high: 0})
  })

  it('costs nothing for drafts', async () => {
    const {stdout} = await cli('build', '--dry-run', '--json')
    expect(JSON.parse(stdout)).toMatchObject({books: [{provider: 'draft', requests: 0, total: 4}], costUsd: {high: 0}})
  })

  it('goes by the course’s own texts as soon as there are three alike', async () => {
    const prompts = Array.from({length: 4}, (_, at) => `## Part ${at}\n"<prompt>Explain part ${at}.</prompt>"\n`)
    space.write('outline/tea.md', `# One\n\n${prompts.join('\n')}`)
    await build()
    writeFileSync(
      join(space.root, 'outline/tea.md'),
      `# One\n\n${prompts.join('\n')}\n## New\n"<prompt>Explain more.</prompt>"\n`,
    )
    const {books} = await dryRun()
    expect(books[0]).toMatchObject({requests: 1, words: 5, outputTokens: 500})
    const {low, high} = books[0]?.costUsd ?? {low: 0, high: 0}
    expect(high / low).toBeLessThan(1.2)
  })
})

describe('a build', () => {
  it('says what it cost, by the price of each model', async () => {
    const {stdout} = await build('--json')
    expect((JSON.parse(stdout) as {costUsd: number}).costUsd).toBeCloseTo(3 * miniUsd + largeUsd, 9)
    const again = await build('--json')
    expect((JSON.parse(again.stdout) as {costUsd: number}).costUsd).toBe(0)
  })

  it('says it in its summary, and that a price is unknown where it is', async () => {
    expect((await build()).stderr).toMatch(/4000 input and 2000 output tokens, \$0\.0083$/m)
    const other = await build('--model', 'llama', '--refresh', 'model', '--yes')
    expect(other.stderr).toMatch(/output tokens, price unknown$/m)
  })

  it('says what making the drifted texts again would take', async () => {
    await build()
    writeFileSync(join(space.root, 'outline/tea.md'), outline.replace('how tea grows', 'where tea grows'))
    const {stderr} = await build()
    expect(stderr).toContain('1 drifted, kept; --refresh upstream would make it again')
    expect(stderr).toMatch(
      /^ {4}with 1 request, about \d+ words, \d+ input and [\dk]+ output tokens: about \$0\.\d+ \(/m,
    )
  })

  it('refuses --max-cost only where a price is unknown', async () => {
    const unknown = await build('--max-cost', '1', '--model', 'llama', '--dry-run')
    expect(unknown.code).toBe(2)
    expect(unknown.stderr).toContain('the price of `llama` is not known')
    expect((await build('--max-cost', '1', '--dry-run')).code).toBe(0)
  })
})

describe('list --cost', () => {
  interface Row {
    readonly id: string
    readonly state: string
    readonly usage?: {readonly inputTokens: number; readonly cachedInputTokens?: number} | null
    readonly costUsd?: number | null
  }

  it('gives the usage and cost of each text in JSON, and neither without the flag', async () => {
    await build()
    writeFileSync(join(space.root, 'outline/tea.md'), `${outline}\n## Time\n"<prompt>Explain the time.</prompt>"\n`)
    const rows = JSON.parse((await cli('list', '--cost', '--json')).stdout) as Row[]
    expect(rows.map(({usage}) => usage?.cachedInputTokens ?? null)).toEqual([400, 400, 400, 400, null])
    expect(rows[0]?.costUsd).toBeCloseTo(miniUsd, 9)
    expect(rows[3]?.costUsd).toBeCloseTo(largeUsd, 9)
    expect(rows[4]).toMatchObject({state: 'missing', usage: null, costUsd: null})
    const plain = JSON.parse((await cli('list', '--json')).stdout) as Row[]
    for (const row of plain) {
      expect(row).not.toHaveProperty('usage')
      expect(row).not.toHaveProperty('costUsd')
    }
  })

  it('shows sums per chapter and book, and what the missing ones would cost', async () => {
    await build()
    writeFileSync(join(space.root, 'outline/tea.md'), `${outline}\n## Time\n"<prompt>Explain the time.</prompt>"\n`)
    const {stdout} = await cli('list', '--cost')
    expect(stdout).toMatch(/^fresh +\d+ +1000 +400 +500 +0\.0004 {2}i-leaves {2}/m)
    expect(stdout).toMatch(/^I\. Leaves +3 3000 +1200 1500 0\.0013$/m)
    expect(stdout).toMatch(/^total of tea +4 4000 +1600 2000 0\.0083$/m)
    expect(stdout).toMatch(/^missing or stale: 1 text\n {2}at most 1 request, /m)
    expect(stdout).toContain('`gpt-4o`: default price as of')
  })

  it('does not know the cost of a model without a price', async () => {
    await build('--model', 'llama')
    const rows = JSON.parse((await cli('list', '--cost', '--json')).stdout) as Row[]
    expect(rows[0]).toMatchObject({usage: {inputTokens: 1000}, costUsd: null})
    expect((await cli('list', '--cost')).stdout).toMatch(/^total of tea .* unknown$/m)
  })

  it('counts drafts as free and offers no price for more of them', async () => {
    await cli('build')
    const rows = JSON.parse((await cli('list', '--cost', '--json')).stdout) as Row[]
    expect(rows.map(({costUsd}) => costUsd)).toEqual([0, 0, 0, 0])
  })
})
