import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import type {BookBlock} from '../src/export/book-nodes.ts'
import type {ExportBook} from '../src/export/export-book.ts'
import {makeExportBook} from '../src/export/make-export-book.ts'
import {blockText} from '../src/export/plain-text.ts'
import {eachNode} from '../src/syntax/each-node.ts'
import {parseBookMarkdown} from '../src/syntax/parse-markdown.ts'
import {growth} from './support/growth.ts'
import {markdown as anyMarkdown} from './support/markdown-pieces.ts'

function bookOf(markdown: string): ExportBook {
  return makeExportBook({root: parseBookMarkdown(markdown), metadata: {}, name: 'tea'})
}

function firstBlock(markdown: string): BookBlock | undefined {
  return bookOf(`# One\n\n${markdown}\n\n# Two\n`).chapters[0]?.children[0]
}

describe('chapters', () => {
  it('are numbered as written, else counted, and have the anchors that GitHub gives them', () => {
    const {chapters} = bookOf('# I. Leaf\n\n# I. Leaf\n\n# !!!\n')
    expect(chapters.map(({number, isNumbered, id}) => ({number, isNumbered, id}))).toEqual([
      {number: 'I', isNumbered: true, id: 'i-leaf'},
      {number: 'I', isNumbered: true, id: 'i-leaf-1'},
      {number: '3', isNumbered: false, id: 'section'},
    ])
  })

  it('leave out no depth', () => {
    expect(bookOf('# A\n\n### B\n\n##### C\n\n### D\n\n# E\n').sections.map(({depth}) => depth)).toEqual([
      1, 2, 3, 2, 1,
    ])
  })

  it('take a lone heading above them as the title', () => {
    const {metadata, chapters} = bookOf('# Tea\n\nWords.\n\n## Green\n\n## Black\n')
    expect(metadata.title).toBe('Tea')
    expect(chapters.map(({title}) => title)).toEqual(['Green', 'Black'])
  })
})

describe('blocks', () => {
  it('are call-outs where a quotation is marked as one', () => {
    expect(firstBlock('> [!TIP]\n> Warm the pot.')).toMatchObject({type: 'callout', kind: 'tip'})
    expect(firstBlock('> **Best practice:** Warm the pot.')).toMatchObject({kind: 'tip', title: 'Best practice'})
    expect(firstBlock('> Warm the pot.')).toMatchObject({type: 'blockquote'})
  })

  it('are details from pairs of tags, and text from all other HTML', () => {
    expect(firstBlock('<details>\n<summary>More</summary>\n\nWords.\n\n</details>')).toMatchObject({
      type: 'details',
      summary: [{type: 'text', value: 'More'}],
      children: [{type: 'paragraph'}],
    })
    expect(firstBlock('<script>alert(1)</script>')).toMatchObject({
      type: 'paragraph',
      children: [{type: 'text', value: '<script>alert(1)</script>'}],
    })
  })

  it('are refused images where they are not of this book', () => {
    expect(firstBlock('![a](images/a.png)')).toMatchObject({type: 'figure', image: {path: 'images/a.png'}})
    for (const url of [
      'https://tea.example/a.png',
      '../a.png',
      '/a.png',
      'a.exe',
      'data:image/png;base64,AA',
      '%2e%2e/a.png',
    ]) {
      expect(firstBlock(`![a](${url})`)).toMatchObject({type: 'figure', image: {refused: expect.any(String)}})
    }
  })
})

