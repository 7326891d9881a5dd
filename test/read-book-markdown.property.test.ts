import fc from 'fast-check'
import type {Nodes} from 'mdast'
import {describe, expect, it} from 'vitest'
import {parseBookMarkdown} from '../src/syntax/parse-markdown.ts'
import {readBookMarkdown} from '../src/syntax/read-book-markdown.ts'
import {growth} from './support/growth.ts'
import {markdown} from './support/markdown-pieces.ts'

const runs = {numRuns: Number(process.env.PROPERTY_RUNS ?? 500), seed: 20261121}
const timeoutMs = 60_000 + runs.numRuns * 100
const placed = new Set(['heading', 'paragraph', 'list', 'listItem', 'code', 'table', 'tableRow', 'blockquote', 'html'])

/** A tree with the first lines of blocks for positions. */
function lined(node: Nodes, isBlock = true): unknown {
  const {position, ...rest}: Nodes = node
  const holdsBlocks = node.type !== 'paragraph' && node.type !== 'heading' && node.type !== 'tableCell'
  return {
    ...rest,
    ...(isBlock && placed.has(node.type) ? {line: position?.start.line} : {}),
    ...('children' in rest ? {children: (rest.children as Nodes[]).map((child) => lined(child, holdsBlocks))} : {}),
  }
}

function compare(text: string): void {
  expect(lined(readBookMarkdown(text))).toEqual(lined(parseBookMarkdown(text)))
}

const heading = fc.constantFrom('# A', '## B [c]', '###### D', '# [^n]', '#', '#hash', ' # E', '# F\ng')
const trap = fc.constantFrom(
  '```\nnever closed',
  '- ```\n  in an item',
  '~~~~\n# code\n~~~~',
  '<pre>\n\n# no heading',
  '</pre>',
  '<!-- begins',
  'ends -->',
  '<div>',
  '<details>\n<summary>s</summary>',
  '[c]: /c "t"',
  '[^n]: Said.\n\n    More.',
  '[^n] and [c], [C][], [d][c], ![c], \\[c]',
  '[^m]: # not a heading',
  '---',
  'a: b\n---',
  '    indented',
  '> quote\n# out',
  '- item\n\n\n  # in',
)

describe('reading a book by its parts', () => {
  it(
    'gives the tree and the lines that the parser gives',
    () => {
      const piece = fc.oneof(heading, heading, trap, markdown)
      const text = fc.tuple(
        fc.constantFrom('', '', '---\ntitle: "# A"\n\n# comment\n---\n', '---\nopen: yes\n\n'),
        fc.array(piece, {maxLength: 9}),
        fc.constantFrom('\n\n', '\n\n', '\n', '\n \t\n'),
      )
      fc.assert(
        fc.property(text, ([front, pieces, between]) => compare(`${front}${pieces.join(between)}\n`)),
        runs,
      )
    },
    timeoutMs,
  )

  it('takes time in proportion to the length of a book', async () => {
    for (const piece of ['# A\n\ntext\n\n', '# A\n\n[a]: b\n\n[a]\n\n', '# A\n\n```\n\n', '# A\n\n<pre>\n\n']) {
      const reading = (count: number) => {
        const text = piece.repeat(count)
        return () => readBookMarkdown(text)
      }
      expect({piece, isSlow: (await growth(reading, 60)) > 3}).toEqual({piece, isSlow: false})
    }
  })
})
