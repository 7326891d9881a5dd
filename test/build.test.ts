import {existsSync, readdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
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
*   "<prompt>Explain the \`soil\`.</prompt>"
*   "<prompt>Explain the \`shade\`.</prompt>"

## Summary
"<prompt depends="*/growing">Summarise the chapter on leaves.</prompt>"

# II. Water

## Heat
"<prompt>Explain how hot the water is.</prompt>"
`

interface Report {
  readonly books: readonly {
    readonly name: string
    readonly outline: string
    readonly book: string
    readonly jobs: Record<string, number>
    readonly messages: Record<string, number>
    readonly findings: readonly {
      readonly id: string
      readonly line: number
      readonly state: string
      readonly reasons: readonly string[]
      readonly message: string
    }[]
  }[]
  readonly requests: {readonly sent: number; readonly retried: number; readonly rateLimited: number}
  readonly usage: Record<string, number>
  readonly costUsd: number | null
  readonly elapsedMs: number
}

let space: Workspace
let server: OpenAiServer

beforeEach(async () => {
  space = new Workspace()
  server = await OpenAiServer.start()
  space.write('outline/tea.md', outline)
  space.write('msk-course.yaml', '')
})

afterEach(async () => {
  space.remove()
  await server.stop()
})

/** Builds against the test's server and gives the JSON document; the server's record starts anew. */
async function build(...args: string[]): Promise<Report & {readonly code: number | null; readonly stderr: string}> {
  server.seen.length = 0
  const result = await runCli(['build', '--base-url', server.baseUrl, '--model', 'test-model', '--json', ...args], {
    cwd: space.root,
  })
  return {...(JSON.parse(result.stdout) as Report), code: result.code, stderr: result.stderr}
}

function jobs(report: Report): Record<string, number> {
  return (report.books[0] as Report['books'][number]).jobs
}

function edit(path: string, change: (text: string) => string): void {
  const before = space.read(path)
  const after = change(before)
  expect(after).not.toBe(before)
  writeFileSync(join(space.root, path), after)
}

async function cli(args: readonly string[], env: Record<string, string> = {}): Promise<CliResult> {
  return runCli(args, {cwd: space.root, env})
}

describe('a first build', () => {
  it('sends one request per directive and writes book, sections and manifest', async () => {
    const report = await build()
    expect(report.code).toBe(0)
    expect(report.requests).toEqual({sent: 7, retried: 0, rateLimited: 0})
    expect(jobs(report)).toEqual({
      total: 7,
      fresh: 0,
      drifted: 0,
      stored: 0,
      generated: 7,
      failed: 0,
      skipped: 0,
      stale: 0,
      missing: 0,
      edited: 0,
      drafts: 0,
    })
    const book = space.read('output/tea/book.md')
    expect(book.match(/^#+ .*/gm)).toEqual(outline.match(/^#+ .*/gm))
    expect(book).not.toContain('prompt>')
    expect(book.startsWith('---\ntitle: Tea\nlanguage: en\n---\n')).toBe(true)
    expect(readdirSync(join(space.root, 'output/tea/sections/i-leaves')).sort()).toEqual([
      'growing.2.md',
      'growing.3.md',
      'growing.4.md',
      'growing.md',
      'learning-objectives.md',
      'summary.md',
    ])
    expect(existsSync(join(space.root, 'output/tea/.lock'))).toBe(false)
  })

  it('sends the whole prompt as one string, with the heading path, and no key to a server that gets none', async () => {
    await build()
    const seen = server.seen.find(({user}) => user.includes('Explain the `soil`.'))
    expect(seen?.user).toContain('I. Leaves > Growing')
    expect(seen?.body.model).toBe('test-model')
    expect(seen?.headers.authorization).toBeUndefined()
  })

  it('gives the JSON document of the contract', async () => {
    const report = await build()
    expect(Object.keys(report).filter((key) => key !== 'code' && key !== 'stderr')).toEqual([
      'version',
      'command',
      'books',
      'requests',
      'usage',
      'costUsd',
      'elapsedMs',
    ])
    expect(Object.keys(report.books[0] ?? {})).toEqual(['name', 'outline', 'book', 'jobs', 'messages', 'findings'])
    expect(report.usage.outputTokens).toBe(350)
    expect(report.costUsd).toBeNull()
  })

  it('reads upstream texts before it asks for what depends on them', async () => {
    server.options = {
      answer: ({user}) => (user.includes('Explain how tea grows') ? 'Tea grows on hills of clay.' : 'Other.'),
    }
    await build()
    const summary = server.seen.find(({user}) => user.includes('Summarise the chapter'))
    expect(summary?.user).toContain('Tea grows on hills of clay.')
  })

  it('gives the same bytes whatever the order of arrival', async () => {
    server.options = {
      answer: async ({user, number}) =>
        new Promise((resolve) => setTimeout(() => resolve(`About ${user.length}.`), (number * 37) % 50)),
    }
    await build()
    const first = space.read('output/tea/book.md')
    server.options = {
      answer: async ({user, number}) =>
        new Promise((resolve) => setTimeout(() => resolve(`About ${user.length}.`), (number * 11) % 40)),
    }
    await build('--out', 'elsewhere')
    expect(space.read('elsewhere/book.md')).toBe(first)
  })
})

describe('a second build', () => {
  it('sends nothing, writes nothing and says so', async () => {
    await build()
    const before = space.snapshot()
    const report = await build()
    expect(server.seen).toEqual([])
    expect(jobs(report)).toMatchObject({fresh: 7, generated: 0})
    expect(space.snapshot()).toEqual(before)
    const {stderr, code} = await cli(['build', '--base-url', server.baseUrl, '--model', 'test-model'])
    expect(stderr).toContain('up to date')
    expect(code).toBe(0)
  })

  it('without consent to spend keeps what a model wrote and drafts nothing', async () => {
    await build()
    const before = [space.snapshot('output'), space.snapshot('.msk-course/store')]
    const {code} = await cli(['build'], {OPENAI_API_KEY: 'sk-test-000000000000'})
    expect(code).toBe(0)
    expect([space.snapshot('output'), space.snapshot('.msk-course/store')]).toEqual(before)
  })

  it('sends one request for a changed directive; what reads it drifts and is reported', async () => {
    await build()
    server.options = {answer: () => 'A new text.'}
    edit('outline/tea.md', (text) => text.replace('how tea grows', 'how and where tea grows'))
    const report = await build()
    expect(server.seen.map(({user}) => user.includes('how and where tea grows'))).toEqual([true])
    expect(jobs(report)).toMatchObject({generated: 1, drifted: 2, fresh: 4})
    const drifted = {state: 'drifted', reasons: ['1 text it reads changed: i-leaves/growing']}
    expect(report.books[0]?.findings).toEqual([
      expect.objectContaining({id: 'i-leaves/learning-objectives', ...drifted}),
      expect.objectContaining({id: 'i-leaves/summary', ...drifted}),
    ])
    const again = await build('--refresh', 'upstream')
    expect(server.seen).toHaveLength(2)
    expect(jobs(again)).toMatchObject({generated: 2, drifted: 0, fresh: 5})
  })

  it('drifts nothing when an upstream text came out identical', async () => {
    await build()
    edit('outline/tea.md', (text) => text.replace('how tea grows.', 'how tea grows!'))
    server.options = {answer: ({user}) => `Text about ${user.length} characters.`}
    const report = await build()
    expect(jobs(report)).toMatchObject({generated: 1, drifted: 0})
  })

  it('sends nothing when a chapter is renamed and takes its section files along', async () => {
    await build()
    edit('outline/tea.md', (text) => text.replace('# I. Leaves', '# I. The Leaf'))
    const report = await build()
    expect(server.seen).toEqual([])
    expect(jobs(report)).toMatchObject({fresh: 7})
    expect(readdirSync(join(space.root, 'output/tea/sections')).sort()).toEqual(['i-the-leaf', 'ii-water'])
    expect(space.read('output/tea/sections/i-the-leaf/growing.md')).toContain('directive: i-the-leaf/growing\n')
    expect(space.read('output/tea/book.md')).toContain('# I. The Leaf\n')
    expect(existsSync(join(space.root, 'output/tea/unused'))).toBe(false)
  })

  it('sends only what is new when a section is inserted; what reads the chapter drifts', async () => {
    await build()
    edit('outline/tea.md', (text) =>
      text.replace('## Summary', '## Harvest\n"<prompt>Explain the harvest.</prompt>"\n\n## Summary'),
    )
    const report = await build()
    expect(server.seen.map(({user}) => user.includes('Explain the harvest.'))).toEqual([true])
    expect(jobs(report)).toMatchObject({fresh: 6, drifted: 1, generated: 1})
  })

  it('sends nothing when bullets are reordered', async () => {
    await build()
    const soil = space.read('output/tea/sections/i-leaves/growing.3.md').split('---\n')[2]
    edit('outline/tea.md', (text) => {
      const lines = text.split('\n')
      const at = lines.findIndex((line) => line.includes('`altitude`'))
      lines.splice(at, 3, lines[at + 2] as string, lines[at] as string, lines[at + 1] as string)
      return lines.join('\n')
    })
    const report = await build()
    expect(server.seen).toEqual([])
    expect(jobs(report)).toMatchObject({fresh: 7})
    expect(space.read('output/tea/sections/i-leaves/growing.4.md').split('---\n')[2]).toBe(soil)
  })

  it('keeps a removed directive’s text aside and buys nothing when it comes back', async () => {
    await build()
    const whole = space.read('outline/tea.md')
    edit('outline/tea.md', (text) => text.replace(/\*.*`soil`.*\n/, ''))
    await build()
    expect(server.seen).toEqual([])
    expect(readdirSync(join(space.root, 'output/tea/unused/i-leaves'))).toHaveLength(1)
    expect(space.read('output/tea/book.md').match(/^\* {3}/gm)).toHaveLength(2)
    space.write('outline/tea.md', whole)
    const report = await build()
    expect(server.seen).toEqual([])
    expect(jobs(report)).toMatchObject({fresh: 7})
  })

  it('reports the model’s change as drift with its reason, and makes the texts again when asked', async () => {
    await build()
    const changed = await build('--model', 'other-model')
    expect(server.seen).toEqual([])
    expect(jobs(changed)).toMatchObject({drifted: 7})
    expect(changed.books[0]?.findings[0]?.reasons).toEqual(['the model changed from `test-model` to `other-model`'])
    const refreshed = await build('--model', 'other-model', '--refresh', 'model', '--yes')
    expect(jobs(refreshed)).toMatchObject({generated: 7})
  })

  it('makes all texts again when the style changed', async () => {
    await build()
    space.write('prompts/style.md', 'Write like a pirate.')
    const refused = await cli(['build', '--base-url', server.baseUrl, '--model', 'test-model'])
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('would replace 7 of 7 texts of a book, expected --yes')
    const report = await build('--yes')
    expect(jobs(report)).toMatchObject({generated: 7})
    expect(server.seen[0]?.body.messages[0]?.content).toContain('Write like a pirate.')
  })
})

describe('an author’s hand', () => {
  it('keeps an edited section file and puts its text into the book', async () => {
    await build()
    edit('output/tea/sections/i-leaves/growing.md', (text) => text.replace(/\n\nText about.*\n/, '\n\nMy own words.\n'))
    const report = await build()
    expect(server.seen).toEqual([])
    expect(jobs(report)).toMatchObject({fresh: 5, drifted: 2, edited: 1})
    expect(space.read('output/tea/book.md')).toContain('\nMy own words.\n')
  })

  it('never overwrites an edited section file, not even when its prompt changed: drafts leave it, a model’s text is merged', async () => {
    await build()
    edit('output/tea/sections/i-leaves/growing.md', (text) => `${text}\nAnd my own paragraph.\n`)
    edit('outline/tea.md', (text) => text.replace('how tea grows', 'where tea grows'))
    const path = 'output/tea/sections/i-leaves/growing.md'
    const before = space.read(path)
    const drafts = await cli(['build', '--provider', 'draft'])
    expect(drafts.code).toBe(0)
    expect(space.read(path)).toBe(before)
    const report = await build()
    expect(server.seen).toHaveLength(1)
    expect(jobs(report)).toMatchObject({stale: 0, generated: 1, edited: 1})
    expect(space.read(path)).toContain('\nAnd my own paragraph.\n')
  })

  it('takes re-wrapping and white space for no edit', async () => {
    server.options = {answer: () => 'One two three four five six.\n\n- first\n- second'}
    await build()
    edit('output/tea/sections/ii-water/heat.md', (text) =>
      text.replace('One two three four', 'One two\nthree four').replace('- first\n- second', '*  first\n\n*  second\n'),
    )
    const report = await build()
    expect(jobs(report)).toMatchObject({edited: 0, fresh: 7})
  })

  it('leaves a book that was changed by hand as it is, sends nothing and exits 1', async () => {
    await build()
    edit('output/tea/book.md', (text) => text.replace('## Heat', '## A heading of mine'))
    edit('outline/tea.md', (text) => text.replace('how tea grows', 'where tea grows'))
    const before = space.snapshot('output')
    const report = await build()
    expect(report.code).toBe(1)
    expect(report.stderr).toContain('--discard-book-edits')
    expect(server.seen).toEqual([])
    expect(space.snapshot('output')).toEqual(before)
    const discarded = await build('--discard-book-edits')
    expect(discarded.code).toBe(0)
    expect(space.read('output/tea/book.md')).not.toContain('A heading of mine')
  })

  it.each([['build'], ['build', '--frozen'], ['list']])(
    'stops at the manifest of a newer version (%s)',
    async (...args) => {
      await build()
      edit('output/tea/manifest.json', (text) => text.replace('"version": 1', '"version": 2'))
      const before = space.snapshot('output')
      server.seen.length = 0
      const result = await cli([
        ...args,
        ...(args.length === 1 && args[0] === 'build' ? ['--base-url', server.baseUrl, '--model', 'm'] : []),
      ])
      expect(result.code).toBe(2)
      expect(result.stderr).toMatch(/version 2 of `.*manifest\.json`, expected at most 1/)
      expect(server.seen).toEqual([])
      expect(space.snapshot('output')).toEqual(before)
    },
  )

  it('never writes over a book that is not its own', async () => {
    space.write('output/tea/book.md', 'A book of somebody else.\n')
    const report = await build()
    expect(report.code).toBe(1)
    expect(server.seen).toEqual([])
    expect(space.read('output/tea/book.md')).toBe('A book of somebody else.\n')
  })

  it('takes a split paragraph for an edit, which no later prompt overwrites', async () => {
    server.options = {answer: () => 'One sentence. Another sentence.'}
    await build()
    edit('output/tea/sections/ii-water/heat.md', (text) => text.replace('sentence. Another', 'sentence.\n\nAnother'))
    edit('outline/tea.md', (text) => text.replace('how hot the water is', 'how cold the water is'))
    const report = await build()
    expect(server.seen).toHaveLength(1)
    expect(jobs(report)).toMatchObject({edited: 1, generated: 1, stale: 0})
    expect(space.read('output/tea/sections/ii-water/heat.md')).toContain('\nOne sentence.\n\nAnother sentence.\n')
  })

  it('keeps what an author writes into section file and book while the build runs', async () => {
    await build()
    edit('outline/tea.md', (text) => text.replace('how hot the water is', 'how cold the water is'))
    server.options = {latencyMs: 600, answer: () => 'A new text.'}
    const running = build()
    while (server.seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
    edit('output/tea/sections/ii-water/heat.md', (text) => `${text}\nMine, written meanwhile.\n`)
    edit('output/tea/book.md', (text) => text.replace('## Heat', '## Heat\n\nMine too.'))
    const report = await running
    expect(report.code).toBe(1)
    expect(space.read('output/tea/sections/ii-water/heat.md')).toContain('Mine, written meanwhile.')
    expect(space.read('output/tea/book.md')).toContain('Mine too.')
    expect(report.stderr).toContain('changed by hand')
  })

  it('stops at a section file with broken front matter or the marks of a merge', async () => {
    await build()
    const path = 'output/tea/sections/ii-water/heat.md'
    const whole = space.read(path)
    for (const broken of [
      whole.replace('directive:', 'directive: ['),
      `${whole}<<<<<<< HEAD\na\n=======\nb\n>>>>>>> other\n`,
    ]) {
      space.write(path, broken)
      const {code, stderr} = await cli(['build', '--base-url', server.baseUrl, '--model', 'test-model'])
      expect(code).toBe(2)
      expect(stderr).toContain('heat.md')
      expect(space.read(path)).toBe(broken)
    }
  })

  it('finds a text whose front matter was taken away after its chapter was renamed', async () => {
    await build()
    const path = 'output/tea/sections/ii-water/heat.md'
    space.write(path, 'All mine now.\n')
    await build()
    edit('outline/tea.md', (text) => text.replace('# II. Water', '# II. Of Water'))
    await build()
    expect(server.seen).toEqual([])
    expect(space.read('output/tea/book.md')).toContain('All mine now.')
  })

  it('takes other line ends and re-wrapping in the book for no change', async () => {
    await build()
    edit('output/tea/book.md', (text) => text.replace('Text about', 'Text\nabout'))
    expect((await build()).code).toBe(0)
    edit('output/tea/book.md', (text) => text.replaceAll('\n', '\r\n'))
    expect((await build()).code).toBe(0)
  })
})

describe('what goes wrong', () => {
  it('does not stop for one directive that fails, exits 1 and writes placeholders into a book that was never complete', async () => {
    server.options = {
      answer: ({user}) =>
        user.includes('`soil`')
          ? {status: 400, body: '{"error":{"message":"no soil","type":"invalid_request_error"}}'}
          : 'Fine.',
    }
    const report = await build()
    expect(report.code).toBe(1)
    expect(jobs(report)).toMatchObject({generated: 5, failed: 1, skipped: 1})
    expect(report.books[0]?.findings).toEqual([
      expect.objectContaining({id: 'i-leaves/learning-objectives', message: expect.stringContaining('growing#3')}),
      expect.objectContaining({
        id: 'i-leaves/growing#3',
        line: 14,
        state: 'failed',
        message: expect.stringContaining('no soil'),
      }),
    ])
    expect(space.read('output/tea/book.md')).toContain('*Not written yet: i-leaves/growing#3*')
  })

  it('leaves a complete book as it was when a new text fails', async () => {
    await build()
    const book = space.read('output/tea/book.md')
    edit('outline/tea.md', (text) =>
      text.replace('## Summary', '## Harvest\n"<prompt>Explain the harvest.</prompt>"\n\n## Summary'),
    )
    server.options = {answer: () => ({status: 400, body: '{"error":{"message":"no"}}'})}
    const report = await build()
    expect(report.code).toBe(1)
    expect(space.read('output/tea/book.md')).toBe(book)
    await build('--allow-missing')
    expect(space.read('output/tea/book.md')).toContain('Not written yet')
  })

  it('keeps a completion that no parser could read as code, and builds on', async () => {
    server.options = {
      answer: ({user}) => (user.includes('`soil`') ? `${'>'.repeat(6000)} deep\n\n${'- '.repeat(3000)}x` : 'Fine.'),
    }
    const report = await build()
    expect(report.code).toBe(0)
    expect(space.read('output/tea/book.md')).toContain('> deep')
    expect((await build()).code).toBe(0)
  })

  it('sends nothing with --offline and uses what is stored', async () => {
    await build()
    const {rmSync} = await import('node:fs')
    rmSync(join(space.root, 'output'), {recursive: true})
    edit('outline/tea.md', (text) => text.replace('how hot the water is', 'how cold the water is'))
    const report = await build('--offline')
    expect(server.seen).toEqual([])
    expect(report.requests.sent).toBe(0)
    expect(jobs(report)).toMatchObject({stored: 6, failed: 1})
    expect(report.code).toBe(1)
  })

  it('stops soon when there is no server, and says so', async () => {
    const {baseUrl} = server
    await server.stop()
    const {code, stderr} = await cli(['build', '--base-url', baseUrl, '--model', 'test-model'])
    expect(code).toBe(1)
    expect(stderr).toContain('ECONNREFUSED')
    expect(stderr).toContain('is the server running')
    server = await OpenAiServer.start()
  })

  it('keeps two outlines out of one output folder, also one after the other', async () => {
    await build('outline/tea.md', '--out', 'book')
    space.write('other.md', '# Other\n"<prompt>Write.</prompt>"\n')
    const before = space.snapshot('book')
    const {code, stderr} = await cli(['build', 'other.md', '--out', 'book'])
    expect(code).toBe(2)
    expect(stderr).toContain('outline/tea.md')
    expect(space.snapshot('book')).toEqual(before)
  })

  it('stops at first sight of a fault that every request would meet', async () => {
    server.options = {
      latencyMs: 20,
      answer: () => ({status: 401, body: '{"error":{"message":"bad key sk-canary-1234567890","type":"auth"}}'}),
    }
    const report = await build('--concurrency', '1')
    expect(report.code).toBe(1)
    expect(report.requests.sent).toBe(1)
    expect(jobs(report)).toMatchObject({failed: 1, skipped: 6})
    expect(JSON.stringify(report)).not.toContain('canary')
  })

  it('retries what may pass, and honours retry-after', async () => {
    const failedOnce = new Set<string>()
    server.options = {
      answer: ({user}) => {
        if (failedOnce.has(user)) return 'Fine.'
        failedOnce.add(user)
        return {status: 429, headers: {'retry-after-ms': '150'}, body: '{"error":{"message":"slow down"}}'}
      },
    }
    const report = await build()
    expect(report.code).toBe(0)
    expect(report.requests).toEqual({sent: 14, retried: 7, rateLimited: 7})
    const bySubject = new Map<string, number[]>()
    for (const {user, atMs} of server.seen) bySubject.set(user, [...(bySubject.get(user) ?? []), atMs])
    for (const [first = 0, second = 0] of bySubject.values()) expect(second - first).toBeGreaterThanOrEqual(145)
  })

  it.each([
    ['HTML', {body: '<html>portal</html>', type: 'text/html'}],
    ['an error object', {body: '{"error":{"message":"oops"}}'}],
    ['no choices', {body: '{"choices":[]}'}],
    ['no JSON', {body: '{"choices":'}],
    ['nothing', {body: ''}],
  ])(
    'takes a 200 with %s for a failure and keeps nothing of it',
    async (_, answer) => {
      const seen = new Set<string>()
      server.options = {
        answer: ({user}) => {
          if (seen.has(user)) return 'Fine.'
          seen.add(user)
          return user.includes('hot the water') ? answer : 'Fine.'
        },
      }
      const report = await build()
      expect(report.code).toBe(0)
      expect(report.requests.retried).toBe(1)
      expect(space.read('output/tea/book.md')).not.toMatch(/portal|oops/)
    },
    90_000,
  )

  it('takes a cut off, held back or refused completion for a failure with its own message', async () => {
    server.options = {
      answer: ({user}) =>
        user.includes('`soil`')
          ? {message: {role: 'assistant', content: 'The soil is'}, finish: 'length'}
          : user.includes('`shade`')
            ? {message: {role: 'assistant', content: ''}, finish: 'content_filter'}
            : user.includes('hot the water')
              ? {message: {role: 'assistant', content: null, refusal: 'I cannot.'}}
              : 'Fine.',
    }
    const report = await build()
    expect(jobs(report)).toMatchObject({failed: 3, generated: 3, skipped: 1})
    const messages = report.books[0]?.findings.map(({message}) => message).join('\n')
    expect(messages).toContain('length')
    expect(messages).toContain('content_filter')
    expect(messages).toContain('refused')
  })

  it('refuses a redirect and sends the prompt nowhere else', async () => {
    const other = await OpenAiServer.start()
    server.options = {answer: () => ({status: 307, headers: {location: `${other.baseUrl}/chat/completions`}, body: ''})}
    const report = await build('--concurrency', '1')
    expect(report.code).toBe(1)
    expect(other.seen).toEqual([])
    await other.stop()
  })

  it('ends an attempt whose answer never comes', async () => {
    let asked = 0
    server.options = {
      answer: () => {
        asked++
        return asked === 1 ? 'hang' : 'Fine.'
      },
    }
    const report = await build('--timeout', '0.3', '--concurrency', '1')
    expect(report.code).toBe(0)
    expect(report.requests.retried).toBe(1)
  })

  it('never pays twice: texts whose section files are lost come from the store', async () => {
    await build()
    const book = space.read('output/tea/book.md')
    const {rmSync} = await import('node:fs')
    rmSync(join(space.root, 'output'), {recursive: true})
    const report = await build()
    expect(server.seen).toEqual([])
    expect(jobs(report)).toMatchObject({stored: 7, generated: 0})
    expect(space.read('output/tea/book.md')).toBe(book)
  })

  it('after SIGKILL half-way sends only what was not stored', async () => {
    server.options = {
      latencyMs: 30,
      answer: ({user, number}) => (number > 3 ? 'hang' : `Text about ${user.length} characters.`),
    }
    const killed = await runCli(
      ['build', '--base-url', server.baseUrl, '--model', 'test-model', '--concurrency', '1'],
      {
        cwd: space.root,
        onStart: (child) => {
          const timer = setInterval(() => {
            if (server.seen.length < 4) return
            clearInterval(timer)
            child.kill('SIGKILL')
          }, 10)
        },
      },
    )
    expect(killed.signal).toBe('SIGKILL')
    server.options = {answer: ({user}) => `Text about ${user.length} characters.`}
    const report = await build()
    expect(report.code).toBe(0)
    expect(server.seen).toHaveLength(4)
  })

  // Windows has no signals that a process can catch and another one can send: counted as skipped there.
  it.skipIf(process.platform === 'win32')('on the first Ctrl-C keeps what is in flight and exits 130', async () => {
    server.options = {latencyMs: 400, answer: ({user}) => `Text about ${user.length} characters.`}
    const result = await runCli(
      ['build', '--base-url', server.baseUrl, '--model', 'test-model', '--concurrency', '2', '--json'],
      {
        cwd: space.root,
        onStart: (child) => {
          const timer = setInterval(() => {
            if (server.inFlight < 2) return
            clearInterval(timer)
            child.kill('SIGINT')
          }, 10)
        },
      },
    )
    expect(result.code).toBe(130)
    expect(jobs(JSON.parse(result.stdout) as Report)).toMatchObject({generated: 2})
    const report = await build()
    expect(server.seen).toHaveLength(5)
    expect(jobs(report)).toMatchObject({fresh: 2, generated: 5})
  })

  it.skipIf(process.platform === 'win32')('on the second Ctrl-C ends at once', async () => {
    server.options = {answer: () => 'hang'}
    const result = await runCli(['build', '--base-url', server.baseUrl, '--model', 'test-model'], {
      cwd: space.root,
      onStart: (child) => {
        const timer = setInterval(() => {
          if (server.inFlight === 0 && server.seen.length < 1) return
          clearInterval(timer)
          child.kill('SIGINT')
          setTimeout(() => child.kill('SIGINT'), 300)
        }, 10)
      },
    })
    expect(result.code).toBe(130)
  })

  it('lets one build at a time work on a book', async () => {
    server.options = {latencyMs: 500, answer: () => 'Fine.'}
    const first = build()
    while (server.seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
    const second = await cli(['build', '--base-url', server.baseUrl, '--model', 'test-model'])
    expect(second.code).toBe(2)
    expect(second.stderr).toContain('holds it')
    const third = cli(['build', '--base-url', server.baseUrl, '--model', 'test-model', '--wait'])
    expect((await first).code).toBe(0)
    expect((await third).code).toBe(0)
    expect(server.seen).toHaveLength(7)
  })
})

describe('frozen', () => {
  it('passes on a clean tree and names every stale directive on a dirty one, without a key or a request', async () => {
    await build()
    const before = space.snapshot()
    const clean = await cli(['build', '--frozen'])
    expect(clean.code).toBe(0)
    edit('outline/tea.md', (text) =>
      text.replace('how tea grows', 'where tea grows').replace('the `soil`', 'the `ground`'),
    )
    const dirty = await cli(['build', '--frozen', '--json'])
    expect(dirty.code).toBe(1)
    const report = JSON.parse(dirty.stdout) as Report
    expect(report.books[0]?.findings.map(({id, state}) => `${id} ${state}`)).toEqual([
      'i-leaves/growing stale',
      'i-leaves/growing#3 stale',
    ])
    space.write('outline/tea.md', outline)
    expect([...space.snapshot().keys()]).toEqual([...before.keys()])
  })

  it('fails when the book is not what its sections give', async () => {
    await build()
    edit('output/tea/sections/ii-water/heat.md', (text) => `${text}\nMine.\n`)
    const result = await cli(['build', '--frozen'])
    expect(result.code).toBe(1)
    expect(result.stderr).toContain('book.md is not what')
  })

  it('refuses drafts with --no-drafts', async () => {
    await cli(['build'])
    expect((await cli(['build', '--frozen'])).code).toBe(0)
    expect((await cli(['build', '--frozen', '--no-drafts'])).code).toBe(1)
  })
})

describe('drafts', () => {
  it('need no key and no network, and are replaced as soon as a model is used', async () => {
    const drafted = await cli(['build', '--json'])
    expect(drafted.code).toBe(0)
    expect(jobs(JSON.parse(drafted.stdout) as Report)).toMatchObject({generated: 7, drafts: 7})
    expect(space.read('output/tea/book.md')).toContain('*Draft from the course')
    const report = await build('--yes')
    expect(jobs(report)).toMatchObject({generated: 7, drafts: 0})
  })

  it('fill what is missing and never replace a text from a model', async () => {
    await build()
    edit('outline/tea.md', (text) =>
      text
        .replace('how tea grows', 'where tea grows')
        .replace('## Summary', '## Harvest\n"<prompt>Explain the harvest.</prompt>"\n\n## Summary'),
    )
    const result = await cli(['build', '--json'])
    expect(jobs(JSON.parse(result.stdout) as Report)).toMatchObject({generated: 1, drafts: 1, stale: 1})
  })
})
