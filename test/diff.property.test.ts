import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {alignSequences} from '../src/diff/align-sequences.ts'
import type {SectionDiff} from '../src/diff/diff-books.ts'
import {type BlockDiff, diffTexts} from '../src/diff/diff-texts.ts'
import {htmlReport} from '../src/diff/html-report.ts'
import {markdownReport} from '../src/diff/markdown-report.ts'
import {readBlocks} from '../src/diff/text-blocks.ts'
import {diffWords, type Span, splitWords} from '../src/diff/word-spans.ts'
import {canonicalMarkdown} from '../src/syntax/canonical-markdown.ts'
import {eachNode} from '../src/syntax/each-node.ts'
import {parseMarkdown} from '../src/syntax/parse-markdown.ts'
import {markdown, phrasing} from './support/markdown-pieces.ts'

const runs = {seed: 20_261_121, numRuns: 150}

const without = (spans: readonly Span[], change: Span['change']): string =>
  spans
    .filter((span) => span.change !== change)
    .map(({text}) => text)
    .join('')

/** The blocks of one side, as the comparison has them. */
function sideOf(blocks: readonly BlockDiff[], other: 'added' | 'removed'): string[] {
  return blocks.filter(({change}) => change !== other).map(({spans}) => without(spans, other))
}

const blocksOf = (text: string): string[] => readBlocks(text.trim()).map(({prefix, text: own}) => prefix + own)

/** A text and one that was made of it by dropping, repeating and swapping its pieces. */
const relatedTexts = fc
  .tuple(markdown, fc.array(fc.tuple(fc.nat(), fc.constantFrom('drop', 'repeat', 'word'), phrasing), {maxLength: 4}))
  .map(([text, edits]): [string, string] => {
    const pieces = text.split('\n\n')
    for (const [at, edit, words] of edits) {
      const place = at % (pieces.length || 1)
      if (edit === 'drop') pieces.splice(place, 1)
      else if (edit === 'repeat') pieces.splice(place, 0, pieces[place] ?? '')
      else pieces[place] = `${pieces[place] ?? ''} ${words}`
    }
    return [text, pieces.join('\n\n')]
  })

describe('a comparison of two texts', () => {
  it('holds all blocks of both sides, word for word and in order', () => {
    fc.assert(
      fc.property(fc.oneof(relatedTexts, fc.tuple(markdown, markdown)), ([before, after]) => {
        const {change, blocks, wordsAdded, wordsRemoved} = diffTexts(before, after)
        if (change === 'same') {
          expect(before.trim()).toBe(after.trim())
          return
        }
        expect(sideOf(blocks, 'added')).toEqual(blocksOf(before))
        expect(sideOf(blocks, 'removed')).toEqual(blocksOf(after))
        for (const block of blocks) {
          const changes = new Set(block.spans.map((span) => span.change))
          if (block.change !== 'changed') expect([...changes]).toEqual(changes.size === 0 ? [] : [block.change])
        }
        if (change === 'reflowed') expect([wordsAdded, wordsRemoved]).toEqual([0, 0])
      }),
      runs,
    )
  })

  it('finds nothing in a text and itself, and only reflow in its canonical form', () => {
    fc.assert(
      fc.property(markdown, (text) => {
        expect(diffTexts(text, text).change).toBe('same')
        expect(diffTexts(text, `\n${text.replaceAll('\n', '\r\n')}\r\n`).change).toBe('same')
        const once = canonicalMarkdown(text)
        expect(['same', 'reflowed']).toContain(diffTexts(once, canonicalMarkdown(once)).change)
      }),
      runs,
    )
  })

  it('says reflowed of paragraphs that were wrapped elsewhere', () => {
    const words = fc.array(fc.constantFrom('tea', 'grows', 'on', 'hills,', 'which', 'are', '`high`', '**steep**'), {
      minLength: 3,
      maxLength: 40,
    })
    fc.assert(
      fc.property(words, fc.array(fc.boolean(), {minLength: 40, maxLength: 40}), (parts, breaks) => {
        const wrapped = parts.map((part, at) => part + (breaks[at] === true ? '\n' : ' ')).join('')
        expect(['same', 'reflowed']).toContain(diffTexts(parts.join(' '), wrapped).change)
      }),
      runs,
    )
  })
})

describe('a comparison of words', () => {
  it('gives both texts again to the byte, and is the texts split into words, marks and white space', () => {
    fc.assert(
      fc.property(phrasing, phrasing, fc.boolean(), (before, other, isRelated) => {
        const after = isRelated
          ? `${before.slice(0, before.length >> 1)}${other}${before.slice(before.length >> 1)}`
          : other
        const spans = diffWords(before, after)
        expect(without(spans, 'added')).toBe(before)
        expect(without(spans, 'removed')).toBe(after)
        expect(splitWords(before).join('')).toBe(before)
        for (const [at, span] of spans.entries()) expect(span.change).not.toBe(spans[at + 1]?.change)
      }),
      runs,
    )
  })
})

