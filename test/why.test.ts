import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import type {BookLineFacts} from '../src/cli/book-line.ts'
import type {WhyFacts} from '../src/cli/why-facts.ts'
import {OpenAiServer} from './support/openai-server.ts'
import {type CliResult, runCli} from './support/run-cli.ts'
import {Workspace} from './support/workspace.ts'

const outline = `# I. Leaves

## Growing
"<prompt>Explain how tea grows.</prompt>"
*   "<prompt>Explain the \`altitude\`.</prompt>"

## Summary
"<prompt>Summarise the chapter on leaves.</prompt>"

The end.
`

interface WhyReport {
  readonly version: number
  readonly command: string
  readonly lines?: readonly BookLineFacts[]
  readonly directives: readonly WhyFacts[]
}

let space: Workspace
let server: OpenAiServer

beforeEach(async () => {
  space = new Workspace()
  server = await OpenAiServer.start({
    answer: ({user}) => {
      if (user.includes('altitude')) return 'High \u001b[31mfields.'
      return user.includes('Summarise') ? 'In short.' : '```markdown\n## Roots\n\nTea grows.\n\nIt is green.\n```'
    },
  })
  space.write('outline/tea.md', outline)
  space.write('msk-course.yaml', '')
})

afterEach(async () => {
  space.remove()
  await server.stop()
})

async function build(...args: string[]): Promise<void> {
  const {code, stderr} = await runCli(['build', '--base-url', server.baseUrl, '--model', 'gpt-5', ...args], {
    cwd: space.root,
  })
  expect(stderr).not.toContain('error')
  expect(code).toBe(0)
}

/** Runs `why`, which may change no file and send no request. */
async function why(...args: string[]): Promise<CliResult> {
  const files = space.snapshot()
  const sent = server.seen.length
  const env = {OPENAI_API_KEY: 'sk-never-read', OPENAI_BASE_URL: server.baseUrl}
  const result = await runCli(['why', ...args], {cwd: space.root, env})
  expect(space.snapshot()).toEqual(files)
  expect(server.seen).toHaveLength(sent)
  return result
}

async function whyJson(...args: string[]): Promise<WhyReport> {
  const {code, stdout, stderr} = await why('--json', ...args)
  expect(stderr).toBe('')
  expect(code).toBe(0)
  return JSON.parse(stdout) as WhyReport
}

async function whyOne(...args: string[]): Promise<WhyFacts> {
  const {directives} = await whyJson(...args)
  expect(directives).toHaveLength(1)
  return directives[0] as WhyFacts
}

