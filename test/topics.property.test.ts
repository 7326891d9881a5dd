import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {mergeTexts} from '../src/diff/merge-texts.ts'
import {mergeOutlines} from '../src/topics/merge-outlines.ts'
import {growth} from './support/growth.ts'
import {coverageOf, readOutline, topicOutline} from './support/topic-outline.ts'

const runs = {seed: 77, numRuns: 150}

const words = fc.constantFrom(
  'flour',
  'Yeast',
  'MSK',
  'vs.',
  'the',
  'Overview',
  'Quiz',
  'summary',
  '`code`',
  '**bold**',
  '(LAB)',
  'C#',
  '#1',
  'x_y',
  '"quoted"',
  '\\"',
  '`',
  '<prompt>',
  '</prompt>',
  'heading level 2',
  '1.',
  'a:',
  'Key: Term',
  '—',
  '[link](a.md)',
  '<b>',
  '|',
  '---',
  '***',
  '!',
  'why?',
  '😀',
  'ß',
  'é',
  '日本',
  '&amp;',
  '{{ level }}',
  '{% if %}',
  '\u200b',
  '~~~',
  '$a$',
)
const phrase = fc.array(words, {minLength: 1, maxLength: 7}).map((all) => all.join(' '))
const tail = fc.constantFrom('', ' [1]', ' [2, 3]', ' [4][5]', ' #Tag', ' #One #Two [7]', ' [x]', ' [3, y]', ':', '.')
const text = fc.tuple(phrase, tail).map((parts) => parts.join(''))
const indents = fc.constantFrom('', '  ', '    ', '\t', ' ', '      ', '         ')
const markers = fc.constantFrom('- ', '* ', '+ ', '1. ', '2) ', '•  ', '*   ')
const line = fc.oneof(
  {weight: 6, arbitrary: fc.tuple(indents, markers, text).map((parts) => parts.join(''))},
  {
    weight: 3,
    arbitrary: fc.tuple(fc.constantFrom('# ', '## ', '### ', '#### ', '##'), text).map((parts) => parts.join('')),
  },
  {weight: 2, arbitrary: fc.tuple(indents, text).map((parts) => parts.join(''))},
  {
    weight: 1,
    arbitrary: fc.constantFrom('', '', '```', '```bash', '---', '<!-- note -->', '> quote', '===', '| a | b |'),
  },
)
const list = fc
  .tuple(fc.array(line, {maxLength: 30}), fc.constantFrom('\n', '\r\n'))
  .map(([lines, end]) => `## Start\n- first thing\n${lines.join(end)}`)

describe('any topic list', () => {
  it('gives an outline without a fault, with the directives that were planned', () => {
    fc.assert(
      fc.property(list, (source) => {
        const made = topicOutline(source)
        const {jobs, faults} = readOutline(made.text)
        expect(faults).toEqual([])
        expect(jobs.map(({id, kind}) => `${id} ${kind}`)).toEqual(made.units.map(({id, kind}) => `${id} ${kind}`))
        const {outline} = readOutline(made.text)
        for (const [at, {attributes, container, containerDepth, declaredDepth}] of outline.directives.entries()) {
          const {tags, sources, isItem, values} = made.units[at] as (typeof made.units)[number]
          expect([attributes.tags ?? [], attributes.sources ?? []]).toEqual([tags, sources.map(String)])
          expect([container === 'list-item', declaredDepth]).toEqual([isItem, values.level])
          expect(containerDepth).toBe(values.level - (isItem ? 2 : 1))
        }
      }),
      runs,
    )
  })

  it('is covered line by line', () => {
    fc.assert(
      fc.property(list, (source) => {
        const rows = coverageOf(topicOutline(source))
        expect(rows.filter(({directive}) => directive === undefined)).toEqual([])
      }),
      runs,
    )
  })

  it('gives the same bytes each time, also with the ids that it has given', () => {
    fc.assert(
      fc.property(list, (source) => {
        const first = topicOutline(source)
        expect(topicOutline(source).text).toBe(first.text)
        expect(topicOutline(source, {numbering: 'roman', known: first.plan.known}).text).toBe(first.text)
      }),
      runs,
    )
  })
})

const parse = {tagNames: []}
const merge = (base: string, author: string, fresh: string) =>
  mergeOutlines(
    {base, author, fresh},
    {
      parse,
      mergeTexts: (versions) => {
        const own = mergeTexts(versions)
        return own.type === 'clean' ? own.text : undefined
      },
    },
  )

describe('a merge', () => {
  it('of an untouched outline gives the fresh one, and of an unchanged list the author’s', () => {
    fc.assert(
      fc.property(list, list, (before, after) => {
        const base = topicOutline(before)
        const fresh = topicOutline(after, {numbering: 'roman', known: base.plan.known}).text
        const untouched = merge(base.text, base.text, fresh)
        expect(untouched).toMatchObject({text: fresh, conflicts: []})
        const edited = base.text.replace('first thing', 'first thing of mine')
        expect(merge(base.text, edited, base.text)).toMatchObject({text: edited, conflicts: []})
      }),
      {...runs, numRuns: 60},
    )
  })

  it('keeps every paragraph that an author put in', () => {
    fc.assert(
      fc.property(list, list, fc.nat(), (before, after, at) => {
        const base = topicOutline(before)
        const fresh = topicOutline(after, {numbering: 'roman', known: base.plan.known}).text
        const blocks = base.text.split(/\n\n(?=#+ )/)
        const place = 1 + (at % blocks.length)
        const own = [...blocks.slice(0, place), 'A paragraph of mine.', ...blocks.slice(place)].join('\n\n')
        const merged = merge(base.text, `${own.trimEnd()}\n`, fresh)
        expect(merged.text).toContain('A paragraph of mine.')
        expect(merged.conflicts).toEqual([])
        const ids = (text: string) => readOutline(text).outline.directives.map(({attributes}) => attributes.id)
        expect(ids(merged.text)).toEqual(ids(fresh))
      }),
      {...runs, numRuns: 60},
    )
  })
})

describe('time', () => {
  const longList = (size: number): string =>
    Array.from({length: size}, (_, at) =>
      at % 20 === 0
        ? `## Chapter ${at} on Subject${at} #Tag${at % 7}`
        : `${at % 3 === 0 ? '    ' : ''}* Term${at}: names Thing${at % 50} and Other Thing of ${at} [${(at % 30) + 1}]`,
    ).join('\n')

  it('to make an outline grows with the list', async () => {
    expect(await growth((size) => () => topicOutline(longList(size)), 400)).toBeLessThan(3)
  })

  it('to match a list with the one before grows with it', async () => {
    const ratio = await growth((size) => {
      const {known} = topicOutline(longList(size)).plan
      const changed = longList(size).replaceAll('names', 'is called')
      return () => topicOutline(changed, {numbering: 'roman', known})
    }, 400)
    expect(ratio).toBeLessThan(3)
  })

  it('to merge grows with the outline', async () => {
    const ratio = await growth((size) => {
      const base = topicOutline(longList(size))
      const fresh = topicOutline(longList(size).replaceAll('names', 'is called'), {
        numbering: 'roman',
        known: base.plan.known,
      }).text
      const author = base.text.replaceAll('Add nothing', 'Say nothing')
      return () => merge(base.text, author, fresh)
    }, 200)
    expect(ratio).toBeLessThan(3)
  })
})
