import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {type MergedTexts, mergeTexts} from '../src/diff/merge-texts.ts'
import {canonicalMarkdown} from '../src/syntax/canonical-markdown.ts'

const seed = 20_260_301

const word = fc.stringMatching(/^[a-z]{2,7}$/)
const words = (most = 14): fc.Arbitrary<string> =>
  fc.array(word, {minLength: 3, maxLength: most}).map((own) => own.join(' '))
const block = fc.oneof(
  words().map((text) => `Para ${text}.`),
  words(5).map((text) => `## Title ${text}`),
  fc.array(words(6), {minLength: 1, maxLength: 4}).map((own) => own.map((text) => `- item ${text}`).join('\n')),
  fc
    .array(words(6), {minLength: 1, maxLength: 4})
    .map((own) => own.map((text, at) => `${at + 1}. step ${text}`).join('\n')),
  fc.array(words(4), {minLength: 1, maxLength: 5}).map((own) => `\`\`\`sh\n${own.join('\n')}\n\`\`\``),
  fc
    .array(fc.tuple(word, word), {minLength: 1, maxLength: 4})
    .map((rows) => ['| name | use |', '| --- | --- |', ...rows.map(([a, b]) => `| ${a} | ${b} |`)].join('\n')),
  words().map((text) => `> Quote ${text}`),
  fc.tuple(word, word).map(([a, b]) => `With *${a}* and **${b} ${a}**, \`${b}\` and [${a}](https://example.org/${b}).`),
)
const blocks = fc.array(block, {maxLength: 6})
const text = blocks.map((own) => own.join('\n\n'))

/** A text that was changed here and there: blocks taken out, put in, doubled, words changed. */
const edited = (base: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(
      ...base.map((own) =>
        fc.oneof(
          {weight: 5, arbitrary: fc.constant([own])},
          {weight: 2, arbitrary: fc.tuple(fc.nat(), word).map(([at, put]) => [replaceWord(own, at, put)])},
          {weight: 1, arbitrary: fc.constant<string[]>([])},
          {weight: 1, arbitrary: block.map((other) => [own, other])},
          {weight: 1, arbitrary: block.map((other) => [other])},
        ),
      ),
    )
    .map((parts) => (parts as string[][]).flat().join('\n\n'))
const versions = blocks.chain((base) =>
  fc.record({base: fc.constant(base.join('\n\n')), author: edited(base), fresh: edited(base)}),
)

/** Puts another word in the place of one that is neither a mark nor in one. */
function replaceWord(own: string, at: number, put: string): string {
  const places = [...own.matchAll(/(?<= )[a-z]+(?=[ .\n]|$)/g)].map(({index}) => index)
  const place = places[at % Math.max(1, places.length)]
  return place === undefined ? own : own.slice(0, place) + own.slice(place).replace(/^[a-z]+/, put)
}

function form(markdown: string): string {
  return canonicalMarkdown(markdown, {lists: 'tight'})
}

function textOf(merged: MergedTexts): string {
  if (merged.type === 'conflicts') throw new Error(`Unexpected conflicts ${JSON.stringify(merged.conflicts)}`)
  return merged.text
}

describe('merging any texts', () => {
  it('gives the new text where the author changed nothing, and the author’s where nothing is new', () => {
    fc.assert(
      fc.property(text, text, (base, other) => {
        expect(form(textOf(mergeTexts({base, author: base, fresh: other})))).toBe(form(other))
        expect(textOf(mergeTexts({base, author: other, fresh: base}))).toBe(other)
        expect(form(textOf(mergeTexts({base, author: other, fresh: other})))).toBe(form(other))
      }),
      {seed, numRuns: 50},
    )
  })

  it('takes re-wrapping for no change', () => {
    fc.assert(
      fc.property(blocks, text, (base, fresh) => {
        const wrapped = base.map((own) => (own.startsWith('Para') ? own.replaceAll(' ', '\n') : own)).join('\n\n\n')
        fc.pre(form(wrapped) === form(base.join('\n\n')))
        expect(form(textOf(mergeTexts({base: base.join('\n\n'), author: wrapped, fresh})))).toBe(form(fresh))
      }),
      {seed, numRuns: 50},
    )
  })

  it('merges changes of different blocks, also of neighbours', () => {
    const numbered = fc
      .array(words(), {minLength: 2, maxLength: 8})
      .map((own) => own.map((one, at) => `Nr${at} ${one}.`))
    fc.assert(
      fc.property(numbered, fc.array(fc.boolean(), {minLength: 8, maxLength: 8}), (base, sides) => {
        const side = (isAuthor: boolean): string =>
          base.map((own, at) => (sides[at] === isAuthor ? `${own} Changed at ${at}.` : own)).join('\n\n')
        const merged = mergeTexts({base: base.join('\n\n'), author: side(true), fresh: side(false)})
        expect(form(textOf(merged))).toBe(form(base.map((own, at) => `${own} Changed at ${at}.`).join('\n\n')))
      }),
      {seed, numRuns: 40},
    )
  })

  it('is clean whichever side is whose, and gives the same text then', () => {
    let clean = 0
    let odd = 0
    fc.assert(
      fc.property(versions, ({base, author, fresh}) => {
        const one = mergeTexts({base, author, fresh})
        const other = mergeTexts({base, author: fresh, fresh: author})
        expect(other.type).toBe(one.type)
        if (one.type === 'clean') expect(form(textOf(other))).toBe(form(one.text))
        else expect(one.conflicts.length).toBeGreaterThan(0)
        if (one.type === 'clean') clean++
        else odd++
      }),
      {seed, numRuns: 150},
    )
    expect(clean).toBeGreaterThan(20)
    expect(odd).toBeGreaterThan(20)
  })

  it('gives text that reads as it was merged, with every block that one side alone put in', () => {
    fc.assert(
      fc.property(versions, block, ({base, author, fresh}, put) => {
        const marked = `Own remark, ${put.replace(/[^a-z ]/g, '')}.`
        const merged = mergeTexts({base, author: [author, marked].filter((own) => own !== '').join('\n\n'), fresh})
        if (merged.type === 'conflicts') return
        expect(form(merged.text)).toContain(form(marked))
        expect(canonicalMarkdown(canonicalMarkdown(merged.text))).toBe(canonicalMarkdown(merged.text))
      }),
      {seed, numRuns: 60},
    )
  })
})