describe('why', () => {
  it('explains a text: place, state, what made it, neighbours and repairs', async () => {
    await build()
    const {version, command, lines, directives} = await whyJson('leaves/growing')
    expect({version, command, lines}).toEqual({version: 1, command: 'why', lines: undefined})
    const [facts] = directives as [WhyFacts]
    expect(facts).toMatchObject({
      book: 'tea',
      id: 'i-leaves/growing',
      kind: 'section',
      container: 'block',
      label: null,
      depth: 3,
      place: {file: 'outline/tea.md', line: 4, column: 1, endLine: 4},
      headings: ['I. Leaves', 'Growing'],
      prompt: 'Explain how tea grows.',
      state: 'fresh',
      edited: false,
      draft: false,
      reasons: [],
      next: 'the next build keeps it',
      upstream: [],
      downstream: [{id: 'i-leaves/summary', state: 'fresh', edited: false, draft: false, changed: false}],
    })
    expect(facts.text).toMatchObject({
      file: 'output/tea/sections/i-leaves/growing.md',
      words: 6,
      bookLines: {file: 'output/tea/book.md', start: 5, end: 9},
      made: {provider: 'openai', model: 'gpt-5', finish: 'stop', usage: {outputTokens: 50}, stored: 1},
      repairs: [{ruleId: 'outer-completion-fence'}, {ruleId: 'shifted-headings'}],
    })
    // At the table's price of the model.
    expect(facts.text?.made?.costUsd).toBeGreaterThan(0.0005)
    expect(facts.contracts).toContainEqual({
      ruleId: 'truncated-text',
      severity: expect.any(String),
      expected: expect.any(String),
      failures: [],
    })
    expect(facts.basis.map(({part, differs}) => `${part} ${differs}`)).toEqual([
      'prompt false',
      'template false',
      'style false',
      'model false',
      'sources false',
      'upstream false',
    ])
    const {stdout} = await why('leaves/growing')
    expect(stdout).toContain('  outline    outline/tea.md:4, in “I. Leaves” > “Growing”\n')
    expect(stdout).toContain('  state      fresh\n             the next build keeps it\n')
    expect(stdout).toContain('output/tea/sections/i-leaves/growing.md, 6 words; output/tea/book.md:5-9\n')
    expect(stdout).toMatch(/\n {13}made \S+ by gpt-5, \d+ tokens in, 0 cached, 50 out, \$0\.\d+, whole\n/)
    expect(stdout).toContain('the store has 1 completion of the request that made it\n')
    expect(stdout).toContain('mended: outer-completion-fence')
    expect(stdout).toContain('  must hold  truncated-text (')
    expect(stdout).toContain('  rests on   as before: prompt, template, style, model\n')
    expect(stdout).toContain('  read by    i-leaves/summary  fresh\n')
  })

  it('shows the request as the next build sends it, whole on demand', async () => {
    const facts = await whyOne('*/growing#2', '--request', '--model', 'gpt-5')
    expect(facts).toMatchObject({state: 'missing', next: 'the next build makes it', text: null})
    expect(facts.request).toMatchObject({endpoint: null, model: 'gpt-5', madeText: false, stored: 0, waitsFor: []})
    await build()
    const sent = server.seen.find(({user}) => user.includes('altitude'))
    expect(facts.request.messages.map(({role, content}) => ({role, content}))).toEqual(sent?.body.messages)
    const brief = await whyOne('*/growing#2')
    expect(brief.request.messages.map((message) => message.content)).toEqual([undefined, undefined])
    expect(brief.request.messages[1]?.characters).toBe(sent?.user.length)
    const {stdout} = await why('*/growing#2', '--request')
    expect(stdout).toContain(`\n--- user ---\n${sent?.user}`)
  })

  it('knows the request that made a text by its address where the config names the server', async () => {
    space.write('msk-course.yaml', 'identity: our-server\n')
    await build()
    const same = await whyOne('*/growing')
    expect(same.request).toMatchObject({endpoint: 'our-server', madeText: true, differsOnlyIn: null, stored: 1})
    expect(same.request.address).toBe(same.text?.made?.request)
    const other = await whyOne('*/growing', '--model', 'gpt-5-mini')
    expect(other).toMatchObject({state: 'drifted', next: expect.stringContaining('`build --refresh model`')})
    expect(other.reasons).toEqual(['the model changed from `gpt-5` to `gpt-5-mini`'])
    expect(other.request).toMatchObject({madeText: false, differsOnlyIn: 'model', stored: 0})
    expect(other.basis.find(({part}) => part === 'model')).toEqual({
      part: 'model',
      was: 'gpt-5',
      wanted: 'gpt-5-mini',
      differs: true,
      makes: 'drifted',
    })
    const {stdout} = await why('*/growing', '--model', 'gpt-5-mini')
    expect(stdout).toContain('drifted: the model changed from `gpt-5` to `gpt-5-mini`\n')
    expect(stdout).toContain('it differs from the one that made the text in: the model (`gpt-5` to `gpt-5-mini`)')
  })

  it('names the texts that changed upstream, and the texts that are not there yet', async () => {
    const first = await whyOne('*/summary', '--model', 'gpt-5')
    expect(first.request.waitsFor).toEqual(['i-leaves/growing', 'i-leaves/growing#2'])
    await build()
    const path = 'output/tea/sections/i-leaves/growing.md'
    space.write(path, space.read(path).replace('It is green.', 'It is black.'))
    const facts = await whyOne('*/summary')
    expect(facts).toMatchObject({state: 'drifted', reasons: ['1 text it reads changed: i-leaves/growing']})
    expect(facts.upstream).toEqual([
      {id: 'i-leaves/growing', state: 'fresh', edited: true, draft: false, changed: true},
      {id: 'i-leaves/growing#2', state: 'fresh', edited: false, draft: false, changed: false},
    ])
    expect((await why('*/summary')).stdout).toContain('i-leaves/growing  fresh, edited; changed since it was read\n')
    space.write('outline/tea.md', outline.replace('how tea grows', 'where tea grows'))
    const stale = await whyOne('line:4')
    expect(stale).toMatchObject({state: 'stale', edited: true, reasons: ['the prompt changed']})
    expect(stale.next).toBe('the next build makes a new text and merges it into what an author edited')
  })

  it('says of each line of the book which file it is from', async () => {
    await build()
    const book = space.read('output/tea/book.md').split('\n')
    const asked = book.slice(0, -1).map((_, at) => `line:${at + 1}`)
    const {lines = [], directives} = await whyJson(...asked, '--in', 'book')
    expect(lines.map(({text}) => text)).toEqual(book.slice(0, -1))
    for (const {origin, from, text, standing} of lines) {
      expect(standing).toBe('same')
      if (origin === 'between') expect([from, text]).toEqual([null, ''])
      const there = from === null ? '' : space.read(from.file).split('\n')[from.line - 1]
      // Headings are shifted on their way into the book, and an item's text is put behind its marker.
      if (from !== null) expect(text.replace(/^#+ |^\*\s+/, '')).toBe(there?.replace(/^#+ |^\*\s+/, ''))
    }
    expect(lines.filter(({directive}) => directive === 'i-leaves/growing').map(({line}) => line)).toEqual([
      5, 6, 7, 8, 9,
    ])
    expect(lines[4]?.repairs).toMatchObject([{ruleId: 'outer-completion-fence'}, {ruleId: 'shifted-headings'}])
    expect(directives).toHaveLength(3)
    // Behind the last directive there is the author's own text alone.
    const end = await whyJson(`line:${book.length - 1}`, '--in', 'book')
    expect(end).toMatchObject({lines: [{origin: 'outline', from: {file: 'outline/tea.md', line: 10}}], directives: []})
    const {stdout} = await why('line:7', '--in', 'book')
    expect(stdout).toMatch(
      /^output\/tea\/book\.md:7 {2}Tea grows\.\n {2}line {7}the text of i-leaves\/growing, output\/tea\/sections\/i-leaves\/growing\.md:\d+\n {2}repairs {4}outer-completion-fence/,
    )
  })

  it('maps a book that was edited by hand, and one that is older than its sections', async () => {
    await build()
    const path = 'output/tea/sections/i-leaves/growing.md'
    const book = space.read('output/tea/book.md')
    space.write(path, space.read(path).replace('Tea grows.', 'One more.\n\nTea grows.'))
    const older = await whyJson('line:7', '--in', 'book')
    expect(older.lines).toMatchObject([{text: 'Tea grows.', standing: 'older', directive: 'i-leaves/growing'}])
    space.write('output/tea/book.md', book.replace('Tea grows.', 'Mine.\n\nTea grows tall.').replace(/\n/g, '\r\n'))
    const edited = await whyJson('line:7', 'line:9', 'line:11', 'line:10', '--in', 'book')
    expect(edited.lines).toMatchObject([
      {text: 'Mine.', standing: 'edited', origin: 'unknown', from: null, directive: 'i-leaves/growing'},
      {text: 'Tea grows tall.', origin: 'unknown', directive: 'i-leaves/growing'},
      {text: 'It is green.', origin: 'directive', from: {file: path}, directive: 'i-leaves/growing'},
      {text: '', origin: 'directive'},
    ])
    const {stdout} = await why('line:9', '--in', 'book')
    expect(stdout).toContain('changed or written by hand, within the text of i-leaves/growing\n')
    expect(stdout).toContain('book.md was changed by hand')
  })

  it('shows what files and models hold escaped', async () => {
    await build()
    const found = space
      .read('output/tea/book.md')
      .split('\n')
      .findIndex((line) => line.includes('fields'))
    space.write('output/tea/book.md', space.read('output/tea/book.md').replace('fields', '\u001b[2Jfields'))
    const human = await why(`line:${found + 1}`, '--in', 'book')
    const json = await why(`line:${found + 1}`, '--in', 'book', '--json')
    expect(human.stdout + human.stderr + json.stdout).not.toContain('\u001b')
    expect(human.stdout).toContain('\\u001b[2Jfields')
  })

  it('keeps several books apart', async () => {
    space.write('outline/pot.md', '# Pot\n\n<prompt>Explain the pot.</prompt>\n')
    await build()
    const both = await whyJson('pot:**', 'tea:kind:summary')
    expect(both.directives.map(({book, id}) => `${book}:${id}`)).toEqual(['pot:pot', 'tea:i-leaves/summary'])
    expect((await why('pot:pot', 'tea:*/summary')).stdout).toMatch(/^pot:pot {2}\(section[^]*\n\ntea:i-leaves\/summary/)
    const line = await whyJson('pot:line:3', '--in', 'book')
    expect(line.lines).toMatchObject([{file: 'output/pot/book.md', directive: 'pot'}])
    const alone = await whyOne('pot', '--outline', 'outline/pot.md')
    expect(alone.book).toBe('pot')
    const {code, stderr} = await why('line:3')
    expect([code, stderr]).toEqual([2, expect.stringContaining('expected `BOOK:line:3` with one of pot, tea')])
  })

  it.each([
    [['leaves/growin'], 'expected one that matches a directive; the nearest are `i-leaves/growing`'],
    [['line:99'], 'expected one that matches a directive'],
    [['line:99', '--in', 'book'], 'Unexpected line `99` of `output/tea/book.md`, expected one from 1 to 17'],
    [['line:x', '--in', 'book'], 'Unexpected line `x` of `output/tea/book.md`, expected one from 1 to 17'],
    [['*/growing', '--in', 'book'], 'Unexpected --in book for `*/growing`'],
    [['line:3', '--in', 'page'], 'Allowed choices are outline, book'],
    [[], 'missing required argument'],
    [['x', '--outline', 'none.md'], 'Cannot read `none.md`'],
  ])('refuses %j', async (args, message) => {
    if (args.includes('book')) await build()
    const {code, stderr, stdout} = await why(...args)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
    const json = await why('--json', ...args)
    expect(json.code).toBe(2)
    expect(JSON.parse(json.stdout)).toMatchObject({version: 1, command: 'why', error: {code: expect.any(String)}})
  })

  it('refuses a line of a book that is not there', async () => {
    const {code, stderr} = await why('line:1', '--in', 'book')
    expect([code, stderr]).toEqual([2, expect.stringContaining('expected a book; `build` makes it')])
    await build()
    space.write('output/tea/book.md', '')
    const empty = await why('line:1', '--in', 'book')
    expect([empty.code, empty.stderr]).toEqual([2, expect.stringContaining('expected a book that is not empty')])
  })
})
