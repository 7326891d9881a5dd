import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import type {ExportBook} from '../src/export/export-book.ts'
import {formulaHtml} from '../src/export/formula-html.ts'
import {highlightCode} from '../src/export/highlight-code.ts'
import {makeExportBook} from '../src/export/make-export-book.ts'
import {writeSite} from '../src/export/write-site.ts'
import {parseBookMarkdown} from '../src/syntax/parse-markdown.ts'

function siteOf(markdown: string, metadata: Partial<ExportBook['metadata']> = {}): Map<string, string> {
  const book = makeExportBook({root: parseBookMarkdown(markdown), metadata, name: 'tea'})
  return new Map(writeSite(book, new Set(book.images)).map(({path, text}) => [path, text]))
}

/** What the first chapter's page says between its heading and the links to its neighbours. */
function mainOf(markdown: string): string {
  const page = siteOf(`# One\n\n${markdown}\n\n# Two\n`).get('chapter-01.html') ?? ''
  return page.slice(page.indexOf('</h1>') + 6, page.indexOf('<nav class="neighbours"'))
}

/** Every element of a page with its attributes, as they are written. */
function tagsOf(html: string): {name: string; attributes: Map<string, string>; isClosing: boolean}[] {
  return [...html.matchAll(/<(\/?)([a-z][a-z0-9]*)((?: [\w-]+(?:="[^"<>]*")?)*)>/g)].map((match) => ({
    name: match[2] as string,
    isClosing: match[1] === '/',
    attributes: new Map(
      [...(match[3] as string).matchAll(/ ([\w-]+)(?:="([^"]*)")?/g)].map(([, name, value]) => [
        name as string,
        decode(value ?? ''),
      ]),
    ),
  }))
}

function decode(text: string): string {
  return text
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
}

const elements = new Set(
  (
    'html head meta title link script body a header button div input p ol ul li nav main h1 h2 h3 h4 h5 h6 span em strong del ' +
    'code pre br hr sup sub kbd mark abbr img figure figcaption blockquote table thead tbody tr th td details summary ' +
    'fieldset legend label section dl dt dd math mi mn mo mrow msup msub mfrac mtext mspace msqrt mstyle'
  ).split(' '),
)
const empty = new Set(['meta', 'link', 'input', 'br', 'hr', 'img'])

const attributes =
  /^(?:class|id|href|src|rel|lang|dir|title|alt|loading|charset|content|name|type|value|hidden|placeholder|autocomplete|spellcheck|tabindex|role|start|scope|open|defer|display|stretchy|form|fence|width|lspace|rspace|aria-(?:label|labelledby|describedby|current)|http-equiv|data-(?:course|page|chapters|words|path|language|form|right))$/

/** Holds a site to what any text may make of it. */
function expectHarmless(site: ReadonlyMap<string, string>): void {
  const pages = [...site].filter(([path]) => path.endsWith('.html'))
  const ids = new Map(
    pages.map(([path, html]) => [path, tagsOf(html).flatMap(({attributes: all}) => all.get('id') ?? [])]),
  )
  for (const [path, html] of pages) {
    const tags = tagsOf(html)
    expect(html.match(/</g)?.length, 'a mark that begins no known tag').toBe(tags.length + 1)
    expect(new Set(ids.get(path)).size, `ids of ${path}`).toBe(ids.get(path)?.length)
    const open: string[] = []
    for (const {name, attributes: all, isClosing} of tags) {
      expect(elements, name).toContain(name)
      for (const attribute of all.keys()) expect(attribute).toMatch(attributes)
      if (isClosing) expect(open.pop()).toBe(name)
      else if (!empty.has(name)) open.push(name)
      if (name === 'script' && !isClosing) expect(all.get('src')).toMatch(/^assets\/(?:site|search|quiz)\.js$/)
      if (name === 'img') expect(all.get('src')).toMatch(/^(?!.*\.\.)[\w%-][\w%./-]*\.(?:png|jpe?g|gif|svg|webp)$/i)
      const href = all.get('href')
      if (href === undefined) continue
      if (name === 'link') expect(href).toBe('assets/site.css')
      else if (all.get('class') === 'external') expect(href).toMatch(/^(?:https?:|mailto:)/i)
      else {
        const [page, anchor] = href.split('#') as [string, string | undefined]
        const target = ids.get(page === '' ? path : page)
        expect(target, href).toBeDefined()
        if (anchor !== undefined) expect(target).toContain(decodeURIComponent(anchor))
      }
    }
    expect(open).toEqual([])
  }
}

