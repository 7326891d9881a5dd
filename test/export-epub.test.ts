import {spawnSync} from 'node:child_process'
import {cpSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import fc from 'fast-check'
import {afterAll, describe, expect, it} from 'vitest'
import {makeExportBook} from '../src/export/make-export-book.ts'
import {type EpubInput, writeEpub} from '../src/export/write-epub.ts'
import type {BookMetadata} from '../src/model/outline.ts'
import {parseBookMarkdown} from '../src/syntax/parse-markdown.ts'
import {epubFaults, OpenedEpub} from './support/epub.ts'
import {growth} from './support/growth.ts'
import {epubcheckJar, itWith} from './support/linux-tool.ts'
import {markdown as anyMarkdown} from './support/markdown-pieces.ts'
import {runCli} from './support/run-cli.ts'
import {smallPng as png} from './support/small-png.ts'
import {teaQuiz} from './support/tea-quiz.ts'
import {Workspace} from './support/workspace.ts'

const svg = new TextEncoder().encode(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2"><title>A pot</title><circle cx="1" cy="1" r="1"/></svg>',
)

function epubBytes(markdown: string, input: Partial<EpubInput> = {}, metadata: BookMetadata = {}): Uint8Array {
  const book = makeExportBook({root: parseBookMarkdown(markdown), metadata, name: 'tea'})
  const rest = {answers: 'chapter', images: new Map(), modified: '2026-01-31T00:00:00Z', ...input} as const
  return writeEpub(book, rest).content
}

function epubOf(markdown: string, input: Partial<EpubInput> = {}, metadata: BookMetadata = {}): OpenedEpub {
  return new OpenedEpub(epubBytes(markdown, input, metadata))
}

const tea = `# I. Leaves

See [water](#ii-water) and Chapter II.[^1] More.[^1]

| Leaf | Minutes |
| :-- | --: |
| Green | 2 |

> [!TIP]
> Warm the pot.

\`\`\`sh
steep --minutes 2 <leaf> && pour
\`\`\`

![A pot](pot.png)

${teaQuiz}

# II. Water

<a id="soft"></a>Water is [soft](#soft).[^2]

- [x] boiled

[^1]: A note with [a link](#ii-water).
[^2]: Another.
`

describe('the container', () => {
  it('begins with its type, stored, without an extra field', () => {
    const bytes = epubBytes(tea)
    const head = Buffer.from(bytes.subarray(0, 58)).toString('latin1')
    expect(head.slice(30)).toBe('mimetypeapplication/epub+zip')
    expect([...bytes.subarray(0, 10)]).toEqual([80, 75, 3, 4, 20, 0, 0, 0, 0, 0])
    expect([...bytes.subarray(26, 30)]).toEqual([8, 0, 0, 0])
  })

  it('is the same bytes for the same book, in any zone', async () => {
    const space = new Workspace()
    space.write('tea.md', tea)
    const zones = ['Pacific/Kiritimati', 'America/New_York', 'Asia/Kathmandu']
    for (const [at, zone] of zones.entries()) {
      const {code, stderr} = await runCli(['export', 'epub', 'tea.md', '-o', `${at}.epub`], {
        cwd: space.root,
        env: {TZ: zone, SOURCE_DATE_EPOCH: '1700000000'},
      })
      expect({code, stderr}).toMatchObject({code: 0})
    }
    const [first, ...others] = zones.map((_, at) => readFileSync(join(space.root, `${at}.epub`)))
    for (const other of others) expect(other.equals(first as Buffer)).toBe(true)
    const epub = new OpenedEpub(first as Buffer)
    expect(epub.find('EPUB/package.opf', '//opf:meta[@property="dcterms:modified"]')).toEqual(['2023-11-14T22:13:20Z'])
    space.remove()
  })
})

describe('the package', () => {
  const ofPackage = (epub: OpenedEpub, xpath: string): string[] => epub.find('EPUB/package.opf', xpath)

  it('says of the book what the course says', () => {
    const epub = epubOf(
      tea,
      {},
      {
        title: 'Tea & <Water>',
        subtitle: 'A course',
        authors: ['Ana', 'Bo'],
        language: 'de-at',
        description: 'About tea',
        date: '2026-02-03',
        rights: '© Ana',
        isbn: '978-3-16-148410-0',
        edition: 'Second',
      },
    )
    expect(ofPackage(epub, '//dc:title')).toEqual(['Tea & <Water>', 'A course'])
    expect(ofPackage(epub, '//dc:creator')).toEqual(['Ana', 'Bo'])
    expect(ofPackage(epub, '//dc:identifier')).toEqual(['urn:isbn:9783161484100'])
    expect(ofPackage(epub, '//dc:language')).toEqual(['de-AT'])
    expect(ofPackage(epub, '//dc:date')).toEqual(['2026-02-03'])
    expect(epub.find('EPUB/chapter-01.xhtml', '/*/@lang')).toEqual(['de-AT'])
  })

  it('has a number of its own that goes with the content, where there is no ISBN', () => {
    const [one] = ofPackage(epubOf(tea), '//dc:identifier')
    expect(one).toMatch(/^urn:uuid:[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
    expect(ofPackage(epubOf(`${tea}\nMore.\n`), '//dc:identifier')).not.toEqual([one])
  })

  it('promises what a reader who does not see gets, and no more', () => {
    const sufficient = '//opf:meta[@property="schema:accessModeSufficient"]'
    const images = new Map([['pot.png', png]])
    expect(ofPackage(epubOf(tea, {images}), sufficient)).toEqual(['textual', 'textual,visual'])
    expect(ofPackage(epubOf(tea.replace('A pot', ''), {images}), sufficient)).toEqual(['textual,visual'])
    expect(ofPackage(epubOf(tea), '//opf:meta[@property="schema:accessMode"]')).toEqual(['textual'])
  })
})

describe('the pages', () => {
  it('are one for each chapter, with contents, glossary and index, and every link leads somewhere', () => {
    const epub = epubOf(tea, {images: new Map([['pot.png', png]])})
    expect(epub.faults()).toEqual([])
    expect(epub.find('EPUB/package.opf', '//opf:item[@media-type="application/xhtml+xml"]/@href')).toEqual(
      ['cover', 'title', 'nav', 'chapter-01', 'chapter-02', 'glossary', 'index'].map((name) => `${name}.xhtml`),
    )
    expect(epub.find('EPUB/nav.xhtml', '//html:nav[@epub:type="toc"]/html:ol/html:li/html:a')).toEqual([
      'tea',
      'I. Leaves',
      'II. Water',
      'Glossary',
      'Index',
    ])
    expect(epub.find('EPUB/nav.xhtml', '//html:nav[@epub:type="lot"]//html:a')).toEqual(['Table 1: I. Leaves'])
    expect(epub.find('EPUB/chapter-01.xhtml', '//html:a[.="water"]/@href')).toEqual(['chapter-02.xhtml#ii-water'])
    expect(epub.find('EPUB/chapter-01.xhtml', '//html:img/@src')).toEqual(['images/image-1.png'])
    expect(epub.find('EPUB/chapter-01.xhtml', '//html:pre')).toEqual(['steep --minutes 2 <leaf> && pour\n'])
  })

  it('number footnotes in each chapter and lead there and back', () => {
    const epub = epubOf(tea)
    const notes = (path: string): string[] =>
      epub.find(path, '//html:aside[@epub:type="footnote"]/html:p/html:a[@role]')
    expect(notes('EPUB/chapter-01.xhtml')).toEqual(['1.'])
    expect(notes('EPUB/chapter-02.xhtml')).toEqual(['1.'])
    expect(epub.find('EPUB/chapter-01.xhtml', '//html:a[@epub:type="noteref"]/@href')).toEqual(['#fn-1', '#fn-1'])
  })

  it.each([
    ['inline', 'chapter-01.xhtml', '#quiz-1-q1-answer'],
    ['chapter', 'chapter-01.xhtml', '#quiz-1-q1-answer'],
    ['end', 'answers.xhtml', 'answers.xhtml#quiz-1-q1-answer'],
  ] as const)('put answers %s and link them with their questions', (answers, page, href) => {
    const epub = epubOf(tea, {answers})
    expect(epub.faults()).toEqual([])
    expect(epub.find('EPUB/chapter-01.xhtml', '//html:div[@class="question"]//html:a/@href')).toEqual([href])
    expect(epub.find(`EPUB/${page}`, '//html:div[@class="answer"]/html:p')).toEqual(['1. B – it is steamed.'])
  })

  it('show the cover that the course names, else one that is drawn', () => {
    expect(epubOf(tea, {cover: png}).find('EPUB/cover.xhtml', '//html:img/@src')).toEqual(['cover.png'])
    const drawn = epubOf(tea, {}, {title: 'Tea & <Water>'})
    expect(drawn.document('EPUB/cover.svg').root.content).toContain('Tea & <Water>')
    const book = makeExportBook({root: parseBookMarkdown(tea), metadata: {}, name: 'tea'})
    const {findings} = writeEpub(book, {
      answers: 'end',
      images: new Map(),
      modified: '2026-01-31T00:00:00Z',
      cover: png.subarray(0, 20),
    })
    expect(findings.map(({ruleId}) => ruleId)).toEqual(['refused-image'])
  })
})

const hostile = `# <script>alert(1)</script> & "quotes" ]]>

# 

# 1. Ünïcode – 東京 🍵

# 1. Ünïcode – 東京 🍵

## quiz-1-q1-answer

<script>alert(1)</script>

<a id="x" onclick="evil()">anchor</a> <a id="1x"></a> <a name="fn-1">n</a> <img src="http://tea.example/x.png" onerror="evil()">

\u0000\u0001\u000b\u007f\u0085\ufffe\uffff \ud800 &#0; &#x1F; &nbsp; &bogus; \u202etxt.exe

[js](javascript:alert(1)) [data](data:text/html,x) [file](../../etc/passwd) [odd](http://[) [odd](<https://tea.example/a b|c{d}^e[f]\`g%zz#h#i>) [mail](<mailto:a b@tea.example?subject=x&body=<y>>) [](https://tea.example) [who](https://user:word@tea.example/)

[outer [^n] inner](https://tea.example/?a=1&b="2"'3') <https://tea.example/é?ü=<>&x>

![](pot.png "A <title>") ![alt <b>](bad.png) ![v](v.svg) ![e](evil.svg) text ![inline](pot.png)

> # quoted
>
> > ## deeper [^n]

- 
- [ ] 
- 1) x

0. zero

| | |
|-|-|

| a | b<br>c | <kbd>k</kbd> |
|:-:|--:|--|
| \`a|b\` | [^n] | ![x](pot.png) |
| ]]> | &lt; | <sub>1 |

<details><summary></summary>

# in details

</details>

\`\`\`{python} <"&'>
import os; print("<&>") ]]>
\`\`\`

$$
a < b & c
$$

[^n]: note [^m] <b>

    \`\`\`
    code </code>
    \`\`\`

[^m]: back [^n]

## Quiz

1. Which <b> is it?[^n]
   - A) <i>x
   - B) y & z

### Answers

1. **B**: because [^m] & "so"

## Key Terms

- **<Leaf>**: said & \`done\` <a id="moved"></a>
- **\`&amp;\`**: code

## Quiz

1. True or false: <x>?

**Answer:** perhaps
`
const hostileImages = new Map([
  ['pot.png', png],
  ['bad.png', new TextEncoder().encode('<html>')],
  ['v.svg', svg],
  ['evil.svg', new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')],
])
const hostileMetadata: BookMetadata = {
  title: '<b>&\u0000"\ud800',
  subtitle: ']]><x>',
  authors: ['<a>', ' ', ''],
  language: 'x"y',
  description: '\u0007 & <p>',
  date: '2026-02-31',
  rights: '&copy;',
  isbn: 'none',
  edition: '<1>',
}
const allowed =
  `a aside blockquote body br caption code dd del dfn div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 head hr html img
  kbd li link mark meta nav ol p pre section span strong sub sup table tbody td th thead title tr ul`.split(/\s+/)

describe('untrusted text', () => {
  it.each(['inline', 'chapter', 'end'] as const)('stays text, with answers %s', async (answers) => {
    const bytes = epubBytes(hostile, {answers, images: hostileImages}, hostileMetadata)
    const epub = new OpenedEpub(bytes)
    expect(epub.faults()).toEqual([])
    expect([...epub.elements()].filter((name) => !allowed.includes(name))).toEqual([])
    for (const path of epub.paths('.xhtml')) {
      expect(epub.find(path, '//@*[starts-with(name(), "on")] | //@style')).toEqual([])
      for (const href of epub.find(path, '//html:a/@href'))
        expect(href).toMatch(/^(?:https?:\/\/|mailto:|[\w.-]*(?:#|$))/)
    }
    expect(epub.paths('.svg', '.png', '.html')).toEqual([
      'EPUB/cover.svg',
      'EPUB/images/image-1.png',
      'EPUB/images/image-2.svg',
    ])
    expect(epub.find('EPUB/chapter-01.xhtml', '//html:h1')).toEqual(['<script>alert(1)</script> & "quotes" ]]>'])
    expect(await epubFaults(bytes)).toEqual([])
  })

  it('gives well-formed pages whose links lead somewhere, whatever it is', () => {
    const property = fc.property(
      fc.array(
        fc.oneof(
          anyMarkdown,
          fc.string({unit: 'binary'}),
          fc.constantFrom('# ', '## Quiz', '<a id="b">', '[^1]', '[^1]: x'),
        ),
      ),
      fc.constantFrom('inline' as const, 'chapter' as const, 'end' as const),
      (pieces, answers) => {
        const epub = epubOf(pieces.join('\n\n'), {answers}, {title: pieces[0] ?? ''})
        expect(epub.faults()).toEqual([])
      },
    )
    fc.assert(property, {seed: 20_261_121, numRuns: 60})
  })
})

const formulas = [
  '\\frac{a}{b}',
  '\\int_0^t c(\\tau)\\,d\\tau',
  '\\begin{pmatrix}a & b\\\\ c & d\\end{pmatrix}',
  '\\sum_{i=1}^{n} \\sqrt[3]{x_i^2}',
  '\\text{cups } \\ge 2 \\land \\lnot \\mathbf{x}',
  '\\overline{x} \\hat{y} \\vec{z} \\underbrace{a+b}_{c}',
  '\\left( \\binom{n}{k} \\right] \\cdots \\lim_{x \\to 0}',
  '\\begin{cases}1 & x<0\\\\ 2 & x\\ge 0\\end{cases}',
  '\\mathbb{R} \\mathcal{F} \\mathrm{d} \\operatorname{rank} A^{\\top}',
  'a \\xrightarrow{f} b \\quad \\boxed{c} \\phantom{d}',
]

describe('formulas', () => {
  it('are MathML with what they are written as, and said of their pages', () => {
    const epub = epubOf('# One\n\nHalf: $`\\frac{1}{2} < \\text{"a"}`$.\n\n```math\nx^2\n```\n\n# Two\n')
    expect(epub.faults()).toEqual([])
    const page = epub.text('EPUB/chapter-01.xhtml')
    expect(page).toContain(
      '<math xmlns="http://www.w3.org/1998/Math/MathML" alttext="\\frac{1}{2} &lt; \\text{&quot;a&quot;}">',
    )
    expect(page).toContain('alttext="x^2" display="block"')
    expect(epub.find('EPUB/package.opf', '//opf:item[@properties="mathml"]/@href')).toEqual(['chapter-01.xhtml'])
    expect(epub.text('EPUB/package.opf')).toContain('<meta property="schema:accessibilityFeature">MathML</meta>')
  })

  it('stay as they are written where they are not understood', () => {
    const epub = epubOf('# One\n\nHalf: $`\\frac{`$.\n\n```math\n\\href{javascript:1}{a}\n```\n')
    expect(epub.text('EPUB/chapter-01.xhtml')).toContain('<code class="math">\\frac{</code>')
    expect(epub.text('EPUB/package.opf')).not.toMatch(/mathml/i)
  })
})

describe('images', () => {
  it.each([
    ['a script', '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'],
    ['an event', '<svg xmlns="http://www.w3.org/2000/svg" onload="evil()"/>'],
    ['an entity', '<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['HTML in it', '<svg xmlns="http://www.w3.org/2000/svg"><foreignObject/></svg>'],
    ['a reference elsewhere', '<svg xmlns="http://www.w3.org/2000/svg"><use href="http://tea.example/a.svg#b"/></svg>'],
    ['a style from elsewhere', '<svg xmlns="http://www.w3.org/2000/svg"><rect fill="url(http://tea.example)"/></svg>'],
    ['an element left open', '<svg xmlns="http://www.w3.org/2000/svg"><g></svg>'],
    ['another root', '<html/>'],
  ])('are refused where an svg has %s', (_, text) => {
    const images = new Map([['pot.png', new TextEncoder().encode(text)]])
    expect(epubOf(tea, {images}).paths('.svg')).toEqual(['EPUB/cover.svg'])
  })

  it('are named by what they are', () => {
    expect(epubOf(tea, {images: new Map([['pot.png', svg]])}).paths('.svg', '.png')).toEqual([
      'EPUB/cover.svg',
      'EPUB/images/image-1.svg',
    ])
  })
})

describe('time', () => {
  it('grows with the book', async () => {
    const chapter = tea.slice(0, tea.indexOf('[^1]: A note'))
    const ratio = await growth((size) => {
      const text = Array.from({length: size}, (_, at) => chapter.replaceAll('Leaf', `Leaf ${at}`)).join('\n')
      const book = makeExportBook({root: parseBookMarkdown(text), metadata: {}, name: 'tea'})
      return () => writeEpub(book, {answers: 'end', images: new Map(), modified: '2026-01-31T00:00:00Z'})
    }, 20)
    expect(ratio).toBeLessThan(3)
  })
})

describe('epubcheck', () => {
  const space = new Workspace()
  afterAll(() => space.remove())

  itWith(['epubcheck'])(
    'finds nothing against the shipped course, a hostile book, and books in Japanese and Arabic with formulas',
    async () => {
      const root = join(import.meta.dirname, '..')
      for (const path of ['msk-course.yaml', 'outline', 'prompts', 'sources'])
        cpSync(join(root, path), join(space.root, path), {recursive: true})
      expect(await runCli(['build'], {cwd: space.root})).toMatchObject({code: 0})
      const shipped = join(space.root, 'shipped.epub')
      expect(await runCli(['export', 'epub', '-o', shipped], {cwd: space.root})).toMatchObject({code: 0})
      const bytes = epubBytes(hostile, {answers: 'end', images: hostileImages, cover: png}, hostileMetadata)
      const math = formulas.map((latex) => `$\`${latex}\`$\n\n\`\`\`math\n${latex}\n\`\`\``).join('\n\n')
      const spoken = tea.replace('## Quiz', `## Quiz\n\n${math}`)
      const images = new Map([['pot.png', svg]])
      const japanese = spoken.replace('Leaves', '茶葉').replace('Tea', '茶')
      const arabic = spoken.replace('Leaves', 'الأوراق').replace('Water is', 'الماء')
      const others = [
        epubBytes(japanese, {images, answers: 'end'}, {title: 'お茶の入れ方', language: 'ja', authors: ['山田 花子']}),
        epubBytes(arabic, {images, cover: svg}, {title: 'إعداد الشاي', language: 'ar', description: 'كتاب عن الشاي.'}),
      ].map((content, at) => space.write(`${at}.epub`, content))
      for (const path of [shipped, space.write('hostile.epub', bytes), ...others]) {
        const {status, stdout, stderr} = spawnSync('java', ['-jar', epubcheckJar, '--failonwarnings', path], {
          encoding: 'utf8',
        })
        expect({status, output: `${stdout}${stderr}`}).toMatchObject({status: 0})
      }
    },
    600_000,
  )
})
