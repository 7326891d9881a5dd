import {cpSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync} from 'node:fs'
import {basename, join} from 'node:path'
import {fileURLToPath, pathToFileURL} from 'node:url'
import fc from 'fast-check'
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi} from 'vitest'
import {stampInputs} from '../src/cli/stamp-inputs.ts'
import {readWarmCommand, stampName, type WarmCommand} from '../src/cli/warm-command.ts'
import {parseStamp} from '../src/store/build-stamp.ts'
import {digestFolder, digestTexts} from '../src/store/file-digest.ts'
import {OpenAiServer} from './support/openai-server.ts'
import {type CliResult, runCli} from './support/run-cli.ts'
import {runTraced} from './support/trace-modules.ts'
import {Workspace} from './support/workspace.ts'

const outline = `---
title: Tea
---

# Leaves

![A cup](images/cup.png)

## Growing
"<prompt>Explain how tea grows.</prompt>"
*   "<prompt>Explain the \`soil\`.</prompt>"

## Summary
"<prompt depends="*/growing">Summarise the chapter on leaves.</prompt>"
`

const course: Record<string, string> = {
  'msk-course.yaml': 'style: notes/style.md\n',
  'notes/style.md': 'Write plainly.\n',
  'outline/tea.md': outline,
  'outline/images/cup.png': 'cup',
  'prompts/summary.md': 'Sum up: {{ prompt }}\n',
  'sources/leaf.md': '# Leaf\n\nTea grows in the mountains, where the soil is sour.\n',
}

let tools: Workspace

beforeAll(() => {
  tools = new Workspace()
})

afterAll(() => tools.remove())

function makeCourse(): Workspace {
  const space = new Workspace()
  for (const [path, content] of Object.entries(course)) space.write(path, content)
  return space
}

/** Whether a run of `build` was done by the stamp alone. */
async function isWarm(space: Workspace, ...args: string[]): Promise<boolean> {
  const {code, loaded} = await runTraced(['build', ...args], space.root, tools)
  expect(code).not.toBe(null)
  return !loaded.some((url) => url.endsWith('/dist/bundle/main.js'))
}

/** As `isWarm`, of the compiled program within this process, which is quicker; does nothing where there is something to do. */
async function tryWarm(space: Workspace, ...args: string[]): Promise<boolean> {
  const path = pathToFileURL(join(import.meta.dirname, '../dist/cli/warm-build.js')).href
  const {tryWarmBuild} = (await import(path)) as {tryWarmBuild(argv: readonly string[]): Promise<boolean>}
  const spies = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockReturnValue(true))
  vi.stubEnv('OPENAI_API_KEY', undefined)
  vi.stubEnv('OPENAI_BASE_URL', undefined)
  try {
    return await tryWarmBuild(['build', '--no-color', '--cwd', space.root, ...args])
  } finally {
    vi.unstubAllEnvs()
    for (const spy of spies) spy.mockRestore()
  }
}

async function build(space: Workspace, ...args: string[]): Promise<CliResult> {
  return runCli(['build', ...args], {cwd: space.root})
}

const stamps = (space: Workspace): string[] => {
  try {
    return readdirSync(join(space.root, '.msk-course/stamp'))
  } catch {
    return []
  }
}

