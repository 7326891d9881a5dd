import {execFileSync} from 'node:child_process'
import {cpSync, mkdirSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {OpenAiServer} from './support/openai-server.ts'
import {type CliResult, runCli} from './support/run-cli.ts'
import {Workspace} from './support/workspace.ts'

const outline = `---
title: Tea
---

# Leaves

Words of the author.

## Growing

<prompt>Explain how tea grows.</prompt>

## Picking

- <prompt>Explain the first flush.</prompt>
- <prompt>Explain the second flush.</prompt>

# Brewing

## Water

<prompt>Explain the water.</prompt>

## Time

<prompt>Explain the time.</prompt>
`

const answerTo = (user: string): string => {
  const asked = /Explain (?:how |the )?([^.]*)\./.exec(user.slice(user.lastIndexOf('Explain')))?.[1] ?? 'nothing'
  return `A sentence on ${asked} that is long enough to be wrapped by an editor.\n\nAnother sentence on ${asked}.`
}

interface DiffDocument {
  readonly base: string
  readonly head: string
  readonly baseCommit?: string
  readonly sections: readonly {
    readonly book: string
    readonly id: string
    readonly from?: string
    readonly change: string
    readonly changes: readonly string[]
    readonly costUsd?: number | null
    readonly text?: {readonly change: string; readonly blocks: readonly unknown[]}
  }[]
  readonly totals: {readonly costUsd: number | null; readonly wordsAdded: number}
}

let space: Workspace
let server: OpenAiServer

const git = (...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', ...args], {
    cwd: space.root,
    encoding: 'utf8',
    env: {...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null'},
  }).trim()

function commit(message: string): void {
  git('add', '-A')
  git('commit', '-qm', message)
}

function replace(path: string, was: string | RegExp, is: string): void {
  const text = space.read(path)
  const next = text.replace(was, is)
  expect(next).not.toBe(text)
  space.write(path, next)
}

async function build(): Promise<void> {
  const {code, stderr} = await runCli(['build', '--yes', '--base-url', server.baseUrl, '--model', 'gpt-5'], {
    cwd: space.root,
    env: {OPENAI_API_KEY: 'sk-test'},
  })
  expect(stderr).not.toContain('error')
  expect(code).toBe(0)
}

/** Runs `diff`, which may change no file and send no request. */
async function diff(...args: string[]): Promise<CliResult> {
  const files = space.snapshot('.')
  const sent = server.seen.length
  const result = await runCli(['diff', ...args], {cwd: space.root, env: {OPENAI_BASE_URL: server.baseUrl}})
  expect(space.snapshot('.')).toEqual(files)
  expect(server.seen).toHaveLength(sent)
  return result
}

async function diffJson(...args: string[]): Promise<DiffDocument> {
  const {code, stdout, stderr} = await diff('--json', ...args)
  expect(stderr).toBe('')
  const document = JSON.parse(stdout) as DiffDocument
  expect(code).toBe(document.sections.length === 0 ? 0 : 1)
  return document
}

/** What happened, in short: `id: changes`. */
async function changes(...args: string[]): Promise<string[]> {
  const {sections} = await diffJson(...args)
  return sections.map((section) => `${section.id}: ${section.changes.join(', ')}`)
}

beforeEach(async () => {
  space = new Workspace()
  server = await OpenAiServer.start({answer: ({user}) => answerTo(user)})
  space.write('outline/tea.md', outline)
  space.write('msk-course.yaml', 'identity: tea\nrepairs: 0\n')
  space.write('.gitignore', '.msk-course/\n')
  git('init', '-qb', 'main')
  await build()
  commit('book')
})

afterEach(async () => {
  space.remove()
  await server.stop()
})

describe('diff', () => {
  it('finds nothing in a clean tree, and exits 0', async () => {
    expect(await changes()).toEqual([])
    expect(await diff()).toMatchObject({code: 0, stdout: '', stderr: 'HEAD → work tree: no differences\n'})
    expect((await diff('main', 'HEAD', '--format', 'markdown')).stdout).toBe('### main → HEAD: no differences\n')
  })

  it('names in a comment exactly the sections that a pull request changes', async () => {
    git('switch', '-qc', 'feature')
    replace('outline/tea.md', 'Explain the time.', 'Explain the time and the cup.')
    replace('outline/tea.md', 'Words of the author.', 'More words of the author.')
    replace('outline/tea.md', /- <prompt>Explain the second/, '- <prompt>Explain the white tea.</prompt>\n$&')
    const edited = 'output/tea/sections/brewing/water.md'
    replace(edited, 'Another sentence on water', 'Another sentence on soft water')
    const wrapped = 'output/tea/sections/leaves/growing.md'
    replace(wrapped, 'long enough to be', 'long enough\nto be')
    const sent = server.seen.length
    await build()
    expect(server.seen).toHaveLength(sent + 2)
    commit('change')
    const {code, stdout} = await diff('--format', 'markdown', 'main')
    expect(code).toBe(1)
    const rows = stdout.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
    expect(rows.slice(1).map((row) => row.split(' | ').slice(0, 2).join(': '))).toEqual([
      '| `leaves`: own text changed',
      '| `leaves/growing`: only reflowed',
      '| `leaves/picking#2`: added',
      '| `brewing/water`: text changed',
      '| `brewing/time`: text changed, prompt changed',
    ])
    expect(stdout).toContain('Another sentence on <ins>soft </ins>water')
    const document = await diffJson('main', 'feature')
    expect(document).toMatchObject({base: 'main', head: 'feature', baseCommit: git('rev-parse', 'main')})
    const costs = document.sections.map(({costUsd}) => costUsd)
    // What the author wrote cost nothing; what was made anew has a price.
    expect(costs).toEqual([undefined, undefined, expect.any(Number), 0, expect.any(Number)])
    expect(document.totals.costUsd).toBeGreaterThan(0)
  })

  it('does not know what a model without a price cost', async () => {
    replace('outline/tea.md', 'Explain the time.', 'Explain the time and the cup.')
    await build()
    const path = 'output/tea/sections/brewing/time.md'
    space.write(path, space.read(path).replaceAll('gpt-5', 'house-model'))
    const {sections, totals} = await diffJson()
    expect(sections).toMatchObject([{id: 'brewing/time', costUsd: null}])
    expect(totals.costUsd).toBeNull()
  })

  it('calls a renamed chapter moved, before and after the build', async () => {
    replace('outline/tea.md', '# Leaves', '# The leaf')
    const expected = [
      'the-leaf: own-text-changed, moved',
      'the-leaf/growing: moved',
      'the-leaf/picking: moved',
      'the-leaf/picking#2: moved',
    ]
    expect(await changes()).toEqual(expected)
    const sent = server.seen.length
    await build()
    expect(server.seen).toHaveLength(sent)
    expect(await changes()).toEqual(expected)
    const {stdout} = await diff()
    expect(stdout).toContain('the-leaf/**  3 sections moved from leaves/**')
    expect(stdout).toContain('~ # [-Leaves-]{+The leaf+}')
  })

  it('compares from where the branches parted', async () => {
    git('switch', '-qc', 'feature')
    replace('output/tea/sections/brewing/water.md', 'Another', 'One more')
    commit('water')
    git('switch', '-q', 'main')
    replace('output/tea/sections/brewing/time.md', 'Another', 'One more')
    commit('time')
    git('switch', '-q', 'feature')
    expect(await changes('main')).toEqual(['brewing/water: text-changed', 'brewing/time: text-changed'])
    expect(await changes('--merge-base', 'main')).toEqual(['brewing/water: text-changed'])
  })

  it('compares folders of books, of projects, and books alone, in any pair', async () => {
    const other = join(space.root, 'copy')
    mkdirSync(other)
    cpSync(join(space.root, 'output', 'tea'), join(other, 'tea'), {recursive: true})
    for (const name of ['outline', 'output', 'msk-course.yaml'])
      cpSync(join(space.root, name), join(other, 'project', name), {recursive: true})
    expect(await changes('copy/tea', 'output/tea')).toEqual([])
    expect(await changes('HEAD', 'copy/tea')).toEqual([])
    expect(await changes('copy/project', 'HEAD')).toEqual([])
    expect(await changes('copy/tea/book.md', 'copy/project')).toEqual([])
    replace('outline/tea.md', 'Words of the author.', 'Other words of the author.')
    replace('outline/tea.md', 'Explain the time.', 'Explain the time and the cup.')
    await build()
    const expected = ['leaves: own-text-changed', 'brewing/time: text-changed, prompt-changed']
    expect(await changes('copy/tea', 'output/tea')).toEqual(expected)
    expect(await changes('copy/tea', './')).toEqual(expected)
    expect(await changes('copy/project')).toEqual(expected)
    // A book that is known by its Markdown alone is compared heading by heading.
    cpSync(join(space.root, 'copy/tea/book.md'), join(space.root, 'old.md'))
    expect(await changes('old.md', 'output/tea')).toEqual(['leaves: text-changed', 'brewing/time: text-changed'])
    expect(await changes('output/tea', 'old.md')).toEqual(['leaves: text-changed', 'brewing/time: text-changed'])
  })

  it('compares with what the last build changed, which a build without a change leaves', async () => {
    const none = await diff('--previous')
    expect(none.code).toBe(2)
    expect(none.stderr).toContain('Cannot find a previous build')
    replace('outline/tea.md', 'Explain the time.', 'Explain the time and the cup.')
    await build()
    await build()
    const expected = ['brewing/time: text-changed, prompt-changed']
    expect(await changes('--previous')).toEqual(expected)
    expect((await diffJson('--previous')).base).toBe('previous build')
    replace('output/tea/sections/brewing/water.md', 'Another', 'One more')
    expect(await changes('--previous')).toEqual(['brewing/water: text-changed', ...expected])
    expect(await changes('--previous', 'HEAD')).toEqual([])
  })

  it('narrows to a selector, on either side, and refuses one that matches nothing', async () => {
    replace('outline/tea.md', 'Explain the time.', 'Explain the time and the cup.')
    replace('outline/tea.md', /## Water\n\n.*\n\n/, '')
    expect(await changes('--section', 'Brewing')).toEqual(['brewing/water: removed', 'brewing/time: prompt-changed'])
    expect(await changes('--section', 'brewing/w*')).toEqual(['brewing/water: removed'])
    expect(await changes('--section', 'leaves/**')).toEqual([])
    const {code, stderr} = await diff('--section', 'brewing/tim')
    expect(code).toBe(2)
    expect(stderr).toContain('the nearest are `brewing/time`')
  })

  it('compares several books, one that is on one side alone included', async () => {
    space.write('outline/milk.md', '# Cows\n\n<prompt>Explain the cow.</prompt>\n')
    replace('outline/tea.md', 'Explain the time.', 'Explain the time and the cup.')
    const {sections} = await diffJson()
    expect(sections.map(({book, id, changes: own}) => [book, id, ...own])).toEqual([
      ['milk', 'cows', 'added'],
      ['tea', 'brewing/time', 'prompt-changed'],
    ])
    expect(await changes('--section', 'tea:brewing/time')).toEqual(['brewing/time: prompt-changed'])
    const plain = await diff('--section', 'brewing/time')
    expect(plain.code).toBe(2)
    expect(plain.stderr).toContain('for 2 books')
    expect(await changes('--outline', 'outline/milk.md')).toEqual(['cows: added'])
    expect(await changes('main', 'output/tea')).toEqual([])
  })

  it('finds the book of an outline elsewhere by --outline and --out, and without a config by its manifest', async () => {
    const folder = join(space.root, 'lone')
    mkdirSync(folder)
    space.write('lone/tea.md', outline)
    git('rm', '-rq', 'outline', 'output', 'msk-course.yaml')
    const run = (...args: string[]): Promise<CliResult> => runCli(args, {cwd: folder})
    expect((await run('build', 'tea.md', '--provider', 'draft')).code).toBe(0)
    commit('lone')
    replace('lone/output/tea/sections/brewing/water.md', 'No source covers', 'No note covers')
    const result = await run('diff')
    expect(result.stdout).toMatch(/^brewing\/water {2}text changed/)
    expect(result.code).toBe(1)
    replace('lone/tea.md', 'Explain the time.', 'Explain the time and the cup.')
    expect((await run('build', 'tea.md', '--provider', 'draft')).code).toBe(0)
    expect((await run('diff', '--previous')).stdout).toMatch(/^brewing\/time {2}prompt changed/)
    expect((await run('build', 'tea.md', '--provider', 'draft', '--out', 'elsewhere')).code).toBe(0)
    expect((await run('diff', '--outline', 'tea.md', '--out', 'elsewhere', 'output/tea')).stdout).toContain(
      'brewing/water',
    )
  })

  it('refuses what is no side, with the nearest names', async () => {
    git('branch', 'feature/water')
    const cases: readonly (readonly [string[], string])[] = [
      [['feature/watr'], 'expected a git revision, a folder or a book; the nearest names are `feature/water`'],
      [['outline/none.md'], 'Cannot find `outline/none.md`, expected a git revision, a folder or a book'],
      [['--', '--help'], 'Cannot find `--help`'],
      [['sections-of-none'], 'Cannot find `sections-of-none`'],
      [['.git'], 'expected a book'],
      [['--previous', 'HEAD', 'main'], 'with --previous'],
      [['--merge-base', 'output/tea'], 'expected revisions that share a commit'],
      [['--json', '--format', 'html'], 'expected one of them'],
      [['--format', 'pdf'], "'pdf' is invalid"],
      [['a', 'b', 'c'], 'too many arguments'],
    ]
    for (const [args, message] of cases) {
      const {code, stderr} = await diff(...args)
      expect([args, code]).toEqual([args, 2])
      expect(stderr).toContain(message)
    }
    const {stdout} = await diff('nowhere', '--json')
    expect(JSON.parse(stdout)).toMatchObject({version: 1, command: 'diff', error: {code: 'unknown-side'}})
  })

  it('refuses a name that is a revision and a file, until one of them is meant', async () => {
    space.write('main', 'no book')
    expect((await diff('main')).stderr).toContain('which is a revision and a file')
    expect(await changes('refs/heads/main')).toEqual([])
    rmSync(join(space.root, 'main'))
    cpSync(join(space.root, 'output', 'tea'), join(space.root, 'main'), {recursive: true})
    expect(await changes('./main')).toEqual([])
  })

  it('says where there is no git, and compares folders there', async () => {
    rmSync(join(space.root, '.git'), {recursive: true})
    const none = await diff()
    expect(none.code).toBe(2)
    expect(none.stderr).toContain('expected a git repository')
    expect(await changes('output/tea')).toEqual([])
  })

  it('lets no control sequence of a text through, in any format', async () => {
    replace('output/tea/sections/brewing/water.md', 'Another', 'One \u001b[2J\u202emore <script>x</script> @team')
    for (const format of ['text', 'markdown', 'json', 'html']) {
      const {code, stdout} = await diff('--format', format)
      expect(code).toBe(1)
      expect(stdout).toContain('u001b')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: there must be none
      expect(stdout).not.toMatch(/[\u001b\u202e]/)
      if (format === 'html') expect(stdout).not.toContain('<script')
    }
  })

  it('writes a page that opens offline to a file', async () => {
    replace('output/tea/sections/brewing/water.md', 'Another', 'One more')
    const {code, stdout, stderr} = await runCli(['diff', '--format', 'html', '-o', 'report/diff.html'], {
      cwd: space.root,
    })
    expect({code, stdout}).toEqual({code: 1, stdout: ''})
    expect(stderr).toContain('1 section: 1 text changed')
    const page = space.read('report/diff.html')
    expect(page).toMatch(/^<!DOCTYPE html>/)
    expect(page).toContain('<ins>One more</ins>')
    expect(page).not.toMatch(/https?:/)
    const write = (...args: string[]): Promise<CliResult> => runCli(['diff', ...args], {cwd: space.root})
    expect((await write('--format', 'html', '-o', 'report/diff.html')).code).toBe(1)
    for (const format of ['text', 'markdown', 'json', 'html']) {
      const refused = await write('--format', format, '-o', 'outline/tea.md')
      expect(refused.code).toBe(2)
      expect(refused.stderr).toContain('expected a new one or an earlier report')
      expect((await write('--format', format, '-o', `report/new.${format}`)).code).toBe(1)
      expect((await write('--format', format, '-o', `report/new.${format}`)).code).toBe(1)
    }
    expect(space.read('outline/tea.md')).toBe(outline)
  })

  it('says which side has no text at all', async () => {
    git('rm', '-rq', '--cached', 'output')
    git('commit', '-qm', 'no output')
    const {code, stderr} = await diff()
    expect(code).toBe(1)
    expect(stderr).toContain('`HEAD` has no text of `tea`')
    expect((await diff('main', 'HEAD')).stderr).toBe('main → HEAD: no differences\n')
  })

  it('reads the config of each side, and says which cannot be read', async () => {
    space.write('msk-course.yaml', 'identity: tea\nrepairs: 0\ntags: [ask]\n')
    replace('outline/tea.md', '<prompt>Explain the time.</prompt>', '<ask>Explain the time.</ask>')
    expect(await changes()).toEqual([])
    commit('tags')
    space.write('msk-course.yaml', 'tags: 12\n')
    expect((await diff('HEAD~1', 'HEAD')).code).toBe(2)
    commit('broken')
    space.write('msk-course.yaml', 'identity: tea\n')
    expect((await diff('HEAD')).stderr).toContain('Cannot read `msk-course.yaml` of that side')
  })
})
