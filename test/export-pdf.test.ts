import {spawnSync} from 'node:child_process'
import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import type {AnswerPlace} from '../src/export/lay-out-quizzes.ts'
import {makeExportBook} from '../src/export/make-export-book.ts'
import {makePdf, type PdfResult} from '../src/export/make-pdf.ts'
import {makePdfDocument, type PdfDocument} from '../src/export/pdf-document.ts'
import {ordinaryLook, type PdfPage, pageOf} from '../src/export/pdf-look.ts'
import {cleanText, replaceGraphemes} from '../src/export/pdf-text.ts'
import {translateFormula} from '../src/export/translate-formula.ts'
import {Typesetter} from '../src/export/typeset-pdf.ts'
import {parseBookMarkdown} from '../src/syntax/parse-markdown.ts'
import {itWith} from './support/linux-tool.ts'
import {runCli} from './support/run-cli.ts'
import {Workspace} from './support/workspace.ts'

const fontFolder = join(import.meta.dirname, '..', 'fonts')
const fonts = readdirSync(fontFolder)
  .filter((name) => name.endsWith('.ttf'))
  .sort()
  .map((name) => readFileSync(join(fontFolder, name)))

const room = {columns: 80, lines: 15}

interface Given {
  readonly answers?: AnswerPlace
  readonly isPrint?: boolean
  readonly images?: ReadonlyMap<string, Uint8Array>
  readonly mayRunOn?: boolean
}

function documentOf(
  markdown: string,
  {answers = 'chapter', isPrint = false, images, mayRunOn = false}: Given = {},
): PdfDocument {
  const book = makeExportBook({root: parseBookMarkdown(markdown), metadata: {title: 'Tea'}, name: 'tea'})
  return makePdfDocument(book, {answers, isPrint, room, images: new Set(images?.keys()), mayRunOn})
}

function pdfOf(markdown: string, given: Given = {}): PdfResult {
  const {isPrint = false, images = new Map<string, Uint8Array>()} = given
  const look = {...ordinaryLook, page: pageOf('a5', isPrint) as PdfPage}
  return makePdf({document: documentOf(markdown, given), look, isPrint, images}, new Typesetter(fonts))
}

function run(command: string, ...args: readonly string[]): string {
  const {status, stdout, stderr} = spawnSync(command, args, {encoding: 'utf8', maxBuffer: 1 << 26})
  expect({command, status, stderr: status === 0 ? '' : stderr}).toEqual({command, status: 0, stderr: ''})
  return stdout
}

interface Bookmark {
  readonly title: string
  readonly depth: number
}

/** Bookmarks by the reading of another program. */
function bookmarksOf(path: string): Bookmark[] {
  const {outlines} = JSON.parse(run('qpdf', '--json=1', '--json-key=outlines', path)) as {outlines: Outline[]}
  const read = (all: readonly Outline[], depth: number): Bookmark[] =>
    all.flatMap(({title, kids}) => [{title, depth}, ...read(kids, depth + 1)])
  return read(outlines, 1)
}

interface Outline {
  readonly title: string
  readonly kids: readonly Outline[]
}

const quiz = `# I. Leaf

## Quiz

1. Which is green?
   - A) Oolong
   - B) Sencha

**Answer: B** It is steamed.

# II. Water
`

const whole = `# I. Leaf [^1]

[Water](#ii-water) and **bold**[^1], as Chapter II says. Go [out](https://tea.example/path).

[^1]: Said once.

| Kind | Minutes |
| --- | --: |
| Green | 2 |

> [!TIP]
> Warm the pot.

- [x] done
- [ ] open
  1. nested

\`\`\`bash
kettle --water ${'x'.repeat(200)}
\`\`\`

Half is $\`\\frac{1}{2}\`$.

## Key Terms

- **Oxidation**: What turns a leaf dark.

# II. Water

Oxidation needs air → and 水.
`

