import fc from 'fast-check'
import {VFile} from 'vfile'
import {describe, expect, it} from 'vitest'
import {alignLines} from '../src/book/align-lines.ts'
import {assembleBook} from '../src/book/assemble-book.ts'
import type {SectionText} from '../src/book/section-form.ts'
import {type LineOrigin, mapSources, type SourceMap} from '../src/book/source-map.ts'
import type {JobId} from '../src/model/job.ts'
import type {SourceEdit} from '../src/model/outline.ts'
import {planJobs} from '../src/plan/plan-jobs.ts'
import {canonicalMarkdown} from '../src/syntax/canonical-markdown.ts'
import {parseOutline} from '../src/syntax/parse-outline.ts'
import {growth} from './support/growth.ts'

interface Mapped {
  readonly map: SourceMap
  readonly markdown: string
  readonly texts: readonly SectionText[]
}

function mapBook(source: string, bodies: readonly string[], edits: readonly SourceEdit[] = []): Mapped {
  const file = new VFile({path: 'outline.md', value: source})
  const outline = parseOutline(file)
  const jobs = [...planJobs(outline, file).jobs.values()]
  const texts = jobs.map(({id, depth}, number) => ({id, depth, text: bodies[number] ?? `Plain text ${number}.`}))
  const book = assembleBook(outline, texts, {edits})
  return {map: mapSources(outline, texts, book), markdown: book.markdown, texts}
}

/** Each line of the book behind its origin: `o3` for line 3 of the outline, `ID:2` for line 2 of a text, `-` for neither. */
function shown({map, markdown}: Mapped): string[] {
  const lines = markdown.split('\n').slice(0, -1)
  expect(map.lines).toHaveLength(lines.length)
  return lines.map((line, at) => `${label(map.lines[at] as LineOrigin)} ${line}`.trimEnd())
}

function label(origin: LineOrigin): string {
  if (origin.type === 'outline') return `o${origin.line}`
  return origin.type === 'directive' ? `${origin.id}:${origin.line}` : '-'
}

