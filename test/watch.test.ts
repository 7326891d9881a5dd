import {existsSync, mkdirSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {LiveCli} from './support/live-cli.ts'
import {OpenAiServer} from './support/openai-server.ts'
import {runCli} from './support/run-cli.ts'
import {Workspace} from './support/workspace.ts'

const outline = `# Tea

## Growing
"<prompt>Explain how tea grows.</prompt>"

## Heat
"<prompt>Explain how hot the water is.</prompt>"
`

let space: Workspace
let server: OpenAiServer
let live: LiveCli | undefined

beforeEach(async () => {
  space = new Workspace()
  server = await OpenAiServer.start({answer: ({number}) => `Answer ${number}.`})
  space.write('outline/tea.md', outline)
  space.write('msk-course.yaml', 'repairs: 0\n')
  space.write('sources/tea.md', '# Tea\n\nTea grows in the hills. The water is hot.\n')
})

afterEach(async () => {
  await live?.kill()
  live = undefined
  space.remove()
  await server.stop()
})

/** Starts to watch, and waits until it does. */
async function watch(...args: string[]): Promise<LiveCli> {
  live = new LiveCli(['build', '--watch', ...args], space.root)
  await live.line(/^watching /)
  return live
}

/** Writes as editors do that are afraid of a torn file: another file, then a rename. */
function saveByRename(path: string, content: string): void {
  space.write(`${path}~`, content)
  renameSync(join(space.root, `${path}~`), join(space.root, path))
}

describe('build --watch', () => {
  it('builds again for an edit of the outline, and not for what it wrote itself', async () => {
    const program = await watch()
    expect(program.said).toMatch(/^\d\d:\d\d:\d\d tea: built: 2 drafted, .* s$/m)
    expect(program.said).toContain('watching tea; nothing is sent (--yes lets it buy texts); Ctrl-C ends it')
    space.write('outline/tea.md', `${outline}\n## Cups\n"<prompt>Explain cups.</prompt>"\n`)
    await program.line(/tea: built for outline\/tea\.md: 1 drafted, 2 unchanged/)
    expect(space.read('output/tea/book.md')).toContain('## Cups')
    saveByRename('outline/tea.md', outline.replace('# Tea', '# Tea at home'))
    // Nothing came in between: what it wrote itself is no edit.
    const passed = await program.line(/tea: built for outline\/tea\.md: 2 unchanged/)
    expect(passed.match(/^\d\d:\d\d:\d\d /gm)).toHaveLength(1)
    expect(space.read('output/tea/book.md')).toContain('# Tea at home')
  })

  it('puts an edited section file into the book and keeps it', async () => {
    const program = await watch()
    const path = 'output/tea/sections/tea/growing.md'
    saveByRename(path, space.read(path).replace(/\n\n[^]*$/, '\n\nMy own words.\n'))
    await program.line(/tea: built for output\/tea\/sections\/tea\/growing\.md: .*1 edited by hand/)
    expect(space.read('output/tea/book.md')).toContain('My own words.')
    expect(space.read(path)).toContain('My own words.')
  })

  it('carries an edit of book.md into its section file', async () => {
    const program = await watch()
    const path = 'output/tea/sections/tea/growing.md'
    const word = /[a-z]{5,}/.exec(space.read(path).split('\n---\n')[1] as string)?.[0] as string
    space.write('output/tea/book.md', space.read('output/tea/book.md').replace(word, 'mended'))
    const passed = await program.line(/tea: built for output\/tea\/book\.md: .*1 edited by hand/)
    expect(passed).toMatch(/carried/)
    expect(space.read(path)).toContain('mended')
    expect(space.read('output/tea/book.md')).toContain('mended')
    space.write('outline/tea.md', outline.replace('# Tea', '# Tea at home'))
    expect((await program.line(/ for outline\/tea\.md/)).match(/^\d\d:\d\d:\d\d /gm)).toHaveLength(1)
  })

  it('builds once for a section file that is not UTF-8', async () => {
    const program = await watch()
    const path = 'output/tea/sections/tea/growing.md'
    space.write(path, Buffer.concat([Buffer.from(space.read(path)), Buffer.from([0xff, 0x0a])]))
    await program.line(/tea: .* for output\/tea\/sections\/tea\/growing\.md: /)
    space.write('sources/tea.md', '# Tea\n\nTea likes rain.\n')
    expect((await program.line(/ for sources\/tea\.md/)).match(/^\d\d:\d\d:\d\d /gm)).toHaveLength(1)
  })

  it('says what is wrong with an outline, waits, and goes on when it is mended', async () => {
    const program = await watch()
    space.write('outline/tea.md', `${outline}\n## Cups\n"<prompt></prompt>"\n`)
    await program.line(/^error: Cannot go on: 1 error/)
    space.write('outline/tea.md', `${outline}\n## Cups\n"<prompt>Explain cups.</prompt>"\n`)
    await program.line(/tea: built for outline\/tea\.md: 1 drafted, 2 unchanged/)
    rmSync(join(space.root, 'outline/tea.md'))
    await program.line(/^error: /)
    saveByRename('outline/tea.md', outline)
    await program.line(/tea: built for outline\/tea\.md: 2 unchanged/)
  })

  it('begins with an outline that cannot be built yet', async () => {
    space.write('outline/tea.md', outline.replace('Explain how tea grows.', ''))
    const program = await watch()
    expect(program.said).toContain('error: Cannot go on: 1 error')
    space.write('outline/tea.md', outline)
    await program.line(/tea: built for outline\/tea\.md: 2 drafted/)
  })

  it('follows templates, style, sources and config, and a folder that is swapped for another', async () => {
    const program = await watch()
    space.write('msk-course.yaml', 'repairs: 0\nstyle: styles/own.md\n')
    await program.line(/^error: /)
    space.write('styles/own.md', 'Write short sentences.\n')
    await program.line(/tea: .* for styles\/own\.md: /)
    space.write('prompts/section.md', 'Write about this: {{ prompt }}\n')
    await program.line(/tea: .* for prompts\/section\.md: /)
    mkdirSync(join(space.root, 'next'))
    writeFileSync(join(space.root, 'next/tea.md'), '# Tea\n\nTea likes shade. The water is hot.\n')
    renameSync(join(space.root, 'sources'), join(space.root, 'before'))
    renameSync(join(space.root, 'next'), join(space.root, 'sources'))
    await program.line(/tea: .* for sources\/tea\.md: /)
    space.write('sources/tea.md', '# Tea\n\nTea likes rain.\n')
    await program.line(/tea: .* for sources\/tea\.md: /)
    space.write('outline/coffee.md', outline)
    expect(await program.line(/coffee: built for outline\/coffee\.md: 2 drafted/)).toContain('coffee')
  })

  it('sends nothing without --yes, takes what the store has, and names what is stale', async () => {
    await runCli(['build', '--base-url', server.baseUrl, '--model', 'm'], {cwd: space.root})
    expect(server.seen.length).toBe(2)
    const program = await watch('--base-url', server.baseUrl, '--model', 'm')
    space.write('outline/tea.md', outline.replace('how tea grows', 'where tea grows'))
    await program.line(/tea: .* for outline\/tea\.md: 1 unchanged, 1 failed/)
    await program.line(/outline\/tea\.md:4 tea\/growing: Not in the store/)
    space.write('outline/tea.md', outline)
    await program.line(/tea: .* for outline\/tea\.md: 2 unchanged/)
    expect(server.seen.length).toBe(2)
  })

  it('buys what an edit asks for with --yes', async () => {
    const program = await watch('--base-url', server.baseUrl, '--model', 'm', '--yes')
    expect([server.seen.length, program.said]).toEqual([
      2,
      expect.stringContaining('texts that are missing or stale are bought'),
    ])
    space.write('outline/tea.md', outline.replace('how tea grows', 'where tea grows'))
    await program.line(/tea: built for outline\/tea\.md: 1 generated, 1 unchanged, .*1 request, price unknown/)
    expect(server.seen.length).toBe(3)
  })

  it('holds --max-cost over all of its builds', async () => {
    space.write(
      'msk-course.yaml',
      'repairs: 0\nprices:\n  m: {input: 0, output: 1000}\ncontextTokens: 100\nmaxTokens: 100\n',
    )
    // An answer takes 50 tokens, 0.05 dollars, and may take twice that.
    const program = await watch('--base-url', server.baseUrl, '--model', 'm', '--yes', '--max-cost', '0.17')
    expect(server.seen.length).toBe(2)
    space.write('outline/tea.md', outline.replace('how tea grows', 'where tea grows'))
    await program.line(/tea: .* for outline\/tea\.md: 1 unchanged, 1 (?:failed|left out)/)
    expect(server.seen.length).toBe(2)
  })

  it('takes an edit that is made while it builds', async () => {
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const asked = new Promise<void>((resolve) => {
      server.options.answer = async ({number}) => {
        if (number === 1) resolve()
        await held
        return `Answer ${number}.`
      }
    })
    live = new LiveCli(['build', '--watch', '--base-url', server.baseUrl, '--model', 'm', '--yes'], space.root)
    await asked
    space.write('outline/tea.md', `${outline}\n## Cups\n"<prompt>Explain cups.</prompt>"\n`)
    release()
    await live.line(/tea: built: 2 generated/)
    await live.line(/tea: built for outline\/tea\.md: 1 generated, 2 unchanged/)
  })

  it('waits until a book is free that another command holds', async () => {
    const lock = (await import('../src/store/output-lock.ts')).OutputLock
    const held = await lock.take(join(space.root, 'output/tea'), 'msk-course build', {nowMs: Date.now()})
    const program = await watch()
    expect(program.said).toMatch(/^error: .*output\/tea/m)
    await held.release()
    await program.line(/tea: built for output\/tea\/\.lock: 2 drafted/)
    expect(existsSync(join(space.root, 'output/tea/.lock'))).toBe(false)
  })

  it('ends with 130 at once while it waits, and after what is in flight while it sends', async () => {
    const idle = await watch()
    idle.signal('SIGINT')
    expect(await idle.end()).toBe(130)

    let release = (): void => undefined
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const asked = new Promise<void>((resolve) => {
      server.options.answer = async ({number}) => {
        resolve()
        await held
        return `Answer ${number}.`
      }
    })
    const flags = ['--base-url', server.baseUrl, '--model', 'm', '--yes', '--concurrency', '1']
    live = new LiveCli(['build', '--watch', ...flags], space.root)
    await asked
    live.signal('SIGINT')
    await live.line(/^stopping: no new requests, keeping the 1 in flight/)
    release()
    expect(await live.end()).toBe(130)
    expect(server.seen.length).toBe(1)
    expect(space.read('output/tea/book.md')).toContain('Answer 1.')
  })

  it('looks for edits by itself with --poll', async () => {
    const program = await watch('--poll')
    saveByRename('outline/tea.md', outline.replace('# Tea', '# Tea at home'))
    await program.line(/tea: built for outline\/tea\.md: 2 unchanged/)
  })

  it('refuses flags that do not go with it', async () => {
    for (const flag of ['--frozen', '--dry-run', '--json']) {
      const {code, stderr} = await runCli(['build', '--watch', flag], {cwd: space.root})
      expect([code, stderr]).toEqual([2, expect.stringContaining(`Unexpected --watch with ${flag}, which`)])
    }
    const {code, stderr} = await runCli(['build', '--poll'], {cwd: space.root})
    expect([code, stderr]).toEqual([2, expect.stringContaining('expected it with --watch')])
    expect((await runCli(['build', '--watch', 'outline/none.md'], {cwd: space.root})).code).toBe(2)
  })
})
