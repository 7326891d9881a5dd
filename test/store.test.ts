import {type ChildProcess, execFileSync, spawn, spawnSync} from 'node:child_process'
import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import fc from 'fast-check'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {parseDocument, stringify} from 'yaml'
import {type Completion, completionAddress} from '../src/model/completion.ts'
import {type ContentAddress, contentAddress} from '../src/model/content-address.ts'
import type {JobId} from '../src/model/job.ts'
import {CompletionStore} from '../src/store/completion-store.ts'
import {LockedError, OutputLock} from '../src/store/output-lock.ts'
import {readRegularYaml, writeRegularYaml} from '../src/store/regular-yaml.ts'
import {formatSectionFile, parseSectionFile, type SectionRecord} from '../src/store/section-file.ts'
import {sectionPath} from '../src/store/section-path.ts'
import {SectionsFolder} from '../src/store/sections-folder.ts'
import {storedTextPath} from '../src/store/store-paths.ts'
import {writeWhole} from '../src/store/write-whole.ts'
import {itWith} from './support/linux-tool.ts'
import {Workspace} from './support/workspace.ts'

let space: Workspace

beforeEach(() => {
  space = new Workspace()
})

afterEach(() => space.remove())

const address = (text: string): ContentAddress => contentAddress(text)

function completion(text: string, request = address('request')): Completion {
  return {
    request,
    text,
    finish: 'stop',
    usage: {inputTokens: 1, outputTokens: 2},
    model: 'm',
    provider: 'openai',
    generated: '2026-01-01T00:00:00.000Z',
  }
}

describe('completions that mend another', () => {
  it('are found with it, and all together where it is gone', async () => {
    const store = new CompletionStore(space.root)
    const mends = completionAddress('first')
    await store.put(completion('first'))
    await store.put({...completion('second'), mends})
    await store.put({...completion('third'), mends})
    const texts = async (): Promise<readonly string[]> => {
      const stored = await store.lookUp(address('request'))
      if (stored.type !== 'found') throw new Error(stored.type)
      return [stored.completion, ...(stored.followUps ?? [])].map(({text}) => text)
    }
    expect(await texts()).toEqual(['first', 'second', 'third'])
    rmSync(storedTextPath(space.root, mends))
    expect(await texts()).toEqual(['second', 'third'])
    await store.put({...completion('fourth'), mends: completionAddress('second')})
    expect(await texts()).toEqual(['second', 'third', 'fourth'])
    await store.put(completion('bought anew'))
    expect(await texts()).toEqual(['bought anew'])
  })
})

describe('the whole-file writer', () => {
  it('writes whole, leaves nothing beside it and makes folders', async () => {
    const path = join(space.root, 'a/b/book.md')
    await writeWhole(path, 'first')
    await writeWhole(path, 'second, longer')
    expect(readFileSync(path, 'utf8')).toBe('second, longer')
    expect(readdirSync(join(space.root, 'a/b'))).toEqual(['book.md'])
  })

  it.skipIf(process.platform === 'win32')('writes through a symbolic link and keeps it', async () => {
    space.write('real.md', 'old')
    symlinkSync(join(space.root, 'real.md'), join(space.root, 'link.md'))
    await writeWhole(join(space.root, 'link.md'), 'new')
    expect(space.read('real.md')).toBe('new')
    expect(readdirSync(space.root).sort()).toEqual(['link.md', 'real.md'])
  })

  // A small file system of its own needs Linux and the right to mount; elsewhere this is counted as skipped.
  const canMount = ((): boolean => {
    try {
      execFileSync('unshare', ['-m', 'true'], {stdio: 'ignore'})
      return true
    } catch {
      return false
    }
  })()

  it.skipIf(!canMount)('keeps the old file on a full disk and says so', () => {
    const dist = join(import.meta.dirname, '..', 'dist', 'store', 'write-whole.js')
    space.write(
      'fill.mjs',
      `import {writeWhole} from ${JSON.stringify(dist)}
import {readFileSync, readdirSync, writeFileSync} from 'node:fs'
const path = process.argv[2] + '/book.md'
writeFileSync(path, 'the good old book')
let code = 'none'
try { await writeWhole(path, 'x'.repeat(700_000)) } catch (error) { code = error.code }
console.log(JSON.stringify({code, text: readFileSync(path, 'utf8'), names: readdirSync(process.argv[2])}))`,
    )
    const disk = join(space.root, 'disk')
    mkdirSync(disk)
    const script = `mount -t tmpfs -o size=512k tmpfs "$1" && exec "$2" "$3" "$1"`
    const output = execFileSync(
      'unshare',
      ['-m', 'sh', '-c', script, 'sh', disk, process.execPath, join(space.root, 'fill.mjs')],
      {encoding: 'utf8'},
    )
    expect(JSON.parse(output)).toEqual({code: 'ENOSPC', text: 'the good old book', names: ['book.md']})
  })

  itWith(['strace'])('keeps the old file where the disk says that it wrote and did not', () => {
    const dist = join(import.meta.dirname, '..', 'dist', 'store', 'write-whole.js')
    const script = space.write(
      'write.mjs',
      `import {writeWhole} from ${JSON.stringify(dist)}
try { await writeWhole(process.argv[2], 'x'.repeat(5000)) } catch (error) { process.exitCode = error.code === 'EIO' ? 3 : 4 }`,
    )
    const path = space.write('books/book.md', 'the good old book')
    const told: (number | null)[] = []
    // The file's write is one of the first of the program's main thread; at the others Node itself may come to an end.
    for (let when = 1; when <= 4; when++) {
      writeFileSync(path, 'the good old book')
      const inject = ['-e', 'trace=write', '-e', `inject=write:retval=1:when=${when}`]
      const {status} = spawnSync('strace', ['-qq', '-o', '/dev/null', ...inject, process.execPath, script, path], {
        timeout: 20_000,
      })
      told.push(status)
      const texts = status === 3 ? ['the good old book'] : ['x'.repeat(5000), 'the good old book']
      expect(texts).toContain(readFileSync(path, 'utf8'))
      expect(readdirSync(join(space.root, 'books'))).toContain('book.md')
    }
    expect(told).toContain(3)
    expect(told).not.toContain(4)
  })
})

