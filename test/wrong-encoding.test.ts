import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import fc from 'fast-check'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {findWrongEncoding} from '../src/syntax/wrong-encoding.ts'
import {runCli} from './support/run-cli.ts'
import {Workspace} from './support/workspace.ts'

const meant =
  '# ☁️ Clouds — an “overview”\n\nCirrus – thin, of ice – forms at 8 000 m; it’s white. Über façade naïve 雲 ✅.\n'

/** Characters of Windows-1252 from 0x80 to 0x9f. */
const upper = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'

/** What is left of a text that is UTF-8 when a program takes its bytes for another encoding. */
function misread(text: string, label: string): string {
  const bytes = Buffer.from(text, 'utf8')
  if (label === 'macintosh') return new TextDecoder(label).decode(bytes)
  // Some versions of Node.js take Windows-1252 for Latin-1.
  return Array.from(bytes, (byte) =>
    byte < 0x80 || byte > 0x9f ? String.fromCharCode(byte) : upper[byte - 0x80],
  ).join('')
}

function found(text: string) {
  return findWrongEncoding(Buffer.from(text, 'utf8'))
}

describe('a text in a wrong encoding', () => {
  it.each([
    ['windows-1252', 'Windows-1252', 'â€”', '—'],
    ['macintosh', 'Mac Roman', '‚Äî', '—'],
  ])('is read back from %s', (label, name, was, reads) => {
    const text = meant.replace('☁️ ', '')
    const fault = found(misread(text, label))
    expect(fault?.text).toBe(text)
    expect(fault?.how).toBe(`is UTF-8 that was read as ${name}`)
    expect(fault?.first).toMatchObject({was, reads})
    expect(fault?.count).toBeGreaterThan(5)
    expect(found(fault?.text ?? '')).toBeUndefined()
  })

  it('is read back where it was damaged twice', () => {
    expect(found(misread(misread(meant, 'windows-1252'), 'windows-1252'))?.text).toBe(meant)
    expect(found(misread(misread(meant, 'macintosh'), 'macintosh'))?.text).toBe(meant)
  })

  it('keeps what is right in it: only damaged runs are read back', () => {
    const mixed = `${misread('A dash — and “quotes” here.', 'macintosh')}\n\nÜber façade naïve — 雲.\n`
    expect(found(mixed)?.text).toBe('A dash — and “quotes” here.\n\nÜber façade naïve — 雲.\n')
  })

  it.each([
    ['plain words', 'Nothing but ASCII.'],
    ['words of other languages', 'Über façade, naïve; Ærø, Łódź, Привет, 雲と雨, שלום, ελληνικά – “so” … ✅ 👍🏽'],
    [
      'a text that speaks of such marks in code',
      'Saved twice, `Ã©` stands for `é`:\n\n```text\nâ€” â€œ â€\u009d\n```\n',
    ],
    ['one such mark in a text that is right', 'It’s “right” — but Ã© is what a wrong reader makes of é – a “classic”.'],
    ['half a sequence', 'Ã alone, and â€ too, and √ 2.'],
  ])('is not: %s', (_name, text) => {
    expect(found(text)).toBeUndefined()
  })

  it('is one of other bytes: Latin-1, UTF-16 with and without a mark', () => {
    const latin = Buffer.from('Über die Wolken – eine façade, naïve; größer'.replace('–', '-'), 'latin1')
    expect(findWrongEncoding(latin)?.text).toBe('Über die Wolken - eine façade, naïve; größer')
    const quoted = Buffer.concat([Buffer.from('A '), Buffer.of(0x93), Buffer.from('cloud'), Buffer.of(0x94)])
    expect(findWrongEncoding(quoted)?.text).toBe('A “cloud”')
    const wide = Buffer.from('\ufeff# Clouds — high', 'utf16le')
    expect(findWrongEncoding(wide)?.text).toBe('# Clouds — high')
    expect(findWrongEncoding(Buffer.from(wide).swap16())?.text).toBe('# Clouds — high')
    expect(findWrongEncoding(Buffer.from('# Clouds and rain', 'utf16le'))?.text).toBe('# Clouds and rain')
    const japanese = Buffer.of(0x89, 0x5f, 0x82, 0xc6, 0x89, 0x4a, 0x82, 0xe2, 0x82, 0xdd, 0x82, 0xbd, 0x82, 0xa2)
    expect(findWrongEncoding(japanese)).toBeUndefined()
    expect(findWrongEncoding(Buffer.of(0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0xd))).toBeUndefined()
  })

  it('is found for no text that is well-formed, and read back for every text that was misread', () => {
    const words = fc.array(
      fc.constantFrom('sky ', 'Über ', '— ', '“so” ', '雲 ', '👍 ', 'é ', 'naïve ', '✅ ', 'Łódź '),
      {minLength: 8, maxLength: 40},
    )
    const hasMarks = (text: string): boolean => /[—“”雲👍✅]/u.test(text)
    fc.assert(
      fc.property(words, fc.constantFrom('windows-1252', 'macintosh'), (parts, label) => {
        const text = parts.join('')
        expect(found(text)).toBeUndefined()
        if (hasMarks(text)) expect(found(misread(text, label))?.text).toBe(text)
      }),
      {seed: 7, numRuns: 300},
    )
  })

  const sheet = join(import.meta.dirname, '..', '..', 'shared', 'inputs', 'cheat-sheet.md')
  it.skipIf(!existsSync(sheet))('is the cheat sheet, whose emoji and dashes come back', () => {
    const fault = findWrongEncoding(readFileSync(sheet))
    expect(fault?.how).toBe('is UTF-8 that was read as Mac Roman')
    expect(fault?.text).toMatch(/^# 📘 Amazon Managed Streaming for Apache Kafka \(Amazon MSK\) — Detailed/)
    expect(fault?.text).toContain('📌 **Exam Signal:**')
    expect(fault?.text).toContain('*“managed Kafka,”')
    expect(fault?.text).not.toMatch(/[‚√ÄìîΩ\uf8ff]/)
  })
})

describe('check', () => {
  let space: Workspace

  beforeEach(() => {
    space = new Workspace()
    space.write('msk-course.yaml', '')
    space.write('outline/sky.md', `# Sky ${misread('— high', 'windows-1252')}\n\n<prompt>Explain.</prompt>\n`)
    space.write('sources/clouds.md', `# Clouds\n\nCirrus ${misread('– thin –', 'macintosh')} forms high.\n`)
    space.write('sources/good.md', '# Good — as it is\n\nIn code `Ã©` stays.\n')
    space.write('topics/list.txt', Buffer.from('Über Wolken', 'latin1'))
  })

  afterEach(() => space.remove())

  const check = (...args: string[]) => runCli(['check', ...args], {cwd: space.root})

  it('reports each wrongly encoded file with place and reading', async () => {
    const {stdout, code} = await check('--json')
    const found = (
      JSON.parse(stdout) as {ruleId: string; file: string; line: number; column: number; reason: string}[]
    ).filter(({ruleId}) => ruleId === 'wrong-encoding')
    expect(found.map(({file, line, column}) => `${file}:${line}:${column}`).sort()).toEqual([
      'outline/sky.md:1:7',
      'sources/clouds.md:3:8',
      'topics/list.txt:1:1',
    ])
    expect(found.find(({file}) => file === 'sources/clouds.md')?.reason).toBe(
      'Unexpected `‚Äì` and 1 more place in text that is UTF-8 that was read as Mac Roman, expected `–`; `check --fix-encoding` mends it',
    )
    expect(code).toBe(0)
    expect((await check('--strict')).code).toBe(1)
  })

  it('rewrites them with --fix-encoding, says so, and changes nothing else', async () => {
    const good = space.read('sources/good.md')
    const {stderr, code} = await check('--fix-encoding', '--strict')
    expect(code).toBe(0)
    expect(stderr).toContain('rewrote sources/clouds.md, text that is UTF-8 that was read as Mac Roman: 2 places')
    expect(space.read('outline/sky.md')).toBe('# Sky — high\n\n<prompt>Explain.</prompt>\n')
    expect(space.read('sources/clouds.md')).toBe('# Clouds\n\nCirrus – thin – forms high.\n')
    expect(space.read('topics/list.txt')).toBe('Über Wolken')
    expect(space.read('sources/good.md')).toBe(good)
    const before = space.snapshot('sources')
    expect((await check('--fix-encoding')).stderr).not.toContain('rewrote')
    expect(space.snapshot('sources')).toEqual(before)
  })

  it('rewrites an outline in UTF-16, which cannot be read else', async () => {
    space.write('outline/sky.md', Buffer.from('\ufeff# Sky — high\n\n<prompt>Explain.</prompt>\n', 'utf16le'))
    const refused = await check()
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('--fix-encoding')
    expect((await check('--fix-encoding')).code).toBe(0)
    expect(space.read('outline/sky.md')).toBe('# Sky — high\n\n<prompt>Explain.</prompt>\n')
  })
})