describe('quizzes', () => {
  const question = '1. Which leaf is green?\n   - A) Assam\n   - B) Sencha\n'

  it.each([
    ['a key', `${question}\n**Answers**\n\n1. **B**: it is steamed.\n`],
    ['an answer in the item', `${question}\n   **Answer:** B. It is steamed.\n`],
    [
      'details',
      `${question}\n   <details>\n   <summary>Answer</summary>\n\n   **B**: It is steamed.\n\n   </details>\n`,
    ],
    ['a line of pairs', `${question}\nAnswer key: 1-B (it is steamed)\n`],
  ])('are understood with %s', (_, quiz) => {
    const book = bookOf(`# Tea\n\n## Quiz\n\n${quiz}\n# Two\n`)
    expect(book.quizzes).toHaveLength(1)
    expect(book.quizzes[0]?.parts).toMatchObject([
      {
        type: 'question',
        options: [
          {letter: 'A', isCorrect: false},
          {letter: 'B', isCorrect: true},
        ],
      },
    ])
  })

  it.each([
    ['under a paragraph', '**1. Which leaf is green?**\nA) Assam\nB) Sencha\n\n**Answer:** B. It is steamed.\n'],
    ['with breaks', '**Question 1:** Which leaf is green?  \n(a) Assam  \n(b) Sencha  \n**Answer:** B\n'],
    [
      'in items',
      '1. Which leaf is green?\n   A. Assam\n   B. Sencha, which\n   is steamed\n\n**Answers**\n\n1. **B**\n',
    ],
    ['apart', '1\\. Which leaf is green?\n\nA) Assam\nB) Sencha\n\nAnswer key: 1-B\n'],
  ])('are understood where options are lines of a paragraph, %s', (_, quiz) => {
    const {quizzes} = bookOf(`# Tea\n\n## Quiz\n\n${quiz}\n# Two\n`)
    expect(quizzes[0]?.parts).toMatchObject([
      {
        type: 'question',
        prompt: [{type: 'paragraph'}],
        options: [
          {letter: 'A', isCorrect: false, children: [{children: [{value: 'Assam'}]}]},
          {letter: 'B', isCorrect: true},
        ],
      },
    ])
  })

  it('stay ordinary content where an answer is missing', () => {
    expect(bookOf(`# Tea\n\n## Quiz\n\n${question}`).quizzes).toEqual([])
  })
})

describe('lists of the whole book', () => {
  it('merge the terms of all chapters and link to their places', () => {
    const terms = '## Key Terms\n\n- **Leaf**: What is steeped.\n'
    const {glossary, index} = bookOf(`# A\n\n${terms}\n# B\n\nA leaf.\n\n${terms}- **\`Äther\`**: Air.\n`)
    expect(glossary.map(({term, definitions}) => `${term} ${definitions.length}`)).toEqual(['Äther 1', 'Leaf 1'])
    expect(index.find(({term}) => term === 'Leaf')?.places.map(({id}) => id)).toEqual(['key-terms', 'key-terms-1', 'b'])
  })
})

describe('the whole of a text', () => {
  it('is in the book, whatever it is', () => {
    const quiz = fc.constantFrom(
      '## Quiz',
      '## Key Terms',
      'A) one\nB) two',
      '1. Which?\n   A) one\n   B) two',
      '**Answer:** B. why',
    )
    // Letters of options and words that say what comes are values of their own; what nothing calls is in no book.
    const signs = /^(?:answers?|note|notes|tip|important|warning|caution)$/i
    const property = fc.property(fc.array(fc.oneof(anyMarkdown, quiz), {maxLength: 8}), (pieces) => {
      const text = pieces.join('\n\n')
      const {frontMatter, chapters, metadata} = bookOf(text)
      const parts = [frontMatter, ...chapters].map(({children, footnotes}) =>
        blockText([...children, ...footnotes.flatMap((note) => note.children)]),
      )
      const made = [metadata.title, ...chapters.map(({title}) => title), ...parts].join('\n')
      const lost = new Set<string>()
      eachNode(parseBookMarkdown(text), (node) => {
        if (node.type !== 'inlineCode' && node.type !== 'code' && node.type !== 'text') return
        for (const word of node.value.match(/\p{L}{3,}/gu) ?? [])
          if (!made.includes(word) && !signs.test(word)) lost.add(word)
      })
      for (const [note] of text.matchAll(/^[ >]*\[\^[^\]]*\]:.*(?:\n.+)*/gm))
        for (const word of note.match(/\p{L}{3,}/gu) ?? []) lost.delete(word)
      expect([...lost]).toEqual([])
    })
    fc.assert(property, {seed: 20_261_121, numRuns: 100})
  })

  it('takes time that grows with it', async () => {
    const chapter = (at: number): string =>
      `# ${at}. Leaf ${at}\n\nSee Chapter ${at}.[^${at}]\n\n## Key Terms\n\n- **Leaf ${at}**: A leaf.\n\n## Quiz\n\n1. Which?\n   - A) one\n   - B) two\n\n**Answers**\n\n1. B\n\n[^${at}]: Note.\n`
    const ratio = await growth((size) => {
      const text = Array.from({length: size}, (_, at) => chapter(at)).join('\n')
      return () => bookOf(text)
    }, 20)
    expect(ratio).toBeLessThan(3)
  })
})
