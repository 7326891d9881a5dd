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

type Write = typeof writeMdbook

function filesOf(write: Write, markdown: string, metadata: BookMetadata = {}, answers: AnswerPlace = 'chapter') {
  const book = makeExportBook({root: parseBookMarkdown(markdown), metadata, name: 'tea'})
  return new Map(write(book, answers).map(({path, text}) => [path, text]))
}

const tea = `# I. Leaves

See [water](#ii-water).[^1]

## Key Terms

- **Leaf**: What is steeped.

## Quiz

1. Which leaf is green?
   - A) Assam
   - B) Sencha

**Answers**

1. **B**: it is steamed.

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