describe('the tree of a PDF', () => {
  it('links to places that are there, and shows words alone for others', () => {
    const made = JSON.stringify(documentOf('# One\n\n[a](#two) [b](#none)\n\n# Two\n').parts)
    expect(made).toContain('{"t":"ref","id":"two","c":[{"t":"text","v":"a"}]}')
    expect(made).not.toContain('none')
  })

  it.each([
    ['inline', ['I. Leaf', 'II. Water'], 'It is steamed'],
    ['chapter', ['I. Leaf', 'II. Water'], 'Answers: Quiz'],
    ['end', ['I. Leaf', 'II. Water', 'Answers'], 'Answers on page'],
  ] as const)('puts the answers of quizzes where they are asked for: %s', (answers, titles, words) => {
    const {parts} = documentOf(quiz, {answers})
    expect(parts.map(({title}) => title)).toEqual(titles)
    expect(JSON.stringify(parts[0])).toContain(words)
    expect(JSON.stringify(parts[0]).includes('steamed')).toBe(answers !== 'end')
  })

  it('prints addresses of a printed book as footnotes, each once, unless they are the words of the link', () => {
    const markdown = '# A\n\n[out](https://tea.example/a) [more](https://tea.example/a) <https://tea.example/b>\n'
    const notes = (isPrint: boolean): number =>
      JSON.stringify(documentOf(markdown, {isPrint})).split('"note":true').length - 1
    expect([notes(true), notes(false)]).toEqual([1, 0])
  })

  it('speaks the language of the book', () => {
    const root = parseBookMarkdown(`${quiz}\n\n> [!TIP]\n> Heiß.\n\n| a |\n| - |\n| b |\n`)
    const book = makeExportBook({root, metadata: {title: 'Tee', language: 'de-AT'}, name: 'tee'})
    const made = makePdfDocument(book, {answers: 'chapter', isPrint: false, room, images: new Set()})
    expect(made.words).toEqual({contents: 'Inhalt', tables: 'Tabellen', page: 'S.\u00a0{page}'})
    const text = JSON.stringify(made.parts)
    for (const words of ['Antworten: Quiz', 'Antworten auf Seite {page}', '"title":"Tipp"', 'Tabelle 1: '])
      expect(text).toContain(words)
  })

  it('keeps short blocks on one page, and what announces them with them', () => {
    const nodesOf = (markdown: string): string => JSON.stringify(documentOf(`# A\n\n${markdown}`).parts[0]?.nodes)
    const code = (lines: number): string => `\`\`\`\n${'a\n'.repeat(lines)}\`\`\``
    const table = (rows: number): string => `|a|b|\n|-|-|\n${'|c|d|\n'.repeat(rows)}`
    const callout = (words: number): string => `> [!NOTE]\n> ${'word '.repeat(words)}`
    for (const made of [code(5), table(4), callout(40)]) expect(nodesOf(made)).toContain('"whole":true')
    for (const made of [code(40), table(30), callout(400)]) expect(nodesOf(made)).not.toContain('"whole"')
    expect(nodesOf(`So it is:\n\n${code(5)}`)).toContain('"leads":true')
    expect(nodesOf(`So it is.\n\n${code(5)}`)).not.toContain('"leads"')
  })

  it('gives options their own stretch only where lines of a shell are wide', () => {
    const nodeOf = (language: string, words: string): object =>
      documentOf(`# A\n\n\`\`\`${language}\n${words}\n\`\`\`\n`).parts[0]?.nodes[1] as object
    const wide = `tool ${'--an-option '.repeat(10)}`.trim()
    expect(nodeOf('bash', wide)).toMatchObject({options: true})
    expect(nodeOf('bash', wide)).not.toHaveProperty('lang')
    expect(nodeOf('bash', 'tool --an-option')).toMatchObject({lang: 'bash'})
    expect(nodeOf('yaml', wide)).toMatchObject({lang: 'yaml'})
    expect(nodeOf('text', '┌─┐')).toMatchObject({drawn: true})
  })

  it('cuts titles that have no room above a page, that of the book first', () => {
    const headOf = (title: string, isPrint = false): readonly string[] | undefined => {
      const book = makeExportBook({root: parseBookMarkdown(`# ${title}\n`), metadata: {title: 'Tea'}, name: 'tea'})
      return makePdfDocument(book, {answers: 'chapter', isPrint, room, images: new Set()}).parts[0]?.head
    }
    expect(headOf('Leaf')).toEqual(['Tea', 'Leaf'])
    expect(headOf('x'.repeat(75))).toEqual(['', 'x'.repeat(75)])
    expect(headOf('x'.repeat(75), true)).toEqual(['Tea', 'x'.repeat(75)])
    expect(headOf('x'.repeat(200))).toEqual(['', `${'x'.repeat(75)}…`])
  })

  it('keeps a footnote of a heading out of contents and running heads', () => {
    const [heading, below] = documentOf('# One[^a]\n\n[^a]: Said.\n\n# Two\n').parts[0]?.nodes ?? []
    expect(heading).toMatchObject({t: 'heading', c: [{t: 'text', v: 'One'}]})
    expect(below).toMatchObject({t: 'par', c: [{t: 'note'}]})
  })
})

