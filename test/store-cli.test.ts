import {existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {completionAddress} from '../src/model/completion.ts'
import {OutputLock} from '../src/store/output-lock.ts'
import {storedTextPath, storeFolder} from '../src/store/store-paths.ts'
import {OpenAiServer} from './support/openai-server.ts'
import {type CliResult, runCli} from './support/run-cli.ts'
import {Workspace} from './support/workspace.ts'

const outline = `# Tea

## Leaves
"<prompt>Explain the leaves.</prompt>"

## Water
"<prompt>Explain the water.</prompt>"
`

let space: Workspace
let server: OpenAiServer

beforeEach(async () => {
  space = new Workspace()
  space.write('msk-course.yaml', '')
  space.write('outline/tea.md', outline)
  server = await OpenAiServer.start({answer: ({user}) => `Text ${/Explain the (\w+)/.exec(user)?.[1]}.`})
})

afterEach(async () => {
  await server.stop()
  space.remove()
})

const cli = (...args: string[]): Promise<CliResult> => runCli(args, {cwd: space.root})
const build = (...args: string[]): Promise<CliResult> =>
  cli('build', ...args, '--base-url', server.baseUrl, '--model', 'm', '--yes')
const textPath = (text: string, root = space.root): string => storedTextPath(storeFolder(root), completionAddress(text))

interface VerifyDocument {
  readonly version: number
  readonly command: string
  readonly stores: readonly {
    readonly path: string
    readonly texts: number
    readonly quarantined: number
    readonly problems: readonly {readonly type: string; readonly movedTo: string | null; readonly usedBy: object[]}[]
  }[]
}

async function verify(...args: string[]): Promise<CliResult & {document: VerifyDocument}> {
  const result = await cli('store', 'verify', '--json', ...args)
  return {...result, document: JSON.parse(result.stdout) as VerifyDocument}
}

describe('store verify', () => {
  it('finds nothing after a build, and nothing before one', async () => {
    expect(await verify()).toMatchObject({code: 0, document: {stores: [{texts: 0, problems: []}]}})
    await build()
    const before = space.snapshot()
    expect(await verify()).toMatchObject({
      code: 0,
      document: {version: 1, command: 'store verify', stores: [{path: '.msk-course/store', texts: 2, problems: []}]},
    })
    const plain = await cli('store', 'verify')
    expect(plain).toMatchObject({code: 0, stdout: ''})
    expect(plain.stderr).toContain('2 texts, 2 completions in 2 lists: no problem')
    expect(space.snapshot()).toEqual(before)
    expect(server.seen).toHaveLength(2)
  })

  it('names what is damaged with date, tokens and directive, and puts it aside when asked', async () => {
    await build()
    writeFileSync(textPath('Text leaves.'), 'Text weaves.')
    const plain = await cli('store', 'verify')
    expect(plain.code).toBe(1)
    expect(plain.stdout).toMatch(
      /completions\/.*: damaged text, .*; bought \d{4}-.* from m: \d+ input and 50 output tokens, price unknown; used by tea\/leaves\n$/,
    )
    expect(existsSync(textPath('Text leaves.'))).toBe(true)
    const repaired = await verify('--repair')
    expect(repaired.code).toBe(1)
    const [problem] = repaired.document.stores[0]?.problems ?? []
    expect(problem?.usedBy).toEqual([{directive: 'tea/leaves', file: 'output/tea/sections/tea/leaves.md'}])
    expect(space.read(problem?.movedTo ?? '')).toBe('Text weaves.')
    const {code, document} = await verify()
    expect(code).toBe(1)
    expect(document.stores[0]).toMatchObject({quarantined: 1, problems: [{type: 'missing-text'}]})
    // What the sections hold is all there, so a build needs nothing.
    expect((await build()).code).toBe(0)
    expect(server.seen).toHaveLength(2)
  })

  it('shows control characters of a list escaped', async () => {
    await build()
    const list = readdirSync(join(storeFolder(space.root), 'requests'), {recursive: true, encoding: 'utf8'}).find(
      (name) => name.endsWith('.jsonl'),
    ) as string
    const path = join(storeFolder(space.root), 'requests', list)
    const json = readFileSync(path, 'utf8').split('\t')[1] as string
    const {request: _, ...old} = JSON.parse(json) as Record<string, unknown>
    writeFileSync(path, JSON.stringify({...old, model: '\u001b[31mred', completion: '0'.repeat(64)}))
    const {stdout} = await cli('store', 'verify')
    expect(stdout).toContain('\\u001b[31mred')
    expect(stdout).not.toContain('\u001b')
  })

  it('finds the store of a book without a config by its outline or its folder', async () => {
    rmSync(join(space.root, 'msk-course.yaml'))
    await build('outline/tea.md', '--out', 'book')
    writeFileSync(textPath('Text leaves.', join(space.root, 'book')), 'x')
    expect((await verify('--out', 'book')).document.stores[0]).toMatchObject({
      path: 'book/.msk-course/store',
      texts: 2,
      problems: [{usedBy: [{directive: 'tea/leaves'}]}],
    })
    expect((await verify('outline/tea.md')).document.stores[0]).toMatchObject({
      path: 'output/tea/.msk-course/store',
      texts: 0,
    })
  })
})

describe('store gc', () => {
  /** Builds, then changes a prompt and builds again, so that one completion is of no more use. */
  async function buildTwice(...args: string[]): Promise<void> {
    await build(...args)
    space.write('outline/tea.md', outline.replace('the leaves', 'the stems'))
    await build(...args)
    rmSync(join(space.root, 'output/tea/unused'), {recursive: true, force: true})
  }

  it('shows, asks for --yes without a terminal, and removes what no book uses', async () => {
    await buildTwice()
    expect(await cli('store', 'gc')).toMatchObject({code: 0, stdout: expect.stringContaining('nothing to remove')})
    const before = space.snapshot()
    const shown = await cli('store', 'gc', '--older', '0d', '--dry-run')
    expect(shown.code).toBe(0)
    expect(shown.stdout).toMatch(/: 1 completions \(\d+ input and 50 output tokens, price unknown\), 1 texts; 1 kB\n$/)
    const refused = await cli('store', 'gc', '--older', '0d')
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('expected --yes to remove or --dry-run to look')
    expect(space.snapshot()).toEqual(before)
    const removed = await cli('store', 'gc', '--older', '0d', '--yes', '--json')
    expect(removed.code).toBe(0)
    expect(JSON.parse(removed.stdout)).toMatchObject({
      version: 1,
      command: 'store gc',
      dryRun: false,
      stores: [{completions: 1, texts: 1, outputTokens: 50, costUsd: null}],
    })
    expect(existsSync(textPath('Text leaves.'))).toBe(false)
    expect([textPath('Text stems.'), textPath('Text water.')].map((path) => existsSync(path))).toEqual([true, true])
    expect((await verify()).code).toBe(0)
    for (const folder of [storeFolder(space.root), join(space.root, 'output/tea')])
      expect(existsSync(join(folder, '.lock'))).toBe(false)
    // A section file that is deleted comes back from the store.
    rmSync(join(space.root, 'output/tea/sections'), {recursive: true})
    expect((await build()).code).toBe(0)
    expect(server.seen).toHaveLength(3)
  })

  it('keeps what a book in another folder uses, and stops when that folder is not there', async () => {
    await build()
    const far = new Workspace()
    try {
      space.write('outline/tea.md', outline.replace('the leaves', 'the stems'))
      await build('outline/tea.md', '--out', join(far.root, 'book'))
      space.write('outline/tea.md', outline)
      await build()
      expect((await cli('store', 'gc', '--older', '0d')).stdout).toContain('nothing to remove')
      renameSync(join(far.root, 'book'), join(far.root, 'moved'))
      const refused = await cli('store', 'gc', '--older', '0d', '--yes')
      expect(refused.code).toBe(2)
      expect(refused.stderr).toMatch(
        /built with --out still uses.*remove its note, first `\.msk-course\/books\/\w+\.txt`/,
      )
      rmSync(join(space.root, /`(\.msk-course[^`]+)`/.exec(refused.stderr)?.[1] as string))
      expect((await cli('store', 'gc', '--older', '0d', '--yes', '--out', join(far.root, 'moved'))).stdout).toContain(
        'nothing to remove',
      )
      expect((await cli('store', 'gc', '--older', '0d', '--yes')).code).toBe(0)
      expect(existsSync(textPath('Text stems.'))).toBe(false)
    } finally {
      far.remove()
    }
  })

  it('removes nothing while a build runs, and says who runs it', async () => {
    await buildTwice()
    const lock = await OutputLock.take(join(space.root, 'output/tea'), 'a build', {nowMs: 0})
    const before = space.snapshot('.msk-course')
    const refused = await cli('store', 'gc', '--older', '0d', '--yes')
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain(`\`a build\` (process ${process.pid} on `)
    expect(refused.stderr).not.toContain('--wait')
    expect(space.snapshot('.msk-course')).toEqual(before)
    await lock.release()
    expect((await cli('store', 'gc', '--older', '0d', '--yes')).code).toBe(0)
  })

  it('empties quarantine only when asked', async () => {
    await build()
    writeFileSync(textPath('Text leaves.'), 'x')
    await verify('--repair')
    const aside = join(storeFolder(space.root), 'quarantine')
    await cli('store', 'gc', '--older', '0d', '--yes')
    expect(readdirSync(aside)).toHaveLength(1)
    const shown = await cli('store', 'gc', '--older', '0d', '--yes', '--quarantine')
    expect(shown.stdout).toContain('1 put aside in quarantine/')
    expect(readdirSync(aside)).toEqual([])
  })
})

describe('wrong input to store gives one clear line, exit 2, and changes nothing', () => {
  it.each([
    [['store'], 'Unexpected `store` alone'],
    [['store', 'vrify'], 'verify'],
    [['store', 'gc', '--older', '3'], 'expected days such as 30d'],
    [['store', 'gc', '--older', 'soon'], 'expected days such as 30d'],
    [['store', 'gc', '--repair'], '--repair'],
    [['store', 'verify', '--out', 'nowhere'], 'Unexpected --out `nowhere`'],
    [['store', 'verify', '--out', 'msk-course.yaml'], "expected a book's folder"],
    [['store', 'verify', 'none.md'], 'Cannot read `none.md`'],
    [['store', 'verify', '--config', 'none.yaml'], 'Cannot read the config'],
  ] as const)('%j', async (args, message) => {
    const before = space.snapshot()
    const result = await cli(...args)
    expect(result.code).toBe(2)
    expect(result.stderr).toContain(message)
    expect(space.snapshot()).toEqual(before)
    const json = await cli(...args, '--json')
    expect(JSON.parse(json.stdout)).toMatchObject({version: 1, error: {message: expect.stringContaining(message)}})
  })

  it('names the whole command in JSON', async () => {
    const {stdout} = await cli('store', 'gc', '--older', '3', '--json')
    expect(JSON.parse(stdout)).toMatchObject({command: 'store gc'})
  })

  it('says so where there is no project at all', async () => {
    rmSync(join(space.root, 'msk-course.yaml'))
    rmSync(join(space.root, 'outline'), {recursive: true})
    expect(await cli('store', 'verify')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Cannot find an outline'),
    })
  })
})
