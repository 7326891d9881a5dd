import {spawn} from 'node:child_process'
import {createHash} from 'node:crypto'
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {itWith} from './support/linux-tool.ts'
import {LiveCli} from './support/live-cli.ts'
import {OpenAiServer} from './support/openai-server.ts'
import {type CliResult, runCli} from './support/run-cli.ts'
import {Workspace} from './support/workspace.ts'

const outline = `---
title: Tea
language: en
---

# I. Leaves

## Learning Objectives
"<prompt>List what the learner can do after the chapter on leaves.</prompt>"

## Growing
"<prompt>Explain how tea grows.</prompt>"
*   "<prompt>Explain the \`altitude\`.</prompt>"

## Summary
"<prompt>Summarise the chapter on leaves.</prompt>"

# II. Water

## Heat
"<prompt>Explain how hot the water is.</prompt>"

## Quiz
"<prompt>Write a quiz about water.</prompt>"

# III. Cups

## Clay
"<prompt>Explain clay.</prompt>"
`

const sampled = [
  'i-leaves/learning-objectives',
  'i-leaves/growing',
  'i-leaves/growing#2',
  'i-leaves/summary',
  // The quiz reads its chapter, so that the chapter is in the sample too.
  'ii-water/heat',
  'ii-water/quiz',
]

interface Sizes {
  readonly requests: number
  readonly words: number
  readonly pages: number
  readonly costUsd: {readonly low: number; readonly expected: number; readonly high: number} | null
}

interface Report {
  readonly command: string
  readonly chapter: string
  readonly folder: string
  readonly page: string
  readonly variants: readonly {
    readonly title: string
    readonly provider: string
    readonly model: string | null
    readonly style: string | null
    readonly folder: string
    readonly directives: readonly string[]
    readonly boughtAgain: readonly string[]
    readonly leftOut: readonly string[]
    readonly texts: Record<string, number>
    readonly findings: readonly {readonly id: string; readonly state: string; readonly message: string}[]
    readonly sample: Sizes
    readonly rest: Sizes
    readonly book: Sizes
  }[]
  readonly requests: {readonly sent: number}
  readonly costUsd: number | null
}

let space: Workspace
let server: OpenAiServer

beforeEach(async () => {
  space = new Workspace()
  // Every answer is another one, so that a text that was bought twice is seen to be another.
  server = await OpenAiServer.start({
    answer: ({number, body, user}) => `Answer ${number} of ${body.model} to ${user.length} characters.`,
  })
  space.write('outline/tea.md', outline)
  space.write('msk-course.yaml', 'prices:\n  model-a: {input: 1, output: 2}\nrepairs: 0\n')
})

afterEach(async () => {
  space.remove()
  await server.stop()
})

async function cli(...args: string[]): Promise<CliResult> {
  server.seen.length = 0
  return runCli([...args], {cwd: space.root})
}

/** Tries with the test's server and gives the JSON document. */
async function trial(...args: string[]): Promise<Report & {readonly code: number | null}> {
  const {code, stdout} = await cli('try', '--base-url', server.baseUrl, '--json', ...args)
  return {...(JSON.parse(stdout) as Report), code}
}

async function build(...args: string[]): Promise<{jobs: Record<string, number>; requests: {sent: number}}> {
  const {stdout} = await cli('build', '--base-url', server.baseUrl, '--yes', '--json', ...args)
  const report = JSON.parse(stdout) as {books: {jobs: Record<string, number>}[]; requests: {sent: number}}
  return {jobs: report.books[0]?.jobs ?? {}, requests: report.requests}
}

/** What the program says on a terminal where somebody types a line. */
async function answer(line: string, ...args: string[]): Promise<string> {
  const program = join(import.meta.dirname, '..', 'bin', 'msk-course.js')
  const command = [process.execPath, program, ...args].map((word) => `'${word}'`).join(' ')
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    cwd: space.root,
    env: {PATH: process.env.PATH, HOME: space.root, TERM: 'dumb'},
  })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8')
    if (said.includes('[N]') && !child.stdin.writableEnded) child.stdin.end(`${line}\n`)
  })
  await new Promise((resolve) => child.on('close', resolve))
  return said
}

function asked(): string[] {
  return server.seen.map(
    ({body, user}) => `${body.model}: ${/(?:Explain|List|Summarise|Write) [^.\n]*/.exec(user)?.[0]}`,
  )
}

