import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'vitest'

export const fixturesRoot = join(import.meta.dirname, '..', 'fixtures')

/** Names of the cases of a runner: the folders below `test/fixtures/FOLDER`. */
export function casesOf(folder: string): string[] {
  return readdirSync(join(fixturesRoot, folder), {withFileTypes: true})
    .filter((entry) => entry.isDirectory())
    .map(({name}) => name)
    .sort()
}

/** Compares `actual` with a case's file; a file that is missing fails, and only `UPDATE=1` writes. */
export function expectFile(path: string, actual: string): void {
  if (process.env.UPDATE === '1') {
    if (!existsSync(path) || readFileSync(path, 'utf8') !== actual) writeFileSync(path, actual)
    return
  }
  if (!existsSync(path))
    expect.fail(`Cannot read \`${path}\`, expected the case's expectation; UPDATE=1 npm test writes it`)
  expect(actual).toBe(readFileSync(path, 'utf8'))
}
