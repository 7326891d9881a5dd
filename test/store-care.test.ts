import {execFileSync} from 'node:child_process'
import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync} from 'node:fs'
import {hostname} from 'node:os'
import {join} from 'node:path'
import fc from 'fast-check'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {claimStore, notedFolders} from '../src/cli/book-guard.ts'
import {describeCost, storedCost} from '../src/cli/stored-cost.ts'
import {type Completion, completionAddress} from '../src/model/completion.ts'
import {type ContentAddress, contentAddress} from '../src/model/content-address.ts'
import {type CompletionEntry, formatEntryLine} from '../src/store/completion-entry.ts'
import {CompletionStore, readList} from '../src/store/completion-store.ts'
import {LockedError, OutputLock} from '../src/store/output-lock.ts'
import {type Garbage, planGarbage} from '../src/store/plan-garbage.ts'
import {commonGarbage, removeGarbage} from '../src/store/remove-garbage.ts'
import {storedListPath, storedTextPath, storeFolder} from '../src/store/store-paths.ts'
import {verifyStore} from '../src/store/verify-store.ts'
import {Workspace} from './support/workspace.ts'

let space: Workspace

beforeEach(() => {
  space = new Workspace()
})

afterEach(() => space.remove())

const request = contentAddress('request')
const later = Date.parse('2100-01-01')
const isWindows = process.platform === 'win32'

function completion(text: string, own = request, generated = '2026-01-01T00:00:00.000Z'): Completion {
  const usage = {inputTokens: 1000, outputTokens: 2000}
  return {request: own, text, finish: 'stop', usage, model: 'm', provider: 'openai', generated}
}

function entry(text: string): CompletionEntry {
  const {request: _, text: __, ...rest} = completion(text)
  return {completion: completionAddress(text), ...rest}
}

const textPath = (text: string, root = space.root): string => storedTextPath(root, completionAddress(text))
const listPath = (own: ContentAddress = request, root = space.root): string => storedListPath(root, own)

/** Every value that differs from `bytes` in one bit. */
function* flips(bytes: Buffer): Generator<Buffer> {
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const flipped = Buffer.from(bytes)
    flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7))
    yield flipped
  }
}

type Impostor = readonly [name: string, make: (path: string) => void]

/** Puts something that is no regular file in the place of one. */
const impostors: readonly Impostor[] = [
  ['a folder', (path) => mkdirSync(path)],
  ...(isWindows
    ? []
    : ([
        ['a pipe', (path) => void execFileSync('mkfifo', [path])],
        ['a link', (path) => symlinkSync(join(space.root, 'elsewhere'), path)],
      ] satisfies Impostor[])),
]

describe('a stored text', () => {
  it('with any bit flipped is never served, is put aside, and reads as lost', async () => {
    const store = new CompletionStore(space.root)
    await store.put(completion('paid work'))
    for (const flipped of flips(Buffer.from('paid work'))) {
      writeFileSync(textPath('paid work'), flipped)
      expect(await store.find(request)).toBeUndefined()
      writeFileSync(textPath('paid work'), 'paid work')
      expect((await store.find(request))?.text).toBe('paid work')
    }
    expect(store.corrupt).toHaveLength(72)
    expect(readdirSync(join(space.root, 'quarantine'))).toHaveLength(72)
  })

  it.each([
    ['cut', 'paid'],
    ['empty', ''],
    ['another text', 'free work'],
  ])('that is %s reads as lost, with what was paid and where it is now', async (_, content) => {
    const store = new CompletionStore(space.root)
    await store.put(completion('paid work'))
    writeFileSync(textPath('paid work'), content)
    const lost = await store.lookUp(request)
    expect(lost).toMatchObject({type: 'lost', entries: [{usage: {inputTokens: 1000, outputTokens: 2000}}]})
    const movedTo = lost.type === 'lost' ? lost.entries[0]?.movedTo : undefined
    expect(readFileSync(movedTo as string, 'utf8')).toBe(content)
    // A later run says the same.
    expect(await new CompletionStore(space.root).lookUp(request)).toEqual(lost)
    await store.put(completion('paid work'))
    expect(await store.lookUp(request)).toMatchObject({type: 'found', completion: {text: 'paid work'}})
  })

  it('that cannot be told from another by its letters is still told by its bytes', async () => {
    const store = new CompletionStore(space.root)
    await store.put(completion('odd \ufffd'))
    writeFileSync(textPath('odd \ufffd'), Buffer.from('odd \ufffd').subarray(0, -1))
    expect(await store.find(request)).toBeUndefined()
  })

  it.each(impostors)('replaced by %s is put aside and not waited for', async (_, make) => {
    const store = new CompletionStore(space.root)
    writeFileSync(join(space.root, 'elsewhere'), 'paid work')
    await store.put(completion('paid work'))
    rmSync(textPath('paid work'))
    make(textPath('paid work'))
    expect(await store.lookUp(request)).toMatchObject({type: 'lost'})
    await store.put(completion('paid work'))
    expect((await store.find(request))?.text).toBe('paid work')
    expect(readFileSync(join(space.root, 'elsewhere'), 'utf8')).toBe('paid work')
  })

  it('that is gone reads as lost, and one that never was as none', async () => {
    const store = new CompletionStore(space.root)
    await store.put(completion('paid work'))
    rmSync(textPath('paid work'))
    expect(await store.lookUp(request)).toMatchObject({type: 'lost', entries: [entry('paid work')]})
    expect(await store.lookUp(contentAddress('other'))).toEqual({type: 'none'})
  })

  it('that is damaged gives way to an older one that is sound', async () => {
    const store = new CompletionStore(space.root)
    await store.put(completion('older'))
    await store.put(completion('newer'))
    writeFileSync(textPath('newer'), 'x')
    expect((await store.find(request))?.text).toBe('older')
  })
})

