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
})