describe('a build that has nothing to do', () => {
  let space: Workspace
  const saved = new Workspace()

  beforeAll(async () => {
    space = makeCourse()
    expect((await build(space)).code).toBe(0)
    await build(space, 'outline/tea.md')
    expect(await isWarm(space)).toBe(true)
    expect(await isWarm(space, 'outline/tea.md')).toBe(true)
    cpSync(space.root, join(saved.root, 'course'), {recursive: true, preserveTimestamps: true})
  })

  afterAll(() => {
    space.remove()
    saved.remove()
  })

  beforeEach(() => {
    rmSync(space.root, {recursive: true, force: true})
    cpSync(join(saved.root, 'course'), space.root, {recursive: true, preserveTimestamps: true})
  })

  it('loads no parser of commands, Markdown, YAML, schemas or templates, and writes nothing', async () => {
    const before = space.snapshot()
    const {code, stdout, stderr, loaded} = await runTraced(['build'], space.root, tools)
    expect({code, stdout}).toEqual({code: 0, stdout: 'output/tea/book.md\n'})
    expect(stderr).toContain('tea: all 3 sections up to date, nothing was sent or written')
    expect(loaded.filter((url) => url.includes('/node_modules/'))).toEqual([])
    const own = loaded.filter((url) => url.includes('/dist/')).map((url) => fileURLToPath(url))
    expect(own.map((path) => basename(path))).toContain('warm-build.js')
    // Packages are bundled: what is loaded is too little for any parser to be in it.
    const size = own.reduce((sum, path) => sum + statSync(path).size, 0)
    expect(size).toBeGreaterThan(5_000)
    expect(size).toBeLessThan(120_000)
    expect(space.snapshot()).toEqual(before)
  })

  const change = (path: string, from: string, to: string) => (): void => {
    const text = space.read(path)
    expect(text).toContain(from)
    const {atime, mtime} = statSync(join(space.root, path))
    // With the time of before: the bytes tell.
    utimesSync(space.write(path, text.replace(from, to)), atime, mtime)
  }
  const changeStamps = (from: string | RegExp, to: string): void => {
    for (const name of stamps(space)) {
      const path = `.msk-course/stamp/${name}`
      const text = space.read(path)
      space.write(path, text.replace(from, to))
      expect(space.read(path)).not.toBe(text)
    }
  }
  const growing = 'output/tea/sections/leaves/growing.md'
  const changes: [string, () => void][] = [
    ['the outline changed', change('outline/tea.md', 'tea grows', 'tea glows')],
    ['the config changed', change('msk-course.yaml', 'style', '# b\nstyle')],
    ['a template changed', change('prompts/summary.md', 'Sum', 'Cut')],
    ['a template came', () => space.write('prompts/quiz.md', '{{ prompt }}')],
    ['the style changed', change('notes/style.md', 'plainly', 'briefly')],
    ['a source changed', change('sources/leaf.md', 'sour', 'soft')],
    ['a source came', () => space.write('sources/deep/water.txt', 'Water boils.')],
    ['a source went', () => rmSync(join(space.root, 'sources/leaf.md'))],
    ['a section file was edited', change(growing, '\n---\n', '\n---\n\nMine.')],
    ['a section file is gone', () => rmSync(join(space.root, growing))],
    ['a section file was renamed', () => renameSync(join(space.root, growing), join(space.root, `${growing}.md`))],
    ['a section file came', () => space.write('output/tea/sections/other.md', 'Mine.')],
    ['an unused text came', () => space.write('output/tea/unused/other.md', 'Mine.')],
    ['book.md was edited', change('output/tea/book.md', 'Leaves', 'Stalks')],
    ['book.md is gone', () => rmSync(join(space.root, 'output/tea/book.md'))],
    ['the manifest changed', change('output/tea/manifest.json', '"kind"', '"kinds"')],
    ['the manifest is gone', () => rmSync(join(space.root, 'output/tea/manifest.json'))],
    ['an image changed', change('outline/images/cup.png', 'cup', 'mug')],
    ['an image is gone', () => rmSync(join(space.root, 'outline/images/cup.png'))],
    ['the copy of an image changed', change('output/tea/images/cup.png', 'cup', 'mug')],
    ['an outline came', () => space.write('outline/more/water.md', outline)],
    ['a config came nearer', () => space.write('outline/msk-course.yaml', '')],
    ['local state came that is not known', () => space.write('.msk-course/runs/1.jsonl', '{}')],
    ['git tracks the local state', () => space.write('.git/index', '.msk-course/store')],
    ['the stamp is torn', () => changeStamps(/"digests"[^]*/, '')],
    ['the stamp is of another program', () => changeStamps('"program":"v', '"program":"w')],
    ['there is no stamp', () => rmSync(join(space.root, '.msk-course/stamp'), {recursive: true})],
  ]
  it.each(changes)('goes its usual way when %s', async (name, apply) => {
    const args = name === 'a config came nearer' ? ['outline/tea.md'] : []
    expect(await tryWarm(space, ...args)).toBe(true)
    apply()
    expect(await tryWarm(space, ...args)).toBe(false)
  })

  it.each([['--frozen'], ['--dry-run'], ['--section', 'line:9'], ['--refresh', 'sources'], ['--discard-book-edits']])(
    'is judged in full with %s, also a second time',
    async (...args) => {
      expect((await build(space, ...args)).code).toBe(0)
      expect(await tryWarm(space, ...args)).toBe(false)
    },
  )

  it('is known again with other flags from the second time on', async () => {
    for (const args of [['--allow-missing'], ['--verbose'], ['tea'], ['--out', 'output/tea', 'tea']]) {
      expect(await tryWarm(space, ...args), args.join(' ')).toBe(false)
      expect((await build(space, ...args)).code).toBe(0)
      expect(await tryWarm(space, ...args), args.join(' ')).toBe(true)
    }
    expect(await isWarm(space, '--json', '--quiet', '--no-color', '--cwd', '.')).toBe(true)
  })

  it('comes back to its stamp when a change is taken back', async () => {
    space.write('sources/leaf.md', 'Other.\n')
    await build(space)
    space.write('sources/leaf.md', course['sources/leaf.md'] as string)
    expect(await tryWarm(space)).toBe(false)
    await build(space)
    expect(await isWarm(space)).toBe(true)
  })

  it('goes its usual way when any byte of what it reads or wrote is another one', () => {
    const target = {
      name: 'tea',
      outlinePath: join(space.root, 'outline/tea.md'),
      outputFolder: join(space.root, 'output/tea'),
      root: space.root,
    }
    const inputs = stampInputs({configPath: join(space.root, 'msk-course.yaml'), targets: [target]})
    const digests = (): string[] => inputs.map(({digest}) => digest({hasTimes: false}).content)
    const paths = [...space.snapshot().keys()].filter(
      (path) => !/^(?:\.msk-course|notes)\/|images\//.test(path.replaceAll('\\', '/')),
    )
    expect(paths.length).toBeGreaterThan(7)
    const before = digests()
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.nat(), fc.integer({min: 1, max: 255}), (path, at, by) => {
        const full = join(space.root, path)
        const bytes = readFileSync(full)
        const changed = Buffer.from(bytes)
        changed[at % bytes.length] = ((changed[at % bytes.length] as number) + by) % 256
        writeFileSync(full, changed)
        expect(digests()).not.toEqual(before)
        writeFileSync(full, bytes)
        expect(digests()).toEqual(before)
      }),
      {numRuns: 100, seed: 3},
    )
  })
})