describe('a list', () => {
  const whole = Buffer.from(['one', 'two'].map((text) => `\n${formatEntryLine(request, entry(text))}`).join(''))
  const originals = [entry('one'), entry('two')]

  it('with any bit flipped holds what was put and nothing else', () => {
    for (const flipped of flips(whole)) {
      const {entries, unreadable} = readList(flipped, request)
      for (const read of entries) expect(originals).toContainEqual(read)
      expect(unreadable.length).toBeLessThanOrEqual(2)
      // Only the line end between them belongs to both.
      if (entries.length === 0) expect(unreadable).toHaveLength(1)
    }
  })

  it('cut at any byte keeps the lines before the cut and takes more after it', () => {
    const first = whole.indexOf('\n', 1)
    for (let length = 0; length <= whole.length; length++) {
      const cut = whole.subarray(0, length)
      // The line end behind a line may be lacking: the line itself is whole.
      const expected = length >= whole.length - 1 ? originals : length >= first ? originals.slice(0, 1) : []
      expect(readList(cut, request).entries).toEqual(expected)
      const more = Buffer.concat([cut, Buffer.from(`\n${formatEntryLine(request, entry('three'))}`)])
      expect(readList(more, request).entries).toEqual([...expected, entry('three')])
    }
  })

  it('of another request is refused', async () => {
    const store = new CompletionStore(space.root)
    const other = contentAddress('other')
    await store.put(completion('mine'))
    await store.put(completion('theirs', other))
    const mine = readFileSync(listPath())
    writeFileSync(listPath(), readFileSync(listPath(other)))
    writeFileSync(listPath(other), mine)
    for (const own of [request, other]) expect(await store.lookUp(own)).toMatchObject({type: 'lost', entries: []})
    expect((await store.list(request)).unreadable).toEqual([
      {number: 2, because: 'it is of another request', isTorn: false},
    ])
  })

  it('that an older version wrote is read, and one that lost its sums is not', async () => {
    const {request: _, text: __, ...rest} = completion('old')
    const old = {completion: completionAddress('old'), ...rest}
    expect(readList(Buffer.from(`\n${JSON.stringify(old)}`), request).entries).toEqual([old])
    const stripped = `\n${JSON.stringify({request, ...old})}`
    expect(readList(Buffer.from(stripped), request)).toMatchObject({entries: [], unreadable: [{number: 2}]})
  })

  it.each(impostors)('replaced by %s reads as lost and is put aside by the next put', async (_, make) => {
    const store = new CompletionStore(space.root)
    writeFileSync(join(space.root, 'elsewhere'), 'x')
    await store.put(completion('paid work'))
    rmSync(listPath())
    make(listPath())
    expect(await store.lookUp(request)).toMatchObject({type: 'lost', entries: []})
    await store.put(completion('again'))
    expect((await store.find(request))?.text).toBe('again')
    expect(readFileSync(join(space.root, 'elsewhere'), 'utf8')).toBe('x')
  })
})

