import fc from 'fast-check'
import {VFile} from 'vfile'
import {describe, expect, it} from 'vitest'
import type {ContentAddress} from '../src/model/content-address.ts'
import type {Basis, Job, JobId, Plan} from '../src/model/job.ts'
import {mostDefaultTexts} from '../src/plan/default-dependencies.ts'
import {fitsByBytes, fitUpstream, shorteningMark} from '../src/plan/fit-upstream.ts'
import {judgeState, matchTexts} from '../src/plan/judge-state.ts'
import {listHeadings} from '../src/plan/list-headings.ts'
import {estimateTokens, loadTokenizer} from '../src/plan/load-tokenizer.ts'
import {splitBlocks} from '../src/plan/markdown-blocks.ts'
import {findCycle, orderJobs} from '../src/plan/order-jobs.ts'
import {type PlanOptions, planJobs} from '../src/plan/plan-jobs.ts'
import {nearestSelectors, selectJobs} from '../src/plan/select-jobs.ts'
import {parseOutline} from '../src/syntax/parse-outline.ts'
import {growth} from './support/growth.ts'

const runs = {seed: 20_261_121, numRuns: 300}

/** Plans an outline in which `@` and what follows on a line stands for a directive, its attributes in brackets first. */
function plan(source: string, options: PlanOptions = {}): Plan & {readonly messages: readonly string[]} {
  const text = source.replace(
    /^( *(?:\* )?(?:\*\*.*?:\*\* )?)@(?:\[(.*?)\])?(.*)$/gm,
    (_, lead, attributes, prompt) => {
      const open = attributes === undefined ? '<prompt>' : `<prompt ${attributes}>`
      return `${lead}"${open}${prompt.trim() === '' ? 'Write it.' : prompt.trim()}</prompt>"\n`
    },
  )
  const file = new VFile({path: 'outline.md', value: text})
  const planned = planJobs(parseOutline(file), file, options)
  return {...planned, messages: file.messages.map(({ruleId}) => String(ruleId))}
}

function reads({jobs}: Plan, id: string): readonly string[] {
  return (jobs.get(id as JobId) as Job).dependsOn
}

const chapters = `# A
## Learning Objectives
@
## Overview
@
## Growing
@
* @ a bullet
### Soil
@
## Summary
@
## Key Terms
@
## Quiz
@
## Cross-Reference
@
## Further Exploration
@
## Reflection
@
# B
## Heat
@
## Summary
@
`

const bodiesOfA = ['a/overview', 'a/growing', 'a/growing#2', 'a/growing/soil']

