import fc from 'fast-check'
import {strFromU8, unzipSync} from 'fflate'
import {describe, expect, it} from 'vitest'
import type {BookBlock} from '../src/export/book-nodes.ts'
import type {ExportBook} from '../src/export/export-book.ts'
import {makeExportBook} from '../src/export/make-export-book.ts'
import {makePdfDocument} from '../src/export/pdf-document.ts'
import {blockText} from '../src/export/plain-text.ts'
import type {TextFile} from '../src/export/project-pages.ts'
import {writeEpub} from '../src/export/write-epub.ts'
import {writeMdbook} from '../src/export/write-mdbook.ts'
import {writeQuarto} from '../src/export/write-quarto.ts'
import {writeSite} from '../src/export/write-site.ts'
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
      '..%2fa.png',
      '..%5ca.png',
      '..\\a.png',
      'images/../../a.png',
      'file:///etc/a.png',
      'C:/a.png',
      '//tea.example/a.png',
      'javascript:a.png',
      '.git/a.png%00.png',
    ]) {
      expect(firstBlock(`![a](${url})`)).toMatchObject({type: 'figure', image: {refused: expect.any(String)}})
    }
  })
})

describe('anchors of HTML', () => {
  it.each([
    ['in a line of their own', '<a id="pot"></a>'],
    ['that nothing closes', '<a name="pot">'],
    ['that close themselves', '<a id="pot"/>'],
    ['that another block closes', '<a id="pot">\n\nWords.\n\n</a>'],
    ['in details', '<details>\n<summary>More</summary>\n<a id="pot">\n\nWords.\n\n</details>'],
    ['in a quotation', '> <a id="pot"></a>\n>\n> Said.'],
    ['in letters of any script', '<a id="чайник"></a>'],
    ['in a note', 'Note[^1].\n\n[^1]: <a id="pot"></a>Noted.'],
  ])('are places that links lead to, %s', (_, html) => {
    const id = /чайник|pot/.exec(html)?.[0] ?? ''
    const text = `# One\n\n[Pot](#${id})\n\n# Two\n\n${html}\n`
    const book = bookOf(text)
    expect(book.findings).toEqual([])
    expect(book.chapters[0]?.children[0]).toMatchObject({
      children: [{type: 'link', target: {type: 'internal', chapter: 1, id}}],
    })
    expect(JSON.stringify(book.chapters[1])).toContain(`{"type":"anchor","id":"${id}"}`)
    expect(JSON.stringify(book.chapters)).not.toMatch(/<\/?a\b/)
    const url = `#${encodeURIComponent(id)}`
    const [one = '', two = ''] = writeSite(book, new Set())
      .slice(1)
      .map((file) => file.text)
    expect(one).toContain(`<a href="chapter-02.html${url}">Pot</a>`)
    expect(two).toContain(`<span id="${id}"></span>`)
    const project = (files: readonly TextFile[]): string => files.map((file) => file.text).join('')
    expect(project(writeMdbook(book, 'end'))).toContain(`[Pot](chapter-02.md${url})`)
    expect(project(writeQuarto(book, 'end'))).toMatch(new RegExp(`\\[Pot\\]\\(chapter-02\\.qmd${url}\\)`))
    expect(project(writeMdbook(book, 'end'))).toContain(`<a id="${id}"></a>`)
    const {content} = writeEpub(book, {answers: 'end', images: new Map(), modified: '2026-01-31T00:00:00Z'})
    const page = (name: string): string => strFromU8(unzipSync(content)[`EPUB/${name}.xhtml`] as Uint8Array)
    const [, place = ''] = /<a href="chapter-02\.xhtml#([^"]+)">Pot<\/a>/.exec(page('chapter-01')) ?? []
    expect(page('chapter-02')).toContain(`<span id="${place}"></span>`)
    const pdf = makePdfDocument(book, {
      answers: 'end',
      isPrint: false,
      room: {columns: 80, lines: 15},
      images: new Set(),
    })
    const [, own = ''] = /"t":"anchor","id":"([^"]+)"/.exec(JSON.stringify(pdf)) ?? []
    expect(JSON.stringify(pdf)).toContain(`{"t":"ref","id":"${own}","c":[{"t":"text","v":"Pot"}]}`)
  })

  it('are text where nothing opened them, or where they lead elsewhere', () => {
    for (const html of ['</a>', '<a href="https://tea.example/" id="pot">', '<a id="">'])
      expect(firstBlock(html)).toMatchObject({type: 'paragraph', children: [{type: 'text', value: html}]})
  })

  it('take no id that the program gives to what it makes', () => {
    const made = [
      'fn-1',
      'fnref-1',
      'quiz-1',
      'quiz-1-q1',
      'quiz-1-q1-answer',
      'table-1',
      'term-leaf',
      'book',
      'section',
    ]
    const anchors = made.map((id) => `<a id="${id}"></a>`).join('\n\n')
    const text = `# One\n\n${anchors}\n\nTea[^1].\n\n| A |\n|---|\n| b |\n\n## Key Terms\n\n- **Leaf**: Green.\n\n## Quiz\n\n1. Green?\n   - A) No\n   - B) Yes\n\n**Answers**\n\n1. **B**: Yes.\n\n## !!!\n\n[^1]: Note.\n`
    for (const {path, text: html} of writeSite(bookOf(text), new Set())) {
      const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
      expect(new Set(ids).size, path).toBe(ids.length)
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

  it.each([
    ['de', '**Antworten**\n\n1. **B**: Ja.'],
    ['fr', '### Réponses :\n\n1. B'],
    ['ru', '**Ответы**\n\n1. B'],
    ['ja', '**解答：**\n\n1. B'],
    ['ar', '**الإجابات**\n\n1. B'],
    ['es', '   **Respuesta:** B. Sí.'],
    ['zh', '   **答案**：B'],
    ['ko', '   <details>\n   <summary>정답</summary>\n\n   B\n\n   </details>'],
  ])('are understood in the language of the book: %s', (language, answers) => {
    const quiz = `1. Sencha؟\n   - A) 1\n   - B) 2\n\n${answers}\n`
    const root = parseBookMarkdown(`# Tea\n\n## Quiz\n\n${quiz}\n# Two\n`)
    const {quizzes} = makeExportBook({root, metadata: {language}, name: 'tea'})
    expect(quizzes[0]?.parts).toMatchObject([{options: [{isCorrect: false}, {letter: 'B', isCorrect: true}]}])
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