describe('verification', () => {
  const verify = (isRepaired = false) => verifyStore(space.root, {startMs: later, isRepaired})

  it('finds nothing in a sound store, and nothing where there is no store', async () => {
    expect(await verify()).toEqual({texts: 0, lists: 0, entries: 0, inLogs: 0, quarantined: 0, problems: []})
    const store = new CompletionStore(space.root)
    for (let n = 0; n < 40; n++) await store.put(completion(`text ${n}`, contentAddress(n % 20)))
    expect(await verify()).toEqual({texts: 40, lists: 20, entries: 40, inLogs: 0, quarantined: 0, problems: []})
  })

  it('tells every kind of damage and changes nothing', async () => {
    const store = new CompletionStore(space.root)
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => contentAddress(name)) as [
      ContentAddress,
      ContentAddress,
      ContentAddress,
      ContentAddress,
    ]
    for (const [own, text] of [
      [a, 'damaged'],
      [b, 'missing'],
      [c, 'torn'],
      [d, 'first'],
      [d, 'second'],
    ] as const)
      await store.put(completion(text, own))
    writeFileSync(textPath('damaged'), 'x')
    rmSync(textPath('missing'))
    // A request that has another sound text lacks nothing.
    rmSync(textPath('first'))
    writeFileSync(listPath(c), readFileSync(listPath(c)).subarray(0, -2))
    writeFileSync(join(space.root, 'completions', completionAddress('torn').slice(0, 2), 'notes.md'), 'x')
    const before = space.snapshot()
    const {problems} = await verify()
    expect(new Map(problems.map(({type, path, purchases}) => [type, [path, purchases.length]]))).toEqual(
      new Map([
        ['damaged-text', [textPath('damaged'), 1]],
        ['missing-text', [textPath('missing'), 1]],
        ['damaged-line', [listPath(c), 0]],
        ['unnamed-text', [textPath('torn'), 0]],
        ['unknown-file', [join(space.root, 'completions', completionAddress('torn').slice(0, 2), 'notes.md'), 0]],
      ]),
    )
    expect(problems).toHaveLength(5)
    expect(space.snapshot()).toEqual(before)
  })

  it('puts damaged texts aside when it is to repair, and tells them as lost from then on', async () => {
    await new CompletionStore(space.root).put(completion('damaged'))
    writeFileSync(textPath('damaged'), 'x')
    const [found] = (await verify(true)).problems
    expect(found).toMatchObject({type: 'damaged-text', purchases: [{request}]})
    expect(readFileSync(found?.movedTo as string, 'utf8')).toBe('x')
    expect(await verify()).toMatchObject({
      quarantined: 1,
      problems: [{type: 'missing-text', movedTo: found?.movedTo}],
    })
  })

  it('says nothing of a text that came while it looked, nor of what a kill left half written', async () => {
    await new CompletionStore(space.root).put(completion('text'))
    rmSync(listPath())
    writeFileSync(join(space.root, 'completions', completionAddress('text').slice(0, 2), '.x.1.tmp'), 'half')
    expect((await verifyStore(space.root, {startMs: 0, isRepaired: false})).problems).toEqual([])
  })
})