const quiz =
  '## Quiz\n\n1. Which leaf is green?\n   - A) Assam\n   - B) Sencha\n\n**Answers**\n\n1. **B**: it is steamed.\n'

describe('blocks of a page', () => {
  it.each([
    [
      'code',
      '```js\nlet a = "<b>"\n```',
      '<span class="hl-keyword">let</span> a = <span class="hl-string">&quot;&lt;b&gt;&quot;</span>',
    ],
    [
      'code of no known language',
      '```tea\na < b\n```',
      '<div class="code" data-language="tea"><pre tabindex="0"><code>a &lt; b\n</code></pre></div>',
    ],
    [
      'call-outs',
      '> [!TIP]\n> Warm it.',
      '<div class="callout tip" role="note"><p class="callout-title">Tip</p>\n<p>Warm it.</p>\n</div>',
    ],
    [
      'tables',
      '| a | b |\n|---|--:|\n| 1 | 2 |',
      '<thead>\n<tr><th scope="col">a</th><th scope="col" class="right">b</th></tr>',
    ],
    [
      'images',
      '![A pot](images/a%20pot.svg)',
      '<figure><img src="images/a%20pot.svg" alt="A pot" loading="lazy"></figure>',
    ],
    ['images from elsewhere', '![A pot](https://tea.example/a.png)', '<span class="no-image">A pot</span>'],
    ['links to other chapters', '[x](#two)', '<a href="chapter-02.html#two">x</a>'],
    ['links within the chapter', '## Leaf\n\n[x](#leaf)', '<a href="#leaf">x</a>'],
    [
      'links to the web',
      '[x](https://tea.example/?a=1&b)',
      '<a href="https://tea.example/?a=1&amp;b" class="external" rel="noopener noreferrer">x</a>',
    ],
    ['formulas', '$`a<b`$', '<math><mrow><mi>a</mi><mo>&lt;</mo><mi>b</mi></mrow></math>'],
    ['formulas that are not understood', '$`\\tea`$', '<code>\\tea</code>'],
    ['footnotes', 'a[^1] b[^1]\n\n[^1]: Note.', '<li id="fn-1" value="1"><p>Note.</p> <a href="#fnref-1"'],
  ])('are %s', (_, markdown, html) => {
    expect(mainOf(markdown)).toContain(html)
  })

  it('are quizzes to choose from, with the answer folded behind each question', () => {
    const main = mainOf(quiz)
    expect(main).toContain('<fieldset class="question" id="quiz-1-q1" data-form="choice">')
    expect(main).toContain(
      '<input type="radio" name="quiz-1-q1" value="B" data-right><span><span class="letter">B</span> Sencha</span>',
    )
    expect(main).toContain(
      '<details class="answer" id="quiz-1-q1-answer"><summary>Answer</summary>\n<p class="right-answer">Right: <strong>B</strong></p>\n<p>it is steamed.</p>',
    )
  })
})

describe('quizzes', () => {
  it('offer several answers where several are right, and options of any blocks', () => {
    const main = mainOf(
      '## Quiz\n\n1. Which are green?\n   - A) Sencha\n   - B) Matcha\n\n     ```js\n     b()\n     ```\n   - C) Assam\n\n**Answers**\n\n1. **A, B**\n',
    )
    expect(main).toContain('<p class="hint">Several answers are right.</p>')
    expect(main.match(/<input type="checkbox"/g)).toHaveLength(3)
    expect(main.match(/ data-right/g)).toHaveLength(2)
    expect(main).toContain('aria-labelledby="ui:quiz-1-q1-B"><div id="ui:quiz-1-q1-B">')
  })
})

