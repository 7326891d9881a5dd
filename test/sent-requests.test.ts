import {existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import fc from 'fast-check'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {requestDiffLines} from '../src/cli/request-diff-lines.ts'
import type {WhyFacts} from '../src/cli/why-facts.ts'
import {textPieces} from '../src/diff/text-pieces.ts'
import {type Completion, completionAddress} from '../src/model/completion.ts'
import {type Request, requestAddress} from '../src/model/request.ts'
import {formatEntryLine, parseEntryLine} from '../src/store/completion-entry.ts'
import {CompletionStore} from '../src/store/completion-store.ts'
import {ownThread} from '../src/store/file-writer.ts'
import {planGarbage} from '../src/store/plan-garbage.ts'
import {removeGarbage} from '../src/store/remove-garbage.ts'
import {packRequest, type StoredText, unpackRequest} from '../src/store/sent-request.ts'
import {storedListPath, storedMessagePath} from '../src/store/store-paths.ts'
import {verifyStore} from '../src/store/verify-store.ts'
import {growth} from './support/growth.ts'
import {OpenAiServer} from './support/openai-server.ts'
import {type CliResult, runCli} from './support/run-cli.ts'
import {Workspace} from './support/workspace.ts'

const system = 'You write one section of a course book. '.repeat(20)
const later = Date.parse('2100-01-01')

let space: Workspace

beforeEach(() => {
  space = new Workspace()
})

afterEach(() => space.remove())

function requestOf(user: string, own = system): Request {
  const messages = [
    {role: 'system' as const, content: own},
    {role: 'user' as const, content: user},
  ]
  return {endpoint: 'https://example.org/v1', model: 'm', messages, sampling: {temperature: 0.5}, limits: {}}
}

function completionOf(request: Request, text: string): Completion {
  const usage = {inputTokens: 1, outputTokens: 1}
  const generated = '2026-01-01T00:00:00.000Z'
  return {request: requestAddress(request), text, finish: 'stop', usage, model: 'm', provider: 'openai', generated}
}

function stored(text: string): StoredText {
  return {text, address: completionAddress(text)}
}

describe('a request with its completion', () => {
  it('is kept as it was, its system message once, and the texts that it carries by their addresses', async () => {
    const store = new CompletionStore(space.root)
    const read = `Tea grows. ${'It is green. '.repeat(40)}`
    await store.put(completionOf(requestOf('Grow.'), read), {request: requestOf('Grow.'), texts: []})
    const request = requestOf(`Before.\n${read}\nAfter.`)
    await store.put(completionOf(request, 'In short.'), {request, texts: [stored(read)]})
    const again = new CompletionStore(space.root)
    expect(await again.readRequest(requestAddress(request))).toEqual(request)
    expect(await again.readRequest(requestAddress(requestOf('Grow.')))).toEqual(requestOf('Grow.'))
    const line = readFileSync(storedListPath(space.root, requestAddress(request)), 'utf8')
    expect(line).not.toContain('It is green')
    expect(line).toContain('Before.')
    const messages = readdirSync(join(space.root, 'messages'), {recursive: true, withFileTypes: true})
    expect(messages.filter((one) => one.isFile()).map(({name}) => name)).toEqual([`${completionAddress(system)}.txt`])
    expect(await again.find(requestAddress(request))).toEqual(completionOf(request, 'In short.'))
  })

  it('comes back from any texts that stand in it, or seem to', async () => {
    const text = fc.string({unit: fc.constantFrom('a', 'b', '\n', 'é', '`'), minLength: 150, maxLength: 260})
    await fc.assert(
      fc.asyncProperty(fc.array(text, {maxLength: 4}), fc.array(fc.nat(5), {maxLength: 8}), async (texts, order) => {
        const user = order.map((at) => `${texts[at] ?? 'x'}|`).join('')
        const request = requestOf(user)
        const all = texts.map(stored)
        const {sent, shared} = packRequest(request, all)
        const known = new Map([...all, ...shared].map((one) => [one.address, one.text]))
        const line = formatEntryLine(requestAddress(request), {
          completion: completionAddress(''),
          finish: 'stop',
          usage: {inputTokens: 1, outputTokens: 1},
          model: 'm',
          provider: 'openai',
          generated: '',
          sent,
        })
        const parsed = parseEntryLine(line.trimEnd(), requestAddress(request))
        expect(parsed?.type).toBe('entry')
        const kept = parsed?.type === 'entry' ? parsed.entry.sent : undefined
        expect(await unpackRequest(kept, async (_, address) => known.get(address))).toEqual(request)
      }),
      {numRuns: 200, seed: 20261121},
    )
  })

  it('is not known where a text that it names is gone or damaged, or where it is another one', async () => {
    const store = new CompletionStore(space.root)
    const request = requestOf('Grow.')
    const address = requestAddress(request)
    const put = (): Promise<void> =>
      new CompletionStore(space.root).put(completionOf(request, 'Text.'), {request, texts: []})
    await put()
    const path = storedMessagePath(space.root, completionAddress(system))
    writeFileSync(path, `${system} And more.`)
    const files = space.snapshot()
    expect(await store.readRequest(address)).toBeUndefined()
    expect(space.snapshot()).toEqual(files)
    // The next completion mends it.
    await put()
    expect(await store.readRequest(address)).toEqual(request)
    rmSync(path)
    expect(await store.readRequest(address)).toBeUndefined()
    const other = requestOf('Something else.')
    const {sent} = packRequest(other, [])
    const {request: _, text: __, ...facts} = completionOf(request, 'Text.')
    writeFileSync(
      storedListPath(space.root, address),
      formatEntryLine(address, {completion: completionAddress('Text.'), ...facts, sent}),
    )
    expect(await store.readRequest(address)).toBeUndefined()
    expect((await store.find(address))?.text).toBe('Text.')
  })

  it('is kept by the next try where its message could not be written', async () => {
    let faults = 1
    const store = new CompletionStore(space.root, {
      ...ownThread,
      write: async (path, data) => {
        if (faults-- > 0) throw Object.assign(new Error('no room'), {code: 'ENOSPC'})
        await ownThread.write(path, data)
      },
    })
    const request = requestOf('Grow.')
    const put = (): Promise<void> => store.put(completionOf(request, 'Text.'), {request, texts: []})
    await expect(put()).rejects.toThrow('no room')
    await put()
    expect(await store.readRequest(requestAddress(request))).toEqual(request)
  })

  it('takes little time to pack, however many texts it carries', async () => {
    const pack = (count: number) => {
      const texts = Array.from({length: count}, (_, at) => stored(`Text ${at}. ${'It is green. '.repeat(40)}`))
      const request = requestOf(texts.map(({text}) => text).join('\n\n'))
      return () => void packRequest(request, texts)
    }
    expect(await growth(pack, 200)).toBeLessThan(3)
  })
})

describe('care of kept requests', () => {
  const read = 'Tea grows where it is warm. '.repeat(20)
  const grow = requestOf('Grow.')
  const sum = requestOf(`Sum up:\n${read}`)

  async function fill(): Promise<void> {
    const store = new CompletionStore(space.root)
    await store.put(completionOf(grow, read), {request: grow, texts: []})
    await store.put(completionOf(sum, 'In short.'), {request: sum, texts: [stored(read)]})
  }

  const verify = async (isRepaired = false): Promise<string[]> =>
    (await verifyStore(space.root, {startMs: later, isRepaired})).problems.map(({type}) => type)

  it('keeps messages and carried texts while a list names them, and removes them after', async () => {
    await fill()
    expect(await verify()).toEqual([])
    const message = storedMessagePath(space.root, completionAddress(system))
    for (const path of [message]) utimesSync(path, 1, 1)
    const use = `---\nrequest: ${requestAddress(sum)}\ncompletion: ${completionAddress('In short.')}\n---\nText.\n`
    space.write('book/sections/a.md', use)
    const plan = () =>
      planGarbage(space.root, {folders: [join(space.root, 'book')], limitMs: later, hasQuarantine: false})
    await removeGarbage(await plan())
    const store = new CompletionStore(space.root)
    expect(await store.list(requestAddress(grow))).toEqual({entries: [], unreadable: []})
    expect(await store.readRequest(requestAddress(sum))).toEqual(sum)
    expect(await verify()).toEqual([])
    rmSync(join(space.root, 'book'), {recursive: true})
    const garbage = await plan()
    expect(garbage.messages).toMatchObject([{path: message, sizeBytes: system.length}])
    await removeGarbage(garbage)
    expect(existsSync(message)).toBe(false)
    expect(existsSync(join(space.root, 'completions'))).toBe(true)
    expect(await verify()).toEqual([])
  })

  it('reports messages that are damaged, gone, or of no request', async () => {
    await fill()
    space.write('messages/ab/note.txt', 'what is this')
    const other = completionAddress('x')
    space.write(`messages/${other.slice(0, 2)}/${other}.txt`, 'x')
    expect((await verify()).sort()).toEqual(['unknown-file', 'unnamed-message'])
    rmSync(storedMessagePath(space.root, completionAddress(system)))
    expect((await verify()).sort()).toEqual(['missing-message', 'unknown-file', 'unnamed-message'])
  })

  it('puts a damaged message aside when asked, and the next completion writes it anew', async () => {
    await fill()
    const message = storedMessagePath(space.root, completionAddress(system))
    writeFileSync(message, 'damaged')
    expect(await verify()).toEqual(['damaged-message'])
    expect(await verify(true)).toEqual(['damaged-message'])
    expect(existsSync(message)).toBe(false)
    expect(await verify()).toEqual(['missing-message'])
    await fill()
    expect(await verify()).toEqual([])
  })
})

describe('differences of two texts', () => {
  it('are words within lines, and give both texts back', () => {
    const before = 'One line.\nExplain tea in 300 words.\nEnd.\n'
    const after = 'One line.\nExplain tea in 200 words.\nEnd.\nMore.\n'
    expect(textPieces(before, after)).toEqual([
      {type: 'same', text: 'One line.\nExplain tea in '},
      {type: 'removed', text: '300'},
      {type: 'added', text: '200'},
      {type: 'same', text: ' words.\nEnd.\n'},
      {type: 'added', text: 'More.\n'},
    ])
    const text = fc.string({unit: fc.constantFrom('a', 'b ', '\n', 'c. ', 'é'), maxLength: 80})
    fc.assert(
      fc.property(text, text, (was, is) => {
        const pieces = textPieces(was, is)
        const without = (type: string): string =>
          pieces
            .filter((one) => one.type !== type)
            .map((one) => one.text)
            .join('')
        expect([without('added'), without('removed')]).toEqual([was, is])
      }),
      {numRuns: 300, seed: 20261121},
    )
  })

  it('of two unrelated texts take bounded time and are the whole of both', () => {
    const words = (seed: number): string => Array.from({length: 6000}, (_, at) => `w${(at * seed) % 7919}`).join(' ')
    const pieces = textPieces(words(31), words(57))
    expect(pieces.length).toBeGreaterThan(0)
  })

  it('are shown with a few lines around them', () => {
    const lines = Array.from({length: 20}, (_, at) => `line ${at}`)
    const before = lines.join('\n')
    const after = before.replace('line 10', 'line ten').replace('line 19', 'line 19\nlast')
    const shown = requestDiffLines([
      {part: 'model', was: 'a', now: 'b'},
      {part: 'message', role: 'user', number: 2, pieces: textPieces(before, after)},
    ])
    expect(shown).toEqual([
      'model: [-a-] {+b+}',
      '--- message 2, user ---',
      '…',
      'line 8',
      'line 9',
      'line [-10-]{+ten+}',
      'line 11',
      'line 12',
      '…',
      'line 17',
      'line 18',
      'line 19',
      '{+last+}',
    ])
  })
})

describe('why, of the request that made a text', () => {
  const outline = `# Tea

## Green
"<prompt>Explain green tea.</prompt>"

## Quiz
"<prompt>Write a table of teas.</prompt>"

## Summary
"<prompt>Summarise the chapter on tea.</prompt>"
`
  const grown = `Tea grows. ${'It is green. '.repeat(30)}`.trim()
  let server: OpenAiServer

  beforeEach(async () => {
    server = await OpenAiServer.start({
      answer: ({user, body}) => {
        if (user.includes('table') || body.messages.some(({content}) => content.includes('table of teas')))
          return body.messages.length > 2 ? '| Tea | Colour |\n|---|---|\n| Green | green |' : 'No table here.'
        return user.includes('Summarise') ? 'In short.' : grown
      },
    })
    space.write('outline/tea.md', outline)
    space.write('msk-course.yaml', 'model: gpt-5\n')
    expect((await cli('build', '--base-url', server.baseUrl)).code).toBe(0)
  })

  afterEach(() => server.stop())

  async function cli(...args: string[]): Promise<CliResult> {
    return runCli(args, {cwd: space.root})
  }

  async function why(...args: string[]): Promise<WhyFacts> {
    const files = space.snapshot()
    const {stdout} = await cli('why', '--json', ...args)
    expect(space.snapshot()).toEqual(files)
    const {directives} = JSON.parse(stdout) as {directives: WhyFacts[]}
    return directives[0] as WhyFacts
  }

  it('shows it as it was sent, and that it is the one of now', async () => {
    const seen = server.seen.find(({user}) => user.includes('Summarise'))
    const facts = await why('summary', '--sent')
    expect(facts.sent?.messages.map(({role, content}) => ({role, content}))).toEqual(seen?.body.messages)
    expect(facts).toMatchObject({differences: [], reviewed: 'unread', reviewedBy: null, request: {madeText: true}})
    expect(facts.sent?.address).toBe(facts.text?.made?.request)
    const {stdout} = await cli('why', 'summary', '--sent', '--diff')
    expect(stdout).toContain('it is the one that made the text, at the same server\n')
    expect(stdout).toContain(`The request that made the text:\nendpoint ${server.baseUrl}\n`)
    expect(stdout).toContain('The request is the one that made the text.')
    expect((await why('summary')).sent?.messages[1]).toEqual({role: 'user', characters: seen?.user.length})
  })

  it('shows the one that asked again where that brought the text, and compares the planned one', async () => {
    const facts = await why('quiz', '--sent')
    expect(facts.text?.made?.mends).toBe(true)
    expect(facts.sent?.messages.map(({role}) => role)).toEqual(['system', 'user', 'assistant', 'user'])
    expect(facts.sent?.messages[2]?.content).toBe('No table here.')
    expect(facts).toMatchObject({differences: [], request: {madeText: true}})
  })

  it('shows word by word what the request of now has other than that', async () => {
    const path = 'output/tea/sections/tea/green.md'
    space.write(path, space.read(path).replace('Tea grows.', 'Tea thrives.'))
    space.write('msk-course.yaml', 'model: gpt-5-mini\n')
    space.write('outline/tea.md', outline.replace('Summarise the chapter', 'Briefly summarise the chapter'))
    const facts = await why('summary', '--diff')
    expect(facts.reasons).toEqual([
      'the prompt changed',
      'the model changed from `gpt-5` to `gpt-5-mini`',
      '1 text it reads changed: tea/green',
    ])
    expect(facts.differences).toMatchObject([
      {part: 'model', was: 'gpt-5', now: 'gpt-5-mini'},
      {part: 'message', role: 'user', number: 2},
    ])
    const {stdout} = await cli('why', 'summary', '--diff')
    expect(stdout).toContain(
      'it differs from the one that made the text in: the model (`gpt-5` to `gpt-5-mini`), the user message; `--diff` shows how',
    )
    expect(stdout).toContain('model: [-gpt-5-] {+gpt-5-mini+}\n--- message 2, user ---\n')
    expect(stdout).toContain('Tea [-grows-]{+thrives+}. It is green.')
    expect(stdout).toContain('[-Summarise-]{+Briefly+} {+summarise +}the chapter on tea.')
  })

  it('says who read a text', async () => {
    await cli('accept', 'green', '--by', 'Ann')
    expect(await why('green')).toMatchObject({reviewed: 'read', reviewedBy: 'Ann'})
    expect((await cli('why', 'green')).stdout).toContain('  reviewed   by Ann\n')
  })

  it('says of a store of an older version that the request was not kept', async () => {
    const lists = readdirSync(join(space.root, '.msk-course/store/requests'), {recursive: true, withFileTypes: true})
    for (const {parentPath, name} of lists.filter((entry) => entry.isFile())) {
      const path = join(parentPath, name)
      const address = name.replace('.jsonl', '') as ReturnType<typeof requestAddress>
      const lines = readFileSync(path, 'utf8')
        .split('\n')
        .map((line) => parseEntryLine(line, address))
      const old = lines.flatMap((line) => {
        if (line?.type !== 'entry') return []
        const {sent: _, asked: __, ...entry} = line.entry
        return [formatEntryLine(address, entry)]
      })
      writeFileSync(path, old.join('\n'))
    }
    space.write('msk-course.yaml', 'model: gpt-5-mini\n')
    expect(await why('summary', '--sent', '--diff')).toMatchObject({sent: null, differences: null})
    const {stdout} = await cli('why', 'summary', '--sent', '--diff')
    expect(stdout).toContain('it differs from the one that made the text by: model\n')
    expect(stdout.match(/The request that made the text was not kept/g)).toHaveLength(2)
    expect((await cli('why', 'line:1', '--sent')).code).toBe(0)
  })

  it('keeps no request twice, and the whole store is sound', async () => {
    const store = join(space.root, '.msk-course/store')
    const lists = readdirSync(join(store, 'requests'), {recursive: true, withFileTypes: true}).filter((one) =>
      one.isFile(),
    )
    const lines = lists.map(({parentPath, name}) => readFileSync(join(parentPath, name), 'utf8')).join('')
    expect(lines).not.toContain('It is green.')
    expect(lines).not.toContain('You write one section')
    expect(await cli('store', 'verify')).toMatchObject({code: 0})
    expect((await cli('store', 'gc', '--dry-run', '--older', '0d')).stdout).toContain('nothing to remove')
  })
})
