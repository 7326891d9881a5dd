import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import fc from 'fast-check'
import {afterAll, describe, expect, it} from 'vitest'
import type {ExportBook} from '../src/export/export-book.ts'
import {makeExportBook} from '../src/export/make-export-book.ts'
import {pageOf} from '../src/export/pdf-look.ts'
import {type DocxInput, writeDocx} from '../src/export/write-docx.ts'
import type {BookMetadata} from '../src/model/outline.ts'
import {parseBookMarkdown} from '../src/syntax/parse-markdown.ts'
import {OpenedDocx} from './support/docx.ts'
import {growth} from './support/growth.ts'
import {markdown as anyMarkdown} from './support/markdown-pieces.ts'
import {runCli} from './support/run-cli.ts'
import {smallPng as png} from './support/small-png.ts'
import {teaQuiz} from './support/tea-quiz.ts'
import {Workspace} from './support/workspace.ts'

const page = pageOf('a4', false) as NonNullable<ReturnType<typeof pageOf>>

function bookOf(markdown: string, metadata: BookMetadata = {}): ExportBook {
  return makeExportBook({root: parseBookMarkdown(markdown), metadata, name: 'tea'})
}

function docxOf(markdown: string, input: Partial<DocxInput> = {}, metadata: BookMetadata = {}): OpenedDocx {
  const rest = {answers: 'chapter', images: new Map(), page, ...input} as const
  return new OpenedDocx(writeDocx(bookOf(markdown, metadata), rest).content)
}

const tea = `# I. Leaves

See [water](#ii-water) and Chapter II.[^1] More.[^1] [Out](https://tea.example/?a=1&b=2)

| Leaf | Minutes |
| :-- | --: |
| Green | 2 |
| Black | 4 |

> [!TIP]
> Warm the pot.

\`\`\`python
def steep(minutes):
\treturn "pour"
\`\`\`

![A pot](pot.png)

${teaQuiz}[^2]

# II. Water

<a id="soft"></a>Water is [soft](#soft).

1. one
   1. deeper
2. two

- a
- [x] b

3. three

> Quoted words

[^1]: A note with [a link](#ii-water).
[^2]: Another.
`

describe('the container', () => {
  const space = new Workspace()
  afterAll(() => space.remove())

  it('is the same bytes for the same book, in any zone', async () => {
    space.write('tea.md', tea)
    space.write('pot.png', png)
    const zones = ['Pacific/Kiritimati', 'America/New_York', 'Asia/Kathmandu']
    for (const [at, zone] of zones.entries()) {
      const args = ['export', 'docx', 'tea.md', '-o', `${at}.docx`, '--answers', 'end']
      const {code, stderr} = await runCli(args, {cwd: space.root, env: {TZ: zone, SOURCE_DATE_EPOCH: '1700000000'}})
      expect({code, stderr}).toMatchObject({code: 0})
    }
    const [first, ...others] = zones.map((_, at) => readFileSync(join(space.root, `${at}.docx`)))
    for (const other of others) expect(other.equals(first as Buffer)).toBe(true)
    const docx = new OpenedDocx(first as Buffer)
    expect(docx.faults()).toEqual([])
    expect(docx.find('//dcterms:modified', 'docProps/core.xml')).toEqual(['2023-11-14T22:13:20Z'])
  })

  it('says nothing of when it was made where nothing is known', async () => {
    const {code} = await runCli(['export', 'docx', 'tea.md'], {cwd: space.root, env: {SOURCE_DATE_EPOCH: ''}})
    expect(code).toBe(0)
    const docx = new OpenedDocx(readFileSync(join(space.root, 'tea.docx')))
    expect(docx.find('//dcterms:*', 'docProps/core.xml')).toEqual([])
  })

  it('says of the book what the course says', () => {
    const metadata = {title: 'Tea & <Water>', authors: ['Ana', 'Bo'], language: 'de-AT', description: 'About tea'}
    const docx = docxOf(tea, {date: '2026-02-03T00:00:00Z'}, metadata)
    expect(docx.find('//dc:*', 'docProps/core.xml')).toEqual(['Tea & <Water>', 'Ana; Bo', 'About tea', 'de-AT'])
    expect(docx.find('//dcterms:*', 'docProps/core.xml')).toEqual(['2026-02-03T00:00:00Z', '2026-02-03T00:00:00Z'])
    expect(docx.find('//w:docDefaults//w:lang/@w:val', 'word/styles.xml')).toEqual(['de-AT'])
    expect(docx.paragraphs('Title')).toEqual(['Tea & <Water>'])
    expect(docx.paragraphs('ContentsHeading')[0]).toBe('Inhalt')
  })

  it('has pages of the size that is asked for', () => {
    const docx = docxOf(tea, {page: pageOf('6x9in', false) as typeof page})
    expect(docx.find('//w:pgSz/@w:w | //w:pgSz/@w:h')).toEqual(['8640', '12960'])
  })

  it('runs from right to left in languages that do', () => {
    const docx = docxOf(tea, {}, {language: 'he'})
    expect(docx.find('//w:sectPr/w:bidi')).toHaveLength(1)
    expect(docx.find('//w:docDefaults//w:bidi', 'word/styles.xml')).toHaveLength(1)
    expect(docx.find('//w:style[@w:styleId="SourceCode"]//w:bidi/@w:val', 'word/styles.xml')).toEqual(['0'])
  })
})

