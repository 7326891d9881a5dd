import {existsSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {OpenAiServer, type SeenRequest} from './support/openai-server.ts'
import {type CliResult, runCli} from './support/run-cli.ts'
import {Workspace} from './support/workspace.ts'

const topics = `# Bread #Baking

## Dough #Basics
*   Flour: Ground grain. [1, 2]
    *   Wheat Flour: Strong gluten. [1]
    *   Rye Flour: Little gluten.
*   Water: Warm. [3]

## Oven #Heat
*   Temperature: As hot as it gets. [2]
*   Steam
`

let space: Workspace

beforeEach(() => {
  space = new Workspace()
  space.write('msk-course.yaml', '{}\n')
  space.write('topics/bread.md', topics)
})

afterEach(() => space.remove())

const run = (...args: string[]): Promise<CliResult> => runCli(args, {cwd: space.root})
const make = (...more: string[]): Promise<CliResult> =>
  run('outline', 'topics/bread.md', '-o', 'outline/bread.md', ...more)
const outline = (): string => space.read('outline/bread.md')
const edit = (path: string, from: string | RegExp, to: string): void => {
  const before = space.read(path)
  const after = before.replace(from, to)
  expect(after).not.toBe(before)
  space.write(path, after)
}

describe('outline', () => {
  it('writes an outline that check and build take', async () => {
    const made = await make()
    expect(made).toMatchObject({code: 0, stdout: ''})
    expect(made.stderr).toContain(
      'outline/bread.md written: 2 chapters, 20 directives; 9 of 9 lines of topics/bread.md covered',
    )
    expect(outline()).toContain('"<prompt id="dough/flour" tags="basics" sources="1 2">Starting at heading level 4, ')
    expect(await run('check', '--strict')).toMatchObject({code: 0})
    expect((await run('build')).code).toBe(0)
    expect(existsSync(join(space.root, 'output/bread/sections/dough/flour/rye-flour.md'))).toBe(true)
  })

  it('does nothing the second time', async () => {
    await make()
    const before = space.snapshot('outline')
    const again = await make()
    expect(again).toMatchObject({code: 0})
    expect(again.stderr).toContain('outline/bread.md is up to date')
    expect([...space.snapshot('outline').keys()]).toEqual([...before.keys()])
    expect(outline()).toBe(outline())
  })

  it('prints, shows and counts without writing', async () => {
    const printed = await run('outline', 'topics/bread.md', '-o', '-')
    expect(printed.stdout).toMatch(/^---\ntitle: "Bread"\n/)
    const patch = await make('--diff')
    expect(patch.stdout).toMatch(/^--- a\/outline\/bread.md\n\+\+\+ b\/outline\/bread.md\n@@ -0,0 \+1,\d+ @@\n\+---\n/)
    const dry = await make('--dry-run', '--json')
    expect(JSON.parse(dry.stdout)).toMatchObject({written: false, changed: true, chapters: 2, directives: 20})
    expect(existsSync(join(space.root, 'outline'))).toBe(false)
  })

  it('says where each line went', async () => {
    const {stdout, code} = await make('--coverage')
    expect(code).toBe(0)
    expect(stdout).toContain('topics/bread.md:6 -> outline/bread.md:17 dough/flour/rye-flour')
    const {coverage} = JSON.parse((await make('--json')).stdout)
    expect(coverage).toMatchObject({lines: 9, covered: 9})
    expect(coverage.rows[1]).toEqual({line: 3, text: '## Dough #Basics', directive: 'dough/overview', outlineLine: 12})
    edit('outline/bread.md', /### Steam\n.*\n/, '')
    const lacking = await make('--coverage')
    expect(lacking).toMatchObject({code: 1})
    expect(lacking.stdout).toContain('topics/bread.md:11 -> NOT COVERED')
  })

  it('keeps edits, takes in what the list brings, and finds texts of moved and renamed topics again', async () => {
    await make()
    await run('build')
    edit('outline/bread.md', 'Ground grain.', 'Ground grain, and its smell.')
    edit('outline/bread.md', '## Summary\n', 'A paragraph of mine.\n\n## Summary\n')
    edit('outline/bread.md', /### Water\n/, '### Water and Milk\n')
    space.write(
      'topics/bread.md',
      topics
        .replace('Little gluten.', 'Little gluten, much taste. [4]')
        .replace('## Oven #Heat', '## Shaping\n*   Folding: Four times.\n\n## The Oven #Heat')
        .replace('*   Steam', '*   Steam: A cup of water. [5]\n*   Stone'),
    )
    const {code, stderr} = await make()
    expect(stderr).toContain('kept 3 edits of yours')
    expect(code).toBe(0)
    const text = outline()
    for (const part of [
      'Ground grain, and its smell.',
      '\n\nA paragraph of mine.\n\n## Summary',
      '### Water and Milk',
      'much taste.',
      '# II. Shaping',
      '# III. The Oven',
      '### Stone',
      'id="oven/steam" tags="heat" sources="5"',
    ])
      expect(text).toContain(part)
    expect(await run('check', '--strict')).toMatchObject({code: 0})
    const {stdout} = await run('list', '--json')
    const states = new Map((JSON.parse(stdout) as {id: string; state: string}[]).map(({id, state}) => [id, state]))
    // A chapter was put in before it, and it was renamed.
    expect(states.get('oven/temperature')).toBe('fresh')
    expect(states.get('oven/steam')).toBe('stale')
    expect(states.get('dough/water')).toBe('fresh')
    expect(states.get('shaping/folding')).toBe('missing')
    expect((await make()).stderr).toContain('up to date')
  })

  it('merges edits of the prompt and of the list in one directive', async () => {
    await make()
    edit(
      'outline/bread.md',
      'explain `Water`: Warm. Define it in the first sentence',
      'explain `Water`: Warm. Define it at once',
    )
    edit('topics/bread.md', 'Warm. [3]', 'Warm. [3, 7] #Wet')
    expect((await make()).code).toBe(0)
    expect(outline()).toMatch(/id="dough\/water" tags="basics wet" sources="3 7">.*Define it at once/)
  })

  it('lays beside what is at odds, and keeps what the author wrote', async () => {
    await make()
    edit(
      'outline/bread.md',
      'explain `Temperature`: As hot as it gets.',
      'explain `Temperature`: As hot as my oven gets.',
    )
    edit('topics/bread.md', 'As hot as it gets.', 'As hot as 250 degrees allow.')
    const {code, stderr} = await make()
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /outline\/bread\.md:\d+ oven\/temperature: changed by you and by the topic list; yours stands/,
    )
    expect(outline()).toContain('As hot as my oven gets.')
    expect(space.read('outline/bread.new.md')).toContain('As hot as 250 degrees allow.')
    expect(JSON.parse((await run('list', '--json')).stdout)[0].id).toBe('dough/learning-objectives')
    // The next run has nothing more to say, and another conflict does not overwrite what lies there.
    expect(await make()).toMatchObject({code: 0})
    edit('topics/bread.md', '250 degrees', '300 degrees')
    const refused = await make()
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('Unexpected `outline/bread.new.md` from an earlier conflict')
    rmSync(join(space.root, 'outline/bread.new.md'))
    expect((await make()).code).toBe(1)
  })

  it('keeps a directive that the author edited and the list no longer has', async () => {
    await make()
    edit('outline/bread.md', 'explain `Steam`: what it is', 'explain `Steam` well: what it is')
    edit('topics/bread.md', '*   Steam\n', '')
    const {code, stderr} = await make()
    expect(code).toBe(1)
    expect(stderr).toContain('oven/steam: taken out of the topic list, but edited by you; it stays')
    expect(outline()).toContain('### Steam\n"<prompt id="oven/steam"')
    expect(await run('check', '--strict')).toMatchObject({code: 0})
  })

  it('keeps the order, the byte order mark and the line ends of the author', async () => {
    await make()
    const moved = outline()
    const oven = moved.slice(moved.indexOf('# II. Oven'))
    const rest = moved.slice(moved.indexOf('# I. Dough'), moved.indexOf('# II. Oven'))
    const front = moved.slice(0, moved.indexOf('# I. Dough'))
    space.write('outline/bread.md', `\ufeff${`${front}${oven}\n${rest.trimEnd()}\n`.replaceAll('\n', '\r\n')}`)
    edit('topics/bread.md', 'Warm.', 'Warm, not hot.')
    expect((await make()).code).toBe(0)
    expect(outline().startsWith('\ufeff---\r\n')).toBe(true)
    expect(outline().replaceAll('\r\n', '')).not.toContain('\n')
    expect(outline().indexOf('# II. Oven')).toBeLessThan(outline().indexOf('# I. Dough'))
    expect(outline()).toContain('Warm, not hot.')
  })

  it('words nothing anew because a newer version words it better', async () => {
    await make()
    // As an older version would have written it.
    for (const path of ['outline/bread.md', 'outline/.bread.topics.json'])
      space.write(
        path,
        space.read(path).replaceAll('Add nothing that the chapter does not say.', 'Keep to the chapter.'),
      )
    expect((await make()).stderr).toContain('up to date')
    edit('topics/bread.md', '*   Steam', '*   Vapour')
    await make()
    expect(outline()).toMatch(/id="dough\/summary".*Keep to the chapter\./)
    expect(outline()).toMatch(/id="oven\/summary".*Add nothing that the chapter does not say\./)
  })

  it('keeps the numbering that was asked for', async () => {
    await make('--numbering', 'arabic')
    expect(outline()).toContain('# 1. Dough')
    edit('topics/bread.md', 'Warm.', 'Cold.')
    await make()
    expect(outline()).toContain('# 2. Oven')
    await make('--numbering', 'none')
    expect(outline()).toContain('\n# Oven\n')
  })
})

describe('outline refuses', () => {
  it('to overwrite what it did not write', async () => {
    space.write('outline/bread.md', '# Mine\n')
    const {code, stderr} = await make()
    expect(code).toBe(2)
    expect(stderr).toMatch(/Cannot update `outline\/bread\.md`, of which there is no record .* another -o/)
    expect(outline()).toBe('# Mine\n')
  })

  it('a list that cannot be read, and leaves the outline as it was', async () => {
    await make()
    const before = space.snapshot('outline')
    space.write('topics/bread.md', 'no topics here, only a long line of more words than a title may have, it seems\n')
    const {code, stderr} = await make()
    expect(code).toBe(2)
    expect(stderr).toContain('empty-topic-list')
    expect(stderr).toContain('nothing was written')
    space.write('topics/bread.md', new Uint8Array([0x2d, 0x20, 0xff]))
    expect((await make()).code).toBe(2)
    expect(space.snapshot('outline')).toEqual(before)
  })

  it('what is not there, a folder, and the list itself as the outline', async () => {
    expect((await run('outline', 'nowhere.md', '-o', 'x.md')).stderr).toContain('Cannot read `nowhere.md`')
    expect((await run('outline', 'topics', '-o', 'x.md')).code).toBe(2)
    expect((await run('outline', 'topics/bread.md', '-o', 'topics/bread.md')).stderr).toContain('another file')
    expect((await run('outline', 'topics/bread.md')).code).toBe(2)
  })

  it('another list for the same outline, and a record that is damaged', async () => {
    await make()
    space.write('topics/other.md', topics)
    const other = await run('outline', 'topics/other.md', '-o', 'outline/bread.md')
    expect(other.stderr).toContain('expected `topics/bread.md`, from which it was made')
    space.write('outline/.bread.topics.json', '{"version": 1')
    expect((await make()).stderr).toContain('bring it back from git')
    space.write('outline/.bread.topics.json', '{"version": 9}')
    expect((await make()).stderr).toContain('newer msk-course')
  })

  it('templates that lose what the list says, and takes those that do not', async () => {
    space.write('prompts/outline/item.md', 'Explain {{ topic.nam }}.\n')
    expect((await make()).stderr).toContain('Unexpected variable `topic.nam`')
    space.write('prompts/outline/item.md', 'Explain {{ topic.name }}.\n')
    expect((await make()).stderr).toContain('leaves the topic.description out')
    expect(existsSync(join(space.root, 'outline'))).toBe(false)
    space.write('prompts/outline/item.md', 'Tell of {{ topic.name }}: {{ topic.description }}\n{{ topic.points }}\n')
    expect((await make()).code).toBe(0)
    // The template names no depth: the attribute does.
    expect(outline()).toContain(
      '<prompt id="dough/flour/wheat-flour" level="5" tags="basics" sources="1">Tell of Wheat Flour: Strong gluten.</prompt>',
    )
    expect(await run('check', '--strict')).toMatchObject({code: 0})
  })

  it('what its flags leave open', async () => {
    expect((await make('--refine')).stderr).toContain('Unexpected --refine without a model')
    expect((await make('--numbering', 'greek')).code).toBe(2)
    expect((await run('outline', 'topics/bread.md', '-o', '-', '--diff')).code).toBe(2)
    expect((await run('outline', 'topics/bread.md', '-o', '-', '--json')).code).toBe(2)
  })
})

describe('outline --refine', () => {
  let server: OpenAiServer
  /** Betters each prompt of a request with `change`, in the form that is asked for. */
  const answer =
    (change: (prompt: string, id: string) => string) =>
    ({user}: SeenRequest): string =>
      [...user.matchAll(/<directive id="(.*?)">([^]*?)<\/directive>/g)]
        .map(([, id = '', prompt = '']) => `<directive id="${id}">${change(prompt, id)}</directive>`)
        .join('\n')
  const refine = (...more: string[]): Promise<CliResult> =>
    make('--refine', '--base-url', server.baseUrl, '--model', 'm', ...more)

  afterEach(() => server.stop())

  it('takes better wordings, buys them once and keeps them when the list changes elsewhere', async () => {
    server = await OpenAiServer.start({answer: answer((prompt) => `${prompt} Think of a baker.`)})
    const {code, stderr} = await refine()
    expect(stderr).toContain('refined the wording of 20 directives')
    expect(code).toBe(0)
    expect(server.seen).toHaveLength(2)
    expect(outline().match(/Think of a baker\./g)).toHaveLength(20)
    const ids = /id="[^"]*"/g
    const plain = (await run('outline', 'topics/bread.md', '-o', '-')).stdout
    expect(outline().match(ids)).toEqual(plain.match(ids))
    await refine()
    edit('topics/bread.md', 'Warm.', 'Cold.')
    expect((await make()).code).toBe(0)
    expect(outline().match(/Think of a baker\./g)?.length).toBeGreaterThan(15)
    expect(outline()).toContain('explain `Water`: Cold. Define')
    expect(server.seen).toHaveLength(2)
    expect(await run('check', '--strict')).toMatchObject({code: 0})
  })

  it('keeps the template’s wording where a better one loses depth, kind, points or terms, and says so', async () => {
    const changes: Record<string, (prompt: string) => string> = {
      'dough/learning-objectives': (prompt) => prompt.replace('heading level 3', 'heading level 2'),
      'dough/flour': (prompt) => prompt.replace('Ground grain', 'Powder'),
      'dough/flour/wheat-flour': (prompt) => `${prompt}</prompt><prompt>More`,
      'dough/water': (prompt) => prompt.replace('`Water`', 'it'),
      'dough/quiz': () => 'Starting at heading level 3, write a poem on the chapter Dough.',
      'dough/key-terms': (prompt) => prompt.replace('`Rye Flour`', '`Rye`'),
      'dough/summary': () => '',
    }
    server = await OpenAiServer.start({answer: answer((prompt, id) => changes[id]?.(prompt) ?? `${prompt} Be brief.`)})
    const {stdout} = await refine('--json')
    const {refined} = JSON.parse(stdout)
    expect(refined).toMatchObject({accepted: 13, requests: 2})
    expect(refined.refused.map(({id}: {id: string}) => id).sort()).toEqual(Object.keys(changes).sort())
    const plain = (await run('outline', 'topics/bread.md', '-o', '-')).stdout
    expect(outline().replaceAll(' Be brief.', '')).toBe(plain)
    expect(await run('check', '--strict')).toMatchObject({code: 0})
  })

  it('shows what it would send, and writes the templates’ wording where no answer comes', async () => {
    server = await OpenAiServer.start({answer: () => ({status: 400, body: '{"error":{"message":"no"}}'})})
    const dry = await refine('--dry-run')
    expect(dry.stderr).toContain('would send up to 2 requests')
    expect(server.seen).toHaveLength(0)
    const {code, stderr} = await refine()
    expect(code).toBe(1)
    expect(stderr).toContain('a request to refine failed')
    expect(outline()).toContain('# II. Oven')
  })

  it('is not moved by an answer in another form', async () => {
    server = await OpenAiServer.start({answer: () => 'Sure! Here is your outline:\n\n# I. Other'})
    const {code, stderr} = await refine()
    expect(stderr).toContain('the answer leaves it out')
    expect(code).toBe(0)
    expect(outline()).toBe((await run('outline', 'topics/bread.md', '-o', '-')).stdout)
  })
})
