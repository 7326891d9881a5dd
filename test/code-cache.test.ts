import {existsSync, readdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest'
import {CodeCache, runtimeName} from '../src/cli/code-cache.ts'
import {Workspace} from './support/workspace.ts'

let space: Workspace

beforeEach(() => {
  space = new Workspace()
  writeChunk('main.cjs', `const other = require('./other.cjs'); exports.shout = (text) => other.loud(text) + '!'`)
  writeChunk(
    'other.cjs',
    `const {basename} = require('node:path'); exports.loud = (text) => basename(text).toUpperCase()`,
  )
})

afterEach(() => space.remove())

function writeChunk(name: string, code: string): void {
  space.write(name, `(function (exports, require, module, __filename, __dirname) {${code}\n})\n`)
}

/** Runs the chunks as a process of its own would, and keeps what was compiled. */
function run(address = 'address'): string {
  const cache = new CodeCache(space.root, address)
  const {shout} = cache.load('main.cjs') as {shout(text: string): string}
  const said = shout('a/b')
  cache.save()
  return said
}

const folder = (): string => join(space.root, 'cache', runtimeName())
const kept = (): Record<string, string> =>
  Object.fromEntries(readdirSync(folder()).map((name) => [name, readFileSync(join(folder(), name)).toString('hex')]))

describe('the cache of compiled code', () => {
  it('keeps what was compiled of each chunk, and writes nothing where all is there', () => {
    expect(run()).toBe('B!')
    const before = kept()
    expect(Object.keys(before).sort()).toEqual(['main.cjs.bin', 'other.cjs.bin'])
    expect(run()).toBe('B!')
    expect(kept()).toEqual(before)
  })

  it('takes what it kept, and does not compile again', () => {
    run()
    const cache = new CodeCache(space.root, 'address')
    cache.load('main.cjs')
    expect(cache.compiled).toEqual([])
    const other = new CodeCache(space.root, 'other')
    other.load('main.cjs')
    expect(other.compiled).toEqual(['main.cjs', 'other.cjs'])
  })

  it.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['empty', () => Buffer.alloc(0)],
    // V8 checks no bytes, and crashes on wrong ones.
    ['damaged', (bytes: Buffer) => Buffer.from(bytes.map((byte, at) => (at === bytes.length - 9 ? byte ^ 64 : byte)))],
  ])('compiles anew what is %s, and mends it', (_, damage) => {
    run()
    const before = kept()
    const path = join(folder(), 'main.cjs.bin')
    writeFileSync(path, damage(readFileSync(path)))
    expect(run()).toBe('B!')
    expect(Object.keys(kept()).sort()).toEqual(Object.keys(before).sort())
    const cache = new CodeCache(space.root, 'address')
    cache.load('main.cjs')
    expect(cache.compiled).toEqual([])
  })

  it('is not that of another bundle, though its chunks are as long', () => {
    run()
    writeChunk('main.cjs', `const other = require('./other.cjs'); exports.shout = (text) => other.loud(text) + '?'`)
    expect(run('of another')).toBe('B?')
  })

  it('is not that of another version of Node, even where somebody put it there', () => {
    const other = new CodeCache(space.root, 'address', 'v20.19.6-x64-0123456789ab')
    other.load('main.cjs')
    other.save()
    const theirs = join(space.root, 'cache', 'v20.19.6-x64-0123456789ab')
    expect(readdirSync(theirs)).toHaveLength(2)
    renameSync(theirs, folder())
    const cache = new CodeCache(space.root, 'address')
    cache.load('main.cjs')
    expect(cache.compiled).toEqual(['main.cjs', 'other.cjs'])
  })

  it('is left alone where Node’s own is turned off', () => {
    vi.stubEnv('NODE_DISABLE_COMPILE_CACHE', '1')
    expect(run()).toBe('B!')
    vi.unstubAllEnvs()
    expect(existsSync(folder())).toBe(false)
  })

  it('is done without where its folder cannot be made', () => {
    space.write('cache', 'a file')
    expect(run()).toBe('B!')
    expect(readFileSync(join(space.root, 'cache'), 'utf8')).toBe('a file')
  })

  it('loads each chunk once, also where two of them need each other', () => {
    writeChunk('main.cjs', `exports.name = 'main'; exports.other = require('./other.cjs')`)
    writeChunk('other.cjs', `exports.seen = require('./main.cjs').name; exports.count = (exports.count ?? 0) + 1`)
    expect(new CodeCache(space.root, 'address').load('main.cjs')).toEqual({
      name: 'main',
      other: {seen: 'main', count: 1},
    })
  })
})

describe('the program that was built', () => {
  const bundle = join(import.meta.dirname, '../dist/bundle')

  it('has its compiled code at hand for the first build', () => {
    const names = readdirSync(join(bundle, 'cache', runtimeName()))
    for (const name of ['main.cjs.bin', 'openai-provider.cjs.bin']) expect(names).toContain(name)
  })
})
