import {appendFileSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {FaultProject} from './support/fault-project.ts'
import type {Exchange} from './support/fault-server.ts'
import {brokenPromises, canaryKey, observeBefore} from './support/invariants.ts'
import {answerTo} from './support/known-answer.ts'
import type {CliResult} from './support/run-cli.ts'
import {filesBelow} from './support/stored-answers.ts'
import {spoiledMark} from './support/wire-faults.ts'

const sound: CliResult = {code: 0, signal: null, stdout: '', stderr: ''}

let built: FaultProject
let project: FaultProject
const opened: FaultProject[] = []

beforeAll(async () => {
  built = await FaultProject.start(3)
  expect(await built.recover()).toEqual([])
})

afterAll(async () => {
  await Promise.all([built, ...opened].map((each) => each.end()))
})

/** What the checks say of a built course after `damage` was done to it, as if a run had. */
async function afterDamage(damage: () => void, result: Partial<CliResult> = {}): Promise<string> {
  project = await built.copy()
  opened.push(project)
  const before = observeBefore(project)
  damage()
  return brokenPromises(project, before, {...sound, ...result}).join('\n')
}

function path(name: string): string {
  return join(project.root, name)
}

function firstFile(folder: string, ending: string): string {
  return filesBelow(path(folder), ending)[0] as string
}

function change(file: string, edit: (text: string) => string): void {
  writeFileSync(file, edit(readFileSync(file, 'utf8')))
}

function delivered(id: string, edition: string): Exchange {
  return {id, edition, state: 'delivered'} as Exchange
}

describe('the checks of fault tests', () => {
  it('say nothing of a sound run', async () => {
    expect(await afterDamage(() => undefined)).toBe('')
  })

  it('see a stored answer that is gone, by its text or by its line', async () => {
    expect(await afterDamage(() => rmSync(firstFile('.msk-course/store/completions', '.md')))).toMatch(
      /^kept: .* gone/m,
    )
    expect(await afterDamage(() => rmSync(firstFile('.msk-course/store/requests', '.jsonl')))).toMatch(
      /^kept: .* gone/m,
    )
  })

  it('see a stored answer that is asked for again, and one that is delivered twice', async () => {
    expect(await afterDamage(() => project.server.exchanges.push(delivered('p02', 'v1')))).toMatch(
      /^kept: p02 v1 was stored and is asked for again$/m,
    )
    expect(
      await afterDamage(() => project.server.exchanges.push(delivered('p02', 'v2'), delivered('p02', 'v2'))),
    ).toMatch(/^once: p02 v2 was delivered 2 times/m)
  })

  it('allow as many deliveries more as were reported in doubt', async () => {
    const twice = (): void => {
      project.doubted.push('p02')
      project.server.exchanges.push(delivered('p02', 'v2'), delivered('p02', 'v2'))
    }
    expect(await afterDamage(twice)).toBe('')
  })

  it.each([
    ['cut off', (text: string) => text.slice(0, -20)],
    ['empty', () => ''],
    ['without a text', (text: string) => text.replace(answerTo({id: 'p02', edition: 'v1'}), '')],
    ['with a text in the wrong place', (text: string) => text.replaceAll('p02', 'p03')],
    ['with a placeholder', (text: string) => text.replace(/^Topic p02.*$/m, '*Not written yet: p02*')],
    ['with more', (text: string) => `${text}\nMore.\n`],
  ] as const)('see a book %s', async (_, edit) => {
    expect(await afterDamage(() => change(path('output/course/book.md'), edit))).toMatch(/^whole: book\.md/m)
  })

  it('take a book of texts of two editions for whole after a build that ended by itself, and not after a kill', async () => {
    const mix = (): void => {
      project.editions.push('v2')
      change(path('output/course/book.md'), (text) =>
        text.replace(answerTo({id: 'p02', edition: 'v1'}), answerTo({id: 'p02', edition: 'v2'})),
      )
    }
    expect(await afterDamage(mix, {code: 1})).toBe('')
    expect(await afterDamage(mix, {code: null, signal: 'SIGKILL'})).toMatch(/^whole: book\.md/m)
  })

  it('see a manifest that is cut off or lacks a row', async () => {
    const manifest = 'output/course/manifest.json'
    expect(await afterDamage(() => change(path(manifest), (text) => text.slice(0, -9)))).toMatch(/^whole: manifest/m)
    expect(await afterDamage(() => change(path(manifest), (text) => text.replace('"id":"p02"', '"id":"p2"')))).toMatch(
      /^whole: rows/m,
    )
  })

  it('see wrong texts in store, sections and book', async () => {
    const store = '.msk-course/store/completions'
    expect(await afterDamage(() => appendFileSync(firstFile(store, '.md'), '!'))).toMatch(/^true: .*not what its name/m)
    expect(await afterDamage(() => writeFileSync(path(`${store}/a.md`), spoiledMark))).toMatch(
      /no right answer: SPOILED/,
    )
    expect(
      await afterDamage(() => change(firstFile('output/course/sections', '.md'), (text) => text.replace('Topic', 'A'))),
    ).toMatch(/^true: .*sections/m)
    expect(await afterDamage(() => appendFileSync(path('output/course/book.md'), spoiledMark))).toMatch(
      /^true: book\.md holds a spoiled body$/m,
    )
  })

  it('see the key in files and outputs', async () => {
    expect(await afterDamage(() => writeFileSync(path('log'), `key ${canaryKey}`))).toMatch(/^secret: the key is in/m)
    expect(await afterDamage(() => undefined, {stdout: canaryKey})).toMatch(/^secret: the key was printed$/m)
    expect(await afterDamage(() => undefined, {stderr: canaryKey})).toMatch(/^secret: the key was printed$/m)
  })

  it.each([
    'Error: x\n    at run (file:///a.js:1:2)',
    'msk-course 1.0.0: this is a bug in msk-course',
    '(node:12) TimeoutOverflowWarning: 3e12 does not fit',
    'waiting NaN s',
  ])('see %j on stderr', async (stderr) => {
    expect(await afterDamage(() => undefined, {stderr})).toMatch(/^clear: stderr holds/m)
  })
})
