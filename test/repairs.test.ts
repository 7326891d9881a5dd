import type {ChildProcess} from 'node:child_process'
import {existsSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {type Answer, OpenAiServer, type SeenRequest} from './support/openai-server.ts'
import {type CliResult, runCli} from './support/run-cli.ts'
import {Workspace} from './support/workspace.ts'

const outline = `# Bread

## Rising
"<prompt>Explain how dough rises.</prompt>"

## Key Terms
"<prompt>Define the following key terms in a glossary format: \`Proofing\`, \`Autolyse\`, \`Crumb\`.</prompt>"
`

const whole = '- **Proofing**: The last rise.\n- **Autolyse**: A rest.\n- **Crumb**: The inside.'
const lacksTwo = '- **Proofing**: The last rise.'
const lacksOne = '- **Proofing**: The last rise.\n- **Crumb**: The inside.'

interface Report {
  readonly books: readonly {
    readonly jobs: Record<string, number>
    readonly findings: readonly {
      readonly id: string
      readonly line: number
      readonly state: string
      readonly message: string
      readonly ruleId?: string
      readonly severity?: string
    }[]
  }[]
  readonly requests: {readonly sent: number}
}

let space: Workspace
let server: OpenAiServer

beforeEach(async () => {
  space = new Workspace()
  server = await OpenAiServer.start()
  space.write('outline/bread.md', outline)
  space.write('msk-course.yaml', 'context: none\n')
})

afterEach(async () => {
  space.remove()
  await server.stop()
})

function run(...args: string[]): Promise<CliResult> {
  server.seen.length = 0
  return runCli(['build', '--base-url', server.baseUrl, '--model', 'test-model', ...args], {cwd: space.root})
}

async function build(...args: string[]): Promise<Report & {readonly code: number | null}> {
  const result = await run('--json', ...args)
  return {...(JSON.parse(result.stdout) as Report), code: result.code}
}

/** Gives the glossary these answers in turn, and the other text one that holds. */
function answerGlossary(...answers: readonly Answer[]): void {
  let asked = 0
  server.options = {
    answer: (request) =>
      isGlossary(request) ? (answers[asked++] ?? 'No answer is left.') : 'Dough rises because yeast makes gas.',
  }
}

function isGlossary({body}: SeenRequest): boolean {
  return body.messages.some(({content}) => content.includes('`Autolyse`'))
}

function glossary(): string {
  return space.read('output/bread/sections/bread/key-terms.md')
}

function storeLess(...paths: readonly string[]): void {
  for (const path of paths) rmSync(join(space.root, path), {recursive: true})
}

describe('a text that misses what was asked for', () => {
  it('is asked for again with what it misses, and the better one is taken', async () => {
    answerGlossary(lacksTwo, whole)
    const report = await build()
    expect(report.code).toBe(0)
    expect(report.requests.sent).toBe(3)
    expect(report.books[0]?.findings).toEqual([])
    expect(glossary()).toContain(whole)
    const [first, again] = server.seen.filter(isGlossary)
    expect(again?.body.messages.slice(0, 2)).toEqual(first?.body.messages)
    expect(again?.body.messages.slice(2).map(({role}) => role)).toEqual(['assistant', 'user'])
    expect(again?.body.messages[2]?.content).toBe(lacksTwo)
    expect(again?.user).toContain('Cannot find the terms `Autolyse`, `Crumb`')
  })

  it('stays when the second is worse, and is a finding at its directive', async () => {
    answerGlossary(lacksOne, lacksTwo)
    const report = await build()
    expect(report.code).toBe(1)
    expect(report.requests.sent).toBe(3)
    expect(glossary()).toContain(lacksOne)
    expect(report.books[0]?.findings).toEqual([
      {
        id: 'bread/key-terms',
        line: 7,
        state: 'fresh',
        reasons: [],
        message: 'Cannot find the term `Autolyse`, expected a definition of each',
        ruleId: 'missing-term',
        severity: 'error',
      },
    ])
  })

  it('is told again by a build that has nothing to do, with and without the stamp', async () => {
    answerGlossary(lacksOne, lacksOne)
    const first = await run()
    expect(first.stderr).toContain('1 text missed something and was asked for again; none of them is better for it')
    expect(first.stderr).toContain('1 section needs a look')
    expect(first.stderr).toContain('outline/bread.md:7 bread/key-terms: Cannot find the term `Autolyse`')
    for (const hasStamp of [true, false]) {
      expect(existsSync(join(space.root, '.msk-course/stamp'))).toBe(true)
      if (!hasStamp) storeLess('.msk-course')
      const later = await run()
      expect(later.code).toBe(1)
      expect(server.seen).toEqual([])
      expect(later.stderr).toContain('nothing was sent or written')
      expect(later.stderr).toContain('1 section needs a look')
      expect(later.stderr).toContain('(missing-term)')
    }
  })

  it('is forgotten when an author edits it, and told again when the edit is undone', async () => {
    answerGlossary(lacksOne, lacksOne)
    await run()
    const before = glossary()
    const path = join(space.root, 'output/bread/sections/bread/key-terms.md')
    writeFileSync(path, `${glossary()}- **Autolyse**: A rest.\n`)
    const report = await build()
    expect(report.books[0]?.findings).toEqual([])
    expect(space.read('output/bread/manifest.json')).not.toContain('missing-term')
    writeFileSync(path, before)
    expect(await build()).toMatchObject({code: 1, requests: {sent: 0}, books: [{findings: [{ruleId: 'missing-term'}]}]})
  })

  it('is told again once its rule is on again, whether it was off before or after the text was made', async () => {
    const off = 'context: none\nrules:\n  missing-term: off\n'
    answerGlossary(lacksOne)
    expect((await build('--repairs', '0')).code).toBe(1)
    space.write('msk-course.yaml', off)
    expect(await build('--repairs', '0')).toMatchObject({code: 0, books: [{findings: []}]})
    space.write('msk-course.yaml', 'context: none\n')
    expect(await build('--repairs', '0')).toMatchObject({code: 1, books: [{findings: [{ruleId: 'missing-term'}]}]})
    storeLess('output')
    space.write('msk-course.yaml', off)
    expect(await build()).toMatchObject({code: 0, requests: {sent: 0}, books: [{findings: []}]})
    space.write('msk-course.yaml', 'context: none\n')
    expect(await build('--repairs', '0')).toMatchObject({code: 1, requests: {sent: 0}})
  })

  it('is judged anew when it is normalised anew', async () => {
    answerGlossary(lacksOne, lacksOne)
    await build()
    const rows = space.read('output/bread/manifest.json')
    const failures = /"failures":\[.*?\],/.exec(rows)?.[0] ?? ''
    expect(failures).not.toBe('')
    // As an older normaliser would have noted them: one that misses nothing by now, and one that does.
    const older = rows.replaceAll(/"normaliser":\d+/g, '"normaliser":1').replace(failures, '')
    space.write('output/bread/manifest.json', older.replace(/("id":"bread\/rising".*)"lines"/, `$1${failures}"lines"`))
    const report = await build()
    expect(report).toMatchObject({code: 1, requests: {sent: 0}})
    expect(report.books[0]?.findings.map(({id, ruleId}) => [id, ruleId])).toEqual([['bread/key-terms', 'missing-term']])
    expect(space.read('output/bread/manifest.json')).toBe(rows)
  })

  it.each([
    ['repairs', '"x"'],
    ['failures', '"x"'],
    ['failures', '[null]'],
    ['normaliser', '{}'],
  ])('is found also with a manifest whose `%s` is %s', async (key, value) => {
    answerGlossary(lacksOne, lacksOne)
    await build()
    const rows = space.read('output/bread/manifest.json')
    const spoiled = JSON.parse(rows) as {directives: Record<string, unknown>[]}
    for (const row of spoiled.directives) row[key] = JSON.parse(value)
    const text = JSON.stringify(spoiled)
    for (const command of [['list'], ['why', 'bread/rising'], ['verify'], ['build', '--frozen']]) {
      space.write('output/bread/manifest.json', text)
      expect((await runCli(command, {cwd: space.root})).stderr, command.join(' ')).not.toContain('bug')
    }
    expect((await build()).requests.sent).toBe(0)
    expect((JSON.parse(space.read('output/bread/manifest.json')) as typeof spoiled).directives).toHaveLength(2)
  })

  it('is asked for twice with --repairs 2, with all that came before', async () => {
    answerGlossary(lacksTwo, lacksTwo, whole)
    const report = await build('--repairs', '2')
    expect(report.requests.sent).toBe(4)
    expect(glossary()).toContain(whole)
    expect(server.seen.filter(isGlossary).at(-1)?.body.messages).toHaveLength(6)
  })

  it('is not asked for again with --repairs 0, nor with `repairs: 0`', async () => {
    answerGlossary(lacksTwo, whole)
    const report = await build('--repairs', '0')
    expect(report.requests.sent).toBe(2)
    expect(report.books[0]?.findings).toMatchObject([{ruleId: 'missing-term'}])
    storeLess('output', '.msk-course')
    space.write('msk-course.yaml', 'context: none\nrepairs: 0\n')
    answerGlossary(lacksTwo, whole)
    expect((await build()).requests.sent).toBe(2)
  })

  it('is asked for again for errors and for what the config names, and for nothing else', async () => {
    for (const [settings, code, sent] of [
      ['repairRules: [missing-list]', 0, 3],
      ['rules: {missing-term: warning}', 0, 3],
      ['rules: {missing-term: warning}\nrepairRules: [missing-list]', 0, 2],
      ['rules: {missing-term: info}', 0, 2],
      ['rules: {missing-term: off}', 0, 2],
    ] as const) {
      space.write('msk-course.yaml', `context: none\n${settings}\n`)
      answerGlossary(lacksTwo, whole)
      const report = await build()
      expect([settings, report.code, report.requests.sent]).toEqual([settings, code, sent])
      storeLess('output', '.msk-course')
    }
  })

  it('makes the build fail where the rule is an error, and keeps the text', async () => {
    answerGlossary('- **Proofing**: [Insert definition]', '- **Proofing**: [Insert definition]')
    const report = await build()
    expect(report.code).toBe(1)
    expect(report.books[0]?.findings.map(({ruleId}) => ruleId)).toEqual(['placeholder-text', 'missing-term'])
    expect(space.read('output/bread/book.md')).toContain('[Insert definition]')
    const later = await build()
    expect(later.code).toBe(1)
    expect(server.seen).toEqual([])
    const frozen = await runCli(['build', '--frozen'], {cwd: space.root})
    expect(frozen.code).toBe(1)
    expect(frozen.stderr).toContain('[Insert definition]')
  })

  it.each([
    ['better', lacksTwo, whole],
    ['worse', lacksOne, lacksTwo],
  ])('is chosen again from the store alone, where the second was %s', async (_, first, second) => {
    answerGlossary(first, second)
    await build()
    const book = space.read('output/bread/book.md')
    const text = glossary()
    storeLess('output')
    const report = await build()
    expect(server.seen).toEqual([])
    expect(report.books[0]?.jobs).toMatchObject({stored: 2, generated: 0})
    expect(space.read('output/bread/book.md')).toBe(book)
    expect(glossary()).toBe(text)
    storeLess('output')
    await build('--offline', '--provider', 'openai')
    expect(glossary()).toBe(text)
    storeLess('output')
    // A repair that was paid for is used, also where no other is wanted.
    await build('--repairs', '0')
    expect(glossary()).toBe(text)
  })

  it('names the planned request and the completion that was taken, and both stay in the store', async () => {
    answerGlossary(lacksTwo, whole)
    await build()
    const planned = /^request: (\w{64})/m.exec(glossary())?.[1] ?? ''
    const taken = /^completion: (\w{64})/m.exec(glossary())?.[1] ?? ''
    const list = space.read(`.msk-course/store/requests/${planned.slice(0, 2)}/${planned}.jsonl`)
    const entries = list
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line.split('\t')[1] ?? '') as {completion: string; mends?: string})
    expect(entries).toHaveLength(2)
    expect(entries[1]).toMatchObject({completion: taken, mends: entries[0]?.completion})
    const why = await runCli(['why', 'bread/key-terms'], {cwd: space.root})
    expect(why.stdout).toContain('this one was asked for because an earlier one missed something')
    const verified = await runCli(['store', 'verify'], {cwd: space.root})
    expect(verified.code).toBe(0)
  })

  it('stands when the request for a better one fails, and the build goes on', async () => {
    answerGlossary(lacksTwo, {status: 404, body: '{"error": {"message": "no such thing"}}'})
    const report = await build('--concurrency', '1')
    expect(report.books[0]?.jobs).toMatchObject({generated: 2, failed: 0, skipped: 0})
    expect(glossary()).toContain(lacksTwo)
    expect(report.books[0]?.findings).toMatchObject([{ruleId: 'missing-term'}])
  })

  it('stands when --max-cost leaves nothing for a better one', async () => {
    const prices = 'prices: {test-model: {input: 0, output: 1000}}\nmaxTokens: 100\n'
    space.write('msk-course.yaml', `context: none\n${prices}`)
    answerGlossary(lacksTwo, whole)
    // Each request sets 0.1 aside and takes 0.05: after two of them there is no room for a third.
    const report = await build('--max-cost', '0.16', '--yes', '--concurrency', '1')
    expect(report.requests.sent).toBe(2)
    expect(report.code).toBe(1)
    expect(report.books[0]?.jobs).toMatchObject({generated: 2, skipped: 0})
    expect(glossary()).toContain(lacksTwo)
  })

  it('stays where the answer is blank, a refusal, or no answer at all', async () => {
    const none: readonly Answer[] = [
      '   ',
      {message: {content: null, refusal: 'No.'}},
      {status: 400, body: '{"error": {"message": "too long", "code": "context_length_exceeded"}}'},
      {status: 401, body: '{"error": {"message": "no key", "code": "invalid_api_key"}}'},
      {status: 429, body: '{"error": {"message": "no quota", "code": "insufficient_quota"}}'},
    ]
    for (const answer of none) {
      let asked = 0
      server.options = {
        answer: (request) =>
          isGlossary(request) ? (asked++ === 0 ? lacksOne : answer) : 'Dough rises because yeast makes gas.',
      }
      const report = await build('--concurrency', '1')
      expect(report.books[0]?.jobs, JSON.stringify(answer)).toMatchObject({generated: 2, failed: 0, skipped: 0})
      expect(report.code).toBe(1)
      expect(glossary()).toContain(lacksOne)
      expect(report.books[0]?.findings).toMatchObject([{ruleId: 'missing-term'}])
      expect((await build()).requests.sent).toBe(0)
      storeLess('output', '.msk-course')
    }
  })

  it('stays when both miss as much', async () => {
    answerGlossary(lacksOne, lacksOne.replace('The inside', 'What is inside'))
    await build()
    expect(glossary()).toContain('The inside')
  })

  it('is not replaced by the rest alone of a text that broke off', async () => {
    const sentence = 'The dough is shaped and rests in its basket until it has grown by half. '
    const cut = `${sentence.repeat(4)}Then it goes into the oven and the`
    const rest = 'crust becomes brown within half an hour.'
    let asked = 0
    server.options = {answer: (request) => (isGlossary(request) ? whole : asked++ === 0 ? cut : rest)}
    const report = await build('--repairs', '2')
    expect(report.code).toBe(1)
    expect(space.read('output/bread/sections/bread/rising.md')).toContain('Then it goes into the oven and the')
    expect(server.seen.at(-1)?.user).toContain('Unexpected rest of the text alone, expected the whole text')
  })

  it('is not sent again once an author edited it, whatever it misses', async () => {
    answerGlossary(whole)
    await build()
    const path = join(space.root, 'output/bread/sections/bread/key-terms.md')
    writeFileSync(path, glossary().replace('- **Crumb**: The inside.\n', ''))
    for (const flags of [[], ['--section', 'bread/key-terms'], ['--repairs', '5']]) {
      expect((await build(...flags)).requests.sent).toBe(0)
      expect(glossary()).not.toContain('Crumb**')
    }
    // A new text for the changed prompt is merged, and what the author took out stays out.
    answerGlossary(whole)
    space.write('outline/bread.md', outline.replace('Define the', 'Please define the'))
    expect((await build()).requests.sent).toBe(1)
    expect(glossary()).not.toContain('Crumb**')
  })

  it('is bought once where a crash comes between it and its repair, and so is the repair', async () => {
    let asked = 0
    let running: ChildProcess | undefined
    server.options = {
      answer: (request) => {
        if (!isGlossary(request)) return 'Dough rises because yeast makes gas.'
        if (asked++ === 0) return lacksTwo
        running?.kill('SIGKILL')
        return 'hang'
      },
    }
    const crashed = await runCli(['build', '--base-url', server.baseUrl, '--model', 'test-model'], {
      cwd: space.root,
      onStart: (child) => {
        running = child
      },
    })
    expect(crashed.signal).toBe('SIGKILL')
    server.seen.length = 0
    answerGlossary(whole)
    const report = await build()
    expect(server.seen.filter(isGlossary).map(({body}) => body.messages.length)).toEqual([4])
    expect(report.books[0]?.findings).toEqual([])
    expect(glossary()).toContain(whole)
    storeLess('output')
    expect((await build()).requests.sent).toBe(0)
    expect(glossary()).toContain(whole)
  })

  it('is told before it is sent for a text that comes from the store', async () => {
    answerGlossary(lacksTwo)
    await build('--repairs', '0')
    storeLess('output')
    const dry = await run('--dry-run')
    expect(dry.stdout).toContain('2 of them from the store')
    expect(dry.stdout).toContain('plus up to 1 repair of texts')
    answerGlossary(whole)
    expect((await build()).requests.sent).toBe(1)
    expect(glossary()).toContain(whole)
    storeLess('output')
    expect((await run('--dry-run')).stdout).not.toContain('repairs')
  })

  it('is counted by the dry run', async () => {
    const dry = await run('--dry-run')
    expect(dry.stdout).toContain('plus up to 2 repairs')
    const none = await run('--dry-run', '--repairs', '0')
    expect(none.stdout).not.toContain('repairs')
    const json = JSON.parse((await run('--dry-run', '--json', '--repairs', '3')).stdout) as {books: {repairs: number}[]}
    expect(json.books[0]?.repairs).toBe(6)
  })
})

