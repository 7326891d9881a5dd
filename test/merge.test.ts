import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {type MergedTexts, mergeTexts} from '../src/diff/merge-texts.ts'
import {casesOf, expectFile, fixturesRoot} from './support/fixtures.ts'

function described(merged: MergedTexts): string {
  if (merged.type === 'clean') return `${merged.text.trimEnd()}\n`
  return merged.conflicts
    .map(({sort, line, base, author, fresh}) =>
      [`<<< ${sort} at line ${line}`, base, '=== author', author, '=== fresh', fresh, '>>>', ''].join('\n'),
    )
    .join('')
}

describe('merging texts', () => {
  it.each(casesOf('merge'))('%s', (name) => {
    const folder = join(fixturesRoot, 'merge', name)
    const read = (file: string): string => readFileSync(join(folder, `${file}.md`), 'utf8').trimEnd()
    const merged = mergeTexts({base: read('base'), author: read('author'), fresh: read('fresh')})
    expect(merged.type).toBe(name.endsWith('-conflict') ? 'conflicts' : 'clean')
    expectFile(join(folder, 'expected.md'), described(merged))
  })

  it('gives up on words, lines and items that are all alike, in time that does not grow with their square', () => {
    const many = (own: string, between: string): string => Array.from({length: 20_000}, () => own).join(between)
    const words = many('a', ' ')
    expect(mergeTexts({base: words, author: `${words} b`, fresh: `c ${words}`}).type).toBe('conflicts')
    const code = many('ls', '\n')
    const fenced = (own: string): string => `\`\`\`sh\n${own}\n\`\`\``
    const three = {base: fenced(code), author: fenced(`${code}\npwd`), fresh: fenced(`cd\n${code}`)}
    expect(mergeTexts(three).type).toBe('conflicts')
    const list = Array.from({length: 600}, () => '- same').join('\n')
    expect(mergeTexts({base: list, author: `${list}\n- mine`, fresh: list.replace('- same', '- new')}).type).toBe(
      'clean',
    )
  })
})