describe('try', () => {
  it('makes a chapter and one directive of each other kind with two models, and a build sends nothing for them', async () => {
    const report = await trial('--model', 'model-a', '--model', 'model-b')
    expect(report.code).toBe(0)
    expect([report.command, report.chapter, report.folder]).toEqual(['try', 'I. Leaves', '.msk-course/try/tea'])
    expect(report.variants.map(({title, directives}) => [title, directives])).toEqual([
      ['model-a', sampled],
      ['model-b', sampled],
    ])
    expect(
      report.variants.flatMap(({boughtAgain, leftOut, findings}) => [...boughtAgain, ...leftOut, ...findings]),
    ).toEqual([])
    expect(report.requests.sent).toBe(12)
    expect(new Set(asked()).size).toBe(12)
    expect(existsSync(join(space.root, 'output'))).toBe(false)
    const text = space.read('.msk-course/try/tea/model-a/sections/i-leaves/summary.md')

    const built = await build('--model', 'model-a')
    expect(asked()).toEqual(['model-a: Explain clay'])
    expect(built.jobs).toMatchObject({total: 7, stored: 6, generated: 1})
    expect(space.read('output/tea/sections/i-leaves/summary.md')).toBe(text)
    // The second model's texts wait in the store.
    expect((await build('--model', 'model-b', '--refresh', 'model,upstream')).jobs).toMatchObject({
      stored: 6,
      generated: 1,
    })
  })

  it('takes it for nothing odd that two models agree', async () => {
    server.options.answer = ({user}) => `The answer to ${createHash('sha256').update(user).digest('hex')} is short.`
    const {code, stderr} = await cli('try', '--base-url', server.baseUrl, '--model', 'model-a', '--model', 'model-b')
    expect(server.seen.length).toBeGreaterThan(10)
    expect([code, stderr]).toEqual([expect.anything(), expect.not.stringContaining('the same answer')])
  })

  it('takes the texts of an earlier sample, and asks again for what changed', async () => {
    await trial('--model', 'model-a')
    expect((await trial('--model', 'model-a')).requests.sent).toBe(0)
    space.write('outline/tea.md', outline.replace('the `altitude`', 'the `height`'))
    const report = await trial('--model', 'model-a')
    // What reads the text that changed is asked for again, as in a build of the whole book.
    expect(asked().sort()).toEqual([
      'model-a: Explain the `height`',
      'model-a: List what the learner can do after the chapter on leaves',
      'model-a: Summarise the chapter on leaves',
    ])
    expect(report.variants[0]?.texts).toMatchObject({generated: 3, standing: 3})
    expect((await build('--model', 'model-a')).requests.sent).toBe(1)
  })

  it('says the price, words and pages of the whole book for each model, and that a price is not known', async () => {
    const {variants, costUsd} = await trial('--model', 'model-a', '--model', 'model-b')
    const [known, unknown] = variants
    expect(costUsd).toBeNull()
    expect(unknown?.book.costUsd).toBeNull()
    const {sample, rest, book} = known as Report['variants'][number]
    expect([sample.requests, rest.requests, book.requests]).toEqual([6, 1, 7])
    expect(sample.costUsd?.low).toBe(sample.costUsd?.high)
    const sum = (key: 'low' | 'expected' | 'high'): number => (sample.costUsd?.[key] ?? 0) + (rest.costUsd?.[key] ?? 0)
    for (const key of ['low', 'expected', 'high'] as const) expect(book.costUsd?.[key]).toBeCloseTo(sum(key), 6)
    expect(rest.costUsd?.expected).toBeGreaterThan(0)
    const {stdout} = await cli('try', '--base-url', server.baseUrl, '--model', 'model-a', '--model', 'model-b')
    expect(stdout).toMatch(/^model-a +0\.\d+ +\d+ +1 +0\.\d+ +0\.\d+ +0\.\d+$/m)
    expect(stdout).toMatch(/^model-b +unknown +\d+ +1 +unknown +unknown +unknown$/m)
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('.msk-course/try/tea/index.html')
  })

  it('compares styles, each of which counts when the course takes it', async () => {
    space.write('styles/short.md', 'Write in short sentences.\n')
    space.write('styles/long.md', 'Write in long sentences.\n')
    const styles = ['--style', 'styles/short.md', '--style', 'styles/long.md']
    const {variants, requests} = await trial('--model', 'model-a', ...styles)
    expect(variants.map(({title}) => title)).toEqual(['model-a, styles/short.md', 'model-a, styles/long.md'])
    expect(requests.sent).toBe(12)
    expect(server.seen.filter(({body}) => JSON.stringify(body).includes('short sentences')).length).toBe(6)
    space.write('msk-course.yaml', 'style: styles/long.md\nrepairs: 0\n')
    expect((await build('--model', 'model-a')).requests.sent).toBe(1)
  })

  it('takes the chapter of a selector, and texts that stand or were edited in the book as they are', async () => {
    await build('--model', 'model-a')
    const path = 'output/tea/sections/ii-water/heat.md'
    space.write(path, space.read(path).replace(/Answer \d+/, 'Edited by hand'))
    const {chapter, variants, requests} = await trial('--model', 'model-a', '--section', 'ii-water/quiz')
    expect(chapter).toBe('II. Water')
    expect(requests.sent).toBe(0)
    expect(variants[0]?.texts).toMatchObject({standing: 4})
    expect(space.read('.msk-course/try/tea/index.html')).toContain('Edited by hand')
    // Another model writes anew, and reads what the author wrote.
    await trial('--model', 'model-b', '--section', 'ii-water/quiz')
    const quiz = server.seen.find(({user}) => user.includes('Write a quiz'))
    expect(asked()).not.toContain('model-b: Explain how hot the water is')
    expect(quiz?.user).toContain('Edited by hand')
  })

  it('leaves out what would read too much, and says what a build will ask for again', async () => {
    const bodies = Array.from({length: 8}, (_, at) => `## Part ${at}\n"<prompt>Explain part ${at}.</prompt>"\n`).join(
      '\n',
    )
    space.write(
      'outline/tea.md',
      `# One\n\n## Start\n"<prompt>Explain the start.</prompt>"\n\n# Two\n\n${bodies}\n## Summary\n"<prompt>Summarise the chapter.</prompt>"\n\n## Quiz\n"<prompt depends="two/*">Write a quiz.</prompt>"\n`,
    )
    const result = await cli('try', '--base-url', server.baseUrl, '--model', 'model-a')
    expect(result.code).toBe(0)
    expect(asked().sort()).toEqual(['model-a: Explain the start', 'model-a: Summarise the chapter'])
    expect(result.stderr).toContain(
      'two/summary reads 8 texts that are no part of the sample; a build asks for it again',
    )
    expect(result.stderr).toContain('two/quiz is left out: it reads too many texts that are no part of the sample')
  })

  it('shows the texts on a page that opens offline and on which nothing that a model wrote acts', async () => {
    server.options.answer = () =>
      '# Heading\n\n<script src="//evil.example/x.js"></script><img src=x onerror=alert(1)>\n\n![pixel](https://evil.example/p.png) [bad](javascript:alert(1)) [good](https://good.example/)\n\n| a |\n|---|\n| `<b>` |\n'
    await trial('--model', 'model-a')
    const page = space.read('.msk-course/try/tea/index.html')
    const style = /<style>([^]*?)<\/style>/.exec(page)?.[1] ?? ''
    const hash = createHash('sha256').update(style).digest('base64')
    expect(page).toContain(
      `content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`,
    )
    expect(style).not.toMatch(/url\(|@import/)
    expect(page).not.toMatch(/<(?:script|img|iframe|link|object|embed|form|base)\b/i)
    const tags = [...page.matchAll(/<[^>]*>/g)].map(([tag]) => tag)
    expect(tags.filter((tag) => /\s(?:src|srcset|on\w+|style)\s*=/i.test(tag))).toEqual([])
    const links = [...page.matchAll(/href="([^"]*)"/g)].map(([, url]) => url)
    expect([...new Set(links)]).toEqual(['https://good.example/'])
    expect(page).toContain('<td><code>&lt;b&gt;</code></td>')
    expect(page).toContain('prefers-color-scheme:dark')
    expect(page).toContain('<meta name="viewport"')
  })

  it('writes drafts where there is no consent, and says so', async () => {
    const {code, stdout, stderr} = await cli('try')
    expect([code, server.seen.length]).toEqual([0, 0])
    expect(stderr).toContain('these are drafts from the sources; no model wrote them')
    expect(stdout).toMatch(/^drafts +- /m)
    expect(space.read('.msk-course/try/tea/index.html')).toContain('no model wrote them')
    expect(existsSync(join(space.root, 'output'))).toBe(false)
  })

  it('only shows with --dry-run, sends nothing with --offline, and holds --max-cost', async () => {
    const dry = await cli('try', '--base-url', server.baseUrl, '--model', 'model-a', '--model', 'model-b', '--dry-run')
    expect([dry.code, server.seen.length, existsSync(join(space.root, '.msk-course'))]).toEqual([0, 0, false])
    expect(dry.stdout).toContain('all: 12 requests')
    expect(dry.stdout).toContain('the whole book with')
    const json = await cli('try', '--base-url', server.baseUrl, '--model', 'model-a', '--dry-run', '--json')
    expect(JSON.parse(json.stdout)).toMatchObject({command: 'try', dryRun: true, sample: {chapter: 'I. Leaves'}})
    const offline = await trial('--model', 'model-a', '--offline')
    expect([offline.code, offline.requests.sent, offline.variants[0]?.findings.length]).toEqual([1, 0, 6])
    const priced = await cli('try', '--base-url', server.baseUrl, '--model', 'model-b', '--max-cost', '1')
    expect([priced.code, priced.stderr]).toEqual([2, expect.stringContaining('the price of `model-b` is not known')])
  })

  it('shows what there is where directives fail, and exits 1', async () => {
    server.options.answer = ({user, number}) =>
      user.includes('altitude') ? {status: 400, body: '{"error":{"message":"no"}}'} : `Answer ${number}.`
    const {code, variants} = await trial('--model', 'model-a')
    expect(code).toBe(1)
    expect(variants[0]?.texts).toMatchObject({failed: 1})
    expect(variants[0]?.findings.find(({state}) => state === 'failed')).toMatchObject({id: 'i-leaves/growing#2'})
    expect(space.read('.msk-course/try/tea/index.html')).toContain('<p class="note none">')
    expect(space.read('.msk-course/try/tea/README.md')).toContain('- i-leaves/growing#2 (section, no text)')
  })

  it('keeps what arrives after Ctrl-C, and the next one buys the rest', async () => {
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const begun = new Promise<void>((resolve) => {
      server.options.answer = async ({number}) => {
        resolve()
        await held
        return `Answer ${number}.`
      }
    })
    const args = ['try', '--base-url', server.baseUrl, '--model', 'model-a', '--concurrency', '1']
    const live = new LiveCli(args, space.root)
    await begun
    live.signal('SIGINT')
    await live.line(/^stopping: no new requests, keeping the 1 in flight/)
    release()
    expect(await live.end()).toBe(130)
    expect(server.seen.length).toBe(1)
    expect(space.read('.msk-course/try/tea/index.html')).toContain('Answer 1.')
    expect((await trial('--model', 'model-a')).requests.sent).toBe(5)
  })

  it('goes into a folder of its own with -o, never into a book or among files of others', async () => {
    await trial('--model', 'model-a', '-o', 'sample')
    expect(existsSync(join(space.root, 'sample/model-a/sections/i-leaves/growing.md'))).toBe(true)
    await trial('--model', 'model-b', '-o', 'sample')
    expect(existsSync(join(space.root, 'sample/model-b/sections/i-leaves/growing.md'))).toBe(true)
    for (const [folder, code] of [
      ['output/tea', 'shared-output'],
      ['output/tea/sections', 'shared-output'],
      ['outline', 'foreign-folder'],
      ['.', 'shared-output'],
    ] as const) {
      const {stdout} = await cli('try', '--json', '-o', folder)
      expect((JSON.parse(stdout) as {error: {code: string}}).error.code, folder).toBe(code)
    }
    expect(space.read('outline/tea.md')).toBe(outline)
  })

  itWith(['script'])('is an answer to the question of a build on a terminal', async () => {
    await build('--model', 'model-a')
    space.write('outline/tea.md', outline.replace(/Explain/g, 'Describe'))
    const before = space.read('output/tea/book.md')
    server.seen.length = 0
    const said = await answer('s', 'build', '--base-url', server.baseUrl, '--model', 'model-a')
    expect(said).toMatch(/Send \d requests to .* \[y\] all, \[s\] a sample first, \[N\] stop/)
    expect(said).toContain('.msk-course/try/tea/index.html')
    expect(server.seen.length).toBe(3)
    expect(space.read('output/tea/book.md')).toBe(before)
    const {jobs} = await build('--model', 'model-a')
    expect(jobs).toMatchObject({stored: 3, generated: 1})
  })

  it('asks for one outline where there are several', async () => {
    space.write('outline/coffee.md', outline)
    const {code, stderr} = await cli('try')
    expect([code, stderr]).toEqual([2, expect.stringContaining('expected one to try: coffee, tea')])
    expect((await cli('try', '--section', 'tea:ii-water/heat')).code).toBe(0)
    expect(space.read('.msk-course/try/tea/README.md')).toContain('II. Water')
  })
})