describe('what a stamp says', () => {
  let space: Workspace

  beforeEach(() => {
    space = makeCourse()
  })

  afterEach(() => space.remove())

  /** The run by the stamp and the usual run say the same, but for the time. */
  async function expectSame(args: readonly string[] = []): Promise<void> {
    const own = [[], ['--json'], ['--quiet']]
    const said: unknown[][] = [[], []]
    for (const extra of own) {
      const warm = await runTraced(['build', ...args, ...extra], space.root, tools)
      expect(warm.loaded.some((url) => url.endsWith('/dist/bundle/main.js'))).toBe(false)
      rmSync(join(space.root, '.msk-course/stamp'), {recursive: true})
      const usual = await build(space, ...args, ...extra)
      for (const [at, {code, stdout, stderr}] of [warm, usual].entries())
        said[at]?.push({
          code,
          stdout: stdout.replace(/"elapsedMs": \d+/, ''),
          stderr: stderr.replace(/, \d+(?:\.\d)? s$/gm, ''),
        })
    }
    expect(said[0]).toEqual(said[1])
  }

  it('is what the build says without one', async () => {
    await build(space)
    await expectSame()
  })

  it('covers edited and drifted texts, several books and warnings', async () => {
    space.write('outline/water.md', '# Water\n\n"<prompt>Explain heat.\n\n![Gone](images/gone.png)\n')
    await build(space)
    const path = 'output/tea/sections/leaves/growing.md'
    space.write(path, `${space.read(path)}\nMine.\n`)
    space.write('sources/later.md', '# Later\n\nHeat moves from warm to cold.\n')
    await build(space)
    await expectSame()
    const {stderr} = await build(space)
    expect(stderr).toContain('missing-closing-tag')
    expect(stderr).toContain('missing-image')
    expect(stderr).toContain('1 edited by hand, kept')
    expect(stderr).toMatch(/\d drifted/)
  })

  it('counts a message about an image once, however often the book is put together', async () => {
    space.write('cup.png', 'cup')
    space.write('outline/tea.md', outline.replace('images/cup.png', '../cup.png'))
    for (const run of ['first', 'usual', 'warm']) {
      const {stdout} = await build(space, '--json')
      expect(JSON.parse(stdout)).toMatchObject({books: [{messages: {error: 0, warning: 1}}]})
      if (run === 'first') rmSync(join(space.root, '.msk-course/stamp'), {recursive: true})
    }
  })

  it('covers a book without a config, beside which it is kept', async () => {
    rmSync(join(space.root, 'msk-course.yaml'))
    await build(space, 'outline/tea.md')
    expect(readdirSync(join(space.root, 'output/tea/.msk-course/stamp'))).toHaveLength(1)
    const before = space.snapshot()
    expect(await isWarm(space, 'outline/tea.md')).toBe(true)
    expect(space.snapshot()).toEqual(before)
  })
})