describe('mapSources', () => {
  it('gives the outline’s line of the author’s text and the section’s line of a directive’s', () => {
    const source =
      '---\ntitle: Tea\n---\n\n# Tea\n\nOwn.\n<prompt>Explain.</prompt>\n\n## Pot\n"<prompt>Tell.</prompt>"\n'
    expect(shown(mapBook(source, ['# Leaf\n\nGreen.\n\n```sh\n\nls\n```', 'Round.']))).toEqual([
      'o1 ---',
      'o2 title: Tea',
      'o3 ---',
      'o4',
      'o5 # Tea',
      'o6',
      'o7 Own.',
      '-',
      'tea:1 ## Leaf',
      'tea:2',
      'tea:3 Green.',
      'tea:4',
      'tea:5 ```sh',
      'tea:6',
      'tea:7 ls',
      'tea:8 ```',
      'o9',
      'o10 ## Pot',
      '-',
      'tea/pot:1 Round.',
    ])
  })

  it('follows items, leads, labels and text behind a directive', () => {
    const source =
      '# Tea\n\n* "<prompt>One.</prompt>"\n* Own item.\n* **Pot:** "<prompt>Two.</prompt>"\n\n<prompt>Three.</prompt> Behind it.\n\nLast.\n'
    expect(shown(mapBook(source, ['# Leaf\n\nGreen.\n\nMore.', 'Round.', '* a\n* b']))).toEqual([
      'o1 # Tea',
      'o2',
      'tea:1 * **Leaf**: Green.',
      'tea:2',
      'tea:5   More.',
      '-',
      'o4 * Own item.',
      'tea#2:1 * **Pot:** Round.',
      'o6',
      'tea#3:1 - a',
      'tea#3:2 - b',
      '-',
      'o7 Behind it.',
      'o8',
      'o9 Last.',
    ])
  })

  it('counts the outline’s lines past those that the book leaves out or joins', () => {
    const source = '```markdown\n# Tea\n\n[a](x.md)\nEnd.\n\n<prompt>\n\nOne.\n\n</prompt>\n\nLast.\n```\n'
    const at = source.indexOf('x.md')
    const {map, markdown} = mapBook(source, ['Text.'], [{start: at, end: at + 4, text: '../x.md'}])
    const own = map.lines.flatMap((origin, line) =>
      origin.type === 'outline' ? [[markdown.split('\n')[line], origin.line]] : [],
    )
    expect(own.filter(([line]) => line !== '')).toEqual([
      ['# Tea', 2],
      ['[a](../x.md)', 4],
      ['End.', 5],
      ['Last.', 13],
    ])
  })

  it('gives a text of which nothing is seen no line', () => {
    const mapped = mapBook('# Tea\n\n<prompt>One.</prompt>\n\nOwn.\n\n* <prompt>Two.</prompt>\n* Item.\n', ['', ''])
    expect(mapped.map.lines.filter(({type}) => type === 'directive')).toEqual([])
    expect(shown(mapped).filter((line) => /Own|Item|Tea/.test(line))).toEqual(['o1 # Tea', 'o5 Own.', 'o8 * Item.'])
  })

  const source = `# Alpha

"<prompt>Block.</prompt>"

"<prompt>Block behind a block.</prompt>"

Text of the author.

## Beta

*   "<prompt>Item.</prompt>"
*   Own item.
    *   "<prompt>Nested item.</prompt>"
    *   Own nested item.

**Label above:**
"<prompt>Labelled outside a list.</prompt>"

1. "<prompt>Numbered item.</prompt>"
2. Own number.

"<prompt>Block with text behind.</prompt>" Text behind.

# End
`

  it('gives every line of any book one origin, which has its words', () => {
    const words = fc.array(fc.constantFrom('leaf', 'water', 'pot', 'cup', 'steam', 'heat'), {
      minLength: 1,
      maxLength: 5,
    })
    const phrase = words.map((some) => some.join(' '))
    const block = fc.oneof(
      phrase.map((text) => `${text}.`),
      fc.tuple(fc.integer({min: 1, max: 3}), phrase).map(([depth, text]) => `${'#'.repeat(depth)} ${text}`),
      fc.array(phrase, {minLength: 1, maxLength: 3}).map((some) => some.map((text) => `* ${text}`).join('\n')),
      fc.array(phrase, {minLength: 1, maxLength: 3}).map((some) => `\`\`\`text\n${some.join('\n\n')}\n\`\`\``),
      phrase.map((text) => `| ${text} | own |\n| --- | --- |\n| cup | pot |`),
      phrase.map((text) => `> ${text}`),
    )
    const body = fc.array(block, {minLength: 1, maxLength: 5}).map((blocks) => canonicalMarkdown(blocks.join('\n\n')))
    const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{N}]+/gu) ?? []
    const outlineLines = source.split('\n')
    fc.assert(
      fc.property(fc.array(body, {minLength: 7, maxLength: 7}), (bodies) => {
        const {map, markdown, texts} = mapBook(source, bodies)
        const lines = markdown.split('\n').slice(0, -1)
        expect(map.lines).toHaveLength(lines.length)
        const found = new Map<JobId, string[]>()
        let lastOwn = 0
        map.lines.forEach((origin, at) => {
          // Items beside a numbered one are numbered, and a paragraph goes on behind the author's label.
          const isText = origin.type === 'directive'
          const here = wordsOf((lines[at] as string).replace(isText ? /^\d+\. |^\*\*Label above:\*\* / : /^$/, ''))
          if (origin.type === 'between') expect(here).toEqual([])
          else if (origin.type === 'outline') {
            // What stands before a directive on its line stays, and what stands behind it goes below.
            expect(outlineLines[origin.line - 1]).toContain(lines[at]?.trim())
            expect(origin.line).toBeGreaterThanOrEqual(lastOwn)
            lastOwn = origin.line
          } else if (origin.type === 'directive') {
            const text = texts.find(({id}) => id === origin.id)?.text.split('\n') ?? []
            expect(origin.line).toBeGreaterThanOrEqual(1)
            expect(origin.line).toBeLessThanOrEqual(text.length)
            const own = wordsOf(text.slice(origin.line - 1).join(' ')).slice(0, here.length)
            // A lead runs into the paragraph behind it, and a line is where it begins or goes on.
            if (!/^\s*(?:[*]|\d+\.)?\s*\*\*/.test(lines[at] as string))
              expect(own.slice(0, 1)).toEqual(here.slice(0, 1))
            const seen = found.get(origin.id) ?? []
            found.set(origin.id, [...seen, ...here])
          }
        })
        for (const {id, text} of texts) expect(found.get(id) ?? []).toEqual(wordsOf(text))
      }),
      {seed: 11, numRuns: 150},
    )
  })

  it('takes time in proportion to the book', async () => {
    const mapping = (count: number) => {
      const parts = Array.from({length: count}, (_, at) => `## Part ${at}\n\nOwn.\n\n<prompt>Explain ${at}.</prompt>\n`)
      const bodies = parts.map(
        (_, at) => `# Head ${at}\n\nSome text of part ${at}.\n\n\`\`\`\n---\n---\n\`\`\`\n\n* a\n* b`,
      )
      const file = new VFile({path: 'outline.md', value: parts.join('\n')})
      const outline = parseOutline(file)
      const texts = [...planJobs(outline, file).jobs.values()].map(({id, depth}, at) => ({
        id,
        depth,
        text: bodies[at] as string,
      }))
      const book = assembleBook(outline, texts)
      return () => mapSources(outline, texts, book)
    }
    expect(await growth(mapping, 200)).toBeLessThan(3)
  })
})

describe('alignLines', () => {
  it('finds lines that moved down, and none for what is new', () => {
    expect(alignLines(['a', '', 'b', '', 'c'], ['a', '', 'new', '', 'b', '', 'c'])).toEqual([
      0,
      1,
      undefined,
      undefined,
      2,
      3,
      4,
    ])
    expect(alignLines(['a', 'b', 'c'], ['a', 'x', 'c'])).toEqual([0, undefined, 2])
    expect(alignLines([], ['a'])).toEqual([undefined])
    expect(alignLines(['a'], [])).toEqual([])
  })

  it('gives rising pairs of equal lines, and all lines of what was not changed', () => {
    const text = fc.array(fc.constantFrom('', 'a', 'b', 'c', 'd', 'e', 'f'), {maxLength: 30})
    fc.assert(
      fc.property(text, text, (before, after) => {
        let last = -1
        alignLines(before, after).forEach((from, to) => {
          if (from === undefined) return
          expect(before[from]).toBe(after[to])
          expect(from).toBeGreaterThan(last)
          last = from
        })
        expect(alignLines(before, before)).toEqual(before.map((_, at) => at))
      }),
      {seed: 12, numRuns: 300},
    )
  })
})