describe('default dependencies', () => {
  it('let the closing parts of a chapter read its body texts, in the outline’s order', () => {
    const planned = plan(chapters)
    for (const closing of ['learning-objectives', 'summary', 'key-terms', 'quiz', 'reflection'])
      expect(reads(planned, `a/${closing}`), closing).toEqual(bodiesOfA)
    expect(reads(planned, 'b/summary')).toEqual(['b/heat'])
    for (const other of [...bodiesOfA, 'a/cross-reference', 'a/further-exploration', 'b/heat'])
      expect(reads(planned, other), other).toEqual([])
    expect(planned.jobs.get('a/quiz' as JobId)?.readsChapter).toBe(true)
    expect(planned.jobs.get('b/heat' as JobId)?.readsChapter).toBeUndefined()
  })

  it('share one list among the closing parts of a chapter', () => {
    const planned = plan(chapters)
    expect(reads(planned, 'a/quiz')).toBe(reads(planned, 'a/summary'))
  })

  it.each([
    ['the whole book from the top', '# A\n## X\n@\n# B\n## Y\n@\n# Summary\n@\n', 'summary', ['a/x', 'b/y']],
    [
      'the whole book below its title',
      '# Book\n## A\n@\n### X\n@\n## Conclusion\n@\n',
      'book/conclusion',
      ['book/a', 'book/a/x'],
    ],
    ['the whole book before the first heading', '@[kind=objectives]\n\n# A\n@\n', '_start', ['a']],
    ['the part of a flat outline since the one before', '# A\n@\n# Quiz\n@\n# B\n@\n# Quiz\n@\n', 'quiz-1', ['b']],
    [
      'the part of a flat outline up to the next',
      '# Objectives\n@\n# A\n@\n# Objectives\n@\n# B\n@\n',
      'objectives',
      ['a'],
    ],
    [
      'the same part as a sibling of its kind beside it',
      '# A\n@\n# Quiz\n@\n# Review Questions\n@\n',
      'review-questions',
      ['a'],
    ],
    ['its own section, by a label', '# A\n## X\n@\n* @ b\n* **Summary:** @\n## Y\n@\n', 'a/x#3', ['a/x', 'a/x#2']],
    ['its own section, by its kind', '# A\n@[kind=summary]\n## X\n@\n# B\n@\n', 'a', ['a/x']],
    [
      'what is around a section that it is all of',
      '# A\n## X\n@\n## Farewell\n@[kind=summary]\n# B\n@\n',
      'a/farewell',
      ['a/x'],
    ],
    [
      'the book around a chapter that it is all of',
      '# A\n## X\n@\n## Summary\n@\n# Farewell\n@[kind=summary]\n',
      'farewell',
      ['a/x'],
    ],
    [
      'the chapter around a heading for closing parts',
      '# A\n## X\n@\n## Closing\n### Summary\n@\n### Quiz\n@\n',
      'a/closing/quiz',
      ['a/x'],
    ],
    [
      'no other chapter where its own has no texts',
      '# A\n## X\n@\n## Summary\n@\n# B\n## Summary\n@\n',
      'b/summary',
      [],
    ],
    ['nothing where there is none', '# A\n## Summary\n@\n', 'a/summary', []],
  ])('reach %s', (_, source, id, expected) => {
    expect(reads(plan(source), id)).toEqual(expected)
  })

  it('read the nearest texts of very many, from lists that neighbours share', () => {
    const bodies = Array.from({length: 1000}, (_, at) => `## S${at}\n@\n`)
    const planned = plan(`# A\n## Objectives\n@\n${bodies.join('')}## Summary\n@\n`)
    const first = reads(planned, 'a/objectives')
    const last = reads(planned, 'a/summary')
    expect([first.length, first[0]]).toEqual([mostDefaultTexts, 'a/s0'])
    expect([last.length, last.at(-1)]).toEqual([mostDefaultTexts, 'a/s999'])
  })

  it('are replaced by `depends`, also by an empty one', () => {
    const planned = plan('# A\n## X\n@\n## Y\n@\n## Summary\n@[depends="a/y"]\n## Quiz\n@[depends=""]\n')
    expect(reads(planned, 'a/summary')).toEqual(['a/y'])
    expect(planned.jobs.get('a/summary' as JobId)?.readsChapter).toBeUndefined()
    expect(reads(planned, 'a/quiz')).toEqual([])
  })

  it('are turned off and on by the config, by kind before all', () => {
    const none = plan(chapters, {context: 'none', kindContexts: {quiz: 'chapter'}})
    expect(reads(none, 'a/summary')).toEqual([])
    expect(reads(none, 'a/quiz')).toEqual(bodiesOfA)
    const some = plan(chapters, {kindContexts: {summary: 'none', 'further-exploration': 'chapter'}})
    expect(reads(some, 'a/summary')).toEqual([])
    expect(reads(some, 'a/key-terms')).toEqual(bodiesOfA)
    expect(reads(some, 'a/further-exploration')).toEqual(bodiesOfA)
  })

  it('know the headings of the config', () => {
    const planned = plan('# A\n## X\n@\n## Check what you know\n@\n', {kindTitles: {quiz: ['Check what you know']}})
    expect(reads(planned, 'a/check-what-you-know')).toEqual(['a/x'])
  })

  it('yield to an edge that the author asked for where both would close a cycle, and only there', () => {
    const planned = plan('# A\n## X\n@[depends="a/summary"]\n## Y\n@\n## Summary\n@\n## Quiz\n@\n')
    expect(planned.messages).toEqual([])
    expect(reads(planned, 'a/summary')).toEqual(['a/y'])
    expect(reads(planned, 'a/quiz')).toEqual(['a/x', 'a/y'])
    expect(planned.order).toEqual(['a/y', 'a/summary', 'a/x', 'a/quiz'])
  })

  it('let a text build on the summary of the chapter before', () => {
    const planned = plan('# A\n## X\n@\n## Summary\n@\n# B\n## Y\n@[depends="a/summary"]\n## Summary\n@\n')
    expect(reads(planned, 'b/summary')).toEqual(['b/y'])
    expect(planned.order).toEqual(['a/x', 'a/summary', 'b/y', 'b/summary'])
  })

  it('leave a cycle of the author’s to be reported', () => {
    expect(plan('# A\n## X\n@[depends="a/y"]\n## Y\n@[depends="a/x"]\n## Summary\n@\n').messages).toContain(
      'dependency-cycle',
    )
  })

  it('never close a cycle, whatever the author asks for', () => {
    const ids = ['a/x', 'a/y', 'a/summary', 'a/quiz', 'b/z', 'b/summary']
    const edges = fc.array(fc.tuple(fc.nat(ids.length - 1), fc.nat(ids.length - 1)), {maxLength: 6})
    fc.assert(
      fc.property(edges, (wanted) => {
        const attribute = (id: string): string => {
          const targets = wanted.filter(([from]) => ids[from] === id).map(([, to]) => ids[to])
          return targets.length === 0 ? '@' : `@[depends="${targets.join(' ')}"]`
        }
        const section = (id: string): string => `## ${id.slice(2)}\n${attribute(id)}\n`
        const half = (chapter: string): string =>
          ids
            .filter((id) => id.startsWith(chapter))
            .map(section)
            .join('')
        const planned = plan(`# A\n${half('a/')}# B\n${half('b/')}`)
        if (planned.messages.includes('dependency-cycle')) return
        expect(findCycle(planned.jobs)).toBeUndefined()
        for (const [from, to] of wanted) expect(reads(planned, ids[from] as string)).toContain(ids[to])
      }),
      runs,
    )
  })
})

