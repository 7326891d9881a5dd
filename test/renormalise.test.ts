import {cpSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {normaliserVersion} from '../src/book/normalise-completion.ts'
import type {Manifest} from '../src/store/manifest.ts'
import {OpenAiServer} from './support/openai-server.ts'
import {type CliResult, runCli} from './support/run-cli.ts'
import {Workspace} from './support/workspace.ts'

/** Raw completions of models that do not do as they are told, by the title of their section, with the repairs of each. */
const broken: Readonly<Record<string, readonly [raw: string, repairs: readonly string[]]>> = {
  Fence: ['```markdown\n## Fence\n\nText of the fence.\n```', ['outer-completion-fence', 'repeated-title']],
  Chatter: ['Sure! Here it is:\n\nText of chatter.\n\nI hope this helps!', ['chatter', 'chatter']],
  Thoughts: ['<think>Hm.</think>\n\nText of thoughts.', ['leaked-thoughts']],
  Depth: ['# Deep\n\nText of depth.', ['shifted-headings']],
  Bold: ['Before.\n\n**Bold title**\n\nText of bold.', ['bold-heading']],
  Open: ['Text of open:\n\n```sh\nls', ['unclosed-completion-fence']],
  Crossed: ['Run:\n\n```sh\nls\n~~~\n\nText of crossed.', ['unclosed-completion-fence']],
  Options: ['Text of options?\na) one\nb) two', ['made-list']],
  Table: ['| Text | of |\n| a | table |', ['made-table']],
  Split: ['1. Text of split\n```sh\nls\n```\n2. Two', ['split-list']],
  Formula: ['Text of \\(a_1 = b\\).', ['math-delimiters']],
  Html: ['Text of <b>html</b> and <prompt>more</prompt>.', ['unsafe-html']],
  Link: ['Text of [links](javascript:run).', ['unsafe-link']],
  Controls: ['Text of \u202econtrols.', ['control-text']],
  Lines: ['Text of lines.\r\n\r\nMore.\r\n', ['line-ends']],
}
const titles = Object.keys(broken)
const outline = `# Course\n\n${titles.map((title) => `## ${title}\n\n"<prompt>Write ${title}.</prompt>"\n`).join('\n')}`

let space: Workspace
let server: OpenAiServer
let asked = 0

beforeAll(async () => {
  space = new Workspace()
  space.write('outline/course.md', outline)
  // That a text is cut off is a finding of its own, and asked for again.
  space.write('msk-course.yaml', 'rules:\n  truncated-text: off\n')
  server = await OpenAiServer.start({
    answer: ({user}) => {
      asked++
      return broken[titles.find((title) => user.includes(`Write ${title}.`)) ?? '']?.[0] ?? ''
    },
  })
})

afterAll(async () => {
  await server.stop()
  space.remove()
})

function build(): Promise<CliResult> {
  return runCli(['build', '--base-url', server.baseUrl, '--model', 'any'], {cwd: space.root})
}

function manifest(): Manifest {
  return JSON.parse(space.read('output/course/manifest.json')) as Manifest
}

describe('a build of completions in every broken shape', () => {
  it('gives a clean book, with every repair in the manifest and counted by rule in the summary', async () => {
    const {code, stderr} = await build()
    expect(code).toBe(0)
    const {directives} = manifest()
    directives.forEach(({repairs, normaliser}, at) => {
      const [, wanted] = broken[titles[at] as string] as (typeof broken)[string]
      expect(repairs.map(({ruleId}) => ruleId).sort(), titles[at]).toEqual([...wanted].sort())
      expect(normaliser).toBe(normaliserVersion)
    })
    expect(stderr).toMatch(
      /17 repairs to completions: 2 chatter, 2 unclosed-completion-fence, 1 bold-heading, .*; listed/,
    )
    const book = space.read('output/course/book.md')
    expect(book.match(/^#+ .*$/gm)).toEqual([
      '# Course',
      ...titles.flatMap((title) => [`## ${title}`, ...(extraHeadings[title] ?? [])]),
    ])
    expect(book).not.toMatch(/Sure!|I hope|<think>|(?<!\\)<prompt|javascript:|\r|\u202e/)
  })

  it('finds the repairs again from the store when the manifest is gone', async () => {
    const before = space.read('output/course/manifest.json')
    space.write('output/course/manifest.json', '')
    expect((await build()).code).toBe(0)
    const rows = manifest().directives
    expect(rows).toEqual((JSON.parse(before) as Manifest).directives)
    expect(asked).toBe(titles.length)
  })
})

const extraHeadings: Readonly<Record<string, readonly string[]>> = {
  Depth: ['### Deep'],
  Bold: ['### Bold title'],
}

/** The program as it was before it made headings of bold lines, in a folder of its own. Gives the file that starts it. */
function writeOlderProgram(folder: string): string {
  const root = join(import.meta.dirname, '..')
  cpSync(join(root, 'dist'), join(folder, 'dist'), {
    recursive: true,
    filter: (path) => path !== join(root, 'dist', 'bundle'),
  })
  for (const part of ['prompts', 'schema']) cpSync(join(root, part), join(folder, part), {recursive: true})
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
  const version = readFileSync(join(root, 'package.json'), 'utf8').replace(/"version": ".*"/, '"version": "0.0.1"')
  writeFileSync(join(folder, 'package.json'), version)
  const normaliser = join(folder, 'dist', 'book', 'normalise-completion.js')
  const older = readFileSync(normaliser, 'utf8')
    .replace(`normaliserVersion = ${normaliserVersion}`, `normaliserVersion = ${normaliserVersion - 1}`)
    .replace("change('bold-heading',", "if (false) change('bold-heading',")
  expect(older).toMatch(/normaliserVersion = \d+[^]*if \(false\) change/)
  writeFileSync(normaliser, older)
  const start = join(folder, 'start.js')
  writeFileSync(start, "import {start} from './dist/cli/start.js'\n\nawait start(process.argv.slice(2))\n")
  return start
}

describe('a better normaliser', () => {
  const sections = 'output/tea/sections/tea'
  let tea: Workspace
  let programs: Workspace
  let command: readonly string[]

  beforeAll(async () => {
    tea = new Workspace()
    programs = new Workspace()
    const directives = ['Explain bold.', 'Explain plain.', 'Explain edited.']
    const body = directives.map((prompt) => `## ${prompt.slice(8, -1)}\n\n"<prompt>${prompt}</prompt>"\n`).join('\n')
    const reader = '## Reader\n\n"<prompt depends=tea/bold>Sum up.</prompt>"\n'
    tea.write('outline/tea.md', `# Tea\n\n${body}\n${reader}`)
    tea.write('msk-course.yaml', '')
    const seller = await OpenAiServer.start({
      answer: ({user}) => {
        if (user.includes('Sum up.')) return 'It is about tea.'
        return user.includes('Explain plain.') ? 'Plain text.' : 'Before.\n\n**Bold title**\n\nText of bold.'
      },
    })
    command = ['build', '--base-url', seller.baseUrl, '--model', 'any']
    const older = await runCli(command, {
      cwd: tea.root,
      program: writeOlderProgram(programs.root),
    })
    expect(older.code).toBe(0)
    // Nothing can be bought any more.
    await seller.stop()
  }, 60_000)

  afterAll(() => {
    tea.remove()
    programs.remove()
  })

  it('is applied by a build to the raw completions of an older program, without a request', async () => {
    expect(tea.read('output/tea/book.md')).toContain('\n**Bold title**\n')
    const row = (): string | undefined => tea.read('output/tea/manifest.json').match(/^.*"id":"tea\/bold".*$/m)?.[0]
    expect(row()).toContain(`"normaliser":${normaliserVersion - 1}`)
    const plain = tea.read(`${sections}/plain.md`)
    const reader = tea.read(`${sections}/reader.md`)
    const edited = tea.read(`${sections}/edited.md`).replace('Text of', 'The author’s text of')
    tea.write(`${sections}/edited.md`, edited)
    const {code, stderr} = await runCli(command, {cwd: tea.root})
    expect({code, stderr}).toMatchObject({code: 0})
    expect(stderr).toContain('1 text normalised anew from the store, without a request')
    expect(stderr).toContain('1 bold-heading')
    expect(stderr).not.toContain('drifted')
    expect(tea.read('output/tea/book.md')).toContain('\n### Bold title\n')
    expect(tea.read(`${sections}/bold.md`)).toContain('\n# Bold title\n')
    expect(row()).toMatch(new RegExp(`"ruleId":"bold-heading".*"normaliser":${normaliserVersion}`))
    // What is the same in both, what an author changed, and what reads the text stay as they were.
    expect(tea.read(`${sections}/plain.md`)).toBe(plain)
    expect(tea.read(`${sections}/edited.md`)).toBe(edited)
    expect(tea.read(`${sections}/reader.md`)).toBe(reader)
    expect((await runCli(['build', '--frozen', '--strict'], {cwd: tea.root})).code).toBe(0)
    const before = tea.snapshot()
    expect((await runCli(command, {cwd: tea.root})).stderr).toContain('nothing was sent or written')
    expect(tea.snapshot()).toEqual(before)
  })
})
