import {rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {OpenAiServer} from './support/openai-server.ts'
import {runCli} from './support/run-cli.ts'
import {Workspace} from './support/workspace.ts'

const outline = `# I. Leaves

## Growing
"<prompt>Explain how tea grows.</prompt>"

### Soil
"<prompt>Explain the soil.</prompt>"

## Summary
"<prompt>Sum it up.</prompt>"

## Quiz
"<prompt>Ask about it.</prompt>"

# II. Water

## Heat
"<prompt>Explain the heat.</prompt>"

## See Also
"<prompt>Name other chapters.</prompt>"
`

interface Report {
  readonly code: number | null
  readonly jobs: Readonly<Record<string, number>>
  /** By id, the state and what is said of it. */
  readonly findings: Readonly<Record<string, string>>
}

let space: Workspace
let server: OpenAiServer

beforeEach(async () => {
  space = new Workspace()
  server = await OpenAiServer.start({answer: ({user}) => answerTo(user)})
  space.write('outline/tea.md', outline)
  space.write('msk-course.yaml', '')
})

afterEach(async () => {
  space.remove()
  await server.stop()
})

/** Answers with chatter before, which does not reach the book. */
function answerTo(user: string): string {
  return `Certainly! Here is the section:\n\nAll that is known of "${taskOf(user)}" is this.`
}

function taskOf(user: string): string {
  return /Task:\s+(.*)/.exec(user)?.[1] ?? ''
}

/** The request that a prompt went out with. */
function requestFor(prompt: string): string {
  const found = server.seen.filter(({user}) => taskOf(user) === prompt)
  expect(found.map(({user}) => taskOf(user))).toEqual([prompt])
  return found[0]?.user ?? ''
}

const tasks = (): string[] => server.seen.map(({user}) => taskOf(user))

async function run(args: readonly string[]): Promise<Report> {
  server.seen.length = 0
  const {stdout, code} = await runCli(['build', '--json', ...args], {cwd: space.root})
  const book = (
    JSON.parse(stdout) as {
      books: {jobs: Record<string, number>; findings: {id: string; state: string; message: string}[]}[]
    }
  ).books[0]
  const findings = book?.findings.map(({id, state, message}) => [id, `${state}: ${message}`]) ?? []
  return {code, jobs: book?.jobs ?? {}, findings: Object.fromEntries(findings)}
}

async function build(...args: string[]): Promise<Report> {
  return run(['--base-url', server.baseUrl, '--model', 'test-model', ...args])
}

function edit(path: string, change: (text: string) => string): void {
  const before = space.read(path)
  const after = change(before)
  expect(after).not.toBe(before)
  writeFileSync(join(space.root, path), after)
}

describe('requests', () => {
  it('of closing parts hold the raw completions of the chapter’s body texts and no others', async () => {
    await build()
    for (const closing of ['Sum it up.', 'Ask about it.']) {
      const request = requestFor(closing)
      for (const body of ['Explain how tea grows.', 'Explain the soil.'])
        expect(request).toContain(answerTo(`Task: ${body}`))
      expect(request).not.toContain('Explain the heat.')
      expect(request.indexOf('Explain how tea grows.')).toBeLessThan(request.indexOf('Explain the soil.'))
    }
    expect(requestFor('Explain the soil.')).not.toContain('All that is known')
    expect(space.read('output/tea/book.md')).not.toContain('Certainly!')
  })

  it('of cross-references hold the outline’s headings, which are no part of what decides their state', async () => {
    await build()
    expect(requestFor('Name other chapters.')).toContain(
      '\n- I. Leaves\n  - Growing\n    - Soil\n  - Summary\n  - Quiz\n- II. Water\n  - Heat\n  - See Also\n',
    )
    edit('outline/tea.md', (text) => text.replace('### Soil', '### The Soil'))
    expect((await build()).jobs).toMatchObject({fresh: 6})
  })

  it('hold no other texts with `context: none`, and those of one kind when that is set for it', async () => {
    space.write('msk-course.yaml', 'context: none\nkinds:\n  quiz:\n    context: chapter\n')
    await build()
    expect(requestFor('Sum it up.')).not.toContain('All that is known')
    expect(requestFor('Ask about it.')).toContain(answerTo('Task: Explain the soil.'))
  })

  it('hold what `depends` names in place of the chapter', async () => {
    edit('outline/tea.md', (text) => text.replace('<prompt>Sum it up', '<prompt depends="*/heat">Sum it up'))
    await build()
    expect(requestFor('Sum it up.')).toContain(answerTo('Task: Explain the heat.'))
    expect(requestFor('Sum it up.')).not.toContain(answerTo('Task: Explain the soil.'))
  })

  it('hold long texts only as far as the budget goes, short ones whole', async () => {
    space.write('msk-course.yaml', 'contextTokens: 200\nkinds:\n  quiz:\n    contextTokens: 5000\n')
    const long = Array.from({length: 60}, (_, at) => `Sentence ${at} of a long text about the hills.`).join('\n\n')
    server.options = {answer: ({user}) => (taskOf(user) === 'Explain how tea grows.' ? long : 'Clay is best.')}
    const report = await build()
    expect(report.code).toBe(0)
    const summary = requestFor('Sum it up.')
    expect(summary).toContain('Sentence 9 of')
    expect(summary).not.toContain('Sentence 30 of')
    expect(summary).toContain('\n\n[…]\n</text>')
    expect(summary).toContain('\nClay is best.\n</text>')
    expect(requestFor('Ask about it.')).toContain('Sentence 59 of')
  })

  it('go out with body texts first, those of the longest chain before all', async () => {
    edit('outline/tea.md', (text) =>
      text.replace('<prompt>Explain the heat', '<prompt depends="*/quiz">Explain the heat'),
    )
    await build('--concurrency', '1')
    expect(tasks().slice(0, 2)).toEqual(['Explain how tea grows.', 'Explain the soil.'])
    expect(tasks().filter((task) => /^(?:Ask|Sum)|heat/.test(task))).toEqual([
      'Ask about it.',
      'Sum it up.',
      'Explain the heat.',
    ])
  })
})

describe('drift by default edges', () => {
  it('comes with a changed text, is not paid for unasked, and goes with --refresh upstream', async () => {
    await build()
    edit('outline/tea.md', (text) => text.replace('Explain the soil.', 'Explain the ground.'))
    const report = await build()
    expect(tasks()).toEqual(['Explain the ground.'])
    expect(report.jobs).toMatchObject({generated: 1, drifted: 2, fresh: 3})
    expect(report.findings['i-leaves/quiz']).toContain('1 text it reads changed: i-leaves/growing/soil')
    const refreshed = await build('--refresh', 'upstream')
    expect(tasks().sort()).toEqual(['Ask about it.', 'Sum it up.'])
    expect(refreshed.jobs).toMatchObject({generated: 2, drifted: 0})
    expect(requestFor('Sum it up.')).toContain(answerTo('Task: Explain the ground.'))
  })

  it('takes text and readers in one run when asked', async () => {
    await build()
    edit('outline/tea.md', (text) => text.replace('Explain the soil.', 'Explain the ground.'))
    const report = await build('--refresh', 'upstream')
    expect(tasks()).toHaveLength(3)
    expect(report.jobs).toMatchObject({generated: 3, drifted: 0})
  })

  it('does not come with a text that came out identical', async () => {
    server.options = {answer: () => 'Always the same.'}
    await build()
    edit('outline/tea.md', (text) => text.replace('Explain the soil.', 'Explain the ground.'))
    expect((await build()).jobs).toMatchObject({generated: 1, drifted: 0, fresh: 5})
  })

  it('comes with an author’s edit, which the closing parts then read', async () => {
    await build()
    edit('output/tea/sections/i-leaves/growing/soil.md', (text) => `${text}\nMy own words.\n`)
    expect((await build()).jobs).toMatchObject({drifted: 2})
    expect(tasks()).toEqual([])
    await build('--refresh', 'upstream')
    expect(requestFor('Ask about it.')).toContain('My own words.')
  })

  it('comes with a new section, and with one that is gone', async () => {
    await build()
    edit('outline/tea.md', (text) => text.replace('## Summary', '## Harvest\n"<prompt>Pick.</prompt>"\n\n## Summary'))
    const added = await build()
    expect(added.jobs).toMatchObject({generated: 1, drifted: 2})
    expect(added.findings['i-leaves/summary']).toContain('1 text it reads changed: i-leaves/harvest')
    await build('--refresh', 'upstream')
    space.write('outline/tea.md', outline)
    expect((await build()).jobs).toMatchObject({generated: 0, drifted: 2})
  })

  it('is not held against texts from before there were default edges, which `depends` changes', async () => {
    await build()
    for (const closing of ['summary', 'quiz'])
      edit(`output/tea/sections/i-leaves/${closing}.md`, (text) => text.replace(/^ {2}upstream:\n(?: {4}.*\n)+/m, ''))
    expect((await build()).jobs).toMatchObject({fresh: 6})
    edit('outline/tea.md', (text) => text.replace('Explain the soil.', 'Explain the ground.'))
    const report = await build('--refresh', 'upstream')
    expect(tasks()).toEqual(['Explain the ground.'])
    expect(report.jobs).toMatchObject({generated: 1, drifted: 0})
    edit('outline/tea.md', (text) => text.replace('<prompt>Sum', '<prompt depends="*/growing">Sum'))
    expect((await build()).findings['i-leaves/summary']).toContain('1 text it reads changed: i-leaves/growing')
  })
})

describe('texts that are missing', () => {
  it('leave the closing parts out where this run failed to make them; the next build makes both', async () => {
    server.options = {
      answer: ({user}) =>
        taskOf(user) === 'Explain the soil.' ? {status: 400, body: '{"error":{"message":"no"}}'} : answerTo(user),
    }
    const report = await build()
    expect(report.code).toBe(1)
    expect(report.jobs).toMatchObject({generated: 3, failed: 1, skipped: 2})
    expect(report.findings['i-leaves/summary']).toBe(
      'missing: `i-leaves/growing/soil`, which it reads, got no text; the next build makes both, `--section i-leaves/summary` makes this one from the others',
    )
    server.options = {answer: ({user}) => answerTo(user)}
    expect((await build()).jobs).toMatchObject({generated: 3, fresh: 3})
  })

  it('do not keep --section from making a closing part from those that are there', async () => {
    await build('--section', 'i-leaves/growing')
    const report = await build('--section', 'kind:summary')
    expect(report.jobs).toMatchObject({generated: 1})
    expect(requestFor('Sum it up.')).toContain(answerTo('Task: Explain how tea grows.'))
    expect(requestFor('Sum it up.')).not.toContain(answerTo('Task: Explain the soil.'))
    expect((await build()).findings['i-leaves/summary']).toContain('1 text it reads changed: i-leaves/growing/soil')
  })

  it('make a closing part drift that was made from none at all', async () => {
    await build('--section', 'kind:quiz')
    expect((await build()).findings['i-leaves/quiz']).toContain('2 texts it reads changed')
  })

  it('leave out what names them by `depends`', async () => {
    edit('outline/tea.md', (text) => text.replace('<prompt>Sum it up', '<prompt depends="*/heat">Sum it up'))
    const report = await build('--section', 'kind:summary')
    expect(report.jobs).toMatchObject({generated: 0, skipped: 1})
    expect(report.findings['i-leaves/summary']).toContain('`ii-water/heat`, which it reads, has no text')
  })

  it('drift nothing as long as they are', async () => {
    await build()
    rmSync(join(space.root, 'output/tea/sections/i-leaves/growing/soil.md'))
    const {stdout} = await runCli(['list', '--json'], {cwd: space.root})
    const states = (JSON.parse(stdout) as {state: string}[]).map(({state}) => state)
    expect(states).toEqual(['fresh', 'missing', 'fresh', 'fresh', 'fresh', 'fresh'])
  })
})

describe('drafts', () => {
  it('read no other text: they are made without, and do not drift with them', async () => {
    edit('outline/tea.md', (text) => text.replace('<prompt>Ask', '<prompt depends="*/heat">Ask'))
    const alone = await run(['--section', 'kind:quiz'])
    expect(alone.jobs).toMatchObject({generated: 1, drafts: 1})
    expect((await run([])).jobs).toMatchObject({generated: 5, drafts: 6})
    expect(space.read('output/tea/sections/i-leaves/quiz.md')).not.toContain('upstream:')
    edit('output/tea/sections/i-leaves/growing.md', (text) => `${text}\nMy own words.\n`)
    edit('output/tea/sections/ii-water/heat.md', (text) => `${text}\nMy own words.\n`)
    expect((await run(['--refresh', 'upstream'])).jobs).toMatchObject({fresh: 6, drifted: 0})
  })
})
