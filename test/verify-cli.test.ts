import {appendFileSync, cpSync, readFileSync, rmSync} from 'node:fs'
import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {join} from 'node:path'
import {pathToFileURL} from 'node:url'
import {VFile} from 'vfile'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {formatMessages} from '../src/cli/format-messages.ts'
import type {MessageRow} from '../src/cli/message-row.ts'
import {type CliResult, runCli} from './support/run-cli.ts'
import {Workspace} from './support/workspace.ts'

const outline = `# Tea

## Green Tea
"<prompt>Explain green tea.</prompt>"

## Black Tea
"<prompt>Explain black tea.</prompt>"
`
const green = 'output/tea/sections/tea/green-tea.md'

let space: Workspace
let servers: Server[]

beforeEach(() => {
  space = new Workspace()
  servers = []
})

afterEach(() => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
  space.remove()
})

async function cli(args: readonly string[], env: Record<string, string> = {}): Promise<CliResult> {
  return runCli(args, {cwd: space.root, env})
}

/** A project with one book of drafts that is up to date. */
async function buildTea(config = ''): Promise<void> {
  space.write('msk-course.yaml', config)
  space.write('outline/tea.md', outline)
  space.write('sources/tea.md', '# Tea\n\n## Green Tea\n\n- Green tea is not fermented.\n')
  expect((await cli(['build', '--provider', 'draft'])).code).toBe(0)
}

/** Adds to a section file by hand and builds the book of it. */
async function addToGreen(text: string): Promise<void> {
  space.write(green, `${space.read(green).trimEnd()}\n\n${text}\n`)
  expect((await cli(['build'])).code).toBe(0)
}

