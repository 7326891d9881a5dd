import {execFileSync} from 'node:child_process'
import {existsSync, readFileSync} from 'node:fs'
import {hostname} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import type {MessageRow} from '../src/cli/message-row.ts'
import type {ManifestRow} from '../src/store/manifest.ts'
import {formatSectionFile, parseSectionFile, type SectionRecord} from '../src/store/section-file.ts'
import {OpenAiServer} from './support/openai-server.ts'
import {type CliResult, runCli} from './support/run-cli.ts'
import {Workspace} from './support/workspace.ts'

const outline = `# Tea

## Green
"<prompt>Explain green tea.</prompt>"

## Black
"<prompt>Explain black tea.</prompt>"

## Summary
"<prompt>Summarise the chapter on tea.</prompt>"
`
const green = 'output/tea/sections/tea/green.md'
const black = 'output/tea/sections/tea/black.md'

let space: Workspace
let server: OpenAiServer

beforeEach(async () => {
  space = new Workspace()
  server = await OpenAiServer.start({answer: ({user, number}) => `Tea ${number} of ${user.length}.\n\nIt is good.`})
  space.write('outline/tea.md', outline)
  space.write('msk-course.yaml', 'model: gpt-5\n')
  git('init', '-qb', 'main')
  git('config', 'user.name', 'Ann Lee')
  git('config', 'user.email', 'ann@example.org')
})

afterEach(async () => {
  space.remove()
  await server.stop()
})

