import {mkdirSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {VFile} from 'vfile'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {checkOutline} from '../src/check/check-outline.ts'
import {loadBibliography} from '../src/config/load-bibliography.ts'
import {loadSources} from '../src/config/load-sources.ts'
import {readPassages} from '../src/ground/passage-library.ts'
import {parseOutline} from '../src/syntax/parse-outline.ts'
import {placedReasons} from './support/placed-reasons.ts'
import {runCli} from './support/run-cli.ts'
import {Workspace} from './support/workspace.ts'

const clouds = `- number: 7
  title: Cloud Atlas
  url: https://example.org/clouds/
  licence: CC-BY-4.0
  date: 2025-03-01
- number: 2
  title: " Reading Fronts "
  files: [fronts]
`

let space: Workspace

beforeEach(() => {
  space = new Workspace()
})

afterEach(() => space.remove())

async function problemsOf(text: string, path = 'sources/sources.yaml'): Promise<string[]> {
  space.write(path, text)
  const {bibliography, file} = await loadBibliography(space.root, ['fronts.md', 'sky/haze.md'])
  expect(bibliography === undefined).toBe(file !== undefined)
  return placedReasons(file)
}

describe('a bibliography', () => {
  it('lists its sources by number, in either place', async () => {
    for (const path of ['sources/sources.yaml', 'sources.yaml']) {
      const own = new Workspace()
      own.write(path, clouds)
      const {bibliography, file} = await loadBibliography(own.root, ['fronts.md'])
      expect(file).toBeUndefined()
      expect(bibliography).toEqual({
        path,
        entries: [
          {number: 2, title: 'Reading Fronts', files: ['fronts.md']},
          {
            number: 7,
            title: 'Cloud Atlas',
            url: 'https://example.org/clouds/',
            licence: 'CC-BY-4.0',
            date: '2025-03-01',
          },
        ],
      })
      own.remove()
    }
  })

  it('may be absent or empty', async () => {
    expect(await loadBibliography(space.root, [])).toEqual({})
    space.write('sources.yaml', '# none yet\n')
    expect(await loadBibliography(space.root, [])).toEqual({})
  })

  it.each([
    ['a number that stands twice', `${clouds}- {number: 7, title: Again}\n`, /^9:12 .*second source 7/],
    ['an address of another scheme', '- {number: 1, title: A, url: "javascript:alert(1)"}\n', /^1:30 .*http:\/\//],
    ['an address with a name in it', '- {number: 1, title: A, url: "https://me:pw@example.org"}\n', /^1:30 .*http:/],
    [
      'a note that is not there',
      '- number: 1\n  title: A\n  files: [sky/haze, frons.md]\n',
      /^3:21 .*`frons.md`.*`fronts.md`/,
    ],
    ['a note outside', '- number: 1\n  title: A\n  files: [../secret.md]\n', /^3:11 .*`..\/secret.md`/],
    ['a key that it does not know', '- number: 1\n  titel: A\n  title: B\n', /^2:\d+ .*`titel`.*`title`/],
    ['a source without a title', '- number: 1\n  title: A\n- number: 2\n', /^3:3 .*`title`/],
    ['a number that is none', '- number: three\n  title: A\n', /^1:11 .*"three".*`number`/],
    ['a number below 1', '- number: 0\n  title: A\n', /^1:11 .*at least 1/],
    ['a day that is none', '- number: 1\n  title: A\n  date: yesterday\n', /^3:9 .*2025-03-01/],
    ['a control character', '- number: 1\n  title: "A\\u001b[2J"\n', /^2:10 .*control characters/],
    ['direction marks', '- number: 1\n  title: "A\\u202eB"\n', /^2:10 .*control characters/],
    ['a map', 'title: A\n', /^1:1 .*a list of sources/],
    ['broken YAML', '- number: [1\n', /^\d+:\d+ Cannot read the bibliography/],
    ['an alias', '- &a {number: 1, title: A}\n- *a\n', /^2:3 Unexpected alias/],
  ])('is refused with %s', async (_name, text, expected) => {
    const problems = await problemsOf(text)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(expected)
  })

  it('is refused where there are two of it, or where it is a link', async () => {
    space.write('sources/sources.yaml', clouds)
    expect(await problemsOf(clouds, 'sources.yaml')).toEqual([
      '1:1 Unexpected second bibliography `sources.yaml`, expected one of the two',
    ])
    const linked = new Workspace()
    mkdirSync(join(linked.root, 'sources'))
    symlinkSync(join(space.root, 'sources.yaml'), join(linked.root, 'sources', 'sources.yaml'))
    const {file, bibliography} = await loadBibliography(linked.root, [])
    expect(bibliography).toBeUndefined()
    expect(placedReasons(file)).toEqual([
      '1:1 Unexpected link or folder `sources/sources.yaml`, expected a file of the project',
    ])
    linked.remove()
  })

  it('has no aliases, and no month or day that there is not', async () => {
    expect(await problemsOf('- &a {number: 1, title: A}\n- *a\n')).toEqual([
      '2:3 Unexpected alias `*a`, expected the value itself',
    ])
    const bomb = 'a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n'
    expect(await problemsOf(bomb)).toHaveLength(4)
    expect(await problemsOf('- {number: 1, title: A, date: 2025-13-01}\n')).toEqual([
      '1:31 Unexpected value `"2025-13-01"` for `date`, expected a day such as `2025-03-01`, a month or a year',
    ])
    expect(await problemsOf('- {number: 1, title: A, files: notes.md}\n')).toEqual([
      '1:32 Unexpected value `"notes.md"` for `files`, expected a list',
    ])
  })

  it('keeps a book from being built when it has an error, with its place', async () => {
    space.write('sources.yaml', '- number: 1\n  title: A\n  url: somewhere\n')
    space.write('msk-course.yaml', '')
    space.write('tea.md', '# Tea\n\n<prompt>Explain tea.</prompt>\n')
    const check = await runCli(['check', 'tea.md', '--json'], {cwd: space.root})
    expect(check.code).toBe(1)
    expect(JSON.parse(check.stdout)).toMatchObject([
      {file: 'sources.yaml', line: 3, column: 8, ruleId: 'invalid-bibliography', severity: 'error'},
    ])
    const build = await runCli(['build', 'tea.md'], {cwd: space.root})
    expect(build.code).toBe(2)
    expect(build.stderr).toContain('sources.yaml:3:8')
  })

  it('makes a build look again when it changes', async () => {
    space.write('sources.yaml', clouds.replace('  files: [fronts]\n', ''))
    space.write('sources/fronts.md', '# Fronts\n\nA cold front brings short and heavy rain. [7]\n')
    space.write('msk-course.yaml', '')
    space.write('outline/fronts.md', '# Fronts\n\n<prompt>Explain what a cold front brings.</prompt>\n')
    await runCli(['build'], {cwd: space.root})
    space.write('sources.yaml', clouds)
    const build = await runCli(['build', '--frozen', '--json'], {cwd: space.root})
    expect(JSON.parse(build.stdout)).toMatchObject({books: [{jobs: {drifted: 1}}]})
  })
})

describe('numbers of passages', () => {
  const bibliography = {
    path: 'sources.yaml',
    entries: [
      {number: 2, title: 'Fronts', files: ['fronts.md', 'plain.md']},
      {number: 3, title: 'Haze', files: ['plain.md']},
      {number: 7, title: 'Clouds', url: 'https://example.org/clouds'},
      {number: 9, title: 'Clouds: rain', url: 'https://example.org/clouds#rain'},
    ],
  }
  const statement = 'A cold front brings short and heavy rain.'

  function numbersOf(text: string, name = 'note.md', listed: typeof bibliography | undefined = bibliography) {
    return readPassages([{name, text}], listed).passages.map(({numbers}) => numbers)
  }

  it('come from the address that the note defines, whatever number the note gives it', () => {
    expect(numbersOf(`${statement} [1]\n\n[1]: https://example.org/clouds/ "Clouds"\n`)).toEqual([[7]])
    expect(
      numbersOf(`${statement} [2][1]\n\n[1]: https://EXAMPLE.org/clouds#rain\n[2]: <https://example.org/clouds>\n`),
    ).toEqual([[7, 9]])
    expect(numbersOf(`${statement} [1]\n\n[1]: https://example.org/clouds#hail\n`)).toEqual([[7]])
    expect(numbersOf(`${statement} [7]\n\n[7]: https://example.org/other\n`)).toEqual([[]])
    expect(numbersOf(`${statement}[^c]\n\n[^c]: See https://example.org/clouds\n`)).toEqual([[7]])
  })

  it('are those cited where the note defines nothing', () => {
    expect(numbersOf(`${statement} [9, 3]`)).toEqual([[3, 9]])
    expect(numbersOf(`${statement} [3][9]`)).toEqual([[3, 9]])
    expect(numbersOf(`${statement} [4]`)).toEqual([[]])
  })

  it('are those that list the note where a statement cites nothing', () => {
    expect(numbersOf(statement, 'plain.md')).toEqual([[2, 3]])
    expect(numbersOf(`${statement} [7]`, 'plain.md')).toEqual([[7]])
    expect(numbersOf(statement, 'other.md')).toEqual([[]])
  })

  it('are there for definitions, tables and code too', () => {
    const table = 'Clouds by height are these: [3]\n\n| Cloud | Height [9] |\n| --- | --- |\n| Cirrus | high |\n'
    const code = 'Read the gauge by this command: [7]\n\n```sh\nread-gauge\n```\n'
    expect(numbersOf(`**Cirrus**: A thin cloud of ice at great height. [2]\n\n${table}\n${code}`)).toEqual([
      [2],
      [3, 9],
      [7],
    ])
  })

  it('are none in a course without a bibliography', () => {
    expect(readPassages([{name: 'a.md', text: `${statement} [1]`}]).passages[0]?.numbers).toEqual([])
  })
})

describe('numbers in the attribute `sources`', () => {
  const outline = '# Sky\n\n<prompt sources="fronts 7 8">Explain.</prompt>\n'

  function reasons(options: Parameters<typeof checkOutline>[2]): string[] {
    const file = new VFile({path: 'sky.md', value: outline})
    checkOutline(parseOutline(file, {tagNames: []}), file, options)
    return file.messages.map(({reason}) => reason)
  }

  it('are looked up where there is a bibliography, and accepted without one', () => {
    const sourceNames = new Set(['fronts.md'])
    expect(reasons({sourceNames})).toEqual([])
    expect(reasons({sourceNames, sourceNumbers: new Set([7])})).toEqual([
      'Unexpected source `8`, expected a number of the bibliography',
    ])
  })
})

describe('the shipped course', () => {
  it('has a source for every citation of its notes', async () => {
    const root = join(import.meta.dirname, '..')
    const notes = await loadSources(root)
    const {bibliography, file} = await loadBibliography(
      root,
      notes.map(({name}) => name),
    )
    expect(file).toBeUndefined()
    const {passages} = readPassages(notes, bibliography)
    expect(passages.length).toBeGreaterThan(500)
    for (const {links, numbers, text} of passages) {
      expect(numbers.length, text).toBeGreaterThanOrEqual(Math.max(1, links.length))
    }
  })
})
