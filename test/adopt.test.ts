import {execFileSync} from 'node:child_process'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {OpenAiServer} from './support/openai-server.ts'
import {type CliResult, runCli} from './support/run-cli.ts'
import {Workspace} from './support/workspace.ts'

const outline = `# Leaves

A line of the author.

## Growing

"<prompt>Explain how tea grows.</prompt>"

## Picking

*   "<prompt>Explain the bud.</prompt>"
*   "<prompt>Explain the leaf.</prompt>"

## Summary

"<prompt>Summarise the leaves.</prompt>"

# Water

"<prompt>Explain the water.</prompt>"

## Summary

"<prompt>Summarise the water.</prompt>"
`

let space: Workspace
let server: OpenAiServer

beforeEach(async () => {
  space = new Workspace()
  server = await OpenAiServer.start({
    answer: ({user}) => {
      const topic = [
        'Summarise the leaves',
        'Summarise the water',
        'how tea grows',
        'the bud',
        'the leaf',
        'the water',
      ].find((one) => user.includes(one))
      return topic === 'how tea grows' ? 'Tea grows.\n\n### Where\n\nIn hills.' : `A text on ${topic}.`
    },
  })
  space.write('outline/tea.md', outline)
  space.write('msk-course.yaml', '')
  expect((await build()).code).toBe(0)
})

afterEach(async () => {
  space.remove()
  await server.stop()
})

async function build(...args: string[]): Promise<CliResult> {
  server.seen.length = 0
  return runCli(['build', '--base-url', server.baseUrl, '--model', 'test-model', ...args], {cwd: space.root})
}

async function adopt(...args: string[]): Promise<CliResult> {
  return runCli(['adopt', ...args], {cwd: space.root})
}

const book = (): string => space.read('output/tea/book.md')

/** Builds, which is to send nothing and to have nothing against the book. */
async function rebuild(): Promise<string> {
  const result = await build()
  expect(result.stderr).not.toContain('error')
  expect(server.seen).toEqual([])
  return book()
}