function git(...args: string[]): string {
  const env = {...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null'}
  return execFileSync('git', args, {cwd: space.root, encoding: 'utf8', env})
}

async function cli(args: readonly string[], env: Record<string, string> = {}): Promise<CliResult> {
  return runCli(args, {cwd: space.root, env})
}

async function build(...args: string[]): Promise<CliResult> {
  const result = await cli(['build', '--base-url', server.baseUrl, ...args])
  expect(result.stderr).not.toContain('error')
  return result
}

function commit(): void {
  git('add', '-A')
  git('commit', '-qm', 'Keep what stands')
}

interface AcceptReport {
  readonly version: number
  readonly command: string
  readonly by: string
  readonly accepted: readonly {
    readonly id: string
    readonly was: string
    readonly state: string
    readonly draft: boolean
    readonly edited: boolean
    readonly merged: boolean
    readonly changed: boolean
  }[]
  readonly refused: readonly {readonly id: string; readonly message: string}[]
}

async function accept(...args: string[]): Promise<{code: number | null; report: AcceptReport}> {
  const {code, stdout} = await cli(['accept', '--json', ...args])
  return {code, report: JSON.parse(stdout) as AcceptReport}
}

interface ListRow {
  readonly id: string
  readonly state: string
  readonly edited: boolean
  readonly reviewed: string
}

async function list(...args: string[]): Promise<Record<string, string>> {
  const rows = JSON.parse((await cli(['list', '--json', ...args])).stdout) as ListRow[]
  return Object.fromEntries(
    rows.map(({id, state, edited, reviewed}) => [id, [state, ...(edited ? ['edited'] : []), reviewed].join(' ')]),
  )
}

function section(path: string): {
  body: string
  record: SectionRecord | undefined
  extra: Readonly<Record<string, unknown>>
} {
  return parseSectionFile(path, space.read(path))
}

function row(id: string): ManifestRow | undefined {
  const {directives} = JSON.parse(space.read('output/tea/manifest.json')) as {directives: ManifestRow[]}
  return directives.find((one) => one.id === id)
}

describe('accept', () => {
  it('marks texts as read by the name that git has, and touches nothing but their section files', async () => {
    await build()
    commit()
    expect(await list()).toEqual({
      'tea/green': 'fresh unread',
      'tea/black': 'fresh unread',
      'tea/summary': 'fresh unread',
    })
    const before = section(green)
    const {code, stdout, stderr} = await cli(['accept', 'green', 'tea/black'])
    expect({code, stdout, stderr}).toEqual({
      code: 0,
      stdout: 'tea/green  read\ntea/black  read\n',
      stderr: '2 texts read by Ann Lee\n',
    })
    expect(git('status', '--short')).toBe(` M ${black}\n M ${green}\n`)
    expect(git('diff', '--numstat', '--', green)).toBe(`3\t0\t${green}\n`)
    const after = section(green)
    expect(after).toMatchObject({
      body: before.body,
      record: before.record,
      extra: {reviewed: {by: 'Ann Lee', text: before.record?.text}},
    })
    expect(await list()).toMatchObject({'tea/green': 'fresh read', 'tea/summary': 'fresh unread'})
    expect(Object.keys(await list('--section', 'state:unread'))).toEqual(['tea/summary'])
    expect(Object.keys(await list('--section', 'state:read'))).toEqual(['tea/green', 'tea/black'])
    const shown = await cli(['list'])
    expect(shown.stdout).toMatch(/tea\/summary {2}\(summary\) {2}unread$/m)
    expect(shown.stdout).toMatch(/tea\/green {2}\(section\)$/m)
    expect(shown.stderr).toContain('3 texts: 2 read, 0 changed since they were read, 1 unread')
    const files = space.snapshot('output')
    expect((await cli(['accept', 'green'])).stdout).toBe('tea/green  was read before\n')
    const sent = server.seen.length
    await build()
    expect(server.seen).toHaveLength(sent)
    expect(space.snapshot('output')).toEqual(files)
  })

  it('adds lines to the file of a text that reads others, and moves none', async () => {
    await build()
    commit()
    expect((await cli(['accept', 'tea/summary'])).code).toBe(0)
    expect(git('diff', '--numstat')).toBe('3\t0\toutput/tea/sections/tea/summary.md\n')
  })

  it('marks what is left to read also in a list of nothing else', async () => {
    await build()
    await cli(['accept', 'tea/green'])
    const listed = await cli(['list', '--section', 'state:unread'])
    expect(listed.stdout.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/tea\/black {2}\(section\) {2}unread$/),
      expect.stringMatching(/tea\/summary {2}\(summary\) {2}unread$/),
    ])
    expect((await cli(['list', '--section', 'tea/green'])).stderr).toContain('1 directive: 1 fresh')
  })

  it('takes the name from --by, else from git, else from USER, and says when there is none', async () => {
    await build()
    expect((await accept('--by', 'Bo', 'green')).report.by).toBe('Bo')
    git('config', '--unset', 'user.name')
    expect(JSON.parse((await cli(['accept', '--json', 'green'], {USER: 'cyd'})).stdout)).toMatchObject({by: 'cyd'})
    const nobody = await cli(['accept', 'green'])
    expect(nobody).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Cannot tell who reads, expected --by NAME'),
    })
    expect((await cli(['accept', '--by', 'a\u001b[31mb', 'green'])).code).toBe(2)
  })

  it('makes a stale text fresh, buys nothing for it, and leaves what reads it as it was', async () => {
    await build()
    space.write('outline/tea.md', outline.replace('Explain green tea.', 'Explain green tea in short.'))
    expect(await list()).toMatchObject({'tea/green': 'stale unread', 'tea/summary': 'fresh unread'})
    const body = section(green).body
    const {code, report} = await accept('state:stale')
    expect(code).toBe(0)
    expect(report).toMatchObject({version: 1, command: 'accept', refused: []})
    expect(report.accepted).toMatchObject([
      {id: 'tea/green', was: 'stale', state: 'fresh', changed: true, merged: false},
    ])
    expect(section(green).body).toBe(body)
    expect(await list()).toMatchObject({'tea/green': 'fresh read', 'tea/summary': 'fresh unread'})
    expect(row('tea/green')).toMatchObject({state: 'fresh', prompt: section(green).record?.basis.prompt})
    const sent = server.seen.length
    const files = space.snapshot('output')
    await build()
    expect(server.seen).toHaveLength(sent)
    expect(space.snapshot('output')).toEqual(files)
    expect((await cli(['build', '--frozen'])).code).toBe(0)
  })

  it('makes texts that drifted by model and by upstream fresh, and keeps the price of the model that wrote them', async () => {
    await build()
    const cost = (await cli(['list', '--cost', '--json'])).stdout
    const costs = (text: string): unknown[] => (JSON.parse(text) as {costUsd: unknown}[]).map(({costUsd}) => costUsd)
    space.write('msk-course.yaml', 'model: gpt-5-mini\n')
    space.write(black, `${space.read(black).trimEnd()} It keeps well.\n`)
    expect(await list()).toEqual({
      'tea/green': 'drifted unread',
      'tea/black': 'drifted edited unread',
      'tea/summary': 'drifted unread',
    })
    expect((await accept('--all')).report.accepted.map(({state}) => state)).toEqual(['fresh', 'fresh', 'fresh'])
    expect(await list()).toEqual({
      'tea/green': 'fresh read',
      'tea/black': 'fresh edited read',
      'tea/summary': 'fresh read',
    })
    expect(section(green).record?.basis.model).toBe('gpt-5-mini')
    expect(costs((await cli(['list', '--cost', '--json'])).stdout)).toEqual(costs(cost))
    expect((await cli(['build', '--frozen', '--strict'])).code).toBe(1)
    await build()
    expect((await cli(['build', '--frozen', '--strict'])).code).toBe(0)
  })

  it('calls a text changed that was edited or written anew since, and none that only was wrapped', async () => {
    await build()
    await accept('--all')
    space.write(green, space.read(green).replace('It is good.', 'It is\ngood.'))
    space.write(black, space.read(black).replace('It is good.', 'It is fine.'))
    space.write('outline/tea.md', outline.replace('Summarise the', 'Briefly summarise the'))
    await build()
    expect(await list()).toEqual({
      'tea/green': 'fresh read',
      'tea/black': 'fresh edited changed',
      'tea/summary': 'fresh changed',
    })
    expect((await cli(['list'])).stdout).toContain('edited; changed since it was read')
    expect(Object.keys(await list('--section', 'state:unread'))).toEqual(['tea/black', 'tea/summary'])
  })

  it('keeps the line ends of a file, and takes the wrapping of an edited text for no change', async () => {
    await build()
    const mine = space.read(green).replace('It is good.', 'It is\ngood and\nmine.')
    space.write(green, mine.replaceAll('\n', '\r\n'))
    await accept('green')
    expect(space.read(green).match(/(?<!\r)\n/)).toBeNull()
    space.write(
      green,
      space.read(green).replaceAll('\r\n', '\n').replace('It is\ngood and\nmine.', 'It is good and\nmine.'),
    )
    expect(await list()).toMatchObject({'tea/green': 'fresh edited read'})
    expect((await accept('green')).report.accepted).toMatchObject([{changed: false}])
  })

  it('refuses a text that is missing with what to do, accepts the others and exits 1', async () => {
    await build()
    space.write(
      'outline/tea.md',
      outline.replace('## Summary', '## White\n"<prompt>Explain white tea.</prompt>"\n\n## Summary'),
    )
    const {code, report} = await accept('green', 'white')
    expect(code).toBe(1)
    expect(report.accepted.map(({id}) => id)).toEqual(['tea/green'])
    expect(report.refused).toMatchObject([
      {id: 'tea/white', message: 'Cannot accept `tea/white`: it has no text; `msk-course build` makes one'},
    ])
    expect((await cli(['accept', 'white'])).stderr).toContain('it has no text')
    expect(await cli(['accept', 'purple'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Unexpected selector `purple`'),
    })
    expect((await cli(['accept'])).code).toBe(2)
    expect((await cli(['accept', '--all', 'green'])).code).toBe(2)
  })

  it('reads a draft and leaves it a draft', async () => {
    space.write('msk-course.yaml', '')
    space.write('sources/tea.md', '# Tea\n\n## Green\n\n- Green tea is not fermented.\n')
    expect((await cli(['build', '--provider', 'draft'])).code).toBe(0)
    const {stdout} = await cli(['accept', 'green'])
    expect(stdout).toBe('tea/green  read; it stays a draft\n')
    expect(section(green).record?.provider).toBe('draft')
    space.write('msk-course.yaml', 'provider: openai\nmodel: gpt-5\n')
    const {report} = await accept('green')
    expect(report.accepted).toMatchObject([{was: 'stale', state: 'stale', draft: true}])
  })

  it("reads an author's own file and keeps its front matter", async () => {
    await build()
    space.write(green, '---\nauthor: Bo\n---\n\nMy own text.\n')
    expect((await accept('green')).report.accepted).toMatchObject([{state: 'fresh', edited: true, changed: true}])
    expect(section(green)).toMatchObject({
      body: 'My own text.',
      record: undefined,
      extra: {author: 'Bo', reviewed: {by: 'Ann Lee'}},
    })
    space.write(black, 'All mine.\n')
    await accept('black')
    expect(space.read(black)).toMatch(/^---\nreviewed:\n {2}by: Ann Lee\n {2}text: [0-9a-f]{64}\n---\n\nAll mine\.\n$/)
    expect(await list()).toMatchObject({'tea/green': 'fresh edited read', 'tea/black': 'fresh edited read'})
  })

  it("takes a new text's record over where it could not be merged, keeps the author's text and removes the new one", async () => {
    await build()
    space.write(green, space.read(green).replace('It is good.', 'It is mine.'))
    const old = section(green)
    space.write('outline/tea.md', outline.replace('Explain green tea.', 'Explain green tea in short.'))
    // What a build that made the new text would have laid beside the author's.
    const other = new Workspace()
    other.write('outline/tea.md', space.read('outline/tea.md'))
    other.write('msk-course.yaml', 'model: gpt-5\n')
    await runCli(['build', '--base-url', server.baseUrl], {cwd: other.root})
    const fresh = parseSectionFile('green.md', other.read(green))
    other.remove()
    const made = fresh.record as SectionRecord
    space.write(green.replace(/md$/, 'new.md'), formatSectionFile(made, fresh.body, {notes: ['shorter']}))
    const {report} = await accept('green')
    expect(report.accepted).toMatchObject([{id: 'tea/green', state: 'fresh', edited: true, merged: true}])
    expect(existsSync(join(space.root, green.replace(/md$/, 'new.md')))).toBe(false)
    expect(section(green)).toMatchObject({
      body: old.body,
      record: {request: made.request, completion: made.completion, text: made.text, generated: made.generated},
      extra: {notes: ['shorter'], reviewed: {by: 'Ann Lee'}},
    })
    expect(row('tea/green')).toMatchObject({completion: made.completion, edited: true, state: 'fresh'})
    const sent = server.seen.length
    await build()
    expect(server.seen).toHaveLength(sent)
    expect(space.read('output/tea/book.md')).toContain('It is mine.')
  })

  it('works under the lock of the book', async () => {
    await build()
    const holder = {
      pid: process.pid,
      host: hostname(),
      started: '',
      boot: '',
      since: 'now',
      command: 'msk-course build',
    }
    const boot = existsSync('/proc/sys/kernel/random/boot_id')
      ? readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
      : ''
    space.write('output/tea/.lock', `${JSON.stringify({...holder, boot})}\n`)
    expect(await cli(['accept', 'green'])).toMatchObject({code: 2, stderr: expect.stringContaining('holds it')})
    expect(section(green).extra).toEqual({})
  })
})

