import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {type CliResult, runCli} from './support/run-cli.ts'
import {Workspace} from './support/workspace.ts'

const outline = `# Tea

## Leaves
"<prompt>Explain the leaves.</prompt>"
*   "<prompt>Explain the \`bud\`."
`

let space: Workspace

beforeEach(() => {
  space = new Workspace()
})

afterEach(() => space.remove())

async function cli(args: readonly string[], env: Record<string, string> = {}): Promise<CliResult> {
  return runCli(args, {cwd: space.root, env})
}

describe('help and version', () => {
  it('prints the version of the package', async () => {
    const {version} = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8')) as {
      version: string
    }
    expect(await cli(['--version'])).toMatchObject({code: 0, stdout: `${version}\n`, stderr: ''})
  })

  it('prints help of the program and of each command', async () => {
    const help = await cli(['--help'])
    expect(help.code).toBe(0)
    for (const command of ['init', 'check', 'build', 'list', 'verify', 'why', 'store']) {
      expect(help.stdout).toContain(`  ${command}`)
      const own = await cli([command, '--help'])
      expect(own.code).toBe(0)
      expect(own.stdout).toContain(`Usage: msk-course ${command}`)
    }
  })
})

describe('bad input gives one clear line, exit 2, and changes nothing', () => {
  const cases: readonly (readonly [name: string, args: readonly string[], message: string])[] = [
    ['a missing file', ['build', 'none.md'], 'Cannot read `none.md`'],
    ['a near miss of a file', ['build', 'te.md'], 'tea.md'],
    ['a folder', ['build', 'folder'], 'expected a file and not a folder'],
    ['an empty file', ['build', 'empty.md'], 'empty file `empty.md`'],
    ['a file without directives', ['build', 'plain.md'], 'without directives'],
    ['a binary file', ['build', 'image.png'], 'binary file `image.png`'],
    ['an unknown flag', ['build', '--concurency', '3'], '--concurrency'],
    ['an unknown command', ['bild'], 'bild'],
    ['a bad number', ['build', 'tea.md', '--concurrency', '0'], 'expected a whole number from 1 to 512'],
    ['an unknown provider', ['build', 'tea.md', '--provider', 'acme'], 'acme'],
    ['a missing key', ['build', 'tea.md', '--provider', 'openai'], 'OPENAI_API_KEY'],
    ['a bad base URL', ['build', 'tea.md', '--base-url', 'ftp://x'], 'expected one that begins with http'],
    ['a base URL with a password', ['build', 'tea.md', '--base-url', 'https://u:p@x/v1'], 'Unexpected name, password'],
    [
      'an output folder that cannot be written',
      ['build', 'tea.md', '--out', 'plain.md/out'],
      'Cannot write to the output folder',
    ],
    ['--out for several outlines', ['build', 'tea.md', 'plain.md', '--out', 'x'], 'expected one outline'],
    ['outlines that share an output folder', ['build', 'tea.md', 'folder/tea.md'], 'expected one of its own each'],
    ['an unknown config', ['build', '--config', 'none.yaml'], 'Cannot read the config'],
    ['a selector that matches nothing', ['build', 'tea.md', '--section', 'leafs'], 'tea/leaves'],
    ['an unknown part to refresh', ['build', 'tea.md', '--refresh', 'weather'], 'expected upstream, sources, model'],
    [
      'a cap without a price',
      ['build', 'tea.md', '--base-url', 'http://127.0.0.1:9/v1', '--model', 'local', '--max-cost', '1'],
      'price',
    ],
    ['no outline at all', ['build', '--cwd', 'folder/none'], 'Cannot find an outline'],
    ['an unknown format', ['check', 'tea.md', '--format', 'xml'], 'xml'],
    ['--quiet with --verbose', ['check', 'tea.md', '--quiet', '--verbose'], '--quiet with --verbose'],
    ['what changes with --frozen', ['build', 'tea.md', '--frozen', '--refresh', 'model'], '--refresh with --frozen'],
  ]

  it.each(cases)('%s', async (_, args, message) => {
    space.write('tea.md', outline.replace('\n*', '\n\n*').replace('`bud`."', '`bud`.</prompt>"'))
    space.write('plain.md', 'No directive here.\n')
    space.write('empty.md', '')
    space.write('folder/tea.md', '# Other\n"<prompt>x</prompt>"\n')
    space.write('folder/none/keep.txt', '')
    space.write('image.png', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13, 0xff, 0xfe]))
    const before = space.snapshot()
    const {code, stderr, stdout} = await cli(args)
    expect(stderr).toContain(message)
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(space.snapshot()).toEqual(before)
    const json = await cli([...args, '--json'])
    expect(json.code).toBe(2)
    const document = JSON.parse(json.stdout) as {version: number; error: {code: string; message: string}}
    expect(document).toMatchObject({version: 1, error: {code: expect.stringMatching(/^[a-zA-Z-]+$/)}})
    expect(document.error.message).toContain(message)
  })

  it('names the nearest key for an unknown one in the config', async () => {
    space.write('outline/tea.md', outline)
    space.write('msk-course.yaml', 'concurency: 4\nkinds:\n  quizz:\n    words: 100-200\n')
    const before = space.snapshot()
    const {code, stderr} = await cli(['build'])
    expect(code).toBe(2)
    expect(stderr).toContain('Unexpected key `concurency`, expected `concurrency`')
    expect(stderr).toContain('Unexpected key `kinds.quizz`, expected `quiz`')
    expect(stderr).toMatch(/1:1\b/)
    expect(space.snapshot()).toEqual(before)
  })

  it('names the variable that a template does not have', async () => {
    space.write('outline/tea.md', outline)
    space.write('msk-course.yaml', '')
    space.write('prompts/section.md', 'Write: {{ promt }}\n')
    const {code, stderr} = await cli(['build'])
    expect(code).toBe(2)
    expect(stderr).toContain('Unexpected variable `promt`, expected one of `prompt`')
  })

  it('refuses errors of the outline, all in one run', async () => {
    space.write(
      'tea.md',
      '# A\n"<prompt id="Bad Id">x</prompt>"\n\n"<prompt></prompt>"\n\n"<prompt depends="none">y</prompt>"\n',
    )
    const {code, stderr} = await cli(['build', 'tea.md'])
    expect(code).toBe(2)
    for (const rule of ['invalid-id', 'empty-directive', 'unknown-dependency']) expect(stderr).toContain(rule)
    expect(existsSync(join(space.root, 'output'))).toBe(false)
  })

  it('refuses a key for a base URL that only the config names', async () => {
    space.write('outline/tea.md', outline)
    space.write('msk-course.yaml', 'provider: openai\nbaseUrl: https://gateway.invalid/v1\n')
    const {code, stderr} = await cli(['build', '--yes'], {OPENAI_API_KEY: 'sk-canary-0123456789'})
    expect(code).toBe(2)
    expect(stderr).toContain('Cannot send the key')
    expect(stderr).not.toContain('canary')
  })
})