describe('adopt', () => {
  it('keeps the section file that it replaces for an undo', async () => {
    const path = 'output/tea/sections/leaves/growing.md'
    const before = space.read(path)
    space.write('chapter.md', '## Growing\n\nTea grows on slopes.\n')
    expect((await adopt('chapter.md', '--at', 'leaves/growing', '--yes')).code).toBe(0)
    expect(space.read(path)).toContain('Tea grows on slopes.')
    const undone = await runCli(['regenerate', '--undo', 'leaves/growing'], {cwd: space.root})
    expect(undone.code).toBe(0)
    expect(space.read(path)).toBe(before)
  })

  it('takes a chapter with headings at any depth, and leaves what it lacks', async () => {
    space.write(
      'mail.md',
      '### leaves\n\nA line of the author.\n\n#### 2. Growing\n\nTea grows in the hills.\n\n##### Where\n\nIn Assam.\n\n##### When\n\nIn spring.\n',
    )
    const before = space.snapshot('output/tea/sections')
    const result = await adopt('mail.md', '--at', 'leaves/**')
    expect(result.code).toBe(0)
    expect(result.stderr).toContain('mail.md:7: goes into leaves/growing (output/tea/sections/leaves/growing.md)')
    expect(result.stderr).toContain('outline/tea.md:9: `Picking` has no text in mail.md and stays as it is')
    const after = space.snapshot('output/tea/sections')
    expect([...after].filter(([path, hash]) => before.get(path) !== hash).map(([path]) => path)).toEqual([
      'leaves/growing.md',
    ])
    expect(space.read('outline/tea.md')).toBe(outline)
    expect(await rebuild()).toContain(
      '## Growing\n\nTea grows in the hills.\n\n### Where\n\nIn Assam.\n\n### When\n\nIn spring.\n\n## Picking',
    )
  })

  it('puts new headings with their text into the outline, when that is agreed to', async () => {
    space.write(
      'mail.md',
      '# Leaves\n\n## Growing\n\nTea grows slowly.\n\n## Drying\n\nDry it\nin the sun.\n\n### How long\n\nA day.\n\n## Picking\n\n## Summary\n\nA text on Summarise the leaves.\n\n## Selling\n\nSell it.\n',
    )
    const before = space.snapshot()
    const asked = await adopt('mail.md', '--at', 'leaves/growing', '--at', 'leaves/**')
    expect(asked.code).toBe(1)
    expect(asked.stderr).toContain(
      'mail.md:7: the new heading `Drying` and its text go into outline/tea.md before line 9, at depth 2',
    )
    expect(asked.stderr).toContain('--yes')
    expect(space.snapshot()).toEqual(before)
    const dry = await adopt('mail.md', '--at', 'leaves/**', '--dry-run', '--json')
    expect(dry.code).toBe(0)
    expect(JSON.parse(dry.stdout)).toMatchObject({
      command: 'adopt',
      written: false,
      texts: [{id: 'leaves/growing', line: 5}],
      added: [
        {title: 'Drying', before: 9},
        {title: 'Selling', before: 18},
      ],
    })
    expect(space.snapshot()).toEqual(before)
    const done = await adopt('mail.md', '--at', 'leaves/**', '--yes')
    expect(done.code).toBe(0)
    expect(done.stderr).toContain('outline/tea.md:1: `Leaves` has no text in mail.md and stays as it is')
    expect(done.stderr).toContain('outline/tea.md:9: `Picking` has no text in mail.md and stays as it is')
    expect(space.read('outline/tea.md')).toBe(
      outline
        .replace('## Picking', '## Drying\n\nDry it\nin the sun.\n\n### How long\n\nA day.\n\n## Picking')
        .replace('# Water', '## Selling\n\nSell it.\n\n# Water'),
    )
    expect(await rebuild()).toContain('Tea grows slowly.\n\n## Drying\n\nDry it\nin the sun.\n')
  })

  it('names what fits nowhere, and takes the rest', async () => {
    space.write('mail.md', 'Dear author,\n\n# Leaves\n\nMy own line.\n\n## Growing\n\nTea grows slowly.\n')
    const result = await adopt('mail.md')
    expect(result.code).toBe(1)
    expect(result.stderr).toContain('mail.md:1: the text is left in the file: there is no heading above it')
    expect(result.stderr).toContain(
      "mail.md:5: what stands below `Leaves` is left in the file: it changes the outline's own text; change it in outline/tea.md:3",
    )
    expect(await rebuild()).toContain('## Growing\n\nTea grows slowly.\n\n## Picking')
  })

  it('takes items and tells apart headings with the same title', async () => {
    space.write(
      'mail.md',
      book()
        .replace('A text on the bud.', 'Buds are best.')
        .replace('A text on Summarise the water.', 'Water is all.')
        .replace('## Picking', '## Picking leaves'),
    )
    const result = await adopt('mail.md')
    expect(result.code).toBe(0)
    expect(result.stderr).toContain('`Picking leaves` is taken for `Picking`')
    const made = await rebuild()
    expect(made).toContain('## Picking\n\n*   Buds are best.\n*   A text on the leaf.\n')
    expect(made).toContain('A text on Summarise the leaves.')
    expect(made).toContain('Water is all.')
  })

  it('takes a text without headings for one section', async () => {
    space.write('mail.md', 'Water is wet.\n\nAnd more.\n')
    expect((await adopt('mail.md', '--at', 'water')).code).toBe(0)
    expect(await rebuild()).toContain('# Water\n\nWater is wet.\n\nAnd more.\n\n## Summary')
  })

  it('takes over a book.md that build leaves alone, new headings included', async () => {
    const edited = book().replace('# Water\n\nA text on the water.', '# Kettles\n\nBoil it.\n\n# Water\n\nIt is wet.')
    space.write('output/tea/book.md', edited)
    expect((await build()).code).toBe(1)
    const result = await adopt('output/tea/book.md', '--yes')
    expect(result.code).toBe(0)
    expect(await rebuild()).toBe(edited)
  })

  it('wants edits of the book that stands carried first', async () => {
    space.write('output/tea/book.md', book().replace('In hills', 'In valleys'))
    space.write('mail.md', '# Water\n\nWater is wet.\n')
    const before = space.snapshot('output')
    const result = await adopt('mail.md')
    expect(result.code).toBe(2)
    expect(result.stderr).toContain('output/tea/book.md')
    expect(space.snapshot('output')).toEqual(before)
  })

  it('puts no directive into the outline', async () => {
    space.write('mail.md', '# Water\n\nA text on the water.\n\n# Fire\n\n<prompt>Burn.</prompt>\n')
    const before = space.snapshot()
    const result = await adopt('mail.md', '--yes')
    expect(result.code).toBe(2)
    expect(result.stderr).toContain('its directives would be other ones')
    expect(space.snapshot()).toEqual(before)
  })

  it('leaves a tree that git shows as changed only in what was adopted', async () => {
    const git = (...args: string[]): string =>
      execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@one.example', ...args], {
        cwd: space.root,
        encoding: 'utf8',
      })
    git('init', '--quiet')
    git('add', '.')
    git('commit', '--quiet', '-m', 'First')
    space.write('mail.txt', '# Water\n\nWater is wet.\n')
    expect((await adopt('mail.txt')).code).toBe(0)
    await rebuild()
    expect(git('diff', '--name-only').trim().split('\n')).toEqual([
      'output/tea/book.md',
      'output/tea/manifest.json',
      'output/tea/sections/water.md',
    ])
  })
})
