import type {ChildProcess} from 'node:child_process'
import {existsSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest'
import {gitIn} from './support/git-folder.ts'
import {OpenAiServer} from './support/openai-server.ts'
import {type CliResult, runCli} from './support/run-cli.ts'
import {Workspace} from './support/workspace.ts'

const outline = `---
title: Tea
---

# Leaves

## Growing
"<prompt>Explain how tea grows.</prompt>"

## Soil
"<prompt>Explain the soil.</prompt>"

## Summary
"<prompt depends="*/growing">Summarise the chapter.</prompt>"
`

const growing = 'output/tea/sections/leaves/growing.md'
const beside = 'output/tea/sections/leaves/growing.new.md'
const first = `Tea grows on shrubs in the hills of the south.

The leaves are picked by hand in spring.

The best of them are rolled the same day.`

let space: Workspace
let server: OpenAiServer
/** What the server answers for a prompt that holds the key; else a text that tells its number. */
let answers: Record<string, string>

beforeEach(async () => {
  answers = {'how tea grows': first}
  server = await OpenAiServer.start({
    answer: ({user, number}) =>
      Object.entries(answers).find(([key]) => user.includes(key))?.[1] ?? `Text of request ${number} on the matter.`,
  })
  space = new Workspace()
  space.write('outline/tea.md', outline)
  space.write('msk-course.yaml', 'prices:\n  test-model: {input: 1, output: 10}\n')
  space.write('.gitignore', '.msk-course/\n')
})

afterEach(async () => {
  space.remove()
  await server.stop()
})

async function cli(...args: string[]): Promise<CliResult> {
  server.seen.length = 0
  return runCli(args, {cwd: space.root})
}

/** Runs a command that may send, against the test's server. */
function paid(...args: string[]): Promise<CliResult> {
  const [command = '', ...rest] = args
  return cli(command, '--base-url', server.baseUrl, '--model', 'test-model', ...rest)
}

function edit(path: string, from: string, to: string): void {
  const before = space.read(path)
  expect(before).toContain(from)
  space.write(path, before.replace(from, to))
}

/** Commits everything and leaves a clone of it in the workspace's place: no store, no local state. */
function cloneAnew(): void {
  gitIn(space.root, 'init', '-qb', 'main')
  gitIn(space.root, 'add', '-A')
  gitIn(space.root, 'commit', '-qm', 'The book as it was generated')
}

describe('an edited text whose prompt changed', () => {
  it('leaves the other texts to the model of the book when one is got from another', async () => {
    await paid('build')
    const others = (): unknown[] =>
      (JSON.parse(space.read('output/tea/manifest.json')) as {directives: {id: string}[]}).directives.filter(
        ({id}) => id === 'leaves/soil',
      )
    const before = others()
    const result = await cli('regenerate', 'leaves/growing', '--base-url', server.baseUrl, '--model', 'other', '--yes')
    expect(result.code).toBe(0)
    expect(others()).toEqual(before)
    const list = JSON.parse((await cli('list', '--json')).stdout) as {id: string; state: string}[]
    expect(list.find(({id}) => id === 'leaves/soil')?.state).toBe('fresh')
  })

  const rewritten = first.replace('the south', 'the far south')

  it('is merged with a new text, bought once, and stays edited', async () => {
    expect((await paid('build')).code).toBe(0)
    edit(growing, 'by hand in spring.', 'by hand in spring. So says my aunt.')
    edit('outline/tea.md', 'Explain how tea grows.', 'Explain where tea grows.')
    answers = {'where tea grows': rewritten}
    const built = await paid('build')
    expect(built.code).toBe(0)
    expect(server.seen).toHaveLength(1)
    expect(built.stderr).toContain('1 new text merged into what was edited by hand: leaves/growing')
    expect(space.read(growing)).toContain('hills of the far south.')
    expect(space.read(growing)).toContain('So says my aunt.')
    expect(space.read('output/tea/book.md')).toContain('So says my aunt.')
    const again = await paid('build', '--json')
    expect(again.code).toBe(0)
    expect(server.seen).toHaveLength(0)
    expect(JSON.parse(again.stdout).books[0].jobs).toMatchObject({edited: 1, stale: 0})
    const undone = await cli('regenerate', '--undo', 'leaves/growing')
    expect(undone.code).toBe(0)
    expect(space.read(growing)).not.toContain('far south')
  })

  it('is left as it is where they are at odds, with the new text beside it, until its author decides', async () => {
    await paid('build')
    edit(growing, 'the hills of the south', 'the hills of Yunnan')
    edit('outline/tea.md', 'Explain how tea grows.', 'Explain where tea grows.')
    const mine = space.read(growing)
    answers = {'where tea grows': rewritten.replace('the hills', 'the mountains')}
    const built = await paid('build')
    expect(built.code).toBe(1)
    expect(server.seen).toHaveLength(1)
    expect(space.read(growing)).toBe(mine)
    expect(space.read(beside)).toContain('mountains of the far south')
    const line = mine.split('\n').findIndex((own) => own.includes('Yunnan')) + 1
    expect(built.stderr).toContain(`(sections/leaves/growing.md:${line})`)
    expect(built.stderr).toContain('msk-course accept leaves/growing')
    const before = space.snapshot('output')
    for (const args of [['build'], ['build', '--frozen']]) {
      const next = args.includes('--frozen') ? await cli(...args) : await paid(...args)
      expect(next.code).toBe(1)
      expect(next.stderr).toContain('sections/leaves/growing.new.md')
      expect(server.seen).toHaveLength(0)
    }
    expect(space.snapshot('output')).toEqual(before)
    const taken = await cli('regenerate', 'leaves/growing', '--overwrite')
    expect(taken.code).toBe(0)
    expect(server.seen).toHaveLength(0)
    expect(existsSync(join(space.root, beside))).toBe(false)
    expect(space.read(growing)).toContain('mountains of the far south')
    expect((await cli('build', '--frozen')).code).toBe(0)
    await cli('regenerate', '--undo', 'leaves/growing')
    expect(space.read(growing)).toBe(mine)
  })

  it('is merged by a refresh where what it reads changed, and left alone otherwise', async () => {
    answers.Summarise = 'The chapter is about shrubs in the south.'
    await paid('build')
    const summary = 'output/tea/sections/leaves/summary.md'
    edit(summary, 'in the south.', 'in the south. Amen.')
    answers = {'how tea grows': 'A wholly new text on tea.', Summarise: 'The new chapter is about shrubs in the south.'}
    await paid('regenerate', 'leaves/growing')
    const kept = space.read(summary)
    expect((await paid('build')).code).toBe(0)
    expect(server.seen).toHaveLength(0)
    expect(space.read(summary)).toBe(kept)
    expect((await paid('build', '--refresh', 'upstream')).code).toBe(0)
    expect(server.seen).toHaveLength(1)
    expect(space.read(summary)).toContain('The new chapter is about shrubs in the south. Amen.')
  })

  it('is reverted to the generated text, whose new version then comes from the store', async () => {
    await paid('build')
    edit(growing, 'the hills of the south', 'the hills of Yunnan')
    edit('outline/tea.md', 'Explain how tea grows.', 'Explain where tea grows.')
    answers = {'where tea grows': rewritten.replace('the hills', 'the mountains')}
    await paid('build')
    const reverted = await cli('revert', 'leaves/growing')
    expect(reverted.code).toBe(0)
    expect(existsSync(join(space.root, beside))).toBe(false)
    expect(space.read(growing)).toContain('the hills of the south')
    expect((await paid('build')).code).toBe(0)
    expect(server.seen).toHaveLength(0)
    expect(space.read(growing)).toContain('mountains of the far south')
  })

  it('is merged on a fresh clone too, with the base from the history of its file, also under a former name', async () => {
    await paid('build')
    cloneAnew()
    gitIn(space.root, 'mv', 'output/tea/sections/leaves/growing.md', 'output/tea/sections/leaves/gardens.md')
    edit('outline/tea.md', '## Growing', '## Gardens')
    edit('outline/tea.md', '*/growing', '*/gardens')
    const renamed = 'output/tea/sections/leaves/gardens.md'
    edit(renamed, 'directive: leaves/growing', 'directive: leaves/gardens')
    edit(renamed, 'by hand in spring.', 'by hand in spring. So says my aunt.')
    gitIn(space.root, 'commit', '-qam', 'Rename and edit')
    const clone = join(space.root, 'clone')
    gitIn(space.root, 'clone', '-q', space.root, clone)
    rmSync(join(space.root, '.msk-course'), {recursive: true})
    answers = {'where tea grows': rewritten}
    edit('clone/outline/tea.md', 'Explain how tea grows.', 'Explain where tea grows.')
    const built = await paid('build', '--cwd', clone)
    expect(built.code).toBe(0)
    expect(space.read(`clone/${renamed}`)).toContain('hills of the far south.')
    expect(space.read(`clone/${renamed}`)).toContain('So says my aunt.')
    const reverted = await cli('revert', 'leaves/gardens', '--cwd', clone)
    // The text that was merged in came with this very clone: it is in its store.
    expect(reverted.code).toBe(0)
    expect(space.read(`clone/${renamed}`)).not.toContain('So says my aunt.')
  })

  it('is found at odds on a fresh clone, where regenerate says so as build does', async () => {
    await paid('build')
    cloneAnew()
    edit(growing, 'the hills of the south', 'the hills of Yunnan')
    gitIn(space.root, 'commit', '-qam', 'Edit')
    const clone = join(space.root, 'clone')
    gitIn(space.root, 'clone', '-q', space.root, clone)
    answers = {'how tea grows': first.replace('the south', 'the far north').replace('the same day', 'at once')}
    const made = await paid('regenerate', 'leaves/growing', '--json', '--cwd', clone)
    expect(made.code).toBe(1)
    expect(server.seen).toHaveLength(1)
    expect(JSON.parse(made.stdout).books[0].findings[0]).toMatchObject({
      id: 'leaves/growing',
      state: 'conflict',
      message: expect.stringMatching(/leaves\/growing\.md:\d+\)/),
    })
    expect(space.read(`clone/${growing}`)).toBe(space.read(growing))
    // What is at odds with one block leaves the others to their author too.
    expect(space.read(`clone/${beside}`)).toContain('at once')
    expect((await paid('build', '--cwd', clone)).code).toBe(1)
    expect(server.seen).toHaveLength(0)
  })

  it('counts as at odds where nothing knows the text under it, which revert says', async () => {
    await paid('build')
    edit(growing, 'by hand in spring.', 'by hand in spring. So says my aunt.')
    const mine = space.read(growing)
    rmSync(join(space.root, '.msk-course'), {recursive: true})
    const reverted = await cli('revert', 'leaves/growing')
    expect(reverted.code).toBe(1)
    expect(reverted.stderr).toContain('neither the store nor the history')
    edit('outline/tea.md', 'Explain how tea grows.', 'Explain where tea grows.')
    answers = {'where tea grows': rewritten}
    expect((await paid('build')).code).toBe(1)
    expect(space.read(growing)).toBe(mine)
    expect(space.read(beside)).toContain('far south')
  })

  it('is known to verify and store gc while it waits', async () => {
    await paid('build')
    edit(growing, 'the hills of the south', 'the hills of Yunnan')
    edit('outline/tea.md', 'Explain how tea grows.', 'Explain where tea grows.')
    answers = {'where tea grows': rewritten.replace('the hills', 'the mountains')}
    await paid('build')
    const verified = await cli('verify', '--json')
    expect(verified.stdout).toContain('sections/leaves/growing.new.md')
    const completion = /^completion: (\w+)$/m.exec(space.read(beside))?.[1] ?? ''
    const stored = join(space.root, '.msk-course/store/completions', completion.slice(0, 2), `${completion}.md`)
    // Neither manifest nor request list keeps it: its file beside the section does.
    expect(space.read('output/tea/manifest.json')).not.toContain(completion)
    expect((await cli('store', 'gc', '--older', '0d', '--yes')).code).toBe(0)
    expect(existsSync(stored)).toBe(true)
  })

  it('takes the new text beside it along when its heading is renamed', async () => {
    await paid('build')
    edit(growing, 'the hills of the south', 'the hills of Yunnan')
    edit('outline/tea.md', 'Explain how tea grows.', 'Explain where tea grows.')
    answers = {'where tea grows': rewritten.replace('the hills', 'the mountains')}
    await paid('build')
    edit('outline/tea.md', '## Growing', '## Gardens')
    edit('outline/tea.md', '*/growing', '*/gardens')
    const moved = await paid('build')
    expect(moved.code).toBe(1)
    expect(server.seen).toHaveLength(0)
    expect(existsSync(join(space.root, beside))).toBe(false)
    expect(space.read('output/tea/sections/leaves/gardens.new.md')).toContain('directive: leaves/gardens')
  })
})

