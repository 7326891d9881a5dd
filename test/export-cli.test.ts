import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {OpenedEpub} from './support/epub.ts'
import {type CliResult, runCli} from './support/run-cli.ts'
import {Workspace} from './support/workspace.ts'

const outline = `---
title: Tea
---

# I. Leaves

## Green Tea
"<prompt>Explain green tea.</prompt>"

![A pot](pot.png)

# II. Water
See Chapter I.

"<prompt>Explain water.</prompt>"
`

let space: Workspace

beforeEach(() => {
  space = new Workspace()
  space.write('msk-course.yaml', '')
  space.write('outline/tea.md', outline)
  space.write('outline/pot.png', Uint8Array.of(137, 80, 78, 71))
  space.write(
    'sources/tea.md',
    '# Tea\n\n## Green Tea\n\n- Green tea is not fermented.\n\n## Water\n\n- Water is soft.\n',
  )
})

afterEach(() => space.remove())

async function cli(...args: readonly string[]): Promise<CliResult> {
  return runCli(args, {cwd: space.root})
}

describe('export', () => {
  it('makes a project of mdBook with the images of the book', async () => {
    expect((await cli('build', '--provider', 'draft')).code).toBe(0)
    const {code, stderr} = await cli('export', 'mdbook')
    expect({code, stderr}).toMatchObject({code: 0, stderr: expect.stringContaining('2 chapters')})
    expect(space.read('output/tea/mdbook/src/SUMMARY.md')).toContain('- [I. Leaves](chapter-01.md)\n')
    expect(space.read('output/tea/mdbook/src/chapter-02.md')).toContain('[Chapter I](chapter-01.md#i-leaves)')
    expect(existsSync(join(space.root, 'output/tea/mdbook/src/images/pot.png'))).toBe(true)
    const before = space.snapshot('output/tea/mdbook')
    expect((await cli('export', 'mdbook')).code).toBe(0)
    const sums = (files: ReadonlyMap<string, string>): string[] =>
      [...files].map(([path, sum]) => `${path} ${sum.split(' ')[0]}`)
    expect(sums(space.snapshot('output/tea/mdbook'))).toEqual(sums(before))
  })

  it('makes a site with its images, style, scripts and search, the same bytes twice', async () => {
    await cli('build', '--provider', 'draft')
    expect((await cli('export', 'html')).code).toBe(0)
    const folder = 'output/tea/html'
    expect(space.read(`${folder}/chapter-01.html`)).toContain('<img src="images/pot.png" alt="A pot" loading="lazy">')
    expect(space.read(`${folder}/chapter-02.html`)).toContain('<a href="chapter-01.html#i-leaves">Chapter I</a>')
    for (const name of ['site.css', 'site.js', 'search.js', 'quiz.js', 'minisearch.js', 'search-index.js'])
      expect(existsSync(join(space.root, folder, 'assets', name)), name).toBe(true)
    expect(space.read(`${folder}/assets/minisearch.js`)).toMatch(/^\/\*\nMiniSearch\n\nCopyright /)
    const sums = (): string[] => [...space.snapshot(folder)].map(([path, sum]) => `${path} ${sum.split(' ')[0]}`)
    const before = sums()
    expect((await cli('export', 'html')).code).toBe(0)
    expect(sums()).toEqual(before)
  })

  it('makes an EPUB with the cover that the course names and the date that it is told', async () => {
    space.write('outline/tea.md', outline.replace('title: Tea', 'title: Tea\ncover: art/cover.svg\ndate: 2026-01-31'))
    space.write(
      'outline/art/cover.svg',
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>',
    )
    expect((await cli('build', '--provider', 'draft')).code).toBe(0)
    const {code, stdout} = await cli('export', 'epub', '--json')
    expect({code, ...JSON.parse(stdout)}).toMatchObject({
      code: 0,
      output: 'output/tea/tea.epub',
      messages: [{ruleId: 'refused-image'}],
    })
    const epub = new OpenedEpub(readFileSync(join(space.root, 'output/tea/tea.epub')))
    expect(epub.faults()).toEqual([])
    expect(epub.text('EPUB/cover.svg')).toBe(space.read('outline/art/cover.svg'))
    expect(epub.find('EPUB/package.opf', '//opf:meta[@property="dcterms:modified"]')).toEqual(['2026-01-31T00:00:00Z'])
    const wrong = await runCli(['export', 'epub'], {cwd: space.root, env: {SOURCE_DATE_EPOCH: 'today'}})
    expect(wrong).toMatchObject({code: 2, stderr: expect.stringContaining('SOURCE_DATE_EPOCH')})
  })

  it('says which cover is not there, or not of the project', async () => {
    await cli('build', '--provider', 'draft')
    for (const cover of ['none.png', '../../secret.png', 'http://tea.example/a.png']) {
      space.write('outline/tea.md', outline.replace('title: Tea', `title: Tea\ncover: ${cover}`))
      const {stdout} = await cli('export', 'epub', '--json')
      expect(JSON.parse(stdout)).toMatchObject({messages: [{ruleId: 'missing-image'}, {ruleId: 'refused-image'}]})
    }
  })

  it('makes a project of Quarto', async () => {
    await cli('build', '--provider', 'draft')
    expect((await cli('export', 'quarto')).code).toBe(0)
    expect(space.read('output/tea/quarto/_quarto.yml')).toContain('    - chapter-02.qmd\n')
    expect(space.read('output/tea/quarto/chapter-02.qmd')).toContain('[Chapter I](chapter-01.qmd#i-leaves)')
    expect(existsSync(join(space.root, 'output/tea/quarto/images/pot.png'))).toBe(true)
  })

  it('refuses a book whose texts are missing unless it is told', async () => {
    await cli('build', '--provider', 'draft')
    space.write('outline/tea.md', `${outline}\n# III. Cups\n"<prompt>Explain cups.</prompt>"\n`)
    await cli('build', '--section', 'nothing-*')
    space.write(
      'output/tea/book.md',
      `${space.read('output/tea/book.md')}\n# III. Cups\n\n*Not written yet: iii-cups*\n`,
    )
    const refused = await cli('export', 'mdbook', '--json')
    expect(refused.code).toBe(2)
    expect(JSON.parse(refused.stdout)).toMatchObject({command: 'export', error: {code: 'missing-texts'}})
    expect((await cli('export', 'mdbook', '--allow-missing')).code).toBe(0)
  })

  it('says where it cannot write, and leaves a folder alone whose list it cannot read', async () => {
    space.write('notes.md', '# One\n\nWords.\n')
    space.write('full', 'a file')
    const {code, stderr} = await cli('export', 'epub', 'notes.md', '-o', 'full/notes.epub')
    expect({code, stderr}).toEqual({
      code: 2,
      stderr: 'error: Cannot write `full/notes.epub` (ENOTDIR); --output names another place\n',
    })
    space.write('site/.export.json', '{"files": [')
    const broken = await cli('export', 'html', 'notes.md', '-o', 'site', '--json')
    expect({code: broken.code, ...JSON.parse(broken.stdout)}).toMatchObject({code: 2, error: {code: 'not-empty'}})
    expect(space.read('site/.export.json')).toBe('{"files": [')
    expect(existsSync(join(space.root, 'site/index.html'))).toBe(false)
  })

  it('counts in words that fit', async () => {
    space.write('notes.md', '# One\n\nWords.\n')
    expect((await cli('export', 'mdbook', 'notes.md', '-o', 'site')).stderr).toBe(
      'site: 1 chapter, 0 quizzes, 0 terms\n',
    )
  })

  it('exports a Markdown file that no outline made, and says what it refuses', async () => {
    space.write(
      'notes.md',
      '# One\n\n![x](http://tea.example/a.png) [a](#none)\n\n# Two\n\n<script>alert(1)</script>\n',
    )
    const {code, stdout} = await cli('export', 'mdbook', 'notes.md', '-o', 'site', '--json')
    expect(code).toBe(1)
    const {messages} = JSON.parse(stdout) as {messages: {ruleId: string; line: number}[]}
    expect(messages.map(({ruleId, line}) => `${ruleId} ${line}`)).toEqual(['refused-image 3', 'broken-anchor 3'])
    expect(space.read('site/src/chapter-02.md')).toContain('\\<script>')
    space.write('other/mine.md', 'mine')
    expect((await cli('export', 'mdbook', 'notes.md', '-o', 'other')).code).toBe(2)
    expect(space.read('other/mine.md')).toBe('mine')
  })

  it('knows no other format', async () => {
    const {code, stderr} = await cli('export', 'papyrus')
    expect(code).toBe(2)
    expect(stderr).toContain('mdbook')
  })
})