describe('check', () => {
  it('gives messages with their place as JSON, also behind the command', async () => {
    space.write('tea.md', outline)
    const {code, stdout} = await cli(['check', 'tea.md', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual([
      {
        file: 'tea.md',
        line: 5,
        column: 5,
        endLine: 5,
        endColumn: 33,
        ruleId: 'missing-closing-tag',
        severity: 'warning',
        reason: expect.stringContaining('closing tag'),
        url: 'docs/rules/missing-closing-tag.md',
      },
    ])
  })

  it('fails for a warning under --strict only, and for an error always', async () => {
    space.write('tea.md', outline)
    expect((await cli(['check', 'tea.md'])).code).toBe(0)
    expect((await cli(['check', 'tea.md', '--strict'])).code).toBe(1)
    space.write('bad.md', '# A <prompt>x</prompt>\n')
    expect((await cli(['check', 'bad.md'])).code).toBe(1)
  })

  it('writes the other formats', async () => {
    space.write('tea.md', outline)
    const sarif = JSON.parse((await cli(['check', 'tea.md', '--format', 'sarif'])).stdout) as {
      runs: {results: {ruleId: string; level: string}[]}[]
    }
    expect(sarif.runs[0]?.results[0]).toMatchObject({ruleId: 'missing-closing-tag', level: 'warning'})
    const github = (await cli(['check', 'tea.md', '--format', 'github'])).stdout
    expect(github).toMatch(
      /^::warning file=tea\.md,line=5,col=5,endColumn=33,title=missing-closing-tag::Unexpected end/,
    )
    const junit = (await cli(['check', 'tea.md', '--format', 'junit'])).stdout
    expect(junit).toContain('<testsuite name="tea.md" tests="1" failures="1">')
  })

  it('sums up the same message many times', async () => {
    space.write('tea.md', `# A\n${'"<prompt>One."\n\n'.repeat(30)}`)
    const short = await cli(['check', 'tea.md'])
    expect(short.stdout).toContain('… and 20 more missing-closing-tag')
    const long = await cli(['check', 'tea.md', '--verbose'])
    expect(long.stdout.match(/missing-closing-tag/g)).toHaveLength(30)
  })

  it('shows how each directive was read', async () => {
    space.write('tea.md', outline)
    const {stdout} = await cli(['check', 'tea.md', '--readings', '--json'])
    expect(JSON.parse(stdout)).toMatchObject([
      {line: 4, column: 1, id: 'tea/leaves', container: 'block', depth: 3, value: 'Explain the leaves.'},
      {line: 5, column: 5, id: 'tea/leaves#2', container: 'list-item', depth: 3, value: 'Explain the `bud`.'},
    ])
  })

  it('fixes what is irregular and nothing else; the patch says the same', async () => {
    const source =
      '\ufeff# Tea\r\n\r\n*   “<prompt>One.</prompt>”  \r\n*   "<prompt>Two."</prompt>\r\n\r\n**Bold.**\r\n---\r\n'
    space.write('tea.md', source)
    const patch = await cli(['check', 'tea.md', '--fix', '--diff'])
    expect(patch.stdout).toContain('-*   “<prompt>One.</prompt>”  ')
    expect(patch.stdout).toContain('+*   "<prompt>One.</prompt>"  ')
    expect(space.read('tea.md')).toBe(source)
    const fixed = await cli(['check', 'tea.md', '--fix'])
    expect(fixed.code).toBe(0)
    const expected =
      '\ufeff# Tea\r\n\r\n*   "<prompt>One.</prompt>"  \r\n*   "<prompt>Two.</prompt>"\r\n\r\n**Bold.**\r\n\r\n---\r\n'
    expect(space.read('tea.md')).toBe(expected)
    const again = await cli(['check', 'tea.md', '--fix', '--json'])
    expect(JSON.parse(again.stdout)).toEqual([])
    expect(space.read('tea.md')).toBe(expected)
  })

  it('checks without an outline that there are directives', async () => {
    space.write('tea.md', 'Text.\n')
    const {code, stdout} = await cli(['check', 'tea.md'])
    expect(code).toBe(0)
    expect(stdout).toContain('no-directives')
  })
})

describe('init', () => {
  it('makes a course that checks clean and builds without a key', async () => {
    const made = await cli(['init', 'my-course'])
    expect(made.code).toBe(0)
    for (const file of [
      'msk-course.yaml',
      'outline/course.md',
      'prompts/section.md',
      'prompts/style.md',
      '.gitignore',
      '.gitattributes',
      '.github/workflows/course.yml',
    ]) {
      expect(existsSync(join(space.root, 'my-course', file)), file).toBe(true)
    }
    const checked = await cli(['check', '--strict', '--cwd', 'my-course'])
    expect(checked.stderr).toContain('0 errors, 0 warnings, 0 info')
    expect(checked.code).toBe(0)
    expect((await cli(['build', '--cwd', 'my-course'])).code).toBe(0)
    expect(space.read('my-course/output/course/book.md')).toContain('## First Topic')
  })

  it('overwrites nothing and refuses a second time', async () => {
    space.write('outline/course.md', 'mine\n')
    space.write('prompts/quiz.md', '{{ prompt }}\n')
    space.write('.gitignore', 'node_modules')
    expect((await cli(['init'])).code).toBe(0)
    expect(space.read('outline/course.md')).toBe('mine\n')
    expect(space.read('prompts/quiz.md')).toBe('{{ prompt }}\n')
    expect(space.read('.gitignore').split('\n')).toEqual(expect.arrayContaining(['node_modules', '.msk-course/']))
    const before = space.snapshot()
    expect((await cli(['init'])).code).toBe(2)
    expect(space.snapshot()).toEqual(before)
  })
})

describe('list', () => {
  it('gives every directive and its state as the contract says', async () => {
    space.write('tea.md', outline)
    const {code, stdout} = await cli(['list', 'tea.md', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual([
      {
        id: 'tea/leaves',
        kind: 'section',
        container: 'block',
        depth: 3,
        line: 4,
        state: 'missing',
        edited: false,
        draft: false,
        reviewed: 'unread',
        reasons: ['no text yet'],
      },
      {
        id: 'tea/leaves#2',
        kind: 'section',
        container: 'list-item',
        depth: 3,
        line: 5,
        state: 'missing',
        edited: false,
        draft: false,
        reviewed: 'unread',
        reasons: ['no text yet'],
      },
    ])
  })

  it('selects by state and tells drafts', async () => {
    space.write('tea.md', outline)
    await cli(['build', 'tea.md'])
    const {stdout} = await cli(['list', 'tea.md', '--json', '--section', 'state:draft'])
    expect(JSON.parse(stdout)).toHaveLength(2)
    expect((await cli(['list', 'tea.md', '--section', 'state:stale'])).code).toBe(2)
  })
})

describe('output', () => {
  it('goes quietly when the reader of a pipe leaves', async () => {
    space.write(
      'tea.md',
      `# A\n${Array.from({length: 3000}, (_, number) => `## S${number}\n"<prompt>P${number}.</prompt>"\n\n`).join('')}`,
    )
    const result = await runCli(['list', 'tea.md'], {
      cwd: space.root,
      onStart: (child) => child.stdout?.once('data', () => child.stdout?.destroy()),
    })
    expect(result.stderr).not.toContain('bug in msk-course')
  })

  it('shows control sequences of an outline escaped', async () => {
    space.write('tea.md', '# A \u001b[31mred\n"<prompt kinds="\u001b]0;title\u0007">x</prompt>"\n')
    const {stderr, stdout} = await cli(['check', 'tea.md', '--readings'])
    // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them is the purpose
    expect(stderr + stdout).not.toMatch(/[\u001b\u0007]/)
  })
})