describe('the order of starting', () => {
  it('puts what many wait for first', () => {
    const planned = plan('# A\n## Quiz\n@[depends=""]\n## X\n@\n## Summary\n@\n## Y\n@[depends="a/summary"]\n')
    expect(planned.order).toEqual(['a/x', 'a/summary', 'a/quiz', 'a/y'])
  })

  it('takes more dependents than a call takes arguments', () => {
    const jobs = new Map<JobId, {id: JobId; dependsOn: readonly JobId[]}>()
    const first = 'first' as JobId
    for (let at = 0; at < 200_000; at++) jobs.set(`j${at}` as JobId, {id: `j${at}` as JobId, dependsOn: [first]})
    jobs.set(first, {id: first, dependsOn: []})
    expect(orderJobs(jobs)[0]).toBe(first)
  })
})

describe('the list of headings', () => {
  const sections = parseOutline(new VFile({value: 'Intro\n\n# A\n### Deep `x`\n## Flat\n# B\n## C\n'})).sections

  it('is nested, without gaps', () => {
    expect(listHeadings(sections)).toBe('- A\n  - Deep x\n  - Flat\n- B\n  - C')
  })

  it('leaves out the deepest first', () => {
    expect(listHeadings(sections, {lines: 4, sizeBytes: 1000})).toBe('- A\n  - Flat\n- B\n  - C')
    expect(listHeadings(sections, {lines: 3, sizeBytes: 1000})).toBe('- A\n- B')
    expect(listHeadings(sections, {lines: 9, sizeBytes: 10})).toBe('- A\n- B')
  })

  it('is cut where a single heading would be left', () => {
    const {sections: book} = parseOutline(new VFile({value: '# Book\n## A\n## B\n## C\n'}))
    expect(listHeadings(book, {lines: 3, sizeBytes: 1000})).toBe('- Book\n  - A\n- […]')
  })
})

