import {appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {type Completion, completionAddress} from '../src/model/completion.ts'
import type {ContentAddress} from '../src/model/content-address.ts'
import type {JobId} from '../src/model/job.ts'
import {type Request, requestAddress} from '../src/model/request.ts'
import type {CompletionJournal, JournalledText} from '../src/store/completion-journal.ts'
import {CompletionStore} from '../src/store/completion-store.ts'
import {readCutOffRuns, readLoggedTexts} from '../src/store/cut-off-runs.ts'
import {type FileWriter, ownThread} from '../src/store/file-writer.ts'
import {ownHolder} from '../src/store/output-lock.ts'
import {RunLog} from '../src/store/run-log.ts'
import {storedListPath, storedMessagePath, storedTextPath} from '../src/store/store-paths.ts'
import {verifyStore} from '../src/store/verify-store.ts'
import {runCli} from './support/run-cli.ts'
import {Workspace} from './support/workspace.ts'

const system = 'You write one section of a course book. '.repeat(20)
const startMs = Date.parse('2026-03-01T10:00:00Z')

let space: Workspace
let runs: string
let root: string
/** Logs whose files are open. */
const logs: RunLog[] = []

beforeEach(() => {
  space = new Workspace()
  runs = join(space.root, '.msk-course', 'runs')
  root = join(space.root, '.msk-course', 'store')
})

afterEach(async () => {
  for (const log of logs.splice(0)) await log.close(true)
  space.remove()
})

function requestOf(user: string): Request {
  const messages = [
    {role: 'system' as const, content: system},
    {role: 'user' as const, content: user},
  ]
  return {endpoint: 'https://example.org/v1', model: 'm', messages, sampling: {}, limits: {}}
}

function completionOf(user: string, text: string): Completion {
  const request = requestAddress(requestOf(user))
  const usage = {inputTokens: 1, outputTokens: 1}
  const generated = new Date(startMs + 5_000).toISOString()
  return {request, text, finish: 'stop', usage, model: 'm', provider: 'openai', generated}
}

function intentOf(user: string) {
  const request = requestAddress(requestOf(user))
  return {id: user as JobId, request, model: 'm', attempt: 1, inputTokens: 10, outputTokens: 20}
}

/** The log of a process that is gone, since its host was started anew. */
function logOf(perFile?: number): RunLog {
  const holder = {...ownHolder('msk-course build', startMs), boot: 'an earlier start'}
  const log = new RunLog(runs, holder, () => startMs, ...(perFile === undefined ? [] : [perFile]))
  logs.push(log)
  return log
}

function put(store: CompletionStore, user: string, text: string, makeRoom?: (error: unknown) => Promise<void>) {
  return store.put(completionOf(user, text), {request: requestOf(user), texts: []}, makeRoom)
}

const logged = (): string =>
  readdirSync(runs)
    .map((name) => readFileSync(join(runs, name), 'utf8'))
    .join('')

const fullDisk = (): Error => Object.assign(new Error('no space left'), {code: 'ENOSPC'})

/** Writes files only when it is told to, and as often with a fault as it is told. */
class HeldWriter implements FileWriter {
  faults = 0
  tries = 0
  private open: () => void = () => undefined
  private readonly gate = new Promise<void>((resolve) => {
    this.open = resolve
  })

  release(): void {
    this.open()
  }

  write(path: string, data: string): Promise<void> {
    return this.whenOpen(() => ownThread.write(path, data))
  }

  keep(text: Parameters<FileWriter['keep']>[0]): Promise<void> {
    return this.whenOpen(() => ownThread.keep(text))
  }

  async close(): Promise<void> {}

  private async whenOpen(act: () => Promise<void>): Promise<void> {
    await this.gate
    this.tries++
    if (this.faults-- > 0) throw fullDisk()
    await act()
  }
}

describe('a completion in the journal', () => {
  it('is on disk there when it counts as kept, can be read, and then goes into its own files', async () => {
    const log = logOf()
    const files = new HeldWriter()
    const store = new CompletionStore(root, files, log)
    const number = await log.intend(intentOf('Grow.'))
    await put(store, 'Grow.', 'Tea grows.')
    log.end(number, 'stored')
    expect(logged()).toContain('Tea grows.')
    expect(existsSync(root)).toBe(false)
    const address = completionAddress('Tea grows.')
    expect(await store.readText(address)).toBe('Tea grows.')
    const found = store.lookUp(requestAddress(requestOf('Grow.')))
    files.release()
    expect(await found).toMatchObject({type: 'found', completion: {text: 'Tea grows.'}})
    expect(await store.settle()).toBe(0)
    expect(readFileSync(storedTextPath(root, address), 'utf8')).toBe('Tea grows.')
    expect(await store.readRequest(requestAddress(requestOf('Grow.')))).toEqual(requestOf('Grow.'))
    await log.close(false)
    expect(readdirSync(runs)).toEqual([])
    expect((await verifyStore(root, {startMs: Date.now() + 1e6, isRepaired: false})).problems).toEqual([])
  })

  it('goes to disk with the note of the request that leaves next', async () => {
    const log = logOf()
    const store = new CompletionStore(root, ownThread, log)
    await log.intend(intentOf('Grow.'))
    const kept = put(store, 'Grow.', 'Tea grows.')
    const next = log.intend(intentOf('Brew.'))
    await Promise.race([kept, next])
    expect(logged()).toContain('Tea grows.')
    expect(logged()).toContain('"id":"Brew."')
    expect(logged().indexOf('Tea grows.')).toBeLessThan(logged().indexOf('"id":"Brew."'))
    await Promise.all([kept, next, store.settle()])
  })

  it('is written once more where room could be made, and else stays in the log', async () => {
    for (const [faults, unfiled] of [
      [1, 0],
      [2, 1],
    ] as const) {
      const log = logOf()
      const files = new HeldWriter()
      files.faults = faults
      const store = new CompletionStore(root, files, log)
      const made: unknown[] = []
      const number = await log.intend(intentOf(`Grow ${faults}.`))
      await put(store, `Grow ${faults}.`, `Tea ${faults}.`, async (error) => void made.push(error))
      log.end(number, 'stored')
      files.release()
      expect(await store.settle()).toBe(unfiled)
      expect(made).toEqual([expect.objectContaining({code: 'ENOSPC'})])
      expect(store.filingFault === undefined).toBe(unfiled === 0)
      // What is in no file of its own can be read all the same.
      expect(await store.readText(completionAddress(`Tea ${faults}.`))).toBe(`Tea ${faults}.`)
      await log.close(false)
      expect(readdirSync(runs)).toHaveLength(unfiled)
    }
    const [run] = await readCutOffRuns(runs, new CompletionStore(root))
    expect(run).toMatchObject({recovered: 1, inDoubt: []})
    expect((await new CompletionStore(root).find(requestAddress(requestOf('Grow 2.'))))?.text).toBe('Tea 2.')
  })

  it('goes straight into its files where the journal cannot take it', async () => {
    const journal: CompletionJournal = {
      keep: () => Promise.reject(fullDisk()),
      filed: () => {
        throw new Error('nothing was kept')
      },
    }
    const store = new CompletionStore(root, ownThread, journal)
    let made = 0
    await put(store, 'Grow.', 'Tea grows.', async () => void made++)
    expect(made).toBe(1)
    expect(readFileSync(storedTextPath(root, completionAddress('Tea grows.')), 'utf8')).toBe('Tea grows.')
    await expect(put(store, 'Grow.', 'Tea grows.')).rejects.toThrow('no space left')
  })

  it('makes the next wait where very many are on their way', async () => {
    const journal: CompletionJournal = {keep: async () => 1, filed: () => undefined}
    const files = new HeldWriter()
    const store = new CompletionStore(root, files, journal)
    let kept = 0
    const puts = Array.from({length: 260}, (_, at) => put(store, `P${at}`, `Text ${at}.`).then(() => kept++))
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(kept).toBe(256)
    files.release()
    await Promise.all(puts)
    expect(await store.settle()).toBe(0)
  })
})

describe('what is left of a run that was cut off', () => {
  const writeTexts = async (log: RunLog, users: readonly string[]): Promise<void> => {
    const store = new CompletionStore(root, new HeldWriter(), log)
    for (const user of users) {
      await log.intend(intentOf(user))
      await put(store, user, `Answer to ${user}`)
    }
  }

  it('comes into the store, and is in doubt no more', async () => {
    const log = logOf()
    await writeTexts(log, ['Grow.', 'Brew.'])
    await log.intend(intentOf('Pour.'))
    const read = (): ReturnType<typeof readCutOffRuns> => readCutOffRuns(runs, new CompletionStore(root))
    expect(await read()).toMatchObject([{recovered: 2, inDoubt: [{id: 'Pour.'}]}])
    const store = new CompletionStore(root)
    for (const user of ['Grow.', 'Brew.']) {
      const address = requestAddress(requestOf(user))
      expect((await store.find(address))?.text).toBe(`Answer to ${user}`)
      expect(await store.readRequest(address)).toEqual(requestOf(user))
    }
    // A second build that comes by at the same time adds nothing.
    expect(await read()).toMatchObject([{recovered: 0, inDoubt: [{id: 'Pour.'}]}])
    expect((await store.list(requestAddress(requestOf('Grow.')))).entries).toHaveLength(1)
    expect((await verifyStore(root, {startMs: Date.now() + 1e6, isRepaired: false})).problems).toEqual([])
  })

  it('is no problem of the store, which has it with the next build', async () => {
    space.write('msk-course.yaml', '')
    await writeTexts(logOf(), ['Grow.', 'Brew.'])
    const verify = async () => {
      const {code, stdout} = await runCli(['store', 'verify', '--json'], {cwd: space.root})
      return {code, store: (JSON.parse(stdout) as {stores: readonly object[]}).stores[0]}
    }
    expect(await verify()).toMatchObject({code: 0, store: {texts: 0, inLogs: 2, problems: []}})
    // Cut off between a text and its line: as a file alone, no build would find it.
    const [grown] = (await readLoggedTexts(runs)) as [JournalledText]
    await ownThread.write(storedTextPath(root, completionAddress(grown.text)), grown.text)
    for (const {address, text} of grown.messages) await ownThread.write(storedMessagePath(root, address), text)
    const unaware = await verifyStore(root, {startMs: Date.now() + 1e6, isRepaired: false})
    expect(unaware.problems.map(({type}) => type).sort()).toEqual(['unnamed-message', 'unnamed-text'])
    expect(await verify()).toMatchObject({code: 0, store: {texts: 1, inLogs: 2, problems: []}})
    expect((await runCli(['store', 'verify'], {cwd: space.root})).stderr).toContain(
      '2 completions stand only in the log of a build that was cut off',
    )
    await readCutOffRuns(runs, new CompletionStore(root))
    expect(await verify()).toMatchObject({code: 0, store: {texts: 2, entries: 2, inLogs: 0, problems: []}})
  })

  it('counts though its files were damaged by the same crash', async () => {
    const log = logOf()
    await writeTexts(log, ['Grow.'])
    const path = storedTextPath(root, completionAddress('Answer to Grow.'))
    mkdirSync(join(path, '..'), {recursive: true})
    writeFileSync(path, 'Ans')
    expect(await readCutOffRuns(runs, new CompletionStore(root))).toMatchObject([{recovered: 1, inDoubt: []}])
    expect(readFileSync(path, 'utf8')).toBe('Answer to Grow.')
  })

  it('is not believed where it was torn or changed', async () => {
    const log = logOf()
    await writeTexts(log, ['Grow.'])
    const [name = ''] = readdirSync(runs)
    const whole = readFileSync(join(runs, name), 'utf8')
    writeFileSync(join(runs, name), whole.replaceAll('You write one', 'You read one'))
    const own = join(space.root, 'own')
    expect(await readCutOffRuns(runs, new CompletionStore(own))).toMatchObject([{recovered: 1}])
    expect(await new CompletionStore(own).readRequest(requestAddress(requestOf('Grow.')))).toBeUndefined()
    expect(existsSync(join(own, 'messages'))).toBe(false)
    writeFileSync(join(runs, name), whole.replace('Answer to Grow.', 'Answer of mine.'))
    appendFileSync(join(runs, name), `\n${JSON.stringify({type: 'text', number: 9}).slice(0, -4)}`)
    const read = (): ReturnType<typeof readCutOffRuns> => readCutOffRuns(runs, new CompletionStore(root))
    expect(await read()).toMatchObject([{recovered: 0, inDoubt: [{id: 'Grow.'}]}])
    expect(existsSync(storedListPath(root, requestAddress(requestOf('Grow.'))))).toBe(false)
    writeFileSync(join(runs, name), whole.slice(0, -10))
    expect(await read()).toMatchObject([{recovered: 0, inDoubt: [{id: 'Grow.'}]}])
  })

  it('is left alone while its process runs', async () => {
    const log = new RunLog(runs, ownHolder('msk-course build', startMs), () => startMs)
    logs.push(log)
    await writeTexts(log, ['Grow.'])
    expect(await readCutOffRuns(runs, new CompletionStore(root))).toEqual([])
    expect(existsSync(root)).toBe(false)
  })
})

describe('the log of a long run', () => {
  const text = (user: string): JournalledText => ({
    request: requestAddress(requestOf(user)) as ContentAddress,
    text: 'x'.repeat(2_000),
    line: '',
    messages: [],
  })

  it('goes on in a new file that holds what is open, and is removed whole', async () => {
    const log = logOf(10_000)
    const open = await log.intend(intentOf('Long.'))
    const unfiled = await log.keep(text('Kept.'))
    for (let at = 0; at < 40; at++) {
      const number = await log.intend(intentOf(`P${at}`))
      const kept = await log.keep(text(`P${at}`))
      log.end(number, 'stored')
      log.filed(kept)
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
    const names = readdirSync(runs)
    expect(names).toHaveLength(1)
    expect(names[0]).toMatch(/\.\d+\.jsonl$/)
    expect(logged().length).toBeLessThan(40_000)
    expect(logged()).toContain('"id":"Long."')
    expect(logged()).toContain(requestAddress(requestOf('Kept.')))
    log.end(open, 'stored')
    log.filed(unfiled)
    await log.close(false)
    expect(readdirSync(runs)).toEqual([])
  })

  it('is read as one, whatever file tells how a request ended', async () => {
    const log = logOf(100)
    const first = await log.intend(intentOf('First.'))
    const [before = ''] = readdirSync(runs)
    const content = readFileSync(join(runs, before), 'utf8')
    await log.intend(intentOf('Second.'))
    log.end(first, 'free')
    for (let at = 0; at < 5; at++) {
      log.end(await log.intend(intentOf(`P${at}`)), 'free')
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    // As after a crash in the moment when both files stand.
    writeFileSync(join(runs, before), content)
    expect(readdirSync(runs).length).toBeGreaterThan(1)
    const [run, ...others] = await readCutOffRuns(runs, new CompletionStore(root))
    expect(others).toEqual([])
    expect(run?.inDoubt.map(({id}) => id)).toContain('Second.')
    expect(run?.inDoubt.filter(({id}) => id === 'Second.')).toHaveLength(1)
  })

  it('keeps what was given up through all its files', async () => {
    const log = logOf(100)
    const first = await log.intend(intentOf('First.'))
    log.end(first, 'in-doubt')
    for (let at = 0; at < 5; at++) {
      log.end(await log.intend(intentOf(`P${at}`)), 'free')
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    await log.close(true)
    const [run] = await readCutOffRuns(runs, new CompletionStore(root))
    expect(run?.inDoubt.map(({id}) => id)).toEqual(['First.'])
  })
})
