import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {VFile} from 'vfile'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {hasErrors} from '../src/cli/load-course.ts'
import {idEdits} from '../src/plan/id-edits.ts'
import {planJobs} from '../src/plan/plan-jobs.ts'
import {applyEdits} from '../src/syntax/fix-outline.ts'
import {parseOutline} from '../src/syntax/parse-outline.ts'
import {casesOf, fixturesRoot} from './support/fixtures.ts'
import {OpenAiServer} from './support/openai-server.ts'
import {type CliResult, runCli} from './support/run-cli.ts'
import {Workspace} from './support/workspace.ts'

const none = {parse: {}, plan: {}}

function read(text: string): {
  file: VFile
  outline: ReturnType<typeof parseOutline>
  plan: ReturnType<typeof planJobs>
} {
  const file = new VFile({path: 'outline.md', value: text})
  const outline = parseOutline(file)
  return {file, outline, plan: planJobs(outline, file)}
}

/** Writes ids into a text; gives the new text, and the ids that stayed without. */
function write(text: string): {text: string; unwritable: readonly string[]; unread: readonly string[]} {
  const {outline, plan} = read(text)
  const {edits, unwritable, unread} = idEdits(outline, plan, none)
  return {text: applyEdits(outline.source, edits), unwritable, unread}
}

describe('ids in tags', () => {
  it.each([
    ['a quoted directive', '# T\n"<prompt>A.</prompt>"\n', '# T\n"<prompt id="t">A.</prompt>"\n'],
    [
      'one that is not closed',
      '# T\n"<prompt>A."\n\n## U\n<prompt>B.\n',
      '# T\n"<prompt id="t">A."\n\n## U\n<prompt id="t/u">B.\n',
    ],
    [
      'one with attributes',
      "# T\n<prompt level=2 words='3'>A.</prompt>\n",
      '# T\n<prompt id="t" level=2 words=\'3\'>A.</prompt>\n',
    ],
    ['a labelled one', '# T\n**Example:** "<prompt>A.</prompt>"\n', '# T\n**Example:** "<prompt id="t">A.</prompt>"\n'],
    [
      'one in a list item',
      '# T\n*   "<prompt>A.\n\n    ls</prompt>"\n',
      '# T\n*   "<prompt id="t">A.\n\n    ls</prompt>"\n',
    ],
    ['one in a code span', '# T\n`<prompt>A.</prompt>`\n', '# T\n`<prompt id="t">A.</prompt>`\n'],
    ['one with escapes', '# T\n"<prompt>Say \\"x\\".</prompt>"\n', '# T\n"<prompt id="t">Say \\"x\\".</prompt>"\n'],
    ['another tag name', '# T\n<llm_prompt>A.</llm_prompt>\n', '# T\n<llm_prompt id="t">A.</llm_prompt>\n'],
    ['capitals', '# T\n<PROMPT\n>A.</PROMPT>\n', '# T\n<PROMPT id="t"\n>A.</PROMPT>\n'],
    ['CRLF', '# T\r\n"<prompt>A.</prompt>"\r\n', '# T\r\n"<prompt id="t">A.</prompt>"\r\n'],
    [
      'a whole file in a fence',
      '```markdown\n# T\n"<prompt>A.</prompt>"\n```\n',
      '```markdown\n# T\n"<prompt id="t">A.</prompt>"\n```\n',
    ],
    ['one that has an id', '# T\n"<prompt id="x">A.</prompt>"\n', '# T\n"<prompt id="x">A.</prompt>"\n'],
  ])('are written into %s', (_, before, after) => {
    expect(write(before)).toEqual({text: after, unwritable: [], unread: []})
    expect(write(after).text).toBe(after)
  })

  it('are none where an attribute cannot hold the name', () => {
    expect(
      write('<prompt>A.</prompt>\n\n# T\n<prompt>B.</prompt>\n<prompt>C.</prompt>\n\n# Größe\n<prompt>D.</prompt>\n'),
    ).toEqual({
      text: '<prompt>A.</prompt>\n\n# T\n<prompt id="t">B.</prompt>\n<prompt>C.</prompt>\n\n# Größe\n<prompt>D.</prompt>\n',
      unwritable: ['_start', 't#2', 'größe'],
      unread: [],
    })
  })

  it('change no reading of any dialect, and nothing else', () => {
    let written = 0
    const inputs = join(fixturesRoot, '..', '..', '..', 'shared', 'inputs', 'msk-outline.md')
    const paths = [
      join(fixturesRoot, '..', '..', 'outline', 'msk.md'),
      ...(existsSync(inputs) ? [inputs] : []),
      ...casesOf('syntax').map((name) => join(fixturesRoot, 'syntax', name, 'input.md')),
      ...casesOf('book').map((name) => join(fixturesRoot, 'book', name, 'outline.md')),
    ]
    for (const path of paths) {
      const {file, outline, plan} = read(readFileSync(path, 'utf8'))
      if (hasErrors([file])) continue
      const {edits, unread} = idEdits(outline, plan, none)
      expect(unread, path).toEqual([])
      written += edits.length
      const next = read(applyEdits(outline.source, edits))
      expect([...next.plan.jobs.keys()], path).toEqual([...plan.jobs.keys()])
      expect(next.outline.directives.map(({value, container, label}) => [value, container, label])).toEqual(
        outline.directives.map(({value, container, label}) => [value, container, label]),
      )
      expect(
        next.file.messages.map(({ruleId, line}) => [ruleId, line]),
        path,
      ).toEqual(file.messages.map(({ruleId, line}) => [ruleId, line]))
      expect(idEdits(next.outline, next.plan, none).edits).toEqual([])
    }
    expect(written).toBeGreaterThan(400)
  })
})