describe('what nothing uses', () => {
  const plan = (limitMs = later, hasQuarantine = false): Promise<Garbage> =>
    planGarbage(space.root, {folders: [join(space.root, 'book')], limitMs, hasQuarantine})

  it('is what no file of a book names', async () => {
    const store = new CompletionStore(space.root)
    for (const name of ['section', 'unused', 'manifest', 'broken', 'none'])
      await store.put(completion(name, contentAddress(name)))
    space.write('book/sections/a.md', `---\ncompletion: ${completionAddress('section')}\n---\nText.\n`)
    space.write('book/unused/b.md', `---\ncompletion: ${completionAddress('unused')}\n---\nText.\n`)
    space.write('book/manifest.json', `{"completion":"${completionAddress('manifest')}"}`)
    space.write('book/sections/c.md', `<<<<<<< ours\ncompletion: ${completionAddress('broken')}\n`)
    await removeGarbage(await plan())
    for (const name of ['section', 'unused', 'manifest', 'broken'])
      expect((await store.find(contentAddress(name)))?.text).toBe(name)
    expect(await store.lookUp(contentAddress('none'))).toEqual({type: 'none'})
    expect(existsSync(textPath('none'))).toBe(false)
    expect(await verifyStore(space.root, {startMs: later, isRepaired: false})).toMatchObject({texts: 4, problems: []})
  })

  it('is not the newest text of a request that a book names, nor what is young', async () => {
    const store = new CompletionStore(space.root)
    await store.put(completion('used'))
    await store.put(completion('superseded'))
    await store.put(completion('newest'))
    await store.put(completion('young', contentAddress('other'), '2026-06-01T00:00:00.000Z'))
    space.write(
      'book/sections/a.md',
      `---\nrequest: ${request}\ncompletion: ${completionAddress('used')}\n---\nText.\n`,
    )
    await removeGarbage(await plan(Date.parse('2026-05-01')))
    expect((await store.list(request)).entries).toEqual([entry('used'), entry('newest')])
    expect((await store.find(contentAddress('other')))?.text).toBe('young')
    expect(existsSync(textPath('superseded'))).toBe(false)
  })

  it('is not a text that another list still names', async () => {
    const store = new CompletionStore(space.root)
    await store.put(completion('shared'))
    await store.put(completion('shared', contentAddress('other'), '2099-01-01T00:00:00.000Z'))
    await removeGarbage(await plan(Date.parse('2098-01-01')))
    expect(await store.lookUp(request)).toEqual({type: 'none'})
    expect((await store.find(contentAddress('other')))?.text).toBe('shared')
  })

  it('is no list with a damaged line', async () => {
    const store = new CompletionStore(space.root)
    await store.put(completion('one'))
    await store.put(completion('two'))
    writeFileSync(listPath(), readFileSync(listPath()).subarray(0, -2))
    const before = space.snapshot()
    await removeGarbage(await plan())
    expect(space.snapshot()).toEqual(before)
  })

  it('is a text without a list and a half written file once they are old, and quarantine when asked', async () => {
    const store = new CompletionStore(space.root)
    await store.put(completion('orphan'))
    rmSync(listPath())
    const half = join(space.root, 'completions', completionAddress('orphan').slice(0, 2), '.x.1.tmp')
    writeFileSync(half, 'half')
    space.write('quarantine/x.md', 'damaged')
    await removeGarbage(await plan(Date.now() - 60_000, true))
    expect(existsSync(textPath('orphan'))).toBe(true)
    for (const path of [half, textPath('orphan')]) utimesSync(path, 1, 1)
    space.write('book/sections/a.md', `completion: ${completionAddress('orphan')}`)
    await removeGarbage({...(await plan(Date.now() - 60_000)), temporaries: []})
    expect(existsSync(textPath('orphan'))).toBe(true)
    rmSync(join(space.root, 'book'), {recursive: true})
    await removeGarbage(await plan(Date.now() - 60_000, true))
    expect([half, textPath('orphan')].map((path) => existsSync(path))).toEqual([false, false])
    expect(existsSync(join(space.root, 'quarantine/x.md'))).toBe(true)
    await removeGarbage(await plan(later))
    expect(existsSync(join(space.root, 'quarantine/x.md'))).toBe(true)
    await removeGarbage(await plan(later, true))
    expect(existsSync(join(space.root, 'quarantine/x.md'))).toBe(false)
  })

  it('leaves neither a lost text nor a line without one when a kill comes between lines and texts', async () => {
    const store = new CompletionStore(space.root)
    for (let n = 0; n < 6; n++) await store.put(completion(`text ${n}`, contentAddress(n % 3)))
    space.write('book/sections/a.md', `---\ncompletion: ${completionAddress('text 0')}\n---\nText.\n`)
    await removeGarbage({...(await plan()), texts: []})
    const {problems} = await verifyStore(space.root, {startMs: later, isRepaired: false})
    expect(new Set(problems.map(({type}) => type))).toEqual(new Set(['unnamed-text']))
    expect((await store.find(contentAddress(0)))?.text).toBe('text 0')
    await removeGarbage(await plan())
    expect(await verifyStore(space.root, {startMs: later, isRepaired: false})).toMatchObject({texts: 1, problems: []})
  })

  it('is removed only as far as it was shown and is unused still', async () => {
    const store = new CompletionStore(space.root)
    await store.put(completion('shown'))
    await store.put(completion('rescued', contentAddress('r')))
    const shown = await plan()
    await store.put(completion('came later', contentAddress('l')))
    space.write('book/sections/a.md', `---\ncompletion: ${completionAddress('rescued')}\n---\nText.\n`)
    await removeGarbage(commonGarbage(shown, await plan()))
    expect(await store.find(request)).toBeUndefined()
    expect((await store.find(contentAddress('r')))?.text).toBe('rescued')
    expect((await store.find(contentAddress('l')))?.text).toBe('came later')
  })
})