describe('a diagram', () => {
  const space = new Workspace()
  afterAll(() => space.remove())

  it.each(['docx', 'mdbook'])('of Mermaid stays code in %s, which is said', async (format) => {
    space.write('tea.md', '# A\n\n```mermaid\ngraph LR; A --> B\n```\n')
    const {code, stdout} = await runCli(['export', format, 'tea.md', '--json'], {cwd: space.root})
    expect(code).toBe(0)
    const {messages} = JSON.parse(stdout) as {messages: {ruleId: string; line: number}[]}
    expect(messages.map(({ruleId, line}) => [ruleId, line])).toEqual([['unrendered-diagram', 3]])
  })
})

describe('the text', () => {
  it('has what the book has, in styles that Word knows', () => {
    const book = bookOf(tea)
    const docx = docxOf(tea, {images: new Map([['pot.png', png]])})
    expect(docx.faults()).toEqual([])
    expect(docx.paragraphs('Heading1')).toEqual(['I. Leaves', 'II. Water', 'Glossary', 'Index'])
    const own = book.sections.filter(({depth}) => depth === 2).map(({title}) => title)
    expect(docx.paragraphs('Heading2')).toEqual([...own, 'Answers: Quiz'])
    expect(docx.find('//w:tbl[w:tblPr/w:tblStyle/@w:val="BookTable"]')).toHaveLength(book.tables.length)
    expect(docx.find('//w:tr[w:trPr/w:tblHeader]')).toEqual([expect.stringContaining('Leaf')])
    expect(docx.find('//w:tbl//w:jc/@w:val')).toEqual(['right', 'right', 'right'])
    expect(docx.paragraphs('Caption')[0]).toMatch(/^Table .*1: I. Leaves$/)
    expect(docx.paragraphs('Quote')).toEqual(['Quoted words'])
    expect(docx.paragraphs('CalloutTitle')).toEqual(['Tip'])
    expect(docx.paragraphs('GlossaryTerm')).toEqual(['Leaf'])
    expect(docx.paragraphs('Index1')[0]).toMatch(/^Leaf: /)
    expect(docx.find('//wp:docPr/@descr')).toEqual(['A pot'])
    expect(docx.files['word/media/image-1.png']).toEqual(png)
  })

  it('keeps code as it is, in colours', () => {
    const code = '//w:p[w:pPr/w:pStyle/@w:val="SourceCode"]'
    const docx = docxOf(tea)
    expect(docx.find(`${code}//w:t`).join('')).toBe('def steep(minutes):return "pour"')
    expect(docx.find(`${code}//w:br | ${code}//w:tab`)).toHaveLength(2)
    expect(new Set(docx.find(`${code}//w:color/@w:val`)).size).toBeGreaterThan(1)
    const two = docxOf('```\na\n```\n\n```\nb\n```')
    expect(two.find(`${code}/following-sibling::*[1]/w:pPr/w:pStyle/@w:val`)).toEqual(['AfterTable'])
  })

  it('numbers every list for itself, and those in it a depth further in', () => {
    const docx = docxOf(tea)
    const items = '//w:p[w:pPr/w:numPr]'
    expect(docx.find(`${items}[contains(., "one")]//w:ilvl/@w:val`)).toEqual(['0'])
    expect(docx.find(`${items}[contains(., "deeper")]//w:ilvl/@w:val`)).toEqual(['1'])
    const [one] = docx.find(`${items}[contains(., "one")]//w:numId/@w:val`)
    expect(docx.find(`${items}[contains(., "two")]//w:numId/@w:val`)).toEqual([one])
    const [three] = docx.find(`${items}[contains(., "three")]//w:numId/@w:val`)
    expect(three).not.toBe(one)
    expect(docx.find(`//w:num[@w:numId="${three}"]//w:startOverride/@w:val`, 'word/numbering.xml')).toEqual(['3'])
    expect(docx.find(`${items}[contains(., "☑")]`)).toEqual(['☑ b'])
  })

  it('has each note once, and its later calls lead to the first', () => {
    const docx = docxOf(tea)
    expect(docx.find('//w:footnoteReference/@w:id')).toEqual(['1', '2'])
    expect(docx.find('//w:footnote[@w:id > 0]', 'word/footnotes.xml')).toEqual([
      expect.stringContaining('A note with a link.'),
      expect.stringContaining('Another.'),
    ])
    expect(docx.find('//w:hyperlink[.//w:vertAlign]')).toEqual(['1'])
  })

  it('puts what only a note calls behind that note', () => {
    const docx = docxOf('# A\n\nx[^1]\n\n[^1]: One.[^2]\n[^2]: Two.[^1]\n')
    expect(docx.faults()).toEqual([])
    expect(docx.find('//w:footnote[@w:id > 0]', 'word/footnotes.xml')).toEqual([expect.stringMatching(/One.*\s*.*Two/)])
  })

  it('leads from the contents to every chapter, and from links to where they say', () => {
    const docx = docxOf(tea)
    const place = (title: string): string | undefined =>
      docx.find(`//w:p[w:pPr/w:pStyle/@w:val="Heading1"][contains(., "${title}")]/w:bookmarkStart/@w:name`)[0]
    expect(docx.find('//w:p[w:pPr/w:pStyle/@w:val="TOC1"]/w:hyperlink/@w:anchor')).toEqual(
      ['I. Leaves', 'II. Water', 'Glossary', 'Index'].map(place),
    )
    expect(docx.find('//w:hyperlink[.="water"]/@w:anchor')).toEqual([place('II. Water')])
    expect(docx.find('//w:updateFields/@w:val', 'word/settings.xml')).toEqual(['true'])
    const [id] = docx.find('//w:hyperlink[.="Out"]/@r:id')
    const relation = `//rel:Relationship[@Id="${id}"]`
    expect(docx.find(`${relation}/@Target | ${relation}/@TargetMode`, 'word/_rels/document.xml.rels')).toEqual([
      'https://tea.example/?a=1&b=2',
      'External',
    ])
  })

  it.each([
    ['inline', 0, 0],
    ['chapter', 1, 0],
    ['end', 1, 1],
  ] as const)('has the answers %s, and questions and answers lead to each other', (answers, sections, chapters) => {
    const docx = docxOf(tea, {answers})
    expect(docx.faults()).toEqual([])
    expect(docx.paragraphs('Heading2').filter((title) => title === 'Answers: Quiz')).toHaveLength(sections)
    expect(docx.paragraphs('Heading1').filter((title) => title === 'Answers')).toHaveLength(chapters)
    const anchor = docx.find('//w:hyperlink[.="Answer to question 1"]/@w:anchor')[0]
    const found = `//w:p[w:bookmarkStart/@w:name="${anchor}"]`
    expect(docx.find(found)).toEqual([expect.stringMatching(/^1\. B it is steamed\./)])
    expect(docx.find(`//w:p[w:bookmarkStart/@w:name="${docx.find(`${found}/w:hyperlink/@w:anchor`)[0]}"]`)).toEqual([
      '1. Which leaf is green?',
    ])
  })

  it('shows the words of an image that it cannot hold, and says so', () => {
    const images = new Map([['pot.png', new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>')]])
    const {content, findings} = writeDocx(bookOf(tea), {answers: 'chapter', images, page})
    expect(findings.map(({ruleId}) => ruleId)).toEqual(['refused-image'])
    const docx = new OpenedDocx(content)
    expect(docx.find('//w:p[.="A pot"]')).toHaveLength(1)
    expect(Object.keys(docx.files).filter((path) => path.includes('media'))).toEqual([])
  })
})

const hostile = `# </w:t></w:r><w:r><w:instrText>DDEAUTO cmd "/k calc"</w:instrText></w:r> & "x" ]]>

# 

# 1. Ünïcode – 東京 🍵

# 1. Ünïcode – 東京 🍵

{ INCLUDETEXT "/etc/passwd" } {HYPERLINK "http://tea.example"} \u0013 DDE \u0014 \u0015 \\field

\u0000\u0001\u000b\u007f\u0085\ufffe\uffff \ud800 &#0; &#x1F; \u202etxt.exe

[js](javascript:alert(1)) [file](file:///etc/passwd) [unc](\\\\\\\\tea.example\\\\x) [up](../../x.md) [who](https://user:word@tea.example/) [q](https://tea.example/?a="&b=<c>)

![](http://tea.example/x.png) ![up](../../etc/x.png) ![a" descr="b](pot.png)

<script>x</script> <a id="x" onclick="y">z</a>

> # quoted [^n]
>
> | a |
> |-|

- 
- [ ] 
- > [!WARNING] <b>
  > 1. x
  >
  >    | a | b |
  >    |-|-|
  >    | [^n] | ![p](pot.png) |

\`\`\`</w:t> <"&'>
</w:t></w:r> \u0007
\`\`\`

[^n]: note [^m]

    | t |
    |-|
    | ![p](pot.png) [out](https://tea.example/n) |

[^m]: back [^n]

## Quiz

1. Which <b> is it?[^n]
   - A) <i>x
   - B) y & z

### Answers

1. **B**: because [^m]

## Key Terms

- **<Leaf>**: said[^m] & \`done\` <a id="moved"></a>
`

describe('untrusted text', () => {
  it.each(['inline', 'chapter', 'end'] as const)('stays text, with answers %s', (answers) => {
    const metadata = {title: '</dc:title>&\u0000"\ud800', authors: ['<a>'], language: 'x"y', description: '\u0007<p>'}
    const docx = docxOf(hostile, {answers, images: new Map([['pot.png', png]])}, metadata)
    expect(docx.faults()).toEqual([])
    expect(docx.paragraphs('Heading1')[0]).toBe(
      '</w:t></w:r><w:r><w:instrText>DDEAUTO cmd "/k calc"</w:instrText></w:r> & "x" ]]>',
    )
    const relations = ['word/_rels/document.xml.rels', 'word/_rels/footnotes.xml.rels'].flatMap((path) =>
      docx.find('//rel:Relationship[@TargetMode]/@Target', path),
    )
    expect(new Set(relations)).toEqual(new Set(['https://tea.example/?a=%22&b=%3Cc%3E', 'https://tea.example/n']))
    expect(docx.find('//wp:docPr/@descr')[0]).toBe('a" descr="b')
    expect(Object.keys(docx.files).filter((path) => !/\.(?:xml|rels)$/.test(path))).toEqual(['word/media/image-1.png'])
  })

  it('gives a document that leads nowhere else, whatever it is', () => {
    const property = fc.property(
      fc.array(
        fc.oneof(
          anyMarkdown,
          fc.string({unit: 'binary'}),
          fc.constantFrom('# ', '## Quiz', '<a id="b">', '[^1]', '[^1]: x', '> [!NOTE]', '- ```\n  x\n  ```', '1. # a'),
        ),
      ),
      fc.constantFrom('inline' as const, 'chapter' as const, 'end' as const),
      (pieces, answers) => {
        expect(docxOf(pieces.join('\n\n'), {answers}, {title: pieces[0] ?? ''}).faults()).toEqual([])
      },
    )
    fc.assert(property, {seed: 20_261_121, numRuns: 60})
  })
})

describe('time', () => {
  it('grows with the book', async () => {
    const chapter = tea.slice(0, tea.indexOf('[^1]: A note'))
    const ratio = await growth((size) => {
      const book = bookOf(Array.from({length: size}, (_, at) => chapter.replaceAll('Leaf', `Leaf ${at}`)).join('\n'))
      return () => writeDocx(book, {answers: 'end', images: new Map(), page})
    }, 20)
    expect(ratio).toBeLessThan(3)
  })
})
