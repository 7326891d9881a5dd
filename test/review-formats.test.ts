import {execFileSync} from 'node:child_process'
import {join} from 'node:path'
import {VFile} from 'vfile'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {githubAnnotations} from '../src/cli/github-annotations.ts'
import {junitReport} from '../src/cli/junit-report.ts'
import {type PlacedRow, placedRows} from '../src/cli/message-row.ts'
import {changedLinesOf, placeOnChanges} from '../src/cli/place-on-changes.ts'
import {sarifLog} from '../src/cli/sarif-log.ts'
import {stepSummary} from '../src/cli/step-summary.ts'
import {report} from '../src/model/report.ts'
import {Workspace} from './support/workspace.ts'

const row = (own: Partial<PlacedRow> = {}): PlacedRow => ({
  file: 'a.md',
  line: 1,
  column: 1,
  endLine: 1,
  endColumn: 2,
  ruleId: 'broken-link',
  severity: 'error',
  reason: 'Cannot find `b`',
  url: null,
  ...own,
})

describe('annotations for GitHub', () => {
  const rows = [
    ...Array.from({length: 12}, (_, at) => row({severity: 'warning', line: at + 1})),
    row({severity: 'info'}),
    ...Array.from({length: 3}, () => row()),
  ]

  it('come with the gravest first', () => {
    const kinds = githubAnnotations(rows, false).match(/^::\w+/gm)
    expect(kinds?.slice(0, 4)).toEqual(['::error', '::error', '::error', '::warning'])
    expect(kinds).toHaveLength(16)
    expect(kinds?.at(-1)).toBe('::notice')
  })

  it('are ten of a kind at most where GitHub would drop the rest, and say how many there are', () => {
    const lines = githubAnnotations(rows, true).trimEnd().split('\n')
    expect(lines.filter((line) => line.startsWith('::warning'))).toHaveLength(10)
    expect(lines[12]).toBe("::warning title=msk-course::3 more of this severity; the step's summary names all of them")
    expect(lines).toHaveLength(14)
  })
})

describe('findings beside a change', () => {
  let space: Workspace
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', ...args], {
      cwd: space.root,
      encoding: 'utf8',
      env: {...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null'},
    }).trim()

  beforeEach(() => {
    space = new Workspace()
    space.write('outline/a b.md', 'one\ntwo\nthree\n')
    space.write('text.md', 'text\n')
    git('init', '-qb', 'main')
    git('add', '-A')
    git('commit', '-qm', 'one')
    git('switch', '-qc', 'change')
  })

  afterEach(() => space.remove())

  it('stand on lines that the change put in: at the directive where the text was not changed', async () => {
    // A line that looks like the head of a diff is none.
    space.write('outline/a b.md', 'one\n++ b/text.md\nthree\nfour\n')
    git('commit', '-qam', 'two')
    const changed = await changedLinesOf(space.root, {GITHUB_BASE_REF: 'main'})
    expect(changed).toEqual(
      new Map([
        [
          join(git('rev-parse', '--show-toplevel'), 'outline/a b.md'),
          [
            [2, 2],
            [4, 4],
          ],
        ],
      ]),
    )
    const note = 'The directive is outline/a b.md:2'
    const placed = placeOnChanges(
      [
        row({file: 'text.md', ruleId: 'broken-code'}),
        row({file: 'text.md', related: {file: 'outline/a b.md', line: 2, note}}),
        row({file: 'outline/a b.md', line: 4, ruleId: 'empty-directive'}),
        row({file: 'text.md', related: {file: 'outline/a b.md', line: 3, note}}),
      ],
      changed ?? new Map(),
      space.root,
    )
    expect(placed.map(({file, line, ruleId}) => `${file}:${line} ${ruleId}`)).toEqual([
      'outline/a b.md:2 broken-link',
      'outline/a b.md:4 empty-directive',
      'text.md:1 broken-code',
      'text.md:1 broken-link',
    ])
    expect(placed[0]?.related?.file).toBe('text.md')
  })

  it('stay where they are where nothing says what is compared', async () => {
    expect(await changedLinesOf(space.root, {})).toBeUndefined()
    expect(await changedLinesOf(space.root, {GITHUB_BASE_REF: 'nowhere'})).toBeUndefined()
    expect(await changedLinesOf(space.root, {CI_MERGE_REQUEST_DIFF_BASE_SHA: 'main'})).toEqual(new Map())
  })
})

describe("a step's summary", () => {
  it('names all findings, and lets their words make no markup, link or mention', () => {
    const text = stepSummary('verify', [row({reason: 'Unexpected | <b>@ann</b> [x](y)\nmore'}), row()], 10_000)
    expect(text).toContain('### msk-course verify: 2 errors, 0 warnings, 0 info')
    expect(text).not.toMatch(/<b>|@ann|\[x\]/)
    expect(text.split('\n').filter((line) => line.startsWith('| error'))).toHaveLength(2)
  })

  it('keeps within the room that is left, and says what it leaves out', () => {
    const rows = Array.from({length: 500}, (_, at) => row({line: at}))
    const text = stepSummary('verify', rows, 5000)
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(5000)
    expect(text).toMatch(/… and \d+ more/)
    expect(stepSummary('verify', rows, 10)).toBe('')
  })
})

describe('SARIF', () => {
  it('has findings that are known again when lines move, and the place of the directive', () => {
    const file = new VFile({path: 'sections/a.md', value: 'x'})
    const related = {file: 'outline.md', line: 3, note: 'The directive is outline.md:3'}
    for (const line of [4, 9]) report(file, 'broken-link', 'Cannot find `b`', {place: {line, column: 1}, related})
    const before = sarifLog(placedRows([file]), '/work') as Sarif
    const moved = new VFile({path: 'sections/a.md', value: 'x'})
    for (const line of [5, 10]) report(moved, 'broken-link', 'Cannot find `b`', {place: {line, column: 1}, related})
    const now = sarifLog(placedRows([moved]), '/work') as Sarif
    const prints = (log: Sarif): string[] =>
      log.runs[0]?.results.map(({partialFingerprints}) => partialFingerprints.primaryLocationLineHash) ?? []
    expect(prints(now)).toEqual(prints(before))
    expect(new Set(prints(now)).size).toBe(2)
    expect(now.runs[0]?.results[0]?.relatedLocations[0]?.physicalLocation).toEqual({
      artifactLocation: {uri: 'outline.md'},
      region: {startLine: 3},
    })
  })
})

interface Sarif {
  readonly runs: readonly {
    readonly results: readonly {
      readonly partialFingerprints: {readonly primaryLocationLineHash: string}
      readonly relatedLocations: readonly {readonly physicalLocation: object}[]
    }[]
  }[]
}

describe("JUnit's report", () => {
  it('gives each case of a file a name of its own', () => {
    const file = new VFile({path: 'a.md', value: 'x'})
    for (const target of ['b', 'c'])
      report(file, 'broken-link', `Cannot find \`${target}\``, {place: {line: 1, column: 1}})
    const names = [...junitReport([file]).matchAll(/<testcase classname="a\.md" name="([^"]+)"/g)].map(
      ([, name]) => name,
    )
    expect(names).toEqual(['broken-link 1:1', 'broken-link 1:1 (2)'])
  })
})
