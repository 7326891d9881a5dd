import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {normaliserVersion} from '../src/book/normalise-completion.ts'
import {textAddress} from '../src/model/content-address.ts'
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

  it('applies a better normaliser to the raw completions without a request, and to no text that was edited', async () => {
    const older = space.read('output/course/sections/course/bold.md')
    const good = older.slice(older.indexOf('\n---\n') + 6).trim()
    const old = 'Text of an older normaliser.'
    space.write(
      'output/course/sections/course/bold.md',
      older.replace(good, old).replace(/^text: .*$/m, `text: ${textAddress(old)}`),
    )
    const edited = space.read('output/course/sections/course/chatter.md').replace('Text of', 'The author’s text of')
    space.write('output/course/sections/course/chatter.md', edited)
    space.write(
      'output/course/manifest.json',
      space.read('output/course/manifest.json').replaceAll(`"normaliser":${normaliserVersion}`, '"normaliser":1'),
    )
    const {code, stderr} = await build()
    expect(code).toBe(0)
    expect(stderr).toContain('1 text normalised anew from the store, without a request')
    expect(space.read('output/course/sections/course/bold.md')).toBe(older)
    expect(space.read('output/course/sections/course/chatter.md')).toBe(edited)
    expect(asked).toBe(titles.length)
    expect((await build()).stderr).toContain('nothing was sent or written')
  })
})

const extraHeadings: Readonly<Record<string, readonly string[]>> = {
  Depth: ['### Deep'],
  Bold: ['### Bold title'],
}
