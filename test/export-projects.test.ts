import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {parse} from 'yaml'
import type {AnswerPlace} from '../src/export/lay-out-quizzes.ts'
import {makeExportBook} from '../src/export/make-export-book.ts'
import {writeMdbook} from '../src/export/write-mdbook.ts'
import {writeQuarto} from '../src/export/write-quarto.ts'
import type {BookMetadata} from '../src/model/outline.ts'
import {eachNode} from '../src/syntax/each-node.ts'
import {parseBookMarkdown} from '../src/syntax/parse-markdown.ts'
import {markdown as anyMarkdown} from './support/markdown-pieces.ts'
import {teaQuiz} from './support/tea-quiz.ts'

type Write = typeof writeMdbook

function filesOf(write: Write, markdown: string, metadata: BookMetadata = {}, answers: AnswerPlace = 'chapter') {
  const book = makeExportBook({root: parseBookMarkdown(markdown), metadata, name: 'tea'})
  return new Map(write(book, answers).map(({path, text}) => [path, text]))
}

const tea = `# I. Leaves

See [water](#ii-water).[^1]

${teaQuiz}

# II. Water

> [!TIP]
> Warm the pot.

[^1]: A note.
`

describe('a project of mdBook', () => {
  it('lists its pages and sends no code anywhere', () => {
    const files = filesOf(writeMdbook, tea, {title: 'Tea', authors: ['Ana "A"']})
    expect(files.get('src/SUMMARY.md')).toBe(
      '# Summary\n\n[Tea](title.md)\n\n- [I. Leaves](chapter-01.md)\n- [II. Water](chapter-02.md)\n\n[Glossary](glossary.md)\n\n[Index](terms.md)\n',
    )
    expect(files.get('book.toml')).toContain('authors = ["Ana \\"A\\""]\n')
    expect(files.get('book.toml')).toContain(
      '[output.html.playground]\n# No button sends code to a server.\nrunnable = false',
    )
  })

  it('numbers chapters where the book does not', () => {
    const label = 'no-section-label = true'
    expect(filesOf(writeMdbook, tea).get('book.toml')).toContain(label)
    expect(filesOf(writeMdbook, '# Leaves\n\n# Water\n').get('book.toml')).not.toContain(label)
  })

  it('leaves text as it is written, and lists no page without a title', () => {
    const files = filesOf(writeMdbook, '# \n\n"x" --create\n')
    expect(files.get('book.toml')).toContain('smart-punctuation = false\ndefinition-lists = false\n')
    expect(files.get('src/SUMMARY.md')).toContain('- [Untitled](chapter-01.md)')
  })

  it('hides no line of Rust', () => {
    const rust = '# use a;\n#\n  ## b\n#[derive(Debug)]\n#![allow(x)]\nlet c = "#";'
    const page = filesOf(writeMdbook, `# A\n\n\`\`\`rust,mdbook-runnable\n${rust}\n\`\`\`\n`).get('src/chapter-01.md')
    expect(page).toContain('```rust\n## use a;\n##\n  ### b\n#[derive(Debug)]\n#![allow(x)]\nlet c = "#";\n```')
    expect(filesOf(writeMdbook, '# A\n\n```sh\n# b\n```\n').get('src/chapter-01.md')).toContain('```sh\n# b\n```')
  })

  it('reads no attributes in what a text says of itself', () => {
    const quiz = '## Quiz {#evil .x}\n\n1. A?\n   - A) b\n   - B) c\n\n**Answers**\n\n1. **A**: d\n'
    const page = filesOf(writeMdbook, `# A {.y}\n\n${quiz}`).get('src/chapter-01.md') ?? ''
    const headings = page.split('\n').filter((line) => line.startsWith('#'))
    expect(headings).toHaveLength(3)
    for (const heading of headings) expect(heading).toMatch(/ \{#[\w-]+\}$/)
  })
})

describe('a project of Quarto', () => {
  it('is a book of the chapters in their order', () => {
    const files = filesOf(writeQuarto, tea, {
      title: 'Tea: a *course*',
      authors: ['Ana'],
      date: '2026-01-31',
      language: 'de',
    })
    expect(parse(files.get('_quarto.yml') as string)).toMatchObject({
      project: {type: 'book'},
      book: {
        title: 'Tea: a \\*course\\*',
        author: ['Ana'],
        date: '2026-01-31',
        chapters: ['index.qmd', 'chapter-01.qmd', 'chapter-02.qmd', 'glossary.qmd', 'terms.qmd'],
      },
      lang: 'de',
      execute: {enabled: false},
    })
    expect(files.get('chapter-01.qmd')).toContain('[water](chapter-02.qmd#ii-water)')
    expect(files.get('chapter-02.qmd')).toContain('::: {.callout-tip}\n\nWarm the pot.\n\n:::')
  })

  it('has questions that are bold themselves, which Pandoc reads', () => {
    const quiz = '# A\n\n## Quiz\n\n1. **Which?**\n   - A) b\n   - B) c\n\n**Answers**\n\n1. **A**: d\n'
    const page = filesOf(writeQuarto, quiz).get('chapter-01.qmd')
    expect(page).toContain('\n**1\\.** **Which?**\n')
    expect(page).toMatch(/\n\*\*1\\\. A\*\* (?:– )?d\n/)
  })

  it('shows the title of an image below it, and tells its description to those who do not see it', () => {
    const image = '# A\n\n![A "pot" {{< x >}} \\&](pot.png "The pot")\n\n![only](pot.png)\n'
    const page = filesOf(writeQuarto, image).get('chapter-01.qmd')
    expect(page).toContain(
      '![The pot](pot.png){fig-alt="A &#34;pot&#34; &#123; &#123;&#60; x &#62;&#125; &#125; &#38;"}\n',
    )
    expect(page).toContain('![](pot.png){fig-alt="only"}\n')
  })

  it('keeps lists apart that stand side by side', () => {
    const page = filesOf(writeQuarto, '# A\n\n- a\n- b\n\n* c\n').get('chapter-01.qmd')
    expect(page).toMatch(/- b\n\n<!-- -->\n\n[-*] c/)
  })

  it('runs nothing, reads no file and shows what looks like its commands', () => {
    const code = '```{python}\nopen("x")\n```\n\n````\n```{r}\n{{< include /etc/passwd >}}\n```\n````\n'
    const text = 'A {{< env HOME >}} $x$ @cite \\input{y} ^a^ ~b~ {=html} --flag [x]{.y} `z`{=tex} <b>'
    const files = filesOf(writeQuarto, `# A\n\n${text}\n\n${code}\n::: {.x}\n\n(a) first\n\n: said\n`)
    const page = files.get('chapter-01.qmd') as string
    expect(page.startsWith('---\nengine: markdown\n---\n\n# A {#a}\n')).toBe(true)
    expect(page).toContain('A \\{\\{\\< env HOME >\\}\\} \\$x\\$ \\@cite \\\\input\\{y\\} \\^a\\^')
    expect(page).toContain('\\{=html\\} \\-\\-flag')
    expect(page).toContain('```python\nopen("x")\n```')
    expect(page).toContain('{{{< include /etc/passwd >}}}')
    expect(page).toContain('\n\\:\\:\\: \\{.x\\}\n\n(a\\) first\n\n\\: said')
  })

  it('has no live command, whatever the book is', () => {
    const nasty = fc.constantFrom(
      '{{< include x >}}',
      '```{r}',
      ':::',
      '---',
      '$',
      '@a',
      '\\input{x}',
      '{=html}',
      '\u{10f824}',
    )
    const property = fc.property(fc.array(fc.oneof(anyMarkdown, nasty)), (pieces) => {
      const files = filesOf(writeQuarto, pieces.join('\n\n'), {title: pieces.join(' '), description: pieces[0] ?? ''})
      parse(files.get('_quarto.yml') as string)
      for (const [path, text] of files) {
        expect(text).not.toMatch(/(?<!\{)\{\{</)
        eachNode(parseBookMarkdown(text), (node) => {
          if (node.type === 'code') expect(node.lang ?? '').not.toContain('{')
        })
        expect(!path.endsWith('.qmd') || text.startsWith('---\nengine: markdown\n---\n\n')).toBe(true)
        expect(text).not.toMatch(/[\u{10f800}-\u{10f87f}]/u)
      }
    })
    fc.assert(property, {seed: 20_261_121, numRuns: 60})
  })
})
