import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {markdownToHtml} from '../src/export/markdown-html.ts'
import {samplePage} from '../src/export/sample-page.ts'

/** Tags of a page as they are written. */
function tagsOf(html: string): string[] {
  return [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag)
}

const allowed =
  /^<\/?(?:p|h[1-6]|pre|code|blockquote|ul|ol|li|div|table|tr|th|td|hr|br|em|strong|del|a|span|sup|sub|kbd|mark|details|summary)(?: (?:class|start|tabindex|id|href|rel|data-language)="[^"<>]*")*>$/

describe('markdownToHtml', () => {
  it.each([
    [
      'text and marks',
      'A *b* **c** ~~d~~ `e`  \nf',
      '<p>A <em>b</em> <strong>c</strong> <del>d</del> <code>e</code><br>\nf</p>\n',
    ],
    ['headings below the top', '# A\n\n###### B', '<h3>A</h3>\n<h6>B</h6>\n'],
    ['tight lists', '1. a\n2. b\n   - c', '<ol>\n<li>a</li>\n<li>b\n<ul>\n<li>c</li>\n</ul></li>\n</ol>\n'],
    ['loose lists', '3. a\n\n4. b', '<ol start="3">\n<li><p>a</p></li>\n<li><p>b</p></li>\n</ol>\n'],
    ['tasks', '- [x] a\n- [ ] b', '<ul>\n<li>☑ a</li>\n<li>☐ b</li>\n</ul>\n'],
    ['code', '```js\na < b\n```', '<pre tabindex="0" data-language="js"><code>a &lt; b\n</code></pre>\n'],
    ['quotes and breaks', '> a\n\n---', '<blockquote>\n<p>a</p>\n</blockquote>\n<hr>\n'],
    [
      'links',
      '[a](https://b.c/?d=1&e) <mailto:f@g.h>',
      '<p><a href="https://b.c/?d=1&amp;e" rel="noopener noreferrer nofollow">a</a> <a href="mailto:f@g.h" rel="noopener noreferrer nofollow">mailto:f@g.h</a></p>\n',
    ],
    [
      'references',
      '[a][b]\n\n[b]: https://c.d',
      '<p><a href="https://c.d" rel="noopener noreferrer nofollow">a</a></p>\n',
    ],
    ['links that lead nowhere on the page', '[a](#b) [c](d.md) [e](javascript:f)', '<p>a c e</p>\n'],
    ['images', '![a](b.png)', '<p><span class="image">a</span></p>\n'],
    [
      'kept tags',
      'H<sub>2</sub>O <kbd>a<kbd> <mark>b',
      '<p>H<sub>2</sub>O &lt;kbd&gt;a&lt;kbd&gt; &lt;mark&gt;b</p>\n',
    ],
    [
      'details',
      '<details><summary>A & b</summary>\n\n*c*\n\n</details>',
      '<details><summary>A &amp; b</summary>\n<p><em>c</em></p>\n</details>\n',
    ],
    ['details that nothing closes', '<details>\n\na', '<pre class="raw">&lt;details&gt;</pre>\n<p>a</p>\n'],
    [
      'other HTML',
      '<div onclick="a">\n\nb <i>c</i>',
      '<pre class="raw">&lt;div onclick=&quot;a&quot;&gt;</pre>\n<p>b &lt;i&gt;c&lt;/i&gt;</p>\n',
    ],
    [
      'footnotes',
      'a[^1]\n\n[^1]: b',
      '<p>a<sup><a href="#x-note-1">1</a></sup></p>\n<ol class="notes">\n<li id="x-note-1"><p>b</p></li>\n</ol>\n',
    ],
  ])('writes %s', (_, markdown, html) => {
    expect(markdownToHtml(markdown, {topDepth: 3, idPrefix: 'x-'})).toBe(html)
  })

  it('writes tables with their alignment', () => {
    expect(markdownToHtml('| a | b |\n|---|--:|\n| 1 | 2 |')).toBe(
      '<div class="table" tabindex="0"><table>\n<tr><th>a</th><th class="right">b</th></tr>\n<tr><td>1</td><td class="right">2</td></tr>\n</table></div>\n',
    )
  })

  it('lets nothing through but its own tags and attributes, closed in their order', () => {
    const piece = fc.constantFrom(
      '<script>',
      '</script>',
      '<img src=x onerror=a>',
      '"',
      "'",
      '<',
      '>',
      '&',
      '\n',
      '\n\n',
      '# ',
      '- ',
      '> ',
      '`',
      '```\n',
      '[a](javascript:b)',
      '[a](https://b" onclick="c)',
      '![',
      '](',
      '[^1]',
      '\n[^1]: ',
      '<details>',
      '</details>',
      '<summary>',
      '<sub>',
      '</sub>',
      '<kbd>',
      '| a |\n|---|\n',
      '\u202e',
      '\u0000',
      'https://a.b/"<',
      '<br>',
      '*',
      '    ',
    )
    fc.assert(
      fc.property(fc.array(piece, {maxLength: 30}), (pieces) => {
        const open: string[] = []
        for (const tag of tagsOf(markdownToHtml(pieces.join(''), {idPrefix: 'a-'}))) {
          expect(tag).toMatch(allowed)
          const name = /^<\/?([a-z0-9]+)/.exec(tag)?.[1] as string
          if (name === 'hr' || name === 'br') continue
          if (tag.startsWith('</')) expect(open.pop()).toBe(name)
          else open.push(name)
          if (name === 'a' && !tag.startsWith('</')) expect(tag).toMatch(/ href="(?:https?:|mailto:|#a-)/i)
        }
        expect(open).toEqual([])
      }),
      {seed: 5, numRuns: 300},
    )
  })
})

describe('samplePage', () => {
  it('escapes everything that it is given', () => {
    const evil = '"><script>a</script>'
    const page = samplePage({
      title: evil,
      language: evil,
      intro: [evil],
      columns: [{title: evil, facts: [[evil, evil]]}],
      entries: [
        {id: evil, headings: [evil, evil], kind: evil, prompt: evil, note: evil, texts: [{markdown: evil, note: evil}]},
      ],
    })
    expect(page).not.toContain('<script')
    expect(page).toContain('<html lang="en">')
  })
})