/** What the store ought to hold: per request its lines, `torn` for a damaged one; and the texts that are sound. */
interface Model {
  readonly lists: Map<number, (number | 'torn')[]>
  readonly sound: Set<number>
}

interface Real {
  readonly root: string
  readonly store: CompletionStore
}

const requestOf = (r: number): ContentAddress => contentAddress(['request', r])
const textOf = (t: number): string => `text ${t}`

class Put implements fc.AsyncCommand<Model, Real> {
  constructor(
    readonly r: number,
    readonly t: number,
  ) {}
  check = (): boolean => true
  async run(model: Model, {store}: Real): Promise<void> {
    await store.put(completion(textOf(this.t), requestOf(this.r)))
    model.lists.set(this.r, [...(model.lists.get(this.r) ?? []), this.t])
    model.sound.add(this.t)
  }
  toString = (): string => `put(${this.r}, ${this.t})`
}

class Find implements fc.AsyncCommand<Model, Real> {
  constructor(readonly r: number) {}
  check = (): boolean => true
  async run(model: Model, {store}: Real): Promise<void> {
    const lines = model.lists.get(this.r) ?? []
    const expected = lines.findLast((line) => line !== 'torn' && model.sound.has(line))
    const found = await store.lookUp(requestOf(this.r))
    if (expected !== undefined)
      expect(found).toMatchObject({type: 'found', completion: {text: textOf(expected as number)}})
    // A line that was torn off belongs to a completion that was never kept.
    else expect(found.type).toBe(lines.every((line) => line === 'torn') ? 'none' : 'lost')
  }
  toString = (): string => `find(${this.r})`
}

class Corrupt implements fc.AsyncCommand<Model, Real> {
  constructor(readonly t: number) {}
  check = ({sound}: Model): boolean => sound.has(this.t)
  async run(model: Model, {root}: Real): Promise<void> {
    writeFileSync(textPath(textOf(this.t), root), 'damaged')
    model.sound.delete(this.t)
  }
  toString = (): string => `corrupt(${this.t})`
}

class Tear implements fc.AsyncCommand<Model, Real> {
  constructor(
    readonly r: number,
    readonly part: number,
  ) {}
  check = ({lists}: Model): boolean => typeof lists.get(this.r)?.at(-1) === 'number'
  async run(model: Model, {root}: Real): Promise<void> {
    const path = listPath(requestOf(this.r), root)
    const bytes = readFileSync(path)
    const start = bytes.lastIndexOf('\n', bytes.length - 2) + 1
    // Some of the last line is left, and not all of it.
    writeFileSync(path, bytes.subarray(0, start + 1 + Math.floor(this.part * (bytes.length - start - 3))))
    model.lists.get(this.r)?.splice(-1, 1, 'torn')
  }
  toString = (): string => `tear(${this.r}, ${this.part})`
}

class Gc implements fc.AsyncCommand<Model, Real> {
  constructor(readonly used: readonly number[]) {}
  check = (): boolean => true
  async run(model: Model, {root}: Real): Promise<void> {
    mkdirSync(join(root, 'book'), {recursive: true})
    writeFileSync(join(root, 'book/a.md'), this.used.map((t) => completionAddress(textOf(t))).join('\n'))
    await removeGarbage(await planGarbage(root, {folders: [join(root, 'book')], limitMs: later, hasQuarantine: false}))
    for (const [r, lines] of model.lists)
      if (!lines.includes('torn'))
        model.lists.set(
          r,
          lines.filter((line) => this.used.includes(line as number)),
        )
    const named = new Set([...model.lists.values()].flat())
    for (const t of model.sound) if (!named.has(t) && !this.used.includes(t)) model.sound.delete(t)
  }
  toString = (): string => `gc(${this.used.join(' ')})`
}