describe('the store', () => {
  it('keeps every completion of a request and finds the last one', async () => {
    const store = new CompletionStore(space.root)
    await store.put(completion('one'))
    await store.put(completion('two'))
    expect((await store.find(address('request')))?.text).toBe('two')
    expect((await store.list(address('request'))).entries).toHaveLength(2)
    expect(await store.find(address('other'))).toBeUndefined()
  })

  it('keeps the raw text byte for byte under its address', async () => {
    const store = new CompletionStore(space.root)
    const text = 'CRLF\r\n\u0000 and “quotes” 😀 \ufeff'
    await store.put(completion(text))
    expect(await store.readText(completionAddress(text))).toBe(text)
  })

  it('passes over a list torn at any byte, and appends to it', async () => {
    const store = new CompletionStore(space.root)
    await store.put(completion('one'))
    await store.put(completion('two'))
    const request = address('request')
    const path = join(space.root, 'requests', request.slice(0, 2), `${request}.jsonl`)
    const whole = readFileSync(path)
    for (let length = 0; length < whole.length; length += 7) {
      writeFileSync(path, whole.subarray(0, length))
      await store.put(completion('three'))
      expect((await store.find(request))?.text).toBe('three')
    }
  })

  it('puts a changed text aside, never serves it and never removes it', async () => {
    const store = new CompletionStore(space.root)
    await store.put(completion('paid work'))
    const own = completionAddress('paid work')
    writeFileSync(join(space.root, 'completions', own.slice(0, 2), `${own}.md`), 'paid w0rk')
    expect(await store.find(address('request'))).toBeUndefined()
    expect(store.corrupt).toHaveLength(1)
    expect(readFileSync(join(space.root, 'quarantine', `${own}.md`), 'utf8')).toBe('paid w0rk')
  })
})

/** What YAML reads as no text, or writes in quotes. */
const oddScalars = [
  ...['01', '1e5', '0x1f', '0o7', 'true', 'false', 'null', 'Null', 'TRUE', '~', 'yes', 'no', '.inf', '-', 'a-', 'a:'],
  ...['2026-01-01T00:00:00.000Z', '2026-01-01', '12:30:45', '1.5', '1.', '1_000', '__proto__', '=', '<<', 'a#', '#a'],
  ...['a.', '.a', 'a b', '', '+1', '-1', '123456789012345678', '1e', 'e', 'NaN', '0b1', '\u2028', 'a\u00a0b', -1, 1.5],
  ...['1'.repeat(64), `12e${'3'.repeat(61)}`, 'a'.repeat(410), null, false],
]