function rows({stdout}: CliResult): MessageRow[] {
  return JSON.parse(stdout) as MessageRow[]
}

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('verify', () => {
  it('says nothing of a sound book, writes nothing and reads no key', async () => {
    await buildTea()
    const before = space.snapshot()
    const env = {OPENAI_API_KEY: 'sk-none', OPENAI_BASE_URL: 'http://127.0.0.1:9/v1'}
    const {code, stdout, stderr} = await cli(['verify', '--strict'], env)
    expect({code, stdout}).toEqual({code: 0, stdout: ''})
    expect(stderr).toBe('2 texts in 1 book: 0 errors, 0 warnings, 0 info\n')
    expect(space.snapshot()).toEqual(before)
    expect((await cli(['verify', '--quiet'])).stderr).toBe('')
  })

  it('reports hand edits at the line of the section file in every format', async () => {
    await buildTea()
    await addToGreen('See [black](#blck-tea).')
    const line =
      space
        .read(green)
        .split('\n')
        .findIndex((text) => text.startsWith('See')) + 1
    const json = await cli(['verify', '--json'])
    expect(json.code).toBe(1)
    expect(rows(json)).toEqual([
      {
        file: green,
        line,
        column: 5,
        endLine: line,
        endColumn: 23,
        ruleId: 'broken-anchor',
        severity: 'error',
        reason: 'Cannot find `#blck-tea` in the book, expected `#black-tea`',
        url: 'docs/rules/broken-anchor.md',
      },
    ])
    expect((await cli(['verify', '--format', 'json'])).stdout).toBe(json.stdout)
    const text = await cli(['verify'])
    expect(text.code).toBe(1)
    expect(text.stdout).toContain(green)
    expect(text.stdout).toMatch(new RegExp(`^${line}:5-${line}:23 error .* broken-anchor$`, 'm'))
    const github = await cli(['verify', '--format', 'github'])
    expect(github).toMatchObject({
      code: 1,
      stdout: `::error file=${green},line=${line},col=5,endColumn=23,title=broken-anchor::Cannot find \`#blck-tea\` in the book, expected \`#black-tea\`\n`,
    })
    const sarif = JSON.parse((await cli(['verify', '--format', 'sarif'])).stdout) as {
      runs: [{results: {ruleId: string; locations: [{physicalLocation: object}]}[]}]
    }
    expect(sarif.runs[0].results).toHaveLength(1)
    expect(sarif.runs[0].results[0]).toMatchObject({
      ruleId: 'broken-anchor',
      locations: [{physicalLocation: {artifactLocation: {uri: green}, region: {startLine: line, startColumn: 5}}}],
    })
    const junit = await cli(['verify', '--format', 'junit'])
    expect(junit.stdout).toContain(`classname="${green}" name="broken-anchor ${line}:5"`)
    expect(junit.stdout.match(/<testsuite /g)).toHaveLength(4)
  })

  it('exits 1 for warnings under --strict alone, and follows the severities of the config', async () => {
    await buildTea()
    await addToGreen('```json\n{"a": 1,}\n```')
    const {code, stdout} = await cli(['verify'])
    expect(code).toBe(0)
    expect(stdout).toContain('broken-code')
    expect((await cli(['verify', '--strict'])).code).toBe(1)
    space.write('msk-course.yaml', 'rules: {broken-code: error}\n')
    expect((await cli(['verify'])).code).toBe(1)
    space.write('msk-course.yaml', 'rules: {broken-code: off}\n')
    expect(await cli(['verify', '--strict'])).toMatchObject({code: 0, stdout: ''})
    await addToGreen('[a](#none)')
    space.write('msk-course.yaml', 'rules: {broken-code: off, broken-anchor: warning}\n')
    expect((await cli(['verify'])).code).toBe(0)
  })

  it('reports section files that cannot be used, and checks the others', async () => {
    await buildTea()
    const black = 'output/tea/sections/tea/black-tea.md'
    const sound = space.read(green)
    space.write(green, sound.replace(/^directive: .*$/m, 'directive: [tea'))
    space.write(black, `${space.read(black)}\n[a](#none)\n`)
    const broken = await cli(['verify', '--json'])
    expect(broken.code).toBe(1)
    expect(rows(broken).map(({file, ruleId}) => `${file} ${ruleId}`)).toEqual([
      `${green} broken-section`,
      `${black} broken-anchor`,
    ])
    expect((await cli(['build'])).code).toBe(2)
    space.write(green, `${sound}\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> other\n`)
    const merged = rows(await cli(['verify', '--json'])).find(({file}) => file === green)
    expect(merged?.line).toBe(sound.split('\n').length + 1)
    space.write(green, '')
    expect(rows(await cli(['verify', '--json'])).map(({ruleId}) => ruleId)).toContain('missing-section')
  })

  it('reports bytes that are no text, and no mark that an author wrote', async () => {
    await buildTea()
    const path = join(space.root, green)
    appendFileSync(path, 'The mark \ufffd stands for what cannot be read.\n')
    expect(rows(await cli(['verify', '--json'])).map(({ruleId}) => ruleId)).toEqual(['stale-book'])
    appendFileSync(path, Buffer.from([0x43, 0x61, 0x66, 0xe9, 0x0a]))
    const found = rows(await cli(['verify', '--json'])).find(({ruleId}) => ruleId === 'not-utf8')
    expect(found).toMatchObject({file: green, severity: 'error'})
  })

  it('finds a book by its outline, its name, its book.md and its folder', async () => {
    await buildTea()
    for (const name of ['outline/tea.md', 'tea', 'output/tea/book.md', 'output/tea', './output/tea/'])
      expect(await cli(['verify', name]), name).toMatchObject({code: 0, stdout: ''})
    expect((await cli(['build', 'outline/tea.md', '--out', 'else/where'])).code).toBe(0)
    space.write('else/where/book.md', 'Changed.\n')
    expect((await cli(['verify'])).code).toBe(0)
    expect(rows(await cli(['verify', 'else/where/book.md', '--json']))).toMatchObject([
      {file: 'else/where/book.md', line: 1, ruleId: 'stale-book'},
    ])
  })

  it('finds the outline of a book without a manifest by its place, and says which book may be meant', async () => {
    await buildTea()
    rmSync(join(space.root, 'output/tea/manifest.json'))
    for (const name of ['output/tea', 'output/tea/book.md'])
      expect((await cli(['verify', name])).stderr, name).toContain('2 texts in 1 book')
    cpSync(join(space.root, 'output/tea'), join(space.root, 'elsewhere'), {recursive: true})
    const moved = await cli(['verify', 'elsewhere'])
    expect(moved.code).toBe(2)
    expect(moved.stderr).toContain('name the outline itself')
    const mistyped = await cli(['verify', 'tae'])
    expect(mistyped.code).toBe(2)
    expect(mistyped.stderr).toContain('is `tea` meant')
  })

  it('checks all books of a project, each against its own headings', async () => {
    await buildTea()
    space.write('outline/pots/clay.md', '# Pots\n\nSee [tea](#green-tea).\n\n"<prompt>Explain pots.</prompt>"\n')
    expect((await cli(['build', '--provider', 'draft'])).code).toBe(0)
    const {code, stdout, stderr} = await cli(['verify', '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject([{file: 'outline/pots/clay.md', line: 3, ruleId: 'broken-anchor'}])
    expect(stderr).toBe('')
    expect((await cli(['verify', 'tea'])).code).toBe(0)
    expect((await cli(['verify'])).stderr).toContain('3 texts in 2 books: 1 error')
  })

  it('reports missing, stale and drifted texts and a book that was edited', async () => {
    await buildTea()
    space.write('outline/tea.md', `${outline}\n## White Tea\n"<prompt>Explain white tea.</prompt>"\n`)
    expect(rows(await cli(['verify', '--json']))).toMatchObject([
      {file: 'outline/tea.md', line: 10, ruleId: 'missing-section', severity: 'error'},
    ])
    space.write('outline/tea.md', outline)
    space.write('sources/tea.md', '# Tea\n\n## Green Tea\n\n- Green tea is hardly fermented.\n')
    const drifted = await cli(['verify', '--json', '--strict'])
    expect(drifted.code).toBe(0)
    expect(rows(drifted)).toMatchObject([
      {file: 'outline/tea.md', ruleId: 'drifted-section', severity: 'info', reason: expect.stringContaining('2 texts')},
    ])
    space.write('prompts/section.md', 'Draft it anew: {{ prompt }}\n')
    const stale = await cli(['verify', '--json'])
    expect(stale.code).toBe(0)
    expect(new Set(rows(stale).map(({ruleId}) => ruleId))).toContain('stale-section')
    space.write('output/tea/book.md', `${space.read('output/tea/book.md')}\nMore.\n`)
    const edited = await cli(['verify', '--json'])
    expect(edited.code).toBe(1)
    expect(rows(edited).filter(({ruleId}) => ruleId === 'stale-book')).toHaveLength(1)
  })

  it('reports a section file that cannot be used at its place, and checks the others', async () => {
    await buildTea()
    const whole = space.read(green)
    const black = 'output/tea/sections/tea/black-tea.md'
    space.write(black, `${space.read(black)}\nSee [nothing](#none).\n`)
    for (const [broken, line] of [
      [whole.replace('\nbasis:', '\nbasis: ['), whole.split('\n').findIndex((text) => text.startsWith('basis:'))],
      [whole.replace('\nbasis:', '\n<<<<<<< ours\nbasis:').replace('\n---\n\n', '\n>>>>>>> theirs\n---\n\n'), 4],
    ] as const) {
      space.write(green, broken)
      const found = await cli(['verify', '--json'])
      expect(found.code).toBe(1)
      const [first, second, ...rest] = rows(found)
      expect(rest).toEqual([])
      expect(first).toMatchObject({file: green, ruleId: 'broken-section', severity: 'error'})
      expect(first?.line).toBeGreaterThanOrEqual(line)
      expect(second).toMatchObject({file: black, ruleId: 'broken-anchor'})
      expect(space.read(green)).toBe(broken)
    }
    expect((await cli(['build'])).code).toBe(2)
  })

  it('knows the old title of a renamed heading before and after the build that moves its text', async () => {
    await buildTea()
    const text = 'Black tea is no Green Tea; see **Green tea** and `black tea`.\n'
    space.write('output/tea/sections/tea/black-tea.md', text)
    space.write('outline/tea.md', outline.replace('## Green Tea', '## Unfermented Leaves'))
    const found = [expect.objectContaining({ruleId: 'former-title', line: 1, column: 32})]
    const before = rows(await cli(['verify', '--json']))
    expect(before.filter(({ruleId}) => ruleId === 'former-title')).toEqual(found)
    expect((await cli(['build'])).code).toBe(0)
    expect(rows(await cli(['verify', '--json']))).toEqual(found)
    space.write('output/tea/sections/tea/black-tea.md', 'Black tea is none of the Unfermented Leaves.\n')
    expect((await cli(['build'])).code).toBe(0)
    expect(rows(await cli(['verify', '--json']))).toEqual([])
  })

  it('escapes control sequences of a text', async () => {
    await buildTea()
    await addToGreen('[a](#no\u001b[31mne)')
    for (const format of ['text', 'json', 'sarif', 'github', 'junit'])
      expect((await cli(['verify', '--format', format])).stdout, format).not.toContain('\u001b')
  })

  it.each([
    [['verify', 'none'], 'Cannot read `none`, expected an outline'],
    [['verify', 'outline'], 'expected a file and not a folder'],
    [['verify', '--format', 'xml'], 'xml'],
    [['verify', 'tea', 'pots'], 'too many arguments'],
    [['verify', 'output/gone/book.md'], 'Cannot find the outline of the book `output/gone/book.md`'],
    [['verify', 'broken'], 'Cannot go on: 1 error'],
  ])('refuses %j in one line', async (args, message) => {
    await buildTea()
    space.write('outline/broken.md', '# A\n"<prompt></prompt>"\n')
    space.write('output/gone/manifest.json', '{}')
    space.write('output/gone/book.md', 'Gone.\n')
    const {code, stdout, stderr} = await cli(args)
    expect({code, stdout}).toEqual({code: 2, stdout: ''})
    expect(stderr).toContain(message)
    const json = await cli([...args, '--json'])
    expect(json.code).toBe(2)
    expect(JSON.parse(json.stdout)).toMatchObject({version: 1, command: 'verify', error: {code: expect.any(String)}})
  })
})

describe('formats', () => {
  it.each(['text', 'github', 'junit'])(
    'refuse --format %s with --json, which promises a JSON document',
    async (format) => {
      space.write('tea.md', outline)
      for (const command of ['verify', 'check']) {
        const {code, stdout} = await cli([command, 'tea.md', '--json', '--format', format])
        expect(code).toBe(2)
        expect(JSON.parse(stdout)).toMatchObject({command, error: {code: 'bad-format'}})
      }
      expect(JSON.parse((await cli(['check', 'tea.md', '--json', '--format', 'sarif'])).stdout)).toHaveProperty('runs')
    },
  )

  it('name a file by an address that leads to it, and keep to what XML may hold', async () => {
    const cwd = join(space.root, 'a')
    const files = ['c#1?/100%.md', '../b.md', '..c.md'].map((path) => {
      const file = new VFile({path})
      file.message('odd \uffff \ud800 \u{1f600}', {ruleId: 'stale-book'})
      return file
    })
    const options = {isVerbose: false, hasColor: false, cwd}
    const sarif = JSON.parse(await formatMessages(files, 'sarif', options)) as {
      runs: {results: {locations: {physicalLocation: {artifactLocation: {uri: string}}}[]}[]}[]
    }
    expect(sarif.runs[0]?.results.map(({locations}) => locations[0]?.physicalLocation.artifactLocation.uri)).toEqual([
      'c%231%3F/100%25.md',
      pathToFileURL(join(space.root, 'b.md')).href,
      '..c.md',
    ])
    expect(await formatMessages(files, 'junit', options)).toContain('odd \ufffd \ufffd \u{1f600}')
  })
})

describe('verify --check-links', () => {
  it('asks each address once, reports what leads nowhere, and remembers what leads somewhere', async () => {
    const asked: string[] = []
    const headers: IncomingMessage['headers'][] = []
    const origin = await serve((request, response) => {
      asked.push(`${request.method} ${request.url}`)
      headers.push(request.headers)
      const path = request.url ?? ''
      if (path === '/old') response.writeHead(301, {location: '/page'})
      else response.writeHead(path === '/page' ? 200 : 404)
      response.end()
    })
    await buildTea()
    await addToGreen(`[a](${origin}/page#x) [b](${origin}/page) [c](${origin}/gone) [d](${origin}/old)`)
    expect(rows(await cli(['verify', '--json']))).toEqual([])
    expect(asked).toEqual([])
    const args = ['verify', '--check-links', '--allow-private', '--json']
    const first = await cli(args, {OPENAI_API_KEY: 'sk-secret'})
    expect(first.code).toBe(1)
    expect(rows(first).map(({ruleId, reason}) => [ruleId, reason])).toEqual([
      ['dead-link', `Cannot reach \`${origin}/gone\`, expected a page: the server answers 404`],
      ['moved-link', `Unexpected address \`${origin}/old\`, expected \`${origin}/page\`, to which it moved`],
    ])
    expect(asked.sort()).toEqual(['GET /gone', 'HEAD /gone', 'HEAD /old', 'HEAD /page', 'HEAD /page'])
    for (const own of headers) {
      expect(own['user-agent']).toMatch(/^msk-course\//)
      expect(JSON.stringify(own)).not.toMatch(/secret|authorization|cookie/i)
    }
    asked.length = 0
    const second = await cli(args)
    expect(rows(second)).toEqual(rows(first))
    expect(asked).toEqual(['HEAD /gone', 'GET /gone'])
    const links = JSON.parse(space.read('.msk-course/links.json')) as {links: Record<string, {asked: string}>}
    expect(Object.keys(links.links)).toEqual([`${origin}/old`, `${origin}/page`])
    for (const link of Object.values(links.links)) link.asked = '2020-01-01T00:00:00.000Z'
    space.write('.msk-course/links.json', JSON.stringify(links))
    asked.length = 0
    await cli(args)
    expect(asked).toContain('HEAD /old')
    for (const link of Object.values(links.links)) link.asked = '2999-01-01T00:00:00.000Z'
    space.write('.msk-course/links.json', JSON.stringify(links))
    asked.length = 0
    await cli(args)
    expect(asked).toContain('HEAD /old')
    space.write('.msk-course/links.json', 'spoiled')
    expect((await cli(args)).code).toBe(1)
  })

  it('shows what it found also where the answers cannot be kept', async () => {
    const origin = await serve((_, response) => {
      response.writeHead(404)
      response.end()
    })
    await buildTea()
    await addToGreen(`[a](${origin}/gone)`)
    rmSync(join(space.root, '.msk-course'), {recursive: true})
    space.write('.msk-course', 'a file')
    const result = await cli(['verify', '--check-links', '--allow-private', '--json'])
    expect(result.code).toBe(1)
    expect(rows(result).map(({ruleId}) => ruleId)).toEqual(['dead-link'])
    expect(result.stderr).toContain('could not be kept')
  })

  it('says nothing against links where no host at all is found', async () => {
    await buildTea()
    await addToGreen('[a](http://one.invalid/) [b](http://two.invalid/)')
    const result = await cli(['verify', '--check-links', '--json'])
    expect(result.code).toBe(0)
    expect(rows(result).map(({ruleId}) => ruleId)).toEqual(['unchecked-link', 'unchecked-link'])
  })

  it('asks no private address unless it may', async () => {
    let asked = 0
    const origin = await serve((_, response) => {
      asked++
      response.end()
    })
    const {port} = new URL(origin)
    await buildTea()
    await addToGreen(
      `[a](${origin}/) [b](http://localhost:${port}/) [c](http://2130706433:${port}/) [d](http://[::1]/)`,
    )
    const result = await cli(['verify', '--check-links', '--json'])
    expect(result.code).toBe(0)
    expect(rows(result).map(({ruleId}) => ruleId)).toEqual(Array.from({length: 4}, () => 'unchecked-link'))
    expect(asked).toBe(0)
  })
})

describe('the shipped course', () => {
  const root = join(import.meta.dirname, '..')
  const copy = (): void => {
    for (const part of ['msk-course.yaml', 'topics', 'outline', 'prompts', 'sources'])
      cpSync(join(root, part), join(space.root, part), {recursive: true})
  }
  const book = (name: string): string => readFileSync(join(space.root, `output/${name}/book.md`), 'utf8')

  it('makes four books that are clean as drafts, with what they cite', async () => {
    copy()
    expect((await cli(['build'])).code).toBe(0)
    const {code, stdout} = await cli(['verify', '--strict', '--verbose'])
    expect({code, stdout}).toEqual({code: 0, stdout: ''})
    expect((await cli(['build', '--frozen'])).code).toBe(0)
    expect(book('msk').length).toBeGreaterThan(100_000)
    for (const name of ['msk', 'cheat-sheet', 'quick-reference', 'overview']) {
      expect(book(name), name).toMatch(/^# Sources$/m)
      // A citation stands behind what it supports: no paragraph, point or cell begins with one.
      expect(book(name), name).not.toMatch(/^(?:[ \t]*(?:[-*>]|\d+\.)[ \t]+|\| *)?\[\\\[\d/m)
    }
  })

  it('says nothing twice in a companion, and points to no section that is not in it', async () => {
    copy()
    expect((await cli(['build'])).code).toBe(0)
    for (const name of ['cheat-sheet', 'quick-reference', 'overview']) {
      const text = book(name).split('\n# Sources\n')[0] ?? ''
      expect(text, name).not.toMatch(/stands under|take up|say no more|No source/)
      const cited = text.split(/\[\\\[\d+\\\]\]\(#source-\d+\)/)
      const said = cited.flatMap((part) => /[^.|]{30,}\.\s*$/.exec(part.replace(/[*`]/g, ''))?.[0].trim() ?? [])
      expect(said.length, name).toBeGreaterThan(10)
      expect(new Set(said).size, name).toBe(said.length)
    }
  })

  it('has companions in the forms of a cheat sheet, a quick reference and overview notes', async () => {
    copy()
    expect((await cli(['build'])).code).toBe(0)
    const count = (name: string, pattern: RegExp): number => book(name).match(pattern)?.length ?? 0
    expect(count('cheat-sheet', /^# \d+\. /gm)).toBe(17)
    expect(count('cheat-sheet', /^> \*\*Exam signal:\*\* /gm)).toBe(17)
    expect(count('cheat-sheet', /^\| --- \|/gm)).toBe(2)
    expect(count('cheat-sheet', /^- .*\*\*/gm)).toBeGreaterThan(48)
    expect(count('quick-reference', /^ *\| --- \|/gm)).toBe(1)
    expect(count('quick-reference', /^ *- \*\*(?:Choose it|Look elsewhere) when:\*\*/gm)).toBe(2)
    expect(count('overview', /^- `[^`]+`: /gm)).toBeGreaterThanOrEqual(16)
    expect(count('overview', /^1\. `[^`]+`: /gm)).toBe(2)
    for (const name of ['cheat-sheet', 'quick-reference', 'overview'])
      expect(book(name), name).not.toMatch(/No text of the course|stands above/)
  })

  it('has an outline that its topic list gives, with what its author changed', async () => {
    copy()
    const before = readFileSync(join(space.root, 'outline/msk.md'), 'utf8')
    const {code, stdout} = await cli(['outline', 'topics/msk.md', '-o', 'outline/msk.md', '--coverage', '--json'])
    const report = JSON.parse(stdout) as {changed: boolean; coverage: {lines: number; covered: number}}
    expect(code).toBe(0)
    expect(report.coverage.covered).toBe(report.coverage.lines)
    expect(report.coverage.lines).toBeGreaterThan(250)
    expect(readFileSync(join(space.root, 'outline/msk.md'), 'utf8')).toBe(before)
    for (const own of ['subtitle: A course', '```properties', '```json', '```python', '`High Availability`'])
      expect(before).toContain(own)
  })
})