describe('terms', () => {
  const book =
    '# A\n\nA leaf and leaves, LEAF.\n\n- `leaf` **leaf** [leaf](#b)\n\n## Leaf\n\nIT is it.\n\n# B\n\n## Key Terms\n\n- **Leaf**: What is *steeped*.\n- **IT**: Machines.\n'

  it('are marked where a chapter first uses them, and described once', () => {
    const page = siteOf(book).get('chapter-01.html') ?? ''
    expect(page.match(/class="term"/g)).toHaveLength(2)
    expect(page).toContain(
      '<p>A <a class="term" href="glossary.html#term-leaf" aria-describedby="ui:tip-term-leaf">leaf</a> and leaves',
    )
    expect(page).toContain('>IT</a> is it.')
    expect(page).toContain('<div class="tip" role="tooltip" id="ui:tip-term-leaf" hidden>What is steeped.</div>')
  })

  it('stand in the glossary and the index with links to their places', () => {
    const site = siteOf(book)
    expect(site.get('glossary.html')).toContain(
      '<dt id="term-leaf">Leaf</dt>\n<dd>What is <em>steeped</em>. <span class="place"><a href="chapter-02.html#key-terms">B</a></span></dd>',
    )
    expect(site.get('terms.html')).toContain('<h2 id="ui:letter-2">L</h2>')
  })
})

describe('a site', () => {
  it('has a page per chapter that leads to its neighbours, and a policy that lets nothing else load', () => {
    const site = siteOf('# One\n\n# Two\n', {title: 'Tea & <Co>', language: 'he', authors: ['A <b>']})
    expect([...site.keys()]).toEqual(['index.html', 'chapter-01.html', 'chapter-02.html', 'assets/search-index.js'])
    const page = site.get('chapter-01.html') ?? ''
    expect(page).toContain('<html lang="he" dir="rtl"')
    expect(page).toContain('<title>One – Tea &amp; &lt;Co&gt;</title>')
    expect(page).toContain('<a class="next" rel="next" href="chapter-02.html"><span>הבא</span> Two</a>')
    expect(page).toContain(
      "content=\"default-src 'none'; script-src 'self' file:; style-src 'self' file:; img-src 'self' file:; font-src 'self' file:; base-uri 'none'; form-action 'none'\"",
    )
    expect(site.get('index.html')).toContain('<p class="authors">A &lt;b&gt;</p>')
  })

  it('hands the search every section and term, as text', () => {
    const script =
      siteOf(
        `# One\n\nGreen.\n\n## Leaf\n\nBlack \u2028 </script>.\n\n## Key Terms\n\n- **Pot**: A vessel.\n\n# Two\n`,
      ).get('assets/search-index.js') ?? ''
    const holder: {courseSearch?: {index: string; sections: {title: string; url: string; text: string}[]}} = {}
    new Function('globalThis', script)(holder)
    expect(holder.courseSearch?.sections.map(({title, url, text}) => `${title} ${url} ${text}`)).toEqual([
      'tea index.html ',
      'One chapter-01.html#one Green.',
      'Leaf chapter-01.html#leaf Black </script>.',
      'Key Terms chapter-01.html#key-terms Pot: A vessel.',
      'Two chapter-02.html#two ',
      'Pot glossary.html#term-pot A vessel.',
    ])
  })

  it('grows with its chapters and not by their square', () => {
    const sizeOf = (count: number): number => {
      const site = siteOf(Array.from({length: count}, (_, at) => `# Chapter ${at}\n\nText.\n`).join('\n'))
      return [...site.values()].reduce((sum, text) => sum + text.length, 0)
    }
    expect(sizeOf(1200) / sizeOf(600)).toBeLessThan(2.3)
  })

  it('is the same bytes twice', () => {
    const markdown = `# One\n\nleaf $\`x^2\`$\n\n\`\`\`sh\necho 1\n\`\`\`\n\n${quiz}\n## Key Terms\n\n- **Leaf**: What is steeped.\n`
    expect([...siteOf(markdown)]).toEqual([...siteOf(markdown)])
  })

  it('holds no tag, attribute or address that a text brought, whatever it says', () => {
    const piece = fc.constantFrom(
      ...[
        '<script>',
        '</script>',
        '<img src=x onerror=a>',
        '<svg onload=a>',
        '"',
        "'",
        '<',
        '>',
        '&',
        '&lt;',
        '\n',
        '\n\n',
      ],
      ...[
        '# ',
        '## ',
        '## Quiz\n\n',
        '## Key Terms\n\n',
        '- **<b>**: ',
        '- ',
        '1. ',
        '   - A) ',
        '   - B) ',
        '> [!TIP]\n> ',
      ],
      ...[
        '**Answers**\n\n1. **A**: ',
        '`',
        '```js\n',
        '```"><b>\n',
        '$`',
        '`$',
        '$`\\href{javascript:a}{b}`$',
        '$`\\text{<b>}`$',
      ],
      ...[
        '[a](javascript:b)',
        '[a](https://b" onclick="c)',
        '[a](//b.c)',
        '[a](../b.md)',
        '[a](#a)',
        '![a](a.svg)',
        '![',
        '](x.png)',
      ],
      ...[
        '![a](https://b.c/d.png)',
        '<a id="ui:main">',
        '<a id="x">',
        '[a](#x)',
        '[^1]',
        '\n[^1]: ',
        '<details>',
        '</details>',
      ],
      ...[
        '<summary>',
        '<sub>',
        '</sub>',
        '<abbr title="a">',
        '</abbr>',
        '| a |\n|---|\n',
        '\u202e',
        '\u0000',
        '<!--',
        '<br>',
        'leaf',
        '*',
      ],
    )
    fc.assert(
      fc.property(fc.array(piece, {maxLength: 40}), fc.array(piece, {maxLength: 3}), (pieces, title) => {
        expectHarmless(siteOf(pieces.join(''), {title: title.join(''), subtitle: title.join('')}))
      }),
      {seed: 6, numRuns: 300},
    )
  })
})