describe('list --contracts', () => {
  it('shows what each text must hold and what it lacks', async () => {
    answerGlossary(lacksOne, lacksOne)
    await run()
    const list = await runCli(['list', '--contracts'], {cwd: space.root})
    expect(list.stdout).toMatch(
      /key-terms {2}\(key-terms\)\n(?: .*\n)* +missing-term: the terms `Proofing`, `Autolyse`, `Crumb`; Cannot find the term `Autolyse`/,
    )
    const plain = JSON.parse((await runCli(['list', '--json'], {cwd: space.root})).stdout) as object[]
    expect(Object.keys(plain[0] ?? {})).not.toContain('contracts')
  })
})

describe('near copies', () => {
  it('are findings, and no text is sent again for them', async () => {
    const text = `${Array.from({length: 80}, (_, at) => `word${at}`).join(' ')}.`
    space.write(
      'outline/bread.md',
      '# Bread\n\n## A\n<prompt>Explain a.</prompt>\n\n## B\n<prompt>Explain b.</prompt>\n',
    )
    server.options = {answer: () => text}
    const report = await build()
    expect(report.requests.sent).toBe(2)
    expect(report.books[0]?.findings).toMatchObject([{id: 'bread/b', ruleId: 'near-copy', severity: 'warning'}])
    const why = await runCli(['why', 'bread/b'], {cwd: space.root})
    expect(`${why.stdout}${why.stderr}`).toContain('near-copy (warning): a text of its own')
    const first = 'output/bread/sections/bread/a.md'
    space.write(first, space.read(first).replace(text, 'An author wrote something else about it.'))
    expect((await build()).books[0]?.findings).toEqual([])
  })
})

describe('drafts', () => {
  it('are held to nothing', async () => {
    const result = await runCli(['build', '--provider', 'draft', '--json'], {cwd: space.root})
    expect((JSON.parse(result.stdout) as Report).books[0]?.findings).toEqual([])
  })
})