describe('blocks of a text', () => {
  it('are parted at blank lines, with headings before what follows them', () => {
    expect(splitBlocks('One\ntwo\n\n\n# Head\n\n## Below\n\nThree\n')).toEqual([
      'One\ntwo',
      '# Head\n\n## Below\n\nThree',
    ])
  })

  it.each([
    '```js\na\n\nb\n```',
    '~~~~\n```\n\nx\n~~~~',
    '- item\n\n  ```\n  a\n\n  b\n  ```',
    '> ```\n> a\n\n> ```',
    '```\nopen\n\nend',
  ])('never part fenced code: %s', (code) => {
    for (const block of splitBlocks(`Before\n\n${code}\n\nAfter`)) {
      const fences = block.match(/(?:`{3,}|~{3,})/g)?.length ?? 0
      expect(block.includes('\n\n') || fences === 0 || fences % 2 === 0, block).toBe(true)
    }
    expect(splitBlocks(`Before\n\n${code}\n\nAfter`).join('\n\n')).toBe(`Before\n\n${code}\n\nAfter`)
  })
})

const words = (text: string): number => text.split(/\s+/).filter((word) => word !== '').length

describe('fitting upstream texts into a budget', () => {
  it('changes nothing and counts nothing where the bytes are within it', () => {
    const texts = [{title: 'T', text: 'é'.repeat(10)}]
    expect(fitsByBytes(texts, 21)).toBe(true)
    expect(fitsByBytes(texts, 20)).toBe(false)
    expect(
      fitUpstream(texts, 21, () => {
        throw new Error('Cannot count')
      }),
    ).toEqual(texts)
  })

  it('keeps short texts whole, shares what is left alike, and marks what was shortened', () => {
    const paragraphs = (name: string, count: number): string =>
      Array.from({length: count}, (_, at) => `${name}${at} b c d e f g h i j`).join('\n\n')
    const texts = [
      {title: 'long', text: paragraphs('l', 100)},
      {title: 'short', text: paragraphs('s', 2)},
      {title: 'other', text: paragraphs('o', 50)},
    ]
    const fitted = fitUpstream(texts, 125, words)
    expect(fitted.map(({title}) => title)).toEqual(['long', 'short', 'other'])
    expect(fitted[1]).toBe(texts[1])
    expect(fitted.map(({text}) => words(text))).toEqual([51, 20, 51])
    expect(fitted[0]?.text.endsWith(`\n\n${shorteningMark}`)).toBe(true)
  })

  it('keeps the first block of each, be it long, and cuts neither code nor tables', () => {
    const code = `\`\`\`\n${'x '.repeat(40)}\n\ny\n\`\`\``
    const table = '| a | b |\n| - | - |\n| c | d |'
    const filler = `\n\n${'w '.repeat(100)}`
    const fitted = fitUpstream(
      [
        {title: 'c', text: code + filler},
        {title: 't', text: table + filler},
      ],
      70,
      words,
    )
    expect(fitted.map(({text}) => text)).toEqual([`${code}\n\n[…]`, `${table}\n\n[…]`])
  })

  it('cuts a first paragraph after a sentence where not even first blocks are within it', () => {
    const text = `# Head\n\nOne two three. Four five six! ${'More and more. '.repeat(30)}`
    expect(
      fitUpstream(
        [
          {title: 'a', text},
          {title: 'b', text},
        ],
        22,
        words,
      ).map((fitted) => fitted.text),
    ).toEqual(['# Head\n\nOne two three. Four five six!\n\n[…]', '# Head\n\nOne two three. Four five six!\n\n[…]'])
    expect(fitUpstream([{title: 'a', text}], 4, words)).toEqual([{title: 'a', text: '[…]'}])
  })

  it('leaves out the last texts where not even the titles are within it', () => {
    const texts = ['a', 'b', 'c'].map((title) => ({title, text: 'one two three four five'}))
    expect(fitUpstream(texts, 2, words)).toEqual([
      {title: 'a', text: ''},
      {title: 'b', text: ''},
    ])
  })

  const block = fc.oneof(
    fc.lorem({maxCount: 30}),
    fc.lorem({mode: 'sentences', maxCount: 4}),
    fc.constantFrom(
      '# Head',
      '```\na\n\nb\n```',
      '| a | b |\n| - | - |\n| c | d |',
      '- a\n- b',
      '漢字かな。'.repeat(9),
      '```',
    ),
    fc.string({unit: 'grapheme', maxLength: 60}),
  )
  const text = fc.record({
    title: fc.string({maxLength: 8}),
    text: fc.array(block, {maxLength: 8}).map((all) => all.join('\n\n')),
  })

  it.each([
    ['words', words],
    ['bytes', (each: string) => Buffer.byteLength(each)],
    ['an estimate', estimateTokens],
  ])('is never above the budget, keeps the order and is the same each time, counted in %s', (_, count) => {
    fc.assert(
      fc.property(fc.array(text, {maxLength: 6}), fc.integer({min: 0, max: 400}), (texts, budget) => {
        const fitted = fitUpstream(texts, budget, count)
        if (!fitsByBytes(texts, budget)) {
          const total = fitted.reduce((sum, each) => sum + count(each.title) + count(each.text), 0)
          expect(total).toBeLessThanOrEqual(budget)
        }
        expect(fitted.map(({title}) => title)).toEqual(texts.slice(0, fitted.length).map(({title}) => title))
        fitted.forEach((each, at) => {
          const whole = texts[at]?.text as string
          if (each.text !== whole && each.text !== '') expect(each.text.endsWith(shorteningMark)).toBe(true)
        })
        expect(fitUpstream(texts, budget, count)).toEqual(fitted)
      }),
      runs,
    )
  })
})

describe('the tokenizer', () => {
  it('counts as the current models do, and control tokens as text', async () => {
    const count = await loadTokenizer()
    expect(count('Tea grows on hills of clay.')).toBe(7)
    expect(count('<|endoftext|>')).toBeGreaterThan(1)
    expect(count('')).toBe(0)
  })

  it('never counts more tokens than bytes, and stops once there are too many', async () => {
    const count = await loadTokenizer()
    fc.assert(
      fc.property(fc.string({unit: 'binary', maxLength: 200}), (each) => {
        expect(count(each)).toBeLessThanOrEqual(Buffer.byteLength(each))
      }),
      runs,
    )
    expect(count('one two three '.repeat(100_000), 50)).toBeGreaterThan(50)
  })

  it('takes linear time, also for runs without white space', async () => {
    const count = await loadTokenizer()
    const counting = (length: number) => {
      const letters = Array.from({length}, (_, at) => String.fromCharCode(97 + ((at * at * 7 + at) % 26))).join('')
      return () => count(letters)
    }
    expect(await growth(counting, 5_000)).toBeLessThan(3)
  })
})

describe('drift by what a text reads', () => {
  const address = (name: string): ContentAddress => name as ContentAddress
  const basis = (upstream?: Record<string, string>): Basis => ({
    prompt: address('p'),
    template: address('t'),
    style: address('s'),
    model: 'm',
    ...(upstream === undefined ? {} : {upstream: upstream as Record<string, ContentAddress>}),
  })
  const judge = (was: Basis, now: Basis, reads: Parameters<typeof judgeState>[3] = {}, isDraft = false): string =>
    judgeState(now, {basis: was, isDraft}, {usesModel: !isDraft}, reads).state

  it('is seen when a text changes, comes or goes', () => {
    expect(judge(basis({x: '1'}), basis({x: '2'}), {readsChapter: true})).toBe('drifted')
    expect(judge(basis({x: '1'}), basis({x: '1', y: '2'}), {readsChapter: true})).toBe('drifted')
    expect(judge(basis({x: '1', y: '2'}), basis({x: '1'}), {readsChapter: true})).toBe('drifted')
    expect(judge(basis({}), basis({x: '1'}), {readsChapter: true})).toBe('drifted')
    expect(judge(basis({x: '1'}), basis({z: '1'}), {readsChapter: true})).toBe('fresh')
  })

  it('is not held against a text from before there were default edges, but `depends` is', () => {
    expect(judge(basis(), basis({x: '1'}), {readsChapter: true})).toBe('fresh')
    expect(judge(basis(), basis({x: '1'}))).toBe('drifted')
  })

  it('is not claimed of texts that are missing, nor of drafts, which read none', () => {
    expect(judge(basis({x: '1'}), basis({}), {readsChapter: true, lacking: new Set(['x'])})).toBe('fresh')
    expect(judge(basis({x: '1'}), basis({x: '2'}), {}, true)).toBe('fresh')
  })
})

describe('selectors', () => {
  const planned = plan('# I. A\n## X\n@[tags="t"]\n* @ b\n# II. B\n## X\n@\n## Quiz\n@\n')
  const all = ['i-a/x', 'i-a/x#2', 'ii-b/x', 'ii-b/quiz']

  it.each([
    ['*/x', ['i-a/x', 'ii-b/x']],
    ['**/x*', ['i-a/x', 'i-a/x#2', 'ii-b/x']],
    ['i-a/**', ['i-a/x', 'i-a/x#2']],
    ['i-a/x/**', ['i-a/x', 'i-a/x#2']],
    ['a/*', ['i-a/x', 'i-a/x#2']],
    ['**', all],
    ['b/x', ['ii-b/x']],
    ['a/x', ['i-a/x']],
    ['X', ['i-a/x', 'i-a/x#2', 'ii-b/x']],
    ['B', ['ii-b/x', 'ii-b/quiz']],
    ['kind:quiz', ['ii-b/quiz']],
    ['tag:#t', ['i-a/x']],
    ['line:1', ['i-a/x']],
    ['line:3', ['i-a/x']],
    ['line:99', []],
    ['state:fresh', []],
    ['z/*', []],
  ])('%s', (selector, expected) => {
    expect(selectJobs(selector, planned)).toEqual(expected)
  })

  it('names the nearest ids', () => {
    expect(nearestSelectors('b/quizz', planned)).toEqual(['ii-b/quiz'])
    expect(nearestSelectors('kind:quizz', planned)).toEqual(['kind:quiz'])
    expect(nearestSelectors('state:mising', planned)).toEqual(['state:missing'])
    expect(nearestSelectors('state:stale', planned)).toEqual([])
    expect(nearestSelectors('line:9999', planned)).toEqual([
      `line:${[...planned.jobs.values()].at(-1)?.directive.position.start.line}`,
    ])
  })
})

describe('growth', () => {
  const planning =
    (piece: (at: number) => string, head = '') =>
    (size: number) => {
      const text = head + Array.from({length: size}, (_, at) => piece(at)).join('')
      const file = new VFile({path: 'o.md', value: text})
      const outline = parseOutline(file)
      return () => planJobs(outline, new VFile({path: 'o.md'}))
    }

  it.each([
    [
      'chapters with closing parts',
      planning((at) => `# C${at}\n"<prompt>x</prompt>"\n## Summary\n"<prompt>y</prompt>"\n`),
    ],
    [
      'closing parts of one chapter',
      planning((at) => `## S${at}\n"<prompt>x</prompt>"\n* **Quiz:** "<prompt>y</prompt>"\n`, '# A\n'),
    ],
    [
      'closing parts of a flat outline',
      planning((at) => `# S${at}\n"<prompt>x</prompt>"\n# Quiz\n"<prompt>y</prompt>"\n`),
    ],
    [
      'many `depends` by id',
      planning((at) => `# S${at}\n"<prompt depends="s${Math.max(at - 1, 0)}${at === 0 ? '-none' : ''}">x</prompt>"\n`),
    ],
    ['many `depends` by title', planning((at) => `# S${at}\n"<prompt depends="S${at + 1}">x</prompt>"\n`)],
    [
      'many globs',
      planning((at) => `# S${at}\n## X\n"<prompt depends="s${at}/y*">x</prompt>"\n## Y\n"<prompt>x</prompt>"\n`),
    ],
    ['many unknown `depends`', planning((at) => `# S${at}\n"<prompt depends="nowhere-${at}">x</prompt>"\n`)],
    [
      'default edges on cycles',
      planning(
        (at) => `# C${at}\n## X\n"<prompt depends="c${at}/summary">x</prompt>"\n## Summary\n"<prompt>y</prompt>"\n`,
      ),
    ],
  ])('of planning is linear for %s', async (_, run) => {
    expect(await growth(run, 1000)).toBeLessThan(3)
  })

  it.each([
    ['equal prompts', () => 'same', (at: number) => `s${at}`],
    ['equal prompts of renamed chapters', () => 'same', (at: number) => `old${at}/x`],
    ['other prompts', (at: number) => `p${at}`, (at: number) => `s${at}`],
  ])('of matching texts is linear for %s', async (_, promptOf, idOf) => {
    const run = (size: number) => () => {
      const jobs = Array.from({length: size}, (__, at) => ({id: `new${at}/x` as JobId, prompt: promptOf(at)}))
      const files = jobs.map((___, at) => ({id: idOf(at), prompt: promptOf(at), isUsed: true}))
      const prompts = new Map<string, string>(jobs.map(({id, prompt}) => [id, prompt]))
      return matchTexts(jobs, ({id}) => prompts.get(id) as string, files)
    }
    expect(run(10)().size).toBe(10)
    expect(await growth(run, 4000)).toBeLessThan(3)
  })

  it('of fitting texts is linear', async () => {
    const run = (size: number) => {
      const texts = [{title: 'T', text: '# a\n\n```\n\n'.repeat(size) + 'b. '.repeat(size) + '\n\nc'.repeat(size)}]
      return () => fitUpstream(texts, 2000, estimateTokens)
    }
    expect(await growth(run, 10_000)).toBeLessThan(3)
  })
})