describe('the store and a simple model of it', () => {
  it('agree after any series of puts, finds, damage and removal', async () => {
    const r = fc.nat(2)
    const t = fc.nat(3)
    const commands = fc.commands(
      [
        fc.tuple(r, t).map(([own, text]) => new Put(own, text)),
        fc.tuple(r, t).map(([own, text]) => new Put(own, text)),
        r.map((own) => new Find(own)),
        r.map((own) => new Find(own)),
        t.map((text) => new Corrupt(text)),
        fc.tuple(r, fc.double({min: 0, max: 1, noNaN: true})).map(([own, part]) => new Tear(own, part)),
        fc.subarray([0, 1, 2, 3]).map((used) => new Gc(used)),
      ],
      {maxCommands: 30},
    )
    let number = 0
    await fc.assert(
      fc.asyncProperty(commands, async (series) => {
        const root = join(space.root, String(number++))
        await fc.asyncModelRun(
          (): {model: Model; real: Real} => ({
            model: {lists: new Map(), sound: new Set()},
            real: {root, store: new CompletionStore(root)},
          }),
          series,
        )
      }),
      {numRuns: Number(process.env.PROPERTY_RUNS ?? 60), seed: 20260101},
    )
  })
})

describe('a lock that is left', () => {
  const take = (): Promise<OutputLock> => OutputLock.take(space.root, 'test', {nowMs: 0})

  async function holderNow(): Promise<Record<string, unknown>> {
    const lock = await take()
    const holder = JSON.parse(space.read('.lock')) as Record<string, unknown>
    await lock.release()
    return holder
  }

  it('from before the machine was started again is free', async () => {
    space.write('.lock', JSON.stringify({...(await holderNow()), boot: 'another'}))
    await (await take()).release()
  })

  it('by a process of another machine is never taken over, and the message says what to do', async () => {
    space.write('.lock', JSON.stringify({...(await holderNow()), host: `not-${hostname()}`, boot: 'another', pid: 1}))
    const error = await take().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(LockedError)
    expect((error as Error).message).toContain(`process 1 on not-${hostname()}`)
    expect((error as Error).message).toContain('if it does not, remove the file')
    expect(existsSync(join(space.root, '.lock'))).toBe(true)
  })

  it.each(impostors)('as %s is refused and not waited for', async (_, make) => {
    make(join(space.root, '.lock'))
    await expect(take()).rejects.toThrow(/what stands there is no file.*remove it/)
    await expect(OutputLock.take(space.root, 'test', {nowMs: 0, waitMs: 1})).rejects.toThrow(LockedError)
  })

  it.skipIf(isWindows || process.getuid?.() === 0)('that cannot be read is refused', async () => {
    writeFileSync(join(space.root, '.lock'), '{}', {mode: 0})
    await expect(take()).rejects.toThrow(/cannot be read \(EACCES\)/)
  })
})

describe('a build that claims the store', () => {
  it('notes its folder, once, and is refused while the store is cleaned', async () => {
    const target = {
      name: 'x',
      outlinePath: 'x.md',
      outputFolder: join(space.root, 'far/x'),
      root: join(space.root, 'p'),
    }
    await claimStore(target)
    const before = space.snapshot()
    await claimStore(target)
    expect(space.snapshot()).toEqual(before)
    expect(await notedFolders(target.root)).toEqual({folders: [target.outputFolder], unknown: []})
    const lock = await OutputLock.take(storeFolder(target.root), 'msk-course store gc', {nowMs: 0})
    await expect(claimStore(target)).rejects.toThrow(/`msk-course store gc` \(process/)
    await lock.release()
    await claimStore(target)
  })
})

describe('what stored completions cost', () => {
  const price = {inputUsdPerMillion: 1, outputUsdPerMillion: 10}

  it('is the sum, unknown where one price is, and nothing for drafts', () => {
    const known = storedCost([entry('a'), entry('b')], () => price)
    expect(known).toEqual({inputTokens: 2000, outputTokens: 4000, costUsd: 0.042})
    expect(describeCost(known)).toBe('2000 input and 4000 output tokens, about $0.0420')
    const mixed = [entry('a'), {...entry('b'), model: 'other'}]
    const unknown = storedCost(mixed, (model) => (model === 'm' ? price : undefined))
    expect(describeCost(unknown)).toBe('2000 input and 4000 output tokens, price unknown')
    expect(storedCost([{...entry('a'), provider: 'draft'}], () => undefined).costUsd).toBe(0)
  })
})