describe('a new text beside an edited one whose directive goes', () => {
  it('is kept with it and comes back with it, without a request', async () => {
    answers = {'the soil': first}
    await paid('build')
    const soil = 'output/tea/sections/leaves/soil.md'
    edit(soil, 'the hills of the south', 'the hills of Yunnan')
    edit('outline/tea.md', 'Explain the soil.', 'Explain the soil well.')
    answers = {'the soil well': first.replace('the south', 'the far south')}
    expect((await paid('build')).code).toBe(1)
    const directive = '## Soil\n"<prompt>Explain the soil well.</prompt>"\n\n'
    edit('outline/tea.md', directive, '')
    expect((await paid('build')).code).toBe(0)
    expect(existsSync(join(space.root, 'output/tea/sections/leaves/soil.new.md'))).toBe(false)
    expect(space.read('output/tea/unused/leaves/soil.new.md')).toContain('far south')
    edit('outline/tea.md', '## Summary', `${directive}## Summary`)
    const back = await paid('build')
    expect(back.code).toBe(1)
    expect(server.seen).toHaveLength(0)
    expect(space.read(soil)).toContain('Yunnan')
    expect(space.read('output/tea/sections/leaves/soil.new.md')).toContain('far south')
  })
})

describe('regenerate', () => {
  it('buys past the store, leaves the rest byte for byte, and names what drifted with its price', async () => {
    await paid('build')
    const before = space.snapshot('output/tea/sections')
    answers = {'how tea grows': 'A wholly new text on tea.'}
    const made = await paid('regenerate', 'leaves/growing')
    expect(made.code).toBe(0)
    expect(server.seen).toHaveLength(1)
    const after = space.snapshot('output/tea/sections')
    expect([...after].filter(([path, hash]) => before.get(path) !== hash).map(([path]) => path)).toEqual([
      'leaves/growing.md',
    ])
    expect(space.read('output/tea/book.md')).toContain('A wholly new text on tea.')
    expect(made.stderr).toContain('1 drifted, kept; --refresh upstream would make it again')
    expect(made.stderr).toMatch(/about \$/)
    // The store has both and finds the newer one.
    rmSync(join(space.root, growing))
    await paid('build')
    expect(server.seen).toHaveLength(0)
    expect(space.read(growing)).toContain('A wholly new text on tea.')
  })

  it('takes along what reads them when asked', async () => {
    await paid('build')
    answers = {'how tea grows': 'A wholly new text on tea.'}
    const made = await paid('regenerate', 'leaves/growing', '--with-downstream', '--yes', '--json')
    expect(made.code).toBe(0)
    expect(server.seen).toHaveLength(2)
    expect(server.seen[1]?.user).toContain('A wholly new text on tea.')
    const report = JSON.parse(made.stdout)
    expect(report.command).toBe('regenerate')
    expect(report.books[0].jobs).toMatchObject({generated: 2, drifted: 0, fresh: 1})
  })

  it('shows what it would send and spend and sends nothing with --dry-run', async () => {
    await paid('build')
    const before = space.snapshot('.')
    const shown = await paid('regenerate', 'leaves/growing', '--dry-run', '--json')
    expect(JSON.parse(shown.stdout)).toMatchObject({
      command: 'regenerate',
      dryRun: true,
      books: [{make: ['leaves/growing'], requests: 1}],
    })
    const three = await paid('regenerate', 'leaves/growing', '--candidates', '4', '--dry-run', '--json')
    expect(JSON.parse(three.stdout).books[0].requests).toBe(3)
    expect(server.seen).toHaveLength(0)
    expect(space.snapshot('.')).toEqual(before)
  })

  it('needs a model, a selector that matches, and --yes to replace most of a book without a terminal', async () => {
    await paid('build')
    const draft = await cli('regenerate', 'leaves/growing')
    expect(draft.code).toBe(2)
    expect(draft.stderr).toContain('without a model')
    const unknown = await paid('regenerate', 'leaves/growin')
    expect(unknown.code).toBe(2)
    expect(unknown.stderr).toContain('leaves/growing')
    const most = await paid('regenerate', '**')
    expect(most.code).toBe(2)
    expect(most.stderr).toContain('--yes')
    expect(server.seen).toHaveLength(0)
  })

  it('merges an edited text, and replaces it where it is named and --overwrite is given', async () => {
    await paid('build')
    edit(growing, 'by hand in spring.', 'by hand in spring. So says my aunt.')
    const mine = space.read(growing)
    answers = {'how tea grows': first.replace('the south', 'the far south')}
    expect((await paid('regenerate', 'leaves/growing')).code).toBe(0)
    expect(space.read(growing)).toContain('far south')
    expect(space.read(growing)).toContain('my aunt')
    expect((await paid('regenerate', 'leaves/*', '--overwrite', '--yes')).code).toBe(2)
    expect((await paid('regenerate', 'leaves/growing', '--overwrite')).code).toBe(0)
    expect(space.read(growing)).not.toContain('my aunt')
    await cli('regenerate', '--undo', 'leaves/growing')
    expect(space.read(growing)).toContain('my aunt')
    await cli('regenerate', '--undo', 'leaves/growing')
    expect(space.read(growing)).not.toContain('my aunt')
    expect(mine).toContain('my aunt')
  })

  it('undoes byte for byte, goes back and forth, and says where there is nothing to undo', async () => {
    await paid('build')
    const before = space.read(growing)
    const book = space.read('output/tea/book.md')
    answers = {'how tea grows': 'A wholly new text on tea.'}
    await paid('regenerate', 'leaves/growing')
    const after = space.read(growing)
    expect((await cli('regenerate', '--undo', 'leaves/growing')).code).toBe(0)
    expect(space.read(growing)).toBe(before)
    expect(space.read('output/tea/book.md')).toBe(book)
    await cli('regenerate', '--undo', 'leaves/growing')
    expect(space.read(growing)).toBe(after)
    const nothing = await cli('regenerate', '--undo', 'leaves/soil')
    expect(nothing.code).toBe(2)
    expect(nothing.stderr).toContain('leaves/soil')
    // What was undone was seen: another one is bought.
    await cli('regenerate', '--undo', 'leaves/growing')
    await paid('regenerate', 'leaves/growing')
    expect(server.seen).toHaveLength(1)
  })

  it('takes what a killed run paid for instead of buying it again', async () => {
    await paid('build')
    const running = runCli(['regenerate', 'leaves/growing', '--base-url', server.baseUrl, '--model', 'test-model'], {
      cwd: space.root,
      onStart: (child) => {
        server.seen.length = 0
        server.options = {
          answer: ({number}) => {
            if (number === 1) return 'A text that breaks off:\n\n```sh\nboil --water'
            // The first answer is kept by now, and its text is not written: it is to be mended first.
            child.kill('SIGKILL')
            return 'hang'
          },
        }
      },
    })
    expect((await running).signal).toBe('SIGKILL')
    expect(space.read(growing)).toContain('the hills of the south')
    const taken = await paid('regenerate', 'leaves/growing', '--repairs', '0', '--wait')
    expect(server.seen).toHaveLength(0)
    expect(taken.stderr).toContain('1 from the store')
    expect(space.read(growing)).toContain('A text that breaks off:')
    server.options = {answer: () => 'A third text on how it grows.'}
    await paid('regenerate', 'leaves/growing')
    expect(server.seen).toHaveLength(1)
  })
})