describe('verify --require-reviewed', () => {
  it('names texts with their book where the project has several, so that `accept` takes the name', async () => {
    space.write('outline/coffee.md', '# Coffee\n\n## Beans\n"<prompt>Explain coffee beans.</prompt>"\n')
    await build()
    const {code, stdout} = await cli(['verify', 'coffee', '--require-reviewed', '--json'])
    expect(code).toBe(1)
    const [row] = (JSON.parse(stdout) as MessageRow[]).filter(({ruleId}) => ruleId === 'unread-section')
    const name = /msk-course accept (\S+)`/.exec(row?.reason ?? '')?.[1] ?? ''
    expect(name).toBe('coffee:coffee/beans')
    expect((await cli(['accept', name])).code).toBe(0)
    expect((await cli(['verify', 'coffee', '--require-reviewed'])).code).toBe(0)
  })

  it('fails for each text that nobody read as it stands, and passes when all were read', async () => {
    await build()
    expect((await cli(['verify'])).stderr).toContain('3 texts in 1 book: 0 errors')
    await accept('green', 'black')
    space.write(black, space.read(black).replace('It is good.', 'It is fine.'))
    await build()
    const {code, stdout} = await cli(['verify', '--require-reviewed', '--json'])
    expect(code).toBe(1)
    expect((JSON.parse(stdout) as MessageRow[]).filter(({ruleId}) => ruleId === 'unread-section')).toMatchObject([
      {
        file: black,
        line: 24,
        ruleId: 'unread-section',
        severity: 'error',
        reason:
          'Unexpected text of `tea/black` that changed since `Ann Lee` read it, expected it to be read as it stands; `msk-course accept tea/black` says so',
        url: 'docs/rules/unread-section.md',
      },
      {file: 'output/tea/sections/tea/summary.md', reason: expect.stringContaining('that nobody read')},
    ])
    await accept('state:unread')
    expect((await cli(['verify', '--require-reviewed', '--strict'])).code).toBe(0)
    commit()
    const clone = new Workspace()
    git('clone', '-q', '.', join(clone.root, 'tea'))
    for (const args of [
      ['verify', '--require-reviewed'],
      ['build', '--frozen'],
    ])
      expect(await runCli(args, {cwd: join(clone.root, 'tea')})).toMatchObject({code: 0})
    clone.remove()
  })
})
