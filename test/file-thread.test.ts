import {existsSync, mkdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {FileThread} from '../src/store/file-thread.ts'
import {Workspace} from './support/workspace.ts'

// Compiled by the test command before the tests run.
const compiled = new URL('../dist/store/file-worker.js', import.meta.url)

let space: Workspace

beforeEach(() => {
  space = new Workspace()
})

afterEach(() => space.remove())

const at = (...path: string[]): string => join(space.root, ...path)

describe('the thread that writes files', () => {
  it('writes them, and appends lines behind their texts', async () => {
    const files = FileThread.start(compiled)
    expect(files).toBeInstanceOf(FileThread)
    const kept = {path: at('c', 'a.md'), data: 'text', folder: at('c'), listPath: at('r', 'a.jsonl'), line: '{}'}
    await Promise.all([files.write(at('book', 'a.md'), 'a'), files.keep(kept)])
    const {data: _, ...again} = kept
    await files.keep({...again, line: '{"n":2}'})
    await files.close()
    expect(readFileSync(at('book', 'a.md'), 'utf8')).toBe('a')
    expect(readFileSync(at('c', 'a.md'), 'utf8')).toBe('text')
    expect(readFileSync(at('r', 'a.jsonl'), 'utf8')).toBe('\n{}\n{"n":2}')
  })

  it('writes files that are waited for before it keeps texts', async () => {
    const files = FileThread.start(compiled)
    await files.write(at('first.md'), 'x')
    const done: string[] = []
    const keeps = Array.from({length: 30}, (_, number) => {
      const listPath = at('r', `${number}.jsonl`)
      const kept = {path: at('c', `${number}.md`), data: 'text', folder: at('c'), listPath, line: '{}'}
      return files.keep(kept).then(() => done.push(`${number}`))
    })
    await Promise.all([...keeps, files.write(at('last.md'), 'x').then(() => done.push('file'))])
    expect(done.indexOf('file')).toBeLessThan(15)
    expect(done.filter((entry) => entry !== 'file')).toEqual(keeps.map((_, number) => `${number}`))
    await files.close()
  })

  it('writes what is too large to be handed over where it is', async () => {
    const files = FileThread.start(compiled)
    const large = 'A line of a long book.\n'.repeat(100_000)
    const done: string[] = []
    await Promise.all([
      files.write(at('small.md'), 'x').then(() => done.push('small')),
      files.write(at('book.md'), large).then(() => done.push('large')),
    ])
    // The thread has yet to start.
    expect(done).toEqual(['large', 'small'])
    expect(readFileSync(at('book.md'), 'utf8')).toBe(large)
    await files.close()
  })

  it('tells a fault with its code', async () => {
    const files = FileThread.start(compiled)
    mkdirSync(at('folder', 'in'), {recursive: true})
    await expect(files.write(at('folder'), 'x')).rejects.toMatchObject({
      code: expect.stringMatching(/^(EISDIR|EPERM|EACCES)$/),
      message: expect.stringContaining('folder'),
    })
    await files.close()
  })

  it('ends when all is written', async () => {
    const files = FileThread.start(compiled)
    const writing = Array.from({length: 50}, (_, number) => files.write(at(`${number}.md`), 'x'))
    await files.close()
    await Promise.all(writing)
    expect(Array.from({length: 50}, (_, number) => existsSync(at(`${number}.md`)))).not.toContain(false)
  })

  it.each([
    ['ends at once', 'process.exit(3)'],
    ['throws', 'throw new Error("x")'],
    [
      'ends with work to do',
      'import("node:worker_threads").then((w) => w.parentPort.once("message", () => process.exit(0)))',
    ],
  ])('is replaced by the thread that asks when it %s', async (_, code) => {
    const files = FileThread.start(new URL(`data:text/javascript,${encodeURIComponent(code)}`))
    await Promise.all(['a', 'b', 'c'].map((name) => files.write(at(name), name)))
    await files.write(at('d'), 'd')
    await files.close()
    expect(['a', 'b', 'c', 'd'].map((name) => readFileSync(at(name), 'utf8'))).toEqual(['a', 'b', 'c', 'd'])
  })

  it('is not started where the program is not compiled', async () => {
    const files = FileThread.start()
    expect(files).not.toBeInstanceOf(FileThread)
    await files.write(at('a'), 'a')
    await files.close()
    expect(existsSync(at('a'))).toBe(true)
  })
})