describe('a run that was cut off', () => {
  /** Regenerates three texts one by one, until `stop` is called for the second answer, which never comes. */
  async function cutOff(stop: (child: ChildProcess) => void): Promise<CliResult> {
    await paid('build')
    const flags = ['--base-url', server.baseUrl, '--model', 'test-model', '--concurrency', '1', '--yes']
    return runCli(['regenerate', 'leaves/**', ...flags], {
      cwd: space.root,
      onStart: (child) => {
        server.seen.length = 0
        server.options = {
          answer: async ({number}) => {
            if (number === 1) return 'A new text that was paid for.'
            await vi.waitUntil(() => writtenText() !== undefined, {interval: 10, timeout: 10_000})
            stop(child)
            return 'hang'
          },
        }
      },
    })
  }

  function writtenText(): string | undefined {
    return ['growing', 'soil', 'summary'].find((name) =>
      space.read(`output/tea/sections/leaves/${name}.md`).includes('paid for'),
    )
  }

  it('is gone on with by the same command, which buys no text again that it had written', async () => {
    expect((await cutOff((child) => child.kill('SIGKILL'))).signal).toBe('SIGKILL')
    server.options = {answer: ({number}) => `Another new text, of request ${number}.`}
    const shown = await paid('regenerate', 'leaves/**', '--dry-run', '--json', '--yes')
    expect(JSON.parse(shown.stdout).books[0].requests).toBe(2)
    const next = await paid('regenerate', 'leaves/**', '--yes')
    expect(next.code).toBe(0)
    expect(server.seen).toHaveLength(2)
    expect(next.stderr).toContain('2 generated, 1 from the store')
    expect(space.read('output/tea/book.md')).toContain('A new text that was paid for.')
    await paid('regenerate', 'leaves/**', '--yes')
    expect(server.seen).toHaveLength(3)
  })

  it('is over for what was undone, and for other commands', async () => {
    await cutOff((child) => child.kill('SIGKILL'))
    server.options = {answer: ({number}) => `Another new text, of request ${number}.`}
    const written = writtenText()
    await paid('regenerate', `leaves/${written}`)
    expect(server.seen).toHaveLength(1)
    await cli('regenerate', '--undo', `leaves/${written}`)
    await paid('regenerate', 'leaves/**', '--yes')
    expect(server.seen).toHaveLength(3)
  })
})