describe('check --fix=ids', () => {
  let space: Workspace
  let server: OpenAiServer

  beforeEach(async () => {
    space = new Workspace()
    server = await OpenAiServer.start()
    space.write('msk-course.yaml', 'model: gpt-5\n')
  })

  afterEach(async () => {
    space.remove()
    await server.stop()
  })

  async function cli(...args: string[]): Promise<CliResult> {
    return runCli(args, {cwd: space.root})
  }

  const outline =
    '\ufeff# Tea\n\n## Green\n"<prompt>Explain green tea."\n\n*   "<prompt>Item.</prompt>"\n\n## Black\n“<prompt>Explain black tea.</prompt>”\n'

  it('writes ids that a build takes for the same, also when a heading changes', async () => {
    space.write('outline/tea.md', outline)
    expect((await cli('build', '--base-url', server.baseUrl)).code).toBe(0)
    const book = space.read('output/tea/book.md')
    const sent = server.seen.length
    const patch = await cli('check', '--fix=ids', '--diff')
    expect(patch.code).toBe(1)
    expect(patch.stdout).toContain('+"<prompt id="tea/green">Explain green tea."\n')
    expect(space.read('outline/tea.md')).toBe(outline)
    const {code, stderr} = await cli('check', '--fix=ids')
    expect(code).toBe(0)
    expect(stderr).toContain('outline/tea.md: 1 directive gets no id, as an `id` cannot hold the name that it has now')
    expect(stderr).toContain('`tea/green#2`')
    expect(stderr).toContain('wrote 2 ids')
    expect(space.read('outline/tea.md')).toBe(
      outline
        .replace('<prompt>Explain green', '<prompt id="tea/green">Explain green')
        .replace('<prompt>Explain black', '<prompt id="tea/black">Explain black'),
    )
    const files = space.snapshot('output')
    await cli('build', '--base-url', server.baseUrl)
    expect(server.seen).toHaveLength(sent)
    expect(space.snapshot('output')).toEqual(files)
    expect(space.read('output/tea/book.md')).toBe(book)
    const again = await cli('check', '--fix=ids', '--diff')
    expect(again).toMatchObject({code: 0, stdout: ''})
    space.write('outline/tea.md', space.read('outline/tea.md').replace('## Black', '## Black and red'))
    await cli('build', '--base-url', server.baseUrl)
    expect(server.seen).toHaveLength(sent)
    expect(existsSync(join(space.root, 'output/tea/sections/tea/black.md'))).toBe(true)
  })

  it.each(['--fix', '--fix=ids'])('tells after %s where things stand then', async (flag) => {
    const label = '**Pot:** "<prompt>Explain pots.</prompt>" and <llm_prompt level=9>Explain cups.</llm_prompt>\n'
    space.write('outline/tea.md', `${outline}\n## Pots\n${label}`)
    const {stdout} = await cli('check', flag, '--json')
    const rows = JSON.parse(stdout) as unknown[]
    expect(rows).not.toEqual([])
    expect(rows).toEqual(JSON.parse((await cli('check', '--json')).stdout))
  })

  it('leaves an outline with errors alone, and --fix as it was', async () => {
    const broken = '# Tea\n"<prompt id="a">One.</prompt>"\n"<prompt id="a">Two.</prompt>"\n\n## B\n"<prompt>Three."\n'
    space.write('outline/tea.md', broken)
    const {code, stderr} = await cli('check', '--fix=ids')
    expect(code).toBe(1)
    expect(stderr).toContain('outline/tea.md has errors and gets no ids')
    expect(space.read('outline/tea.md')).toBe(broken)
    space.write('outline/tea.md', outline)
    expect((await cli('check', '--fix', 'outline/tea.md')).code).toBe(0)
    expect(space.read('outline/tea.md')).toBe(
      outline.replace('tea."', 'tea.</prompt>"').replace('“<', '"<').replace('>”', '>"'),
    )
    expect(await cli('check', '--fix=names')).toMatchObject({code: 2})
  })
})
