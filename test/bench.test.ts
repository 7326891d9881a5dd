import {type ChildProcess, execFileSync, spawn} from 'node:child_process'
import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {makeOutline, promptsOf} from '../bench/made-outline.ts'
import {judgeRow} from '../bench/row.ts'
import {formatWait, ServerBucket} from '../bench/server-bucket.ts'
import {Workspace} from './support/workspace.ts'

const root = join(import.meta.dirname, '..')
const workspace = new Workspace()

beforeAll(() => {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  execFileSync(process.execPath, [compiler, '-p', 'tsconfig.bench.json'], {cwd: root, stdio: 'inherit'})
})

afterAll(() => workspace.remove())

function startBench(...args: string[]): ChildProcess {
  return spawn(process.execPath, [join(root, 'bench', 'dist', 'run-bench.js'), ...args], {
    cwd: workspace.root,
    // Its folders are then the workspace's, where what it leaves behind is seen.
    env: {...process.env, TMPDIR: workspace.root, TEMP: workspace.root},
    stdio: ['ignore', 'ignore', 'pipe'],
  })
}

async function endOf(bench: ChildProcess): Promise<{code: number | null; stderr: string}> {
  let stderr = ''
  bench.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8')
  })
  const code = await new Promise<number | null>((resolve) => bench.once('close', resolve))
  return {code, stderr}
}

const leftovers = (): string[] => readdirSync(workspace.root).filter((name) => name.startsWith('msk-course-bench-'))

describe('the bench', () => {
  it('measures small cells whole, writes its figures as JSON and leaves no folder', async () => {
    const file = join(workspace.root, 'figures.json')
    const bench = startBench('--cells', 'A,C,E,H', '--runs', '1', '--directives', '10', '--json', file)
    const {code, stderr} = await endOf(bench)
    expect(code, stderr).toBe(0)
    const figures = JSON.parse(readFileSync(file, 'utf8')) as {rows: Record<string, unknown>[]}
    expect(figures).toMatchObject({version: 1, node: process.version, runs: 1, outline: 'made', directives: 10})
    expect(new Set(figures.rows.map(({cell}) => cell))).toEqual(new Set(['A', 'C', 'E', 'H']))
    for (const row of figures.rows) {
      expect(row).toMatchObject({what: expect.any(String), own: [expect.any(Number)]})
      expect(row.comparison).toMatchObject({median: expect.any(Number), min: expect.any(Number)})
      expect('target' in row ? typeof row.reached : row.reached).toBe('target' in row ? 'boolean' : null)
    }
    // Ten directives fit into the bucket: whatever the machine does, each has its text.
    const unanswered = figures.rows.filter(({what}) => String(what).endsWith('directives without a text'))
    expect(unanswered.length).toBeGreaterThanOrEqual(2)
    for (const row of unanswered) expect(row).toMatchObject({own: [0], reached: true})
    expect(leftovers()).toEqual([])
  })

  it.skipIf(process.platform === 'win32')('ends at Ctrl-C and leaves no folder', async () => {
    const bench = startBench('--cells', 'A', '--runs', '1', '--directives', '10')
    bench.stderr?.once('data', () => bench.kill('SIGINT'))
    expect((await endOf(bench)).code).toBe(130)
    expect(leftovers()).toEqual([])
  })

  it('refuses a cell that it does not know', async () => {
    const {code, stderr} = await endOf(startBench('--cells', 'A,X'))
    expect(code).toBe(2)
    expect(stderr).toContain('Unexpected cell `X`')
  })
})

describe('a made outline', () => {
  it('has exactly as many directives as are asked for, all different, and is always the same', () => {
    for (const directives of [1, 10, 22, 346, 1000]) {
      const prompts = promptsOf(makeOutline(directives))
      expect(prompts).toHaveLength(directives)
      expect(new Set(prompts).size).toBe(directives)
      expect(promptsOf(makeOutline(directives))).toEqual(prompts)
    }
  })
})

describe('the bucket of the loopback server', () => {
  it('gives its capacity at once and then what comes back', () => {
    const bucket = new ServerBucket({capacity: 60, perSecond: 30}, 0)
    for (let request = 0; request < 60; request++) {
      expect(bucket.waitMs(1, 0)).toBe(0)
      bucket.take(1)
    }
    expect(bucket.waitMs(1, 0)).toBe(34)
    expect(bucket.waitMs(1, 34)).toBe(0)
    expect(bucket.waitMs(3, 100)).toBe(0)
    expect(bucket.waitMs(61, 10_000)).toBeGreaterThan(0)
  })

  it('says its limit, what is left and when it is full', () => {
    const bucket = new ServerBucket({capacity: 60, perSecond: 30}, 0)
    bucket.take(1)
    expect(bucket.headers('requests', 0)).toEqual({
      'x-ratelimit-limit-requests': '1800',
      'x-ratelimit-remaining-requests': '59',
      'x-ratelimit-reset-requests': '34ms',
    })
    expect(bucket.headers('requests', 5000)).toMatchObject({
      'x-ratelimit-remaining-requests': '60',
      'x-ratelimit-reset-requests': '0ms',
    })
  })

  it('writes durations as providers do', () => {
    expect([0, 12, 999.5, 1200, 59_999, 60_000, 360_000, 90_500].map(formatWait)).toEqual([
      '0ms',
      '12ms',
      '1s',
      '1.2s',
      '59.999s',
      '1m0s',
      '6m0s',
      '1m30.5s',
    ])
  })
})

describe('a row', () => {
  const row = {cell: 'A', what: 'a build', unit: 'seconds'} as const

  it('compares medians, and says the range of the pairs', () => {
    const other = {name: 'plain script', values: [2, 2, 4]}
    const judged = judgeRow({...row, own: [4, 3, 5], other, compare: 'ratio', target: {atMost: 2}})
    expect(judged.comparison).toEqual({median: 2, min: 1.25, max: 2})
    expect(judged.reached).toBe(true)
    expect(judgeRow({...row, own: [4, 3, 5], other, compare: 'difference', target: {atMost: 1.9}})).toMatchObject({
      comparison: {median: 2, min: 1, max: 2},
      reached: false,
    })
  })

  it('has no verdict without a target', () => {
    expect(judgeRow({...row, own: [1, 2], compare: 'value'})).toMatchObject({
      comparison: {median: 1.5, min: 1, max: 2},
      otherSpread: null,
      reached: null,
    })
  })
})