describe('section files', () => {
  const record: SectionRecord = {
    directive: 'a/b#2' as JobId,
    request: address('r'),
    basis: {
      prompt: address('p'),
      template: address('t'),
      style: address('s'),
      model: 'm',
      upstream: {'a/b': address('u')},
    },
    completion: address('c'),
    text: address('x'),
    provider: 'openai',
    model: 'm-1',
    finish: 'stop',
    usage: {inputTokens: 3, outputTokens: 4},
    generated: '2026-01-01T00:00:00.000Z',
  }

  it('come back as they were written, unknown keys included', () => {
    fc.assert(
      fc.property(
        fc.string({unit: 'grapheme'}).filter((text) => text.trim() === text && !/\r|\ufeff|^[ \t]*\n/.test(text)),
        (body) => {
          const file = parseSectionFile('a/b.2.md', formatSectionFile(record, body, {reviewed: {by: 'me'}}))
          expect(file.record).toEqual(record)
          expect(file.extra).toEqual({reviewed: {by: 'me'}})
          expect(file.body).toBe(body)
        },
      ),
    )
  })

  it('have the parts of their basis in one order, whatever order they came in', () => {
    const {prompt, template, style, model, upstream = {}} = record.basis
    const orders = [
      record.basis,
      {model, upstream, style, template, prompt},
      {prompt, template, style, upstream, model},
    ]
    const written = orders.map((basis) => formatSectionFile({...record, basis}, 'Text.'))
    expect(new Set(written).size).toBe(1)
    const [content = ''] = written
    const read = parseSectionFile('a/b.2.md', content)
    expect(formatSectionFile(read.record, read.body)).toBe(content)
  })

  const scalar = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constantFrom('a', 'b-c', 'x/y#2', 'gpt-4o', 'ab:c', '1-i', 'é', address('q'), 3, 0, true),
    },
    {weight: 1, arbitrary: fc.constantFrom(...oddScalars)},
    {weight: 1, arbitrary: fc.string({unit: 'grapheme', maxLength: 4})},
  )
  const {map} = fc.letrec<{map: Record<string, unknown>}>((tie) => ({
    map: fc.dictionary(
      fc.oneof(fc.stringMatching(/^[a-z][a-zA-Z/#-]{0,5}$/), scalar.map(String)),
      fc.oneof({maxDepth: 2}, scalar, scalar, scalar, tie('map')),
      {maxKeys: 4},
    ),
  }))

  it('have the front matter that the YAML package writes, and reads', () => {
    let regular = 0
    fc.assert(
      fc.property(
        map,
        fc.nat(),
        fc.constantFrom('', '', 'indent', 'drop', 'twice', 'quotes', 'end'),
        (values, at, change) => {
          const written = stringify(values, {lineWidth: 0})
          const fast = writeRegularYaml(values)
          if (fast !== undefined) expect(fast).toBe(written)
          const lines = written.split('\n')
          const number = at % lines.length
          const line = lines[number] as string
          if (change === 'indent') lines[number] = ` ${line}`
          else if (change === 'drop') lines.splice(number, 1)
          else if (change === 'twice') lines.splice(number, 0, line)
          else if (change === 'quotes') lines[number] = line.replace(/["']/g, '')
          else if (change === 'end') lines[number] = `${line} # c`
          const source = lines.join('\n')
          const read = readRegularYaml(source)
          if (read === undefined) return
          regular++
          const document = parseDocument(source, {uniqueKeys: true, prettyErrors: false})
          expect(document.errors).toEqual([])
          expect(JSON.stringify(read)).toBe(JSON.stringify(document.toJS({maxAliasCount: 0})))
        },
      ),
      {numRuns: Number(process.env.PROPERTY_RUNS ?? 500), seed: 20261121},
    )
    expect(regular).toBeGreaterThan(20)
    expect(writeRegularYaml(record)).toBe(stringify(record))
  })

  it.each([
    ['no front matter', 'Just text.\n', 'Just text.'],
    ['broken front matter', '---\na: [\n---\nText.\n', '---\na: [\n---\nText.'],
    ['aliases', '---\na: &x 1\nb: *x\n---\nText.\n', '---\na: &x 1\nb: *x\n---\nText.'],
    ['other front matter', '---\ntitle: x\n---\n\nText.\r\n', 'Text.'],
  ])('with %s are the author’s own', (_, content, body) => {
    expect(parseSectionFile('x.md', content)).toMatchObject({record: undefined, body})
  })

  it.each([
    ['vi-security/encryption#2', 'vi-security/encryption.2.md'],
    ['con/nul', 'con_/nul_.md'],
    ['a/..', 'a/__.md'],
    ['caf\u0065\u0301', 'caf\u00e9.md'],
  ])('%s stands in %s', (id, path) => {
    expect(sectionPath(id as JobId)).toBe(path)
  })

  it('have names that every file system takes, however long the id', () => {
    const path = sectionPath(`${'ж'.repeat(300)}/${'b'.repeat(81)}` as JobId)
    for (const part of path.replace(/\.md$/, '').split('/')) expect(Buffer.byteLength(part)).toBeLessThanOrEqual(80)
    expect(sectionPath(`${'b'.repeat(90)}1` as JobId)).not.toBe(sectionPath(`${'b'.repeat(90)}2` as JobId))
  })

  it('are not written over when they changed since they were read', async () => {
    const folder = new SectionsFolder(space.root)
    expect(await folder.write('a.md', 'one', undefined)).toBe(true)
    expect(await folder.write('a.md', 'two', undefined)).toBe(false)
    expect(await folder.write('a.md', 'two', 'one')).toBe(true)
    expect(space.read('sections/a.md')).toBe('two')
  })

  it('swap places without loss, and never take the place of another file in unused/', async () => {
    space.write('sections/a.md', 'A')
    space.write('sections/b.md', 'B')
    space.write('sections/c.md', 'C new')
    space.write('unused/c.md', 'C old')
    const folder = new SectionsFolder(space.root)
    await folder.move([
      {from: 'sections/a.md', to: 'sections/b.md'},
      {from: 'sections/b.md', to: 'sections/a.md'},
      {from: 'sections/c.md', to: 'unused/c.md'},
    ])
    expect([space.read('sections/a.md'), space.read('sections/b.md')]).toEqual(['B', 'A'])
    expect([space.read('unused/c.md'), space.read('unused/c~2.md')]).toEqual(['C old', 'C new'])
  })
})

describe('the lock', () => {
  const take = (): Promise<OutputLock> => OutputLock.take(space.root, 'test', {nowMs: 0})

  it('is held by one and free after', async () => {
    const lock = await take()
    await expect(take()).rejects.toThrow(LockedError)
    await lock.release()
    const again = await take()
    await again.release()
    expect(existsSync(join(space.root, '.lock'))).toBe(false)
  })

  it('of a process that is gone, or whose number another one has now, is free', async () => {
    const lock = await take()
    const holder = JSON.parse(space.read('.lock')) as Record<string, unknown>
    await lock.release()
    space.write('.lock', JSON.stringify({...holder, pid: 2 ** 22 - 3}))
    await (await take()).release()
    if (holder.started !== '') {
      space.write('.lock', JSON.stringify({...holder, started: '1'}))
      await (await take()).release()
    }
    space.write('.lock', '')
    await (await take()).release()
  })

  it('of a process that is gone is taken away by one process at a time', async () => {
    const own = await take()
    const holder = JSON.parse(space.read('.lock')) as Record<string, unknown>
    await own.release()
    const dead = JSON.stringify({...holder, pid: 2 ** 22 - 3})
    space.write('.lock', dead)
    // Another process is at it: nothing is touched until it is done.
    space.write('.lock.takeover', JSON.stringify(holder))
    let isTaken = false
    const taking = take().then((lock) => {
      isTaken = true
      return lock
    })
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect([isTaken, space.read('.lock')]).toEqual([false, dead])
    rmSync(join(space.root, '.lock.takeover'))
    await (await taking).release()
    // One that ended at it is no obstacle.
    space.write('.lock', dead)
    space.write('.lock.takeover', dead)
    await (await take()).release()
    expect(readdirSync(space.root).filter((name) => name.startsWith('.lock'))).toEqual([])
  })

  it('goes to one of many that start at once, also over a dead holder', async () => {
    space.write(
      '.lock',
      JSON.stringify({pid: 2 ** 22 - 3, host: 'nowhere', started: '1', boot: 'x', since: '', command: ''}).replace(
        'nowhere',
        (await import('node:os')).hostname(),
      ),
    )
    const dist = join(import.meta.dirname, '..', 'dist', 'store', 'output-lock.js')
    space.write(
      'take.mjs',
      `import {OutputLock} from ${JSON.stringify(dist)}
try { await OutputLock.take(process.argv[2], 'child', {nowMs: 0}); console.log('taken'); setTimeout(() => {}, 20_000) } catch (error) { console.log(error.name) }`,
    )
    const children: ChildProcess[] = []
    const results = await Promise.all(
      Array.from({length: 6}, () => {
        const child = spawn(process.execPath, [join(space.root, 'take.mjs'), space.root], {
          stdio: ['ignore', 'pipe', 'inherit'],
        })
        return new Promise<string>((resolve) => {
          children.push(child)
          child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()))
        })
      }),
    )
    // Only now: the lock of one that ended would be free for one that starts late.
    for (const child of children) child.kill('SIGKILL')
    expect(results.filter((result) => result === 'taken')).toHaveLength(1)
    expect(results.filter((result) => result === 'LockedError')).toHaveLength(5)
    expect(statSync(join(space.root, '.lock')).size).toBeGreaterThan(0)
  })
})