describe('a build with a model', () => {
  let space: Workspace
  let server: OpenAiServer

  beforeEach(async () => {
    space = makeCourse()
    server = await OpenAiServer.start()
  })

  afterEach(async () => {
    space.remove()
    await server.stop()
  })

  const flags = (): string[] => ['--base-url', server.baseUrl, '--model', 'test-model', '--concurrency', '1']

  it('leaves a stamp when it made everything, in which no key is', async () => {
    const env = {OPENAI_API_KEY: 'sk-test-000000000000'}
    expect((await runCli(['build', ...flags()], {cwd: space.root, env})).code).toBe(0)
    const [name = ''] = stamps(space)
    expect(space.read(`.msk-course/stamp/${name}`)).not.toContain('sk-test')
    const {loaded, code} = await runTraced(['build', ...flags()], space.root, tools, env)
    expect(code).toBe(0)
    expect(loaded.filter((url) => url.includes('/node_modules/'))).toEqual([])
  })

  it('leaves none when a directive failed', async () => {
    server.options = {answer: ({number}) => (number === 1 ? {status: 400, body: ''} : 'Fine.')}
    expect((await build(space, ...flags())).code).toBe(1)
    expect(stamps(space)).toEqual([])
  })

  it.each([
    ['outline/tea.md', 'Growing', 'Glowing'],
    ['prompts/summary.md', 'Sum', 'Cut'],
    ['msk-course.yaml', 'style', '# b\nstyle'],
    ['output/tea/sections/leaves/growing.md', 'Fine', 'Mine'],
  ])('leaves none when %s changed while it ran', async (path, from, to) => {
    server.options = {
      answer: ({number}) => {
        if (number === 3) space.write(path, space.read(path).replace(from, to))
        return 'Fine.'
      },
    }
    await build(space, ...flags())
    expect(server.seen).toHaveLength(3)
    expect(stamps(space)).toEqual([])
  })
})