describe('an edit in book.md that no build carried yet', () => {
  const book = 'output/tea/book.md'

  it('is carried by the commands that put other texts in its place, and comes back', async () => {
    await paid('build')
    await paid('regenerate', 'leaves/growing')
    edit(book, 'Tea grows', 'Tea, they say, grows')
    const reverted = await cli('revert', 'leaves/growing')
    expect(reverted.code).toBe(0)
    expect(reverted.stderr).toContain('carried 1 edit into leaves/growing')
    expect(reverted.stderr).toContain('the generated text is back')
    expect(space.read(growing) + space.read(book)).not.toContain('they say')
    expect((await cli('regenerate', '--undo', 'leaves/growing')).code).toBe(0)
    expect(space.read(growing)).toContain('they say')
    expect(space.read(book)).toContain('they say')
    edit(book, 'picked by hand', 'picked by the hand')
    const undone = await cli('regenerate', '--undo', 'leaves/growing')
    expect(undone.code).toBe(0)
    expect(space.read(book)).not.toContain('by the hand')
    await cli('regenerate', '--undo', 'leaves/growing')
    expect(space.read(book)).toContain('by the hand')
  })

  it('is named with its book where there are several', async () => {
    space.write('outline/herbs.md', '# Leaves\n\n## Growing\n\n<prompt>Explain how tea grows.</prompt>\n')
    await paid('build')
    edit('output/herbs/book.md', 'Tea grows', 'Mint grows')
    const reverted = await cli('revert', 'herbs:leaves/growing')
    expect(reverted.stderr).toContain('`msk-course regenerate --undo herbs:leaves/growing` brings back')
    const undone = await cli('regenerate', '--undo', 'herbs:leaves/growing')
    expect(undone.stderr).toContain('herbs:leaves/growing: the text before is back')
    expect(space.read('output/herbs/book.md')).toContain('Mint grows')
  })

  it('is revised with the text that it is in, at once', async () => {
    await paid('build')
    edit(book, 'Tea grows', 'Tea, they say, grows')
    answers = {'how tea grows': 'Tea, they say, grows.', 'Revise this text': 'Tea, they say, grows.'}
    const revised = await paid('revise', 'leaves/growing', 'shorter', '--yes')
    expect(revised.code).toBe(0)
    expect(server.seen).toHaveLength(1)
    expect(JSON.stringify(server.seen[0]?.body.messages)).toContain('Tea, they say, grows on shrubs')
    expect(revised.stdout).toContain('they say, grows[- on shrubs')
    expect(space.read(growing)).toContain('notes:')
  })

  it('keeps them from writing where it cannot be carried, with one JSON document', async () => {
    await paid('build')
    await paid('regenerate', 'leaves/growing')
    edit(book, '## Soil', '## The soil')
    const before = space.snapshot('output')
    for (const args of [
      ['revert', 'leaves/growing', '--json'],
      ['regenerate', '--undo', 'leaves/growing', '--json'],
    ]) {
      const refused = await cli(...args)
      expect(refused.code).toBe(1)
      expect(refused.stderr).toContain('nothing was sent or written')
      expect(JSON.parse(refused.stdout).command).toBe(args[0])
      expect(space.snapshot('output')).toEqual(before)
    }
  })
})