describe('aligned sequences', () => {
  it('match equal values, rise on both sides, and match all of equal ones', () => {
    const letters = fc.array(fc.constantFrom(...'abcdefghij'), {maxLength: 30})
    fc.assert(
      fc.property(letters, letters, (before, after) => {
        const matches = alignSequences(before, after)
        for (const [at, match] of matches.entries()) {
          expect(before[match.before]).toBe(after[match.after])
          expect(match.before).toBeGreaterThan(matches[at - 1]?.before ?? -1)
          expect(match.after).toBeGreaterThan(matches[at - 1]?.after ?? -1)
        }
        expect(alignSequences(before, before)).toHaveLength(before.length)
      }),
      runs,
    )
  })
})

/** What texts may bring to put markup into a report. */
const hostile = fc
  .array(
    fc.oneof(
      phrasing,
      fc.constantFrom(
        ...['@team', 'user/repo#12', '#12', 'GH-7', 'https://evil.example/x', 'www.evil.example', 'a@b.example'],
        ...['<script>alert(1)</script>', '<img src=x onerror=y>', '</details>', '</ins>', '-->', '[a](http://b.c)'],
        ...[
          '![a](b)',
          '\n\n# Head',
          '\n\n```\n/close\n```\n',
          '\n\n| a | b |\n| - | - |\n| c | d |\n',
          '/close',
          '| x |',
        ],
        ...[
          '&lt;b&gt;',
          '$x$',
          '~~~',
          '"><b>',
          '\n\n````\n```\n````\n',
          '!12',
          '\n\n> q\n\n',
          '\n\n- [ ] do\n',
          '1. x',
          '\n\n---\n\n',
          '- x',
          '=',
          '```',
        ],
      ),
    ),
    {minLength: 1, maxLength: 8},
  )
  .map((pieces) => pieces.join(' '))

const sectionDiff = fc.tuple(hostile, hostile, hostile, hostile).map(
  ([before, after, title, prompt]): SectionDiff => ({
    book: 'b',
    id: 'a/b',
    from: title,
    title,
    changes: ['text-changed', 'prompt-changed', 'moved'],
    text: diffTexts(before, after),
    prompt: diffTexts('', prompt),
    costUsd: null,
  }),
)

const reports = fc
  .array(sectionDiff, {maxLength: 3})
  .map((sections) => ({base: 'main', head: 'work tree', sections, hasBooks: false}))

describe('a report of hostile texts', () => {
  it('has in Markdown no link, no mention, no picture, no code but its own, and no HTML but its own', () => {
    fc.assert(
      fc.property(reports, (report) => {
        const root = parseMarkdown(markdownReport(report))
        let tables = 0
        eachNode(root, (node) => {
          expect([
            'link',
            'linkReference',
            'image',
            'imageReference',
            'definition',
            'thematicBreak',
            'list',
            'blockquote',
          ]).not.toContain(node.type)
          if (node.type === 'table') tables++
          if (node.type === 'heading') expect(node.depth).toBe(3)
          if (node.type === 'code') expect(node.lang).toBe('diff')
          if (node.type === 'html')
            expect(node.value).toMatch(
              /^(?:<details><summary><code>[^<]*<\/code>[^<]*<\/summary>|<\/details>|<\/?(?:ins|del|span)>)$/,
            )
          if (node.type === 'text' || node.type === 'html') {
            const value = node.value.replace(/&#\d+;/g, '')
            expect(value).not.toMatch(/@\w|#\d|\bGH-\d|:\/\/|\bwww\.|!\d/)
          }
        })
        // A line that begins with a slash is a command to GitLab.
        expect(markdownReport(report).replace(/^`{3,}diff$[^]*?^`{3,}$/gm, '')).not.toMatch(/^\s*\//m)
        expect(tables).toBe(report.sections.length === 0 ? 0 : 1)
        expect(root.children.filter(({type}) => type === 'heading')).toHaveLength(1)
      }),
      runs,
    )
  })

  it('has in HTML no tag and no attribute but its own', () => {
    const own =
      /<\/?(?:a|body|code|del|details|h1|h2|h3|head|header|html|ins|main|meta|nav|p|span|style|summary|table|tbody|td|th|thead|title|tr)(?: (?:aria-label|charset|class|content|href|http-equiv|id|lang|name|open|scope)(?:="[^"<>]*")?)*>|<!DOCTYPE html>/g
    fc.assert(
      fc.property(reports, (report) => {
        const html = htmlReport(report)
        expect(html.replace(own, '')).not.toMatch(/[<]/)
        expect(html).not.toMatch(/<(?:script|img|link|iframe)|(?:src|href)="(?!#)/)
      }),
      runs,
    )
  })
})