describe('the command line of a warm build', () => {
  it('is read as the parser of commands reads it', async () => {
    const {Command} = await import('commander')
    const {registerBuild} = await import('../src/cli/commands/build.ts')
    const word = fc.constantFrom(
      ...['--yes', '--offline', '--wait', '--fail-fast', '--allow-missing', '--frozen', '--section', '--key-file'],
      ...['--out', '--provider', '--model', '--base-url', '--concurrency', '--timeout', '--max-cost'],
      ...['a.md', 'b/c.md', 'draft', 'openai', '4', '60', '--', '-x', '--model=m', '', 'http://127.0.0.1/v1'],
    )
    let read = 0
    await fc.assert(
      fc.asyncProperty(fc.array(word, {maxLength: 6}), async (words) => {
        const own = readWarmCommand(['build', ...words], {})
        if (own === undefined) return
        let parsed: {outlines: string[]; flags: object} | undefined
        const program = new Command('test').exitOverride().configureOutput({outputError: () => undefined})
        registerBuild(program, async (outlines, flags) => {
          parsed = {outlines, flags}
        })
        for (const command of program.commands) command.exitOverride().configureOutput({outputError: () => undefined})
        // What the parser refuses never left a stamp.
        await program.parseAsync(['build', ...words], {from: 'user'}).catch(() => undefined)
        if (parsed === undefined) return
        read++
        const given = Object.entries(parsed.flags)
          .filter(([name, value]) => value !== false && name !== 'drafts')
          .map(([name, value]) => [
            name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`),
            value === true || String(value),
          ])
        expect(own.outlines).toEqual(parsed.outlines)
        expect(Object.fromEntries(Object.entries(own.flags))).toEqual(Object.fromEntries(given))
      }),
      {numRuns: 3000, seed: 5},
    )
    expect(read).toBeGreaterThan(200)
  })

  it('has a stamp of its own for each that may come out differently', () => {
    const command = (...argv: string[]): WarmCommand => readWarmCommand(['build', ...argv], {}) as WarmCommand
    const names = [
      stampName(command(), {}, false),
      stampName(command(), {}, true),
      stampName(command('a.md'), {}, false),
      stampName(command('b.md'), {}, false),
      stampName(command('--out', 'b'), {}, false),
      stampName(command('--cwd', 'elsewhere'), {}, false),
      stampName(command('--config', 'c.yaml'), {}, false),
      stampName(command('--verbose'), {}, false),
      stampName(command('--model', 'm'), {}, false),
      stampName(command('--model', 'n'), {}, false),
      stampName(command(), {OPENAI_API_KEY: 'sk-1'}, false),
      stampName(command(), {OPENAI_API_KEY: 'sk ä'}, false),
      stampName(command(), {OPENAI_BASE_URL: 'http://127.0.0.1:1/v1'}, false),
    ]
    expect(new Set(names).size).toBe(names.length)
    expect(stampName(command('--json', '--quiet'), {}, false)).toBe(names[0])
    expect(stampName(command(), {OPENAI_API_KEY: 'sk-2'}, false)).toBe(names[10])
    expect(stampName(command(), {OPENAI_BASE_URL: 'http://me:secret@127.0.0.1/v1'}, false)).toBeUndefined()
  })
})

describe('digests', () => {
  it('tell texts in memory as they tell files', () => {
    const space = new Workspace()
    const paths = fc.constantFrom('a.md', 'b.md', 'a/b.md', 'a/ü.md', 'a.b.md', 'c/d/e.md')
    fc.assert(
      fc.property(fc.dictionary(paths, fc.string({unit: 'grapheme'})), (files) => {
        rmSync(join(space.root, 'x'), {recursive: true, force: true})
        for (const [path, text] of Object.entries(files)) space.write(`x/${path}`, text)
        const {content} = digestFolder(join(space.root, 'x'), {isFile: () => true}, {hasTimes: false})
        expect(digestTexts(new Map(Object.entries(files)))).toBe(content)
      }),
      {numRuns: 100, seed: 7},
    )
    space.remove()
  })

  it('of a stamp that is not one are refused', () => {
    const said = [['info', 'x']]
    const books = {patterns: null, companions: null, reads: [['tea', '/outline/tea.md']]}
    const stamp = {version: 1, program: 'p', ...books, files: [], digests: {}, said, report: {}, exitCode: 0}
    expect(parseStamp(JSON.stringify(stamp))).toEqual(stamp)
    for (const wrong of [
      {version: 2},
      {program: 1},
      {patterns: [1]},
      {companions: 'cheat-sheet'},
      {reads: [['tea']]},
      {files: null},
      {digests: {a: 1}},
      {said: [['exit', 'x']]},
      {said: [['info']]},
      {report: []},
      {exitCode: 2},
    ])
      expect(parseStamp(JSON.stringify({...stamp, ...wrong})), JSON.stringify(wrong)).toBeUndefined()
    expect(parseStamp('')).toBeUndefined()
  })
})
