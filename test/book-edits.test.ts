import {execFileSync} from 'node:child_process'
import {readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {canonicalMarkdown} from '../src/syntax/canonical-markdown.ts'
import {OpenAiServer} from './support/openai-server.ts'
import {type CliResult, runCli} from './support/run-cli.ts'
import {Workspace} from './support/workspace.ts'

const outline = `---
title: Tea
language: en
---

# Leaves

A line of the author.

## Growing

"<prompt>Explain how tea grows.</prompt>"

*   "<prompt>Explain the altitude.</prompt>"
*   An item of the author.
*   **Soil:** "<prompt>Explain the soil.</prompt>"

## Picking

"<prompt>Explain the picking.</prompt>"

# Water

"<prompt>Explain the water.</prompt>"
`

const growing = `Tea is a plant. It likes rain.

### Climate

It grows in the hills[^1].

| Place | Height |
| --- | --- |
| Assam | low |

\`\`\`sh
boil water
\`\`\`

- First bullet.
- Second bullet.

[^1]: Where it is cool.`

const answers: Readonly<Record<string, string>> = {
  'how tea grows': growing,
  'where tea grows': `${growing}\n\nIt grows in the hills.`,
  altitude: '### High up\n\nTea grows slowly there.\n\n- cool\n- wet',
  soil: 'Soil is sour.',
  picking: 'Pick two leaves. Pick a bud.',
  'the water': 'Water is soft[^1].\n\n[^1]: Or hard.',
}

let space: Workspace
let server: OpenAiServer

beforeEach(async () => {
  space = new Workspace()
  server = await OpenAiServer.start({
    answer: ({user}) =>
      answers[
        Object.keys(answers).find((key) => user.includes(`Explain ${key}`) || user.includes(`the ${key}.`)) ?? ''
      ] ?? 'A text.',
  })
  space.write('outline/tea.md', outline)
  space.write('msk-course.yaml', '')
  expect((await build()).code).toBe(0)
})

afterEach(async () => {
  space.remove()
  await server.stop()
})

/** Builds against the test's server, whose record starts anew. */
async function build(...args: string[]): Promise<CliResult> {
  server.seen.length = 0
  return runCli(['build', '--base-url', server.baseUrl, '--model', 'test-model', ...args], {cwd: space.root})
}

const bookPath = 'output/tea/book.md'

function edit(path: string, change: (text: string) => string): string {
  const full = join(space.root, path)
  const before = readFileSync(full, 'utf8')
  const after = change(before)
  expect(after).not.toBe(before)
  writeFileSync(full, after)
  return after
}

/** Builds after an edit of the book and expects it to be carried into these sections, each with so many edits. */
async function expectCarried(
  change: (text: string) => string,
  carried: Readonly<Record<string, number>>,
): Promise<void> {
  const before = sections()
  const wanted = edit(bookPath, change)
  const result = await build()
  expect(result.stderr).not.toContain('error')
  expect(result.code).toBe(0)
  expect(server.seen).toEqual([])
  const said = [...result.stderr.matchAll(/^carried (\d+) edits? into (\S+)$/gm)].map(([, count, id]) => [
    id,
    Number(count),
  ])
  expect(Object.fromEntries(said)).toEqual(carried)
  expect(space.read(bookPath)).toBe(wanted)
  const after = sections()
  expect(
    [...after]
      .filter(([path, text]) => before.get(path) !== text)
      .map(([path]) => path)
      .sort(),
  ).toEqual(Object.keys(carried).map(pathOf).sort())
  const again = await build()
  expect(again.stderr).toContain('up to date')
  expect(space.read(bookPath)).toBe(wanted)
}

function pathOf(id: string): string {
  return `sections/${id.replace('#', '.')}.md`
}

/** Section files by path, what they hold. */
function sections(): Map<string, string> {
  return new Map(
    [...space.snapshot('output/tea').keys()]
      .filter((path) => path.startsWith('sections'))
      .map((path) => [path, space.read(`output/tea/${path}`)]),
  )
}

/** Builds after an edit of the book and expects nothing to have changed; gives what was said. */
async function expectBlocked(change: (text: string) => string): Promise<string> {
  edit(bookPath, change)
  const before = space.snapshot('output')
  const result = await build()
  expect(result.code).toBe(1)
  expect(server.seen).toEqual([])
  expect(space.snapshot('output')).toEqual(before)
  expect(result.stderr).toContain('--discard-book-edits')
  expect(result.stderr).toContain('adopt')
  return result.stderr
}

describe('an edit in book.md', () => {
  it.each<[string, (text: string) => string, Readonly<Record<string, number>>]>([
    [
      'of two sentences',
      (text) => text.replace('a plant', 'an evergreen').replace('likes rain', 'wants much rain'),
      {'leaves/growing': 2},
    ],
    [
      'of two sections',
      (text) => text.replace('a plant', 'an evergreen').replace('two leaves', 'three leaves'),
      {'leaves/growing': 1, 'leaves/picking': 1},
    ],
    ['of a heading', (text) => text.replace('### Climate', '### Climate and rain'), {'leaves/growing': 1}],
    [
      'of a table',
      (text) => text.replace('| Assam | low |', '| Assam | lower |\n| Darjeeling | high |'),
      {'leaves/growing': 1},
    ],
    ['of code', (text) => text.replace('boil water', 'boil water\n\n  wait   5'), {'leaves/growing': 1}],
    ['of a bullet', (text) => text.replace('Second bullet.', 'Second bullet, mended.'), {'leaves/growing': 1}],
    ['of a footnote', (text) => text.replace('Where it is cool.', 'Where it is cool and wet.'), {'leaves/growing': 1}],
    ['of the same footnote elsewhere', (text) => text.replace('Or hard.', 'Or very hard.'), {water: 1}],
    [
      'that takes a paragraph out',
      (text) => text.replace('Tea is a plant. It likes rain.\n\n', ''),
      {'leaves/growing': 1},
    ],
    [
      'that puts a paragraph in',
      (text) => text.replace('### Climate', 'A new paragraph.\n\nAnd one more.\n\n### Climate'),
      {'leaves/growing': 1},
    ],
    [
      'that puts a paragraph first',
      (text) => text.replace('Tea is a', 'Before it all.\n\nTea is a'),
      {'leaves/growing': 1},
    ],
    [
      'that puts a paragraph last',
      (text) => text.replace('Pick a bud.', 'Pick a bud.\n\nAnd go home.'),
      {'leaves/picking': 1},
    ],
    ['at the end of the book', (text) => `${text.trimEnd()}\n\nThe end.\n`, {water: 1}],
    ['of a list item', (text) => text.replace('slowly there', 'very slowly there'), {'leaves/growing#2': 1}],
    ['of a list in a list item', (text) => text.replace(/- cool\n/, '- cool air\n'), {'leaves/growing#2': 1}],
    ['of a labelled text', (text) => text.replace('Soil is sour', 'The soil is sour'), {'leaves/growing#3': 1}],
  ])('%s is carried into its section file', async (_, change, carried) => {
    await expectCarried(change, carried)
  })

  it('that takes all of a text out leaves an empty section file', async () => {
    const wanted = edit(bookPath, (text) => text.replace('Pick two leaves. Pick a bud.\n\n', ''))
    const result = await build()
    expect(result.stderr).toContain('carried 1 edit into leaves/picking\n')
    expect(canonicalMarkdown(space.read(bookPath))).toBe(canonicalMarkdown(wanted))
    const emptied = edit(bookPath, (text) => text.replace('## Picking\n', '## Picking\n\nPick it anew.\n'))
    expect((await build()).stderr).toContain('carried 1 edit into leaves/picking\n')
    expect(canonicalMarkdown(space.read(bookPath))).toBe(canonicalMarkdown(emptied))
    expect(server.seen).toEqual([])
  })

  it('stays where the prompt changed as well: the new text is merged into it, and bought once', async () => {
    edit('outline/tea.md', (text) => text.replace('how tea grows', 'where tea grows'))
    edit(bookPath, (text) => text.replace('a plant', 'an evergreen'))
    const result = await build('--json')
    expect(result.stderr).toContain('carried 1 edit into leaves/growing\n')
    expect(JSON.parse(result.stdout).books[0].jobs).toMatchObject({edited: 1, stale: 0})
    expect(server.seen).toHaveLength(1)
    expect(space.read(bookPath)).toContain('an evergreen')
    expect((await build()).stderr).toContain('up to date')
    expect(server.seen).toEqual([])
  })

  it('buys nothing that was not agreed to', async () => {
    edit('outline/tea.md', (text) =>
      text
        .replace('Explain the water', 'Explain the hot water')
        .replace('<prompt>Explain the picking', '<prompt depends="leaves/growing">Explain the picking'),
    )
    edit(bookPath, (text) => text.replace('a plant', 'an evergreen'))
    await build('--section', 'water', '--refresh', 'upstream')
    expect(server.seen.map(({user}) => user.includes('hot water'))).toEqual([true])
    expect(space.read(bookPath)).toContain('an evergreen')
  })

  it('goes beside a change of the outline and of other section files', async () => {
    edit('outline/tea.md', (text) =>
      text.replace('A line of the author.', 'Two lines\n\nof the author.').replace('# Water', '# Hot water'),
    )
    edit('output/tea/sections/leaves/growing.md', (text) => text.replace('First bullet', 'Changed bullet'))
    edit(bookPath, (text) =>
      text.replace('a plant', 'an evergreen').replace('two leaves', 'three leaves').replace('is soft', 'is very soft'),
    )
    const result = await build()
    expect(result.code).toBe(0)
    expect(server.seen).toEqual([])
    const book = space.read(bookPath)
    for (const part of ['of the author', '# Hot water', 'Changed bullet', 'an evergreen', 'three leaves', 'very soft'])
      expect(book).toContain(part)
    expect(result.stderr).toContain('carried 1 edit into leaves/growing\n')
    expect(result.stderr).toContain('carried 1 edit into hot-water\n')
    expect((await build()).stderr).toContain('up to date')
  })

  it('goes on where a build was cut off behind the section files', async () => {
    const change = (text: string): string => text.replace('a plant', 'an evergreen')
    const wanted = edit(bookPath, change)
    edit('output/tea/sections/leaves/growing.md', change)
    const result = await build()
    expect(result.stderr).not.toMatch(/carried|error/)
    expect(space.read(bookPath)).toBe(wanted)
    expect((await build()).stderr).toContain('up to date')
  })

  it('leaves verify and why at work', async () => {
    edit(bookPath, (text) => text.replace('a plant', 'an evergreen'))
    const verified = await runCli(['verify'], {cwd: space.root})
    expect(verified.stdout).toMatch(/^12:1\s+error .*`msk-course build` brings them together\s+stale-book/m)
    const why = await runCli(['why', 'line:12', '--in', 'book'], {cwd: space.root})
    expect(why.stdout).toContain('leaves/growing')
  })

  it('is found by git where there is no local state', async () => {
    const git = (...args: string[]): string =>
      execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@one.example', ...args], {
        cwd: space.root,
        encoding: 'utf8',
      })
    git('init', '--quiet')
    git('add', '.')
    git('commit', '--quiet', '-m', 'First')
    const edited = edit(bookPath, (text) => text.replace('a plant', 'an evergreen'))
    edit('output/tea/sections/leaves/picking.md', (text) => text.replace('two leaves', 'three leaves'))
    git('add', '.')
    git('commit', '--quiet', '-m', 'Second')
    rmSync(join(space.root, '.msk-course'), {recursive: true})
    const result = await build()
    expect(result.stderr).toContain('carried 1 edit into leaves/growing\n')
    expect(space.read(bookPath)).toBe(edited.replace('two leaves', 'three leaves'))
    expect(server.seen).toEqual([])
  })

  it('is no edit where only wrapping, white space, markers or line ends are other ones', async () => {
    const before = space.read(bookPath)
    edit(bookPath, (text) =>
      text
        .replace('Tea is a plant. It', 'Tea is\na plant.\nIt')
        .replace(/- (\w+) bullet/g, '+   $1 bullet')
        .replaceAll('\n', '\r\n'),
    )
    const result = await build()
    expect(result.stderr).not.toMatch(/carried|error/)
    expect(result.code).toBe(0)
    expect(space.read(bookPath)).toBe(before)
  })

  it('is carried from among lines that were only re-wrapped', async () => {
    const before = space.read(bookPath)
    edit(bookPath, (text) =>
      text
        .replace('Pick two leaves. Pick', 'Pick three\nleaves. Pick')
        .replace('Tea is a', 'Tea\nis a')
        .replace('A line of the', 'A line\nof the'),
    )
    expect((await build()).stderr.match(/carried.*/g)).toEqual(['carried 1 edit into leaves/picking'])
    expect(space.read(bookPath)).toBe(before.replace('two leaves', 'three leaves'))
  })

  it('is no edit where only the markers of the outline’s items and of texts are other ones', async () => {
    const [before, texts] = [space.read(bookPath), sections()]
    edit(bookPath, (text) => text.replaceAll('*   ', '-   '))
    const result = await build()
    expect(result.stderr).not.toMatch(/carried|error/)
    expect(space.read(bookPath)).toBe(before)
    expect(sections()).toEqual(texts)
    edit(bookPath, (text) => text.replaceAll('*   ', '-   ').replace('a plant', 'an evergreen'))
    expect((await build()).stderr.match(/carried.*/g)).toEqual(['carried 1 edit into leaves/growing'])
    expect(space.read(bookPath)).toBe(before.replace('a plant', 'an evergreen'))
    expect([...sections()].filter(([path, text]) => texts.get(path) !== text)).toHaveLength(1)
  })

  it('is carried from a book that a formatter went through', async () => {
    const before = space.read(bookPath)
    const wrap = (text: string): string =>
      text.replace(/^(?![|`#-]).{12,}$/gm, (line) => line.replace(/^(\s*\S+ \S+ \S+) /, '$1\n'))
    edit(bookPath, (text) =>
      wrap(
        text
          .replaceAll('*   ', '- ')
          .replace(/^ {4}(- \w)/gm, '  $1')
          .replaceAll('| --- | --- |', '| ----- | ---- |'),
      )
        .replace('slowly', 'quickly')
        .replace('Water is soft', 'Water is hard')
        .replace('- Second bullet.', '- Second bullet.\n- Third bullet.')
        .replace('Soil is sour', 'Soil is sweet'),
    )
    const result = await build()
    expect(result.stderr.match(/(?:carried|error).*/g)?.sort()).toEqual([
      'carried 1 edit into leaves/growing',
      'carried 1 edit into leaves/growing#2',
      'carried 1 edit into leaves/growing#3',
      'carried 1 edit into water',
    ])
    expect(space.read(bookPath)).toBe(
      before
        .replace('slowly', 'quickly')
        .replace('Water is soft', 'Water is hard')
        .replace('- Second bullet.', '- Second bullet.\n- Third bullet.')
        .replace('Soil is sour', 'Soil is sweet'),
    )
  })

  it('fills a text in that was left empty behind a label', async () => {
    edit(bookPath, (text) => text.replace('**Soil:** Soil is sour.', '**Soil:**'))
    expect((await build()).stderr).toContain('carried 1 edit into leaves/growing#3\n')
    const wanted = edit(bookPath, (text) => text.replace('**Soil:**', '**Soil:** Soil is sweet.'))
    expect((await build()).stderr).toContain('carried 1 edit into leaves/growing#3\n')
    expect(space.read(bookPath)).toBe(wanted)
  })

  it('shows in a frozen build, which writes nothing', async () => {
    edit(bookPath, (text) => text.replace('a plant', 'an evergreen'))
    const before = space.snapshot('output')
    const result = await runCli(['build', '--frozen'], {cwd: space.root})
    expect(result.code).toBe(1)
    expect(result.stderr).toContain('output/tea/book.md was changed by hand')
    expect(space.snapshot('output')).toEqual(before)
  })

  it('in a text that is not there yet becomes that text', async () => {
    edit('outline/tea.md', (text) => `${text}\n## Cups\n\n"<prompt>Explain the cups.</prompt>"\n`)
    server.options = {answer: () => ({status: 400, body: '{}'})}
    await build('--allow-missing')
    const wanted = edit(bookPath, (text) => text.replace('*Not written yet: water/cups*', 'Cups are round.'))
    const result = await build()
    expect(server.seen).toEqual([])
    expect(result.code).toBe(0)
    expect(space.read(bookPath)).toBe(wanted)
    expect(space.read('output/tea/sections/water/cups.md')).toBe('Cups are round.\n')
  })
})

describe('an edit in book.md that no section file can take', () => {
  it.each<[string, (text: string) => string, string]>([
    [
      'the outline’s text',
      (text) => text.replace('A line of the author.', 'Another line.'),
      "output/tea/book.md:8: this is the outline's own text; change it in outline/tea.md:8",
    ],
    ['the outline’s heading', (text) => text.replace('## Picking', '## Plucking'), 'change it in outline/tea.md:18'],
    [
      'an item of the outline',
      (text) => text.replace('*   An item of the author.\n', ''),
      'change it in outline/tea.md:15',
    ],
    ['a label', (text) => text.replace('**Soil:**', '**Earth:**'), 'change it in outline/tea.md:16'],
    [
      'a heading above those of its text',
      (text) => text.replace('### Climate', '# Climate'),
      'output/tea/book.md:14: no text of `leaves/growing`',
    ],
    [
      'the text across two sections',
      (text) => text.replace(/soil is sour[^]*Pick two/i, 'One text'),
      'output/tea/book.md:',
    ],
  ])('%s is named with its place, and nothing is changed', async (_, change, named) => {
    expect(await expectBlocked(change)).toContain(named)
  })

  it('is a damage that is named: bytes that are no UTF-8, the marks of a merge', async () => {
    const whole = space.read(bookPath)
    const marked = whole.replace(
      'Pick two leaves.',
      '<<<<<<< HEAD\nPick two leaves.\n=======\nPick a leaf.\n>>>>>>> other\n',
    )
    for (const [bytes, named] of [
      [Buffer.from(whole.replace('Pick two', 'Pické two'), 'latin1'), 'no UTF-8'],
      [Buffer.from(marked), 'the mark of a merge'],
    ] as const) {
      space.write(bookPath, bytes)
      const before = space.snapshot('output')
      const result = await build()
      expect(result.code).toBe(1)
      expect(result.stderr).toContain('output/tea/book.md:41: ')
      expect(result.stderr).toContain(named)
      expect(space.snapshot('output')).toEqual(before)
    }
  })

  it('keeps edits that could be carried too', async () => {
    const said = await expectBlocked((text) =>
      text.replace('A line of the author.', 'Another line.').replace('a plant', 'an evergreen'),
    )
    expect(said).not.toContain('carried')
  })

  it('is named where its section file was changed in the same place', async () => {
    edit('output/tea/sections/leaves/picking.md', (text) => text.replace('two leaves', 'four leaves'))
    expect(await expectBlocked((text) => text.replace('two leaves', 'three leaves'))).toContain(
      'the same place was changed',
    )
  })
})
