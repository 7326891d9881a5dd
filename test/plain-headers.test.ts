import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {PlainHeaders} from '../src/providers/plain-headers.ts'
import {answerHeaders} from '../src/providers/wire-answer.ts'
import {courseBook} from './support/fault-course.ts'
import {FaultProject} from './support/fault-project.ts'
import {canaryKey} from './support/invariants.ts'

describe('PlainHeaders', () => {
  it('say what the global `Headers` says', () => {
    for (const headers of [new PlainHeaders(), new Headers()]) {
      headers.append('Accept', 'application/json')
      headers.append('X-Many', ' one\r\n')
      headers.append('x-many', 'two')
      headers.set('X-Set', 'before')
      headers.set('x-set', 'after')
      headers.append('gone', 'soon')
      headers.delete('Gone')
      expect([...headers].sort()).toEqual([
        ['accept', 'application/json'],
        ['x-many', 'one, two'],
        ['x-set', 'after'],
      ])
      expect([headers.get('X-MANY'), headers.get('gone'), headers.has('ACCEPT'), headers.has('gone')]).toEqual([
        'one, two',
        null,
        true,
        false,
      ])
    }
  })

  it.each([[[['A', '1'] as const, ['a', '2'] as const], '1, 2'] as const, [{A: '1'}, '1'] as const])(
    'are made of %j',
    (init, value) => {
      expect([...new PlainHeaders(init)]).toEqual([['a', value]])
    },
  )

  it('hold an answer’s headers but those of its bytes on the wire', () => {
    const raw = ['Retry-After', '3', 'Content-Length', '12', 'x-a', '1', 'Content-Encoding', 'gzip', 'X-A', '2']
    expect([...answerHeaders(raw)]).toEqual([
      ['retry-after', '3'],
      ['x-a', '1, 2'],
    ])
  })
})

it('a build does not load what the globals `Headers` and `FormData` stand for, and a line end after the key is no fault', async () => {
  const project = await FaultProject.start(3)
  const preload = join(project.root, 'refuse.cjs')
  writeFileSync(
    preload,
    `for (const name of ['Headers', 'FormData', 'Request', 'Response'])
  Object.defineProperty(globalThis, name, {get: () => { throw new Error(name + ' was asked for') }})
`,
  )
  const run = await project.build([], {
    env: {NODE_OPTIONS: `--require ${preload}`, OPENAI_API_KEY: `${canaryKey}\n`},
  })
  const {book} = project
  await project.end()
  expect(run.broken).toEqual([])
  expect(`${run.code} ${run.stderr}`).toMatch(/^0 /)
  expect(book).toBe(courseBook(3, 'v1'))
})
