import {spawn} from 'node:child_process'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {itWith} from './support/linux-tool.ts'
import {OpenAiServer} from './support/openai-server.ts'
import {type CliResult, runCli} from './support/run-cli.ts'
import {Workspace} from './support/workspace.ts'

const outline = `# Leaves

## Growing
"<prompt>Explain how tea grows.</prompt>"

## Soil
"<prompt>Explain the soil.</prompt>"

## Light
"<prompt>Explain the light.</prompt>"
`

const path = 'output/tea/sections/leaves/growing.md'
const note = 'shorter; name the altitude'

let space: Workspace
let server: OpenAiServer

beforeEach(async () => {
  server = await OpenAiServer.start({
    answer: ({user}) =>
      user.includes(note) && user.startsWith('Revise')
        ? 'Tea grows on shrubs at 1200 metres.'
        : 'Tea grows on shrubs in the hills.',
  })
  space = new Workspace()
  space.write('outline/tea.md', outline)
  space.write('msk-course.yaml', '')
})

afterEach(async () => {
  space.remove()
  await server.stop()
})

async function cli(...args: string[]): Promise<CliResult> {
  server.seen.length = 0
  const [command = '', ...rest] = args
  return runCli([command, '--base-url', server.baseUrl, '--model', 'test-model', ...rest], {cwd: space.root})
}

/** Runs the program on a terminal and gives an answer to its question. */
async function onTerminal(
  answer: string,
  ...args: string[]
): Promise<{readonly code: number | null; readonly shown: string}> {
  server.seen.length = 0
  const [command = '', ...rest] = args
  const program = join(import.meta.dirname, '..', 'bin', 'msk-course.js')
  const words = [process.execPath, program, command, '--base-url', server.baseUrl, '--model', 'test-model', ...rest]
  const line = words.map((word) => `'${word}'`).join(' ')
  const child = spawn('script', ['-qec', line, '/dev/null'], {
    cwd: space.root,
    env: {PATH: process.env.PATH, HOME: space.root, NO_COLOR: '1', TERM: 'dumb'},
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let shown = ''
  let isAnswered = false
  child.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString('utf8')
    if (isAnswered || !shown.includes('Keep it? [y/N]')) return
    isAnswered = true
    child.stdin.write(`${answer}\n`)
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({code, shown}))
  })
}

describe('revise', () => {
  it('sends the present text, the directive and the note, shows the words that change, and writes nothing unasked', async () => {
    await cli('build')
    space.write(path, space.read(path).replace('in the hills', 'in my hills'))
    const before = space.snapshot('output')
    const shown = await cli('revise', 'leaves/growing', note)
    expect(shown.code).toBe(1)
    expect(server.seen).toHaveLength(1)
    const messages = server.seen[0]?.body.messages.map(({role, content}) => [role, content])
    expect(messages?.map(([role]) => role)).toEqual(['system', 'user', 'assistant', 'user'])
    expect(messages?.[1]?.[1]).toContain('Explain how tea grows.')
    expect(messages?.[2]?.[1]).toBe('Tea grows on shrubs in my hills.')
    expect(messages?.[3]?.[1]).toContain(note)
    expect(shown.stdout).toMatch(/\[-in my hills-\]|\[-in-\]/)
    expect(shown.stdout).toContain('1200')
    expect(shown.stderr).toContain('--yes')
    expect(space.snapshot('output')).toEqual(before)
    const kept = await cli('revise', 'leaves/growing', note, '--yes')
    expect(kept.code).toBe(0)
    expect(server.seen).toHaveLength(0)
    expect(space.read(path)).toContain('Tea grows on shrubs at 1200 metres.')
    expect(space.read('output/tea/book.md')).toContain('1200 metres')
    expect((await cli('build', '--frozen')).code).toBe(0)
    await cli('regenerate', '--undo', 'leaves/growing')
    expect(space.read(path)).toContain('in my hills')
  })

  it('keeps its notes with the section, and sends them with every later request for it', async () => {
    await cli('build')
    await cli('revise', 'leaves/growing', note, '--yes')
    await cli('revise', 'leaves/growing', 'no numbers', '--yes')
    expect(space.read(path)).toMatch(/notes:\n {2}- "?shorter; name the altitude"?\n {2}- "?no numbers"?\n/)
    expect((await cli('build')).code).toBe(0)
    expect(server.seen).toHaveLength(0)
    space.write('outline/tea.md', outline.replace('how tea grows', 'where tea grows'))
    await cli('build')
    expect(server.seen).toHaveLength(1)
    expect(server.seen[0]?.user).toContain(`- ${note}\n- no numbers`)
    expect(space.read(path)).toContain('no numbers')
  })

  it('gives one JSON document, also where nothing is kept', async () => {
    await cli('build')
    const shown = await cli('revise', 'leaves/growing', note, '--json')
    expect(shown.code).toBe(1)
    expect(JSON.parse(shown.stdout)).toMatchObject({
      command: 'revise',
      kept: false,
      requests: {sent: 1},
      revisions: [{id: 'leaves/growing', after: 'Tea grows on shrubs at 1200 metres.'}],
    })
    const kept = await cli('revise', 'leaves/growing', note, '--json', '--yes')
    expect(kept.code).toBe(0)
    expect(JSON.parse(kept.stdout)).toMatchObject({command: 'revise', kept: true, requests: {sent: 0}})
  })

  it('needs a text, a model, and a note', async () => {
    const early = await cli('revise', 'leaves/growing', note)
    expect(early.code).toBe(2)
    expect(early.stderr).toContain('msk-course build')
    await cli('build')
    const draft = await runCli(['revise', 'leaves/growing', note], {cwd: space.root})
    expect(draft.code).toBe(2)
    expect(draft.stderr).toContain('without a model')
    expect((await cli('revise', 'leaves/growing', ' ')).code).toBe(2)
    expect(server.seen).toHaveLength(0)
  })

  it('tells a request that failed, and keeps the text', async () => {
    await cli('build')
    const before = space.snapshot('output')
    server.options = {answer: () => ({status: 400, body: '{"error":{"message":"no such thing"}}'})}
    const failed = await cli('revise', 'leaves/growing', note, '--yes')
    expect(failed.code).toBe(1)
    expect(failed.stderr).toContain('no such thing')
    expect(space.snapshot('output')).toEqual(before)
  })

  itWith(['script'])('asks on a terminal whether to keep it', async () => {
    await cli('build')
    const before = space.snapshot('output')
    const no = await onTerminal('n', 'revise', 'leaves/growing', note)
    expect(no.code).toBe(1)
    expect(server.seen).toHaveLength(1)
    expect(no.shown).toContain('1200')
    expect(space.snapshot('output')).toEqual(before)
    const yes = await onTerminal('y', 'revise', 'leaves/growing', note)
    expect(yes.code).toBe(0)
    expect(server.seen).toHaveLength(0)
    expect(space.read(path)).toContain('1200 metres')
  })
})