describe('a book that another command works on', () => {
  it('is left alone by commands that put texts back, and they do not say that they did', async () => {
    await paid('build')
    await paid('regenerate', 'leaves/growing')
    edit(growing, 'Tea grows', 'Tea, they say, grows')
    const mine = space.read(growing)
    let release: ((answer: string) => void) | undefined
    const asked = new Promise<void>((resolve) => {
      server.options = {
        answer: () => {
          resolve()
          return new Promise<string>((answer) => {
            release = answer
          })
        },
      }
    })
    const running = paid('regenerate', 'leaves/soil')
    await asked
    for (const args of [
      ['revert', 'leaves/growing'],
      ['regenerate', '--undo', 'leaves/growing'],
    ]) {
      const refused = await runCli(args, {cwd: space.root})
      expect(refused.code).toBe(2)
      expect(refused.stderr).toContain('Cannot take the lock')
      expect(refused.stderr).not.toContain('is back')
    }
    expect(space.read(growing)).toBe(mine)
    release?.('A new text about the soil.')
    expect((await running).code).toBe(0)
  })
})

describe('candidates', () => {
  it('are never written over a file that is no page of candidates, and nothing is bought for that', async () => {
    await paid('build')
    const before = space.read('outline/tea.md')
    const refused = await paid('regenerate', 'leaves/growing', '--candidates', '2', '--html', 'outline/tea.md')
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('outline/tea.md')
    expect(refused.stderr).toContain('expected a new one')
    expect(server.seen).toHaveLength(0)
    expect(space.read('outline/tea.md')).toBe(before)
  })

  it('are bought as far as they are lacking, shown side by side, and picked by number', async () => {
    await paid('build')
    const before = space.snapshot('output')
    answers = {}
    const shown = await paid('regenerate', 'leaves/growing', '--candidates', '3', '--html', 'side.html')
    expect(shown.code).toBe(0)
    expect(server.seen).toHaveLength(2)
    expect(shown.stdout).toContain('candidate 1 (stands now): test-model')
    expect(shown.stdout).toContain('candidate 3: test-model')
    expect(space.snapshot('output')).toEqual(before)
    const html = space.read('side.html')
    expect(html).toContain('the hills of the south')
    const shownAgain = await paid('regenerate', 'leaves/growing', '--candidates', '3', '--html', 'side.html')
    expect(shownAgain.code).toBe(0)
    expect(server.seen).toHaveLength(0)
    expect(html).not.toMatch(/(?:src|href)=/)
    const again = await paid('regenerate', 'leaves/growing', '--candidates', '3', '--json')
    expect(server.seen).toHaveLength(0)
    const {candidates} = JSON.parse(again.stdout)
    expect(
      candidates[0].candidates.map(({number, present}: {number: number; present: boolean}) => [number, present]),
    ).toEqual([
      [1, true],
      [2, false],
      [3, false],
    ])
    const picked = await paid('regenerate', 'leaves/growing', '--pick', '2')
    expect(picked.code).toBe(0)
    expect(server.seen).toHaveLength(0)
    expect(space.read(growing)).toContain(candidates[0].candidates[1].text)
    expect((await paid('regenerate', '--pick', 'leaves/growing=1')).code).toBe(0)
    expect(space.read(growing)).toContain('the hills of the south')
    const none = await paid('regenerate', 'leaves/growing', '--pick', '9')
    expect(none.code).toBe(2)
    expect(none.stderr).toContain('expected 1, 2, 3')
  })
})
