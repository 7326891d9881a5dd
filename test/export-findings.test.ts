import {existsSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {runCli} from './support/run-cli.ts'
import {smallPng} from './support/small-png.ts'
import {Workspace} from './support/workspace.ts'

const outline = `# I. Leaves

See [nothing](#nowhere).

![](pot.png)

## Green Tea
<prompt>Explain green tea.</prompt>

# II. Water
<prompt>Explain water.</prompt>
`

/** By the rule, what an author may write into a text that readers then stumble over. */
const faults: Readonly<Record<string, string>> = {
  'broken-anchor': 'See [none](#none).',
  'missing-alt-text': '![](images/pot.png)',
  'missing-image': '![A cup](images/cup.png)',
  'refused-image': '![A leaf](https://tea.example/leaf.png)',
  'wide-table': `|${' A |'.repeat(9)}\n|${'---|'.repeat(9)}\n|${' b |'.repeat(9)}`,
  'long-code-line': `\`\`\`text\n${'tea '.repeat(40)}\n\`\`\``,
  'missing-glyph': 'The word for tea is ชา.',
  'unrendered-diagram': '```mermaid\ngraph TD\n```',
  'unread-formula': 'It is $`\\frac{`$ hot.',
}

const text = Object.values(faults).join('\n\n')

/** Line of the first place of a text in a file. */
function lineOf(file: string, part: string): number {
  return file.slice(0, file.indexOf(part)).split('\n').length
}

let space: Workspace

interface Row {
  readonly file: string
  readonly line: number
  readonly ruleId: string
}

async function messagesOf(format: string): Promise<Row[]> {
  const {stdout} = await runCli(['export', format, '--json'], {cwd: space.root})
  return (JSON.parse(stdout) as {messages: Row[]}).messages
}

describe('what readers of an export would stumble over', () => {
  const section = 'output/tea/sections/i-leaves/green-tea.md'

  beforeAll(async () => {
    space = new Workspace()
    space.write('msk-course.yaml', '')
    space.write('outline/tea.md', outline)
    space.write('outline/pot.png', Uint8Array.of(137, 80, 78, 71))
    space.write('sources/tea.md', '# Tea\n\n## Green Tea\n\n- Green tea is not fermented.\n')
    const build = ['build', '--provider', 'draft']
    await runCli(build, {cwd: space.root})
    space.write(section, `${space.read(section)}\n${text}\n`)
    const {code, stderr} = await runCli(build, {cwd: space.root})
    expect(stderr).not.toContain('error')
    expect(code).toBe(0)
  })

  afterAll(() => space.remove())

  const everywhere = [
    'broken-anchor',
    'missing-alt-text',
    'missing-image',
    'refused-image',
    'wide-table',
    'long-code-line',
  ]

  it.each(['html', 'epub', 'mdbook', 'quarto', 'pdf'])(
    'is said at its place in the file that it is from: %s',
    async (format) => {
      const messages = await messagesOf(format)
      const own =
        format === 'pdf'
          ? Object.keys(faults)
          : [...everywhere, ...(/html|epub/.test(format) ? ['unread-formula'] : [])]
      const file = space.read(section)
      for (const rule of own) {
        const place = {ruleId: rule, file: section, line: lineOf(file, faults[rule] as string)}
        expect(messages, rule).toContainEqual(expect.objectContaining(place))
      }
      expect(messages).toContainEqual(
        expect.objectContaining({ruleId: 'broken-anchor', file: 'outline/tea.md', line: 3}),
      )
      expect(messages).toContainEqual(
        expect.objectContaining({ruleId: 'missing-alt-text', file: 'outline/tea.md', line: 5}),
      )
    },
  )

  it('names a table by no more than the beginning of its caption', async () => {
    space.write('wide/book.md', `# ${'z'.repeat(10_000)}\n\n${faults['wide-table']}\n`)
    const {stdout} = await runCli(['export', 'html', 'wide/book.md', '-o', 'wide/site', '--json'], {cwd: space.root})
    const reason = `Unexpected width of the table \`${'z'.repeat(80)}\` of 9 columns, expected one that fits a page`
    expect(JSON.parse(stdout)).toMatchObject({messages: [{ruleId: 'wide-table', reason: reason}]})
  })

  it.each(['html', 'mdbook', 'quarto'])('is an image that is none by its bytes, in %s', async (format) => {
    space.write('broken/book.md', '# One\n\n![A pot](pot.png)\n\n![A cup](cup.png) ![A tray](tray.svg)\n')
    space.write('broken/pot.png', '404 Not Found')
    space.write('broken/cup.png', smallPng)
    space.write('broken/tray.svg', '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>')
    const args = ['export', format, 'broken/book.md', '-o', `broken/${format}`, '--json']
    const {stdout, code} = await runCli(args, {cwd: space.root})
    expect((JSON.parse(stdout) as {messages: Row[]}).messages).toMatchObject([{ruleId: 'unreadable-image', line: 3}])
    expect(code).toBe(0)
  })

  it('is an image that a link leads out of the book', async () => {
    const away = new Workspace()
    away.write('secret.png', Uint8Array.of(137, 80, 78, 71))
    space.write('linked/book.md', '# One\n\n![A pot](pot.png)\n')
    symlinkSync(join(away.root, 'secret.png'), join(space.root, 'linked/pot.png'))
    const args = ['export', 'html', 'linked/book.md', '-o', 'linked/site', '--json']
    const {stdout} = await runCli(args, {cwd: space.root})
    expect(JSON.parse(stdout)).toMatchObject({messages: [{ruleId: 'missing-image', line: 3}]})
    expect(existsSync(join(space.root, 'linked/site/pot.png'))).toBe(false)
    away.remove()
  })

  it('is said to readers with the file and the line, and fails where a link is dead', async () => {
    const {code, stderr} = await runCli(['export', 'html'], {cwd: space.root})
    expect(code).toBe(1)
    const [, ...lines] = stderr.slice(stderr.indexOf(section)).split('\n')
    const line = lineOf(space.read(section), 'See [none]')
    expect(lines.find((row) => row.includes('broken-anchor'))?.trim()).toMatch(
      new RegExp(`^${line}:1 +error +Cannot find`),
    )
  })
})