describe('code and formulas', () => {
  it('get nothing but spans with classes', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('<', '>', '"', "'", '&', '/', '\n', '${', '`', '</span>', 'class', '#', '%', '<?', ' '),
        }),
        fc.constantFrom('js', 'xml', 'php', 'markdown', 'bash', 'yaml', 'css', 'html', 'python'),
        (code, language) => {
          const html = highlightCode(code, language) ?? ''
          const text = html.replace(/<span class="[\w -]*">|<\/span>/g, '')
          expect(text).not.toMatch(/[<>"]/)
          expect(decode(text)).toBe(code)
        },
      ),
      {seed: 7, numRuns: 300},
    )
  })

  it('are left as they are written where they are too long or not understood', () => {
    expect(highlightCode('x'.repeat(20_001), 'js')).toBeUndefined()
    expect(highlightCode('x', 'constructor')).toBeUndefined()
    expect(formulaHtml('\\href{https://tea.example}{a}', false)).toBeUndefined()
    expect(formulaHtml('\\frac{a', false)).toBeUndefined()
    expect(formulaHtml('\\def\\a{\\a\\a}\\a', false)).toBeUndefined()
    expect(formulaHtml(`${'\\sqrt{'.repeat(700)}a${'}'.repeat(700)}`, true)).not.toContain('style')
    expect(formulaHtml('\\rule{9999em}{9999em}', false)).not.toContain('9999')
  })

  it('hold no style and no class from a formula', () => {
    expect(formulaHtml('\\color{red} a \\begin{pmatrix}b&c\\end{pmatrix}', true)).not.toMatch(/style|class/)
  })
})