describe('the size of a page', () => {
  it.each([
    ['a4', 210, 297],
    ['6x9in', 152.4, 228.6],
    ['17x24cm', 170, 240],
    ['170x240', 170, 240],
  ])('is read from %s', (size, width, height) => expect(pageOf(size, false)).toMatchObject({width, height}))

  it.each(['6x9', '1x1000in', 'a9', '6 x 9in', '-6x9in', ''])('is not read from `%s`', (size) =>
    expect(pageOf(size, false)).toBeUndefined(),
  )

  it('has a gutter in print', () => {
    const page = pageOf('a5', true)
    expect(page?.inside).toBeGreaterThan(page?.outside ?? 0)
  })
})

describe('text', () => {
  it('loses what no page can show', () => {
    expect(cleanText('a\u0000\u001bb\n\tc\ufe0f\ud800')).toBe(JSON.stringify('ab\n    c\ufffd'))
    expect(replaceGraphemes('x ก̱ ก', ['ก', 'ก̱'])).toBe('x [U+0E01 U+0331] [U+0E01]')
  })

  it.each(['\\text{#read("/etc/passwd")}', '#read("/etc/passwd")', '"a"', '\\undefined{', 'x'.repeat(3000)])(
    'of a formula is nothing but a formula: %s',
    (tex) => expect(translateFormula(tex) ?? '').not.toMatch(/[#"`]/),
  )
})

describe('a PDF', () => {
  it('lets short chapters follow one another where it is asked to, and no others', () => {
    const brief = 'Water first.\n\n# Leaf\n\nGreen.\n\n# Pot\n\nClay.\n\n# Cup\n\nSmall.\n'
    const long = brief.replace('Green.', 'Green leaves want water. '.repeat(200))
    const pagesOf = (markdown: string, mayRunOn: boolean): number => {
      const {pdf, inaccessible} = pdfOf(markdown, {mayRunOn})
      expect(inaccessible).toBeUndefined()
      return (
        Buffer.from(pdf as Uint8Array)
          .toString('latin1')
          .match(/\/Type\s*\/Page\b/g)?.length ?? 0
      )
    }
    expect(pagesOf(brief, true)).toBe(3)
    expect(pagesOf(brief, false)).toBe(6)
    expect(pagesOf(long, true)).toBe(pagesOf(long, false))
    expect(documentOf(brief, {mayRunOn: true}).parts.map(({head}) => head)).toEqual([['', 'Tea']])
  })

  it('is the same bytes for the same book, and keeps to PDF/UA-1', () => {
    const [first, second] = [pdfOf(whole), pdfOf(whole)]
    expect({...first, pdf: undefined}).toEqual({
      pdf: undefined,
      warnings: [],
      uncovered: [],
      unreadable: [],
      formulas: [],
    })
    expect(Buffer.from(first.pdf ?? []).equals(Buffer.from(second.pdf ?? []))).toBe(true)
    expect(Buffer.from(first.pdf ?? []).toString('latin1')).toContain('pdfuaid')
  })

  it('names what it cannot show and is made all the same', () => {
    const images = new Map([['pot.png', Buffer.from('no image')]])
    const made = pdfOf('# A\n\n![A pot](pot.png) ชา $`\\half{`$\n', {images})
    expect(made.uncovered).toEqual(['ช', 'า'])
    expect(made.unreadable.map(([path]) => path)).toEqual(['pot.png'])
    expect(made.formulas).toEqual(['\\half{'])
    expect(made.inaccessible).toBeUndefined()
    expect(made.pdf?.length).toBeGreaterThan(1000)
  })

  it('is made of any shape that a text can have', () => {
    const shapes = [
      '# !!!\n',
      '# A\n\n###### Deep\n\n# A\n',
      '# A\n\n> > > # Quoted\n',
      'No heading.\n',
      '# A\n\n- # In item\n',
      '# A\n\n|a|\n|-|\n',
      '# \n\n***\n',
      `# A\n\n${'> '.repeat(40)}deep\n`,
      '# A\n\n```\n```\n\n- \n',
    ]
    for (const shape of shapes) {
      const {faults, inaccessible, warnings} = pdfOf(shape)
      expect({shape, faults, inaccessible, warnings}).toEqual({shape, warnings: []})
    }
  })
})

describe('export pdf', () => {
  let space: Workspace

  beforeEach(() => {
    space = new Workspace()
    space.write('msk-course.yaml', '')
  })

  afterEach(() => space.remove())

  it('writes one file, the same whatever the clock and the zone', async () => {
    space.write('tea.md', `---\ntitle: Tea\n---\n\n${whole}`)
    const sums: string[] = []
    for (const TZ of ['UTC', 'Asia/Tokyo']) {
      const {code, stderr} = await runCli(['export', 'pdf', 'tea.md'], {cwd: space.root, env: {TZ}})
      expect({code, stderr}).toMatchObject({code: 0})
      sums.push(space.snapshot().get('tea.pdf')?.split(' ')[0] ?? '')
    }
    expect(sums[0]).toBe(sums[1])
  })

  it.each([
    ['colours: {acent: "#000000"}', 'Unexpected key `colours.acent` in the theme'],
    ['colours: {accent: red}', 'Unexpected value of `colours.accent` in the theme'],
    ['fonts: {files: [none.ttf]}', 'Cannot find the font `none.ttf`'],
    ['fonts: {body: Nowhere}', 'there is no font `Nowhere`'],
    ['a: [', 'Cannot read the theme'],
  ])('refuses the theme `%s`', async (theme, words) => {
    space.write('tea.md', whole)
    space.write('theme.yaml', theme)
    const {code, stderr} = await runCli(['export', 'pdf', 'tea.md', '--theme', 'theme.yaml'], {cwd: space.root})
    expect({code, stderr}).toMatchObject({code: 2, stderr: expect.stringContaining(words)})
  })

  itWith(['pdfinfo'])('takes a date from SOURCE_DATE_EPOCH where the book has none', async () => {
    space.write('tea.md', whole)
    const dateOf = async (env: Readonly<Record<string, string>>): Promise<string | undefined> => {
      await runCli(['export', 'pdf', 'tea.md'], {cwd: space.root, env})
      return /^CreationDate: +(.*)$/m.exec(run('pdfinfo', '-isodates', join(space.root, 'tea.pdf')))?.[1]?.slice(0, 10)
    }
    expect(await dateOf({SOURCE_DATE_EPOCH: '86400'})).toBe('1970-01-02')
    expect(await dateOf({})).toBeUndefined()
  })

  itWith(['pdffonts'])('looks as a theme says', async () => {
    space.write('tea.md', whole)
    space.write('theme.yaml', 'fonts: {body: DejaVu Sans Mono}\nsize: 12\ncolours: {accent: "#aa0000"}\n')
    const {code} = await runCli(['export', 'pdf', 'tea.md', '--theme', 'theme.yaml'], {cwd: space.root})
    expect(code).toBe(0)
    expect(run('pdffonts', join(space.root, 'tea.pdf'))).not.toContain('NotoSerif')
  })

  it('says where it has no typesetter', async () => {
    const script = `const Module = require('node:module')
const load = Module._load
Module._load = function (name, ...rest) {
  if (name.includes('typst-ts')) throw Object.assign(new Error('none'), {code: 'MODULE_NOT_FOUND'})
  return load.call(this, name, ...rest)
}`
    const env = {NODE_OPTIONS: `--require ${space.write('without.cjs', script)}`}
    space.write('tea.md', whole)
    const {code, stderr} = await runCli(['export', 'pdf', 'tea.md'], {cwd: space.root, env})
    expect({code, stderr}).toMatchObject({code: 2, stderr: expect.stringContaining('Cannot find a typesetter for')})
    expect(stderr).not.toContain('bug')
    expect(space.snapshot().has('tea.pdf')).toBe(false)
  })

  it('refuses a size that is none', async () => {
    space.write('tea.md', whole)
    const {code, stderr} = await runCli(['export', 'pdf', 'tea.md', '--trim', 'big'], {cwd: space.root})
    expect({code, stderr}).toMatchObject({code: 2, stderr: expect.stringContaining('Unexpected size of a page `big`')})
  })

  itWith(['pdfinfo', 'pdftotext', 'pdffonts'])('shows hostile text as it is written', async () => {
    const hostile = ['#read("/etc/passwd")', '#import "@preview/x:1"', '<script>alert(1)</script>', '$ #eval("1") $']
    const links = '[js](javascript:alert) [file](file:///etc/passwd) ![x](/etc/passwd)'
    space.write('tea.md', `# Tea ${hostile[0]}\n\n${hostile.join('\n\n')}\n\n${links}\n\n# Two\n`)
    await runCli(['export', 'pdf', 'tea.md'], {cwd: space.root})
    const text = run('pdftotext', '-layout', join(space.root, 'tea.pdf'), '-')
    for (const words of hostile) expect(text).toContain(words)
    expect(text).not.toContain('root:')
    expect(run('pdfinfo', '-url', join(space.root, 'tea.pdf'))).not.toMatch(/javascript|file:/)
  })

  itWith(['qpdf'])('has bookmarks to the third depth', async () => {
    space.write('tea.md', '# I. Leaf\n\n## Green\n\n### Sencha\n\n#### Steam\n\ntext\n\n# II. Water\n\ntext\n')
    await runCli(['export', 'pdf', 'tea.md'], {cwd: space.root})
    expect(bookmarksOf(join(space.root, 'tea.pdf'))).toEqual([
      {title: 'I. Leaf', depth: 1},
      {title: 'Green', depth: 2},
      {title: 'Sencha', depth: 3},
      {title: 'II. Water', depth: 1},
    ])
  })

  itWith(['pdfinfo', 'pdftotext'])('numbers pages from the first chapter, in contents and index alike', async () => {
    const leaf = `# I. Leaf\n\n${'Leaves grow slowly. '.repeat(400)}\n\n## Oxidation\n\nIt is **Oxidation** that darkens them.\n\n`
    const terms = '## Key Terms\n\n- **Oxidation**: What turns a leaf dark.\n\n# II. Water\n\nOxidation needs air.\n'
    space.write('tea.md', `${leaf}${terms}`)
    await runCli(['export', 'pdf', 'tea.md', '--paper', 'a5'], {cwd: space.root})
    const path = join(space.root, 'tea.pdf')
    const count = Number(/^Pages: +(\d+)$/m.exec(run('pdfinfo', path))?.[1])
    const pages = run('pdftotext', '-layout', path, '-').split('\f').slice(0, count)
    const pageOfLine = (words: RegExp): number => pages.findIndex((page) => words.test(page))
    const front = pageOfLine(/^I\. Leaf$/m)
    // Title page and contents stand before the chapters, glossary and index behind.
    expect(front).toBe(2)
    const water = pageOfLine(/^II\. Water$/m) - front + 1
    expect(water).toBeGreaterThan(2)
    expect(count - front).toBe(water + 2)
    expect(pages[1]).toMatch(new RegExp(`^II\\. Water[ .\u2060]+${water}$`, 'm'))
    expect(pages.at(-2)).toMatch(new RegExp(`^Oxidation +What turns a leaf dark\\. \\(p\\.\\s${water - 1}\\)$`, 'm'))
    expect(pages.at(-1)).toMatch(new RegExp(`^Oxidation +${water - 1}, ${water}$`, 'm'))
  })

  itWith(['pdfinfo', 'pdftotext', 'pdffonts', 'qpdf'])('has structure, fonts, size and title', async () => {
    space.write('tea.md', `---\ntitle: Tea\nlanguage: en\ndate: 2026-11-21\n---\n\n${whole}`)
    const path = join(space.root, 'tea.pdf')
    await runCli(['export', 'pdf', 'tea.md', '--trim', '6x9in', '--print'], {cwd: space.root})
    const info = run('pdfinfo', path)
    expect(info).toMatch(/^Title: +Tea$/m)
    expect(info).toMatch(/^Tagged: +yes$/m)
    expect(info).toMatch(/^CreationDate: +.*Nov 21 .*2026/m)
    expect(info).toMatch(/^Page size: +432(?:\.0\d*)? x 648/m)
    const tree = run('pdfinfo', '-struct', path)
    for (const element of ['H1', 'TOC', 'Table', 'TH', 'LI', 'Code', 'Note', 'Formula', 'Link'])
      expect(tree).toMatch(new RegExp(`^ *${element}\\b`, 'm'))
    const rows = run('pdffonts', path).trim().split('\n').slice(2)
    expect(rows.length).toBeGreaterThan(2)
    for (const row of rows) expect(row).toMatch(/ yes +(?:yes|no) +(?:yes|no) +\d+ +\d+$/)
    const text = run('pdftotext', path, '-')
    expect(text.replace(/\s/g, '')).toContain('x'.repeat(200))
    const order = [
      'Contents',
      'I. Leaf',
      'as Chapter II says',
      'Warm the pot',
      'nested',
      'Half is',
      'What turns a leaf dark',
      'needs air',
    ]
    const places = order.map((words) => text.indexOf(words))
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(places[0]).toBeGreaterThan(-1)
    run('qpdf', '--check', path)
  })
})
