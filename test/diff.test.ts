import {describe, expect, it} from 'vitest'
import {diffReportText, textDiffLines} from '../src/cli/diff-text.ts'
import type {BookSide, SidePassage, SideSection} from '../src/diff/book-side.ts'
import {diffBooks} from '../src/diff/diff-books.ts'
import {reportRows, totalsLine} from '../src/diff/diff-report.ts'
import {diffTexts} from '../src/diff/diff-texts.ts'
import {htmlReport} from '../src/diff/html-report.ts'
import {markdownReport} from '../src/diff/markdown-report.ts'
import {splitMarkdown} from '../src/diff/split-markdown.ts'
import {growth} from './support/growth.ts'

const plain = {hasColor: false}

/** The lines of a comparison as a terminal without colour shows them. */
function linesOf(before: string, after: string): string[] {
  return textDiffLines(diffTexts(before, after), plain)
}

describe('a comparison of two texts', () => {
  it('shows the words that changed inside of a paragraph, a heading and an item', () => {
    const before = '# Tea\n\nIt grows on hills.\n\n- green\n- black, from the south'
    const after = '# The tea\n\nIt grows well on steep hills.\n\n- green\n- black, from the north\n- white'
    expect(linesOf(before, after)).toEqual([
      '~ # [-Tea-]{+The tea+}',
      '~ It grows {+well +}on {+steep +}hills.',
      '  (1 block unchanged)',
      '~ - black, from the [-south-]{+north+}',
      '+ - white',
    ])
  })

  it('takes a padded table, an aligned column, another marker and another wrapping for no change', () => {
    const before = '| a | b |\n| --- | --- |\n| 1 | two |\n\n* x\n* y\n\nOne two\nthree.\n\nTitle\n-----'
    const after = '| a   |   b |\n| :-- | --: |\n| 1   | two |\n\n- x\n- y\n\nOne\ntwo three.\n\n## Title'
    expect(diffTexts(before, after).change).toBe('reflowed')
    expect(linesOf(before, after)).toEqual(['  (only reflowed)'])
  })

  it('compares a table by row and cell, a new column included', () => {
    const before = '| name | size |\n| --- | --- |\n| tea | two cups |\n| milk | one |'
    expect(linesOf(before, before.replace('two cups', 'three cups'))).toEqual([
      '  (1 block unchanged)',
      '~ | tea | [-two-]{+three+} cups |',
      '  (1 block unchanged)',
    ])
    const after = '| name | size | price |\n| --- | --- | --- |\n| tea | two cups | 1 |\n| milk | one | 2 |'
    expect(linesOf(before, after)).toEqual([
      '~ | name | size |{+ price |+}',
      '~ | tea | two cups |{+ 1 |+}',
      '~ | milk | one |{+ 2 |+}',
    ])
  })

  it('compares code by line and says what it leaves out', () => {
    const code = ['a: 1', 'b: 2', 'c: 3', 'd: 4', 'e: 5', 'f: 6']
    const fenced = (lines: readonly string[]): string => `\`\`\`yaml\n${lines.join('\n')}\n\`\`\``
    expect(linesOf(fenced(code), fenced([...code.slice(0, 5), 'f: 7', 'g: 8']))).toEqual([
      '  (4 lines unchanged)',
      '  d: 4',
      '  e: 5',
      '- f: 6',
      '+ f: 7',
      '+ g: 8',
      '  ```',
    ])
  })

  it('tells a text that was rewritten, and shows both whole', () => {
    const words = (letter: string): string => Array.from({length: 60}, (_, at) => `${letter}${at}`).join(' ')
    const {change, blocks, wordsAdded, wordsRemoved} = diffTexts(`${words('a')}.\n\n# Same`, `${words('b')}.\n\n# Same`)
    expect({change, wordsAdded, wordsRemoved}).toEqual({change: 'rewritten', wordsAdded: 61, wordsRemoved: 61})
    expect(blocks.map((block) => block.change)).toEqual(['removed', 'removed', 'added', 'added'])
  })

  it('compares scripts without spaces by character', () => {
    expect(linesOf('日本語のテキスト。', '日本語の文章。')).toEqual(['~ 日本語の[-テキスト-]{+文章+}。'])
  })

  it('sets words off by colour where there is colour, and lets no sequence of a text through', () => {
    const diff = diffTexts('one and two', 'one and \u001b]2Jthree')
    expect(textDiffLines(diff, plain)).toEqual(['~ one and [-two-]{+\\u001b]2Jthree+}'])
    expect(textDiffLines(diff, {hasColor: true})).toEqual([
      '~ one and \u001b[31mtwo\u001b[39m\u001b[32m\\u001b]2Jthree\u001b[39m',
    ])
  })

  it('is bounded on texts that no parser reads in time', () => {
    const traps = [
      Array.from({length: 2000}, (_, at) => `${'  '.repeat(at)}- x`).join('\n'),
      `${'>'.repeat(20_000)} x`,
      `${'['.repeat(20_000)}x`,
    ]
    for (const trap of traps) {
      const {change, blocks} = diffTexts(`${trap}\n\nend`, `${trap}\n\nThe end`)
      expect(change).toBe('changed')
      expect(blocks.map((block) => block.change)).toEqual(['same', 'changed'])
    }
    expect(splitMarkdown('x', `# A\n\n${traps[0]}\n\nB\n---\n`).sections.map(({id}) => id)).toEqual(['a'])
  })

  it('takes time in proportion to texts that are related, unrelated, or of the same words in another order', async () => {
    const text = (words: number, letter: string, step: number): string =>
      Array.from({length: words}, (_, at) => `${letter}${(at * step) % 797}${at % 50 === 49 ? '.\n\n' : ''}`).join(' ')
    for (const [letter, step] of [
      ['a', 1],
      ['b', 1],
      ['a', 7],
    ] as const) {
      const ratio = await growth((size) => {
        const before = text(size, 'a', 1)
        const after = text(size, letter, step).replaceAll('a100 ', 'new ')
        return () => diffTexts(before, after)
      }, 2000)
      expect(ratio, `${letter} ${step}`).toBeLessThan(3)
    }
  })
})

interface Part {
  readonly id: string
  readonly prompt?: string
  readonly text?: string
  readonly own?: string
}

/** A side of a book with a section for each part, and below its heading what the author wrote. */
function side(parts: readonly Part[]): BookSide {
  const sections: SideSection[] = []
  const passages: SidePassage[] = []
  parts.forEach(({id, prompt, text, own}, at) => {
    const sectionId = id.replace(/#\d+$/, '')
    if (own !== undefined) passages.push({id: sectionId, title: sectionId, place: 2 * at, text: own})
    if (prompt !== undefined)
      sections.push({
        id,
        sectionId,
        title: id,
        place: 2 * at + 1,
        prompt: {address: prompt, text: prompt},
        text,
        made: {completion: text ?? '', model: 'm', usage: {inputTokens: 1, outputTokens: 1}, isDraft: false},
      })
  })
  return {name: 'tea', sections, passages}
}

/** What happened, in short: `id: changes`, with the id before. */
function changesOf(before: readonly Part[], after: readonly Part[]): string[] {
  return diffBooks(side(before), side(after), () => 1).map(
    ({id, from, changes}) => `${id}${from === undefined ? '' : ` < ${from}`}: ${changes.join(', ')}`,
  )
}

const part = (id: string, more: Partial<Part> = {}): Part => ({
  id,
  prompt: `Explain ${id}.`,
  text: `Text of ${id}.`,
  own: `# ${id}`,
  ...more,
})

describe('a comparison of two sides of a book', () => {
  it('finds nothing in a book and itself', () => {
    expect(changesOf([part('a'), part('b')], [part('a'), part('b')])).toEqual([])
  })

  it('tells what happened to each section, several things to one', () => {
    const before = [part('a'), part('b'), part('c'), part('d'), part('e')]
    const after = [
      part('d'),
      part('a', {text: 'Text\nof a.'}),
      part('b', {prompt: 'Explain b well.', text: 'Text of b, better.'}),
      part('c', {own: '# c\n\nWords of the author.'}),
      part('f'),
    ]
    expect(changesOf(before, after)).toEqual([
      'd: moved',
      // It stood behind that.
      'e: removed',
      'a: reflowed',
      'b: text-changed, prompt-changed',
      'c: own-text-changed',
      'f: added',
    ])
  })

  it('knows the sections of a renamed chapter, one whose prompt changed too', () => {
    const before = [{id: 'old', own: '# Old'}, part('old/a'), part('old/b'), part('z')]
    const after = [
      {id: 'new', own: '# New'},
      {...part('old/a'), id: 'new/a'},
      {...part('old/b'), id: 'new/b', prompt: 'Explain it otherwise.', text: 'Another text altogether.'},
      part('z'),
    ]
    expect(changesOf(before, after)).toEqual([
      'new < old: own-text-changed, moved',
      'new/a < old/a: moved',
      'new/b < old/b: text-changed, prompt-changed, moved',
    ])
    const rows = reportRows({hasBooks: false, sections: diffBooks(side(before), side(after), () => 1)})
    expect(rows.map(({type}) => type)).toEqual(['section', 'section', 'section'])
  })

  it('takes sections that move along with a heading together', () => {
    const names = ['a', 'b', 'c']
    const before = names.map((name) => part(`old/${name}`, {own: 'same'}))
    const after = names.map((name) => ({...part(`old/${name}`, {own: 'same'}), id: `new/${name}`}))
    const rows = reportRows({hasBooks: false, sections: diffBooks(side(before), side(after), () => 1)})
    expect(rows).toMatchObject([{type: 'moves', from: 'old/**', to: 'new/**'}])
    expect(rows[0]).toHaveProperty('sections.length', 3)
    const swapped = diffBooks(side([...before, part('z'), ...after]), side([...after, part('z'), ...before]), () => 1)
    const [one] = reportRows({hasBooks: true, sections: swapped})
    expect(one).toMatchObject({type: 'moves', to: 'tea:new/**'})
    expect(one).not.toHaveProperty('from')
  })

  it('takes a directive that got another number for the same', () => {
    const before = [part('a', {prompt: 'P1'}), part('a#2', {prompt: 'P2'})]
    const after = [
      part('a', {prompt: 'P0'}),
      part('a#2', {prompt: 'P1', text: 'Text of a.'}),
      part('a#3', {prompt: 'P2'}),
    ]
    expect(changesOf(before, [...after.slice(0, 2), {...(after[2] as Part), text: 'Text of a#2.'}])).toEqual([
      'a: added',
    ])
  })

  it('tells swapped chapters by the shorter one, and copies with one prompt by their texts', () => {
    const long = ['a', 'b', 'c'].map((name) => part(`long/${name}`))
    expect(changesOf([part('short'), ...long], [...long, part('short')])).toEqual(['short: moved'])
    const quiz = (id: string, text: string): Part => part(id, {prompt: 'Ask.', text, own: '# Quiz'})
    expect(
      changesOf([quiz('a/quiz', 'One?'), quiz('b/quiz', 'Two?')], [quiz('c/quiz', 'Two?'), quiz('a/quiz', 'One?')]),
    ).toEqual(['c/quiz < b/quiz: moved'])
  })

  it('has no section of a book that is not there', () => {
    expect(diffBooks(undefined, side([part('a')]), () => 1)).toMatchObject([{id: 'a', changes: ['added']}])
    expect(diffBooks(side([part('a')]), undefined, () => 1)).toMatchObject([{id: 'a', changes: ['removed']}])
  })

  it('counts what was bought anew, and nothing where a price is not known', () => {
    const before = side([part('a'), part('b')])
    const after = side([part('a', {text: 'Other text.'}), part('b')])
    expect(totalsLine({sections: diffBooks(before, after, () => 0.25)})).toBe(
      '1 section: 1 text changed; +2 -3 words; $0.25',
    )
    expect(totalsLine({sections: diffBooks(before, after, () => undefined)})).toContain('cost unknown')
    expect(diffBooks(before, before, () => 1)).toEqual([])
  })

  it('takes time in proportion to the sections', async () => {
    const ratio = await growth((size) => {
      const parts = Array.from({length: size}, (_, at) => part(`chapter-${at >> 4}/s${at}`))
      const before = side(parts)
      const after = side(parts.map((own, at) => (at % 3 === 0 ? {...own, id: `x${own.id}`} : own)).toReversed())
      return () => diffBooks(before, after, () => 1)
    }, 200)
    expect(ratio).toBeLessThan(3)
  })
})

describe('a book that is known by its Markdown alone', () => {
  it('is split at its headings, those with an underline included, and not inside of code', () => {
    const {sections} = splitMarkdown(
      'book',
      '---\ntitle: T\n---\n\nStart.\n\n# One\n\ntext\n\n```sh\n# no heading\n```\n\nTwo\n---\n\nmore\n\n## One ##\n\nend\n',
    )
    expect(sections.map(({id, title, text}) => [id, title, text])).toEqual([
      ['_front-matter', 'front matter', '````yaml\n---\ntitle: T\n---\n````'],
      ['_start', '', 'Start.'],
      ['one', 'One', '# One\n\ntext\n\n```sh\n# no heading\n```'],
      ['one/two', 'Two', 'Two\n---\n\nmore'],
      ['one/one', 'One', '## One ##\n\nend'],
    ])
  })
})

describe('reports', () => {
  const sections = Array.from({length: 3000}, (_, at) =>
    part(`chapter/s${at}`, {text: `${'words '.repeat(200)}${at}.`}),
  )
  const report = {
    base: 'main',
    head: 'work tree',
    hasBooks: false,
    sections: diffBooks(undefined, side(sections), () => 1),
  }

  it('stay below the size of a comment in Markdown, and say what they leave out', () => {
    const text = markdownReport(report)
    expect(text.length).toBeLessThan(65_536)
    expect(text).toMatch(/\| \*\d+ more\* \|/)
    expect(text).toMatch(/\*Details of \d+ more sections are left out\.\*\n$/)
    expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length)
  })

  it('count what is left out in words for one, too', () => {
    const sections = diffBooks(undefined, side([part('a', {text: `Short.\n\n${'word '.repeat(4_000)}`})]), () => 1)
    expect(markdownReport({...report, sections})).toContain('*1 more block*')
  })

  it('say of one huge section what fits', () => {
    const huge = diffBooks(undefined, side([part('a', {text: 'A paragraph.\n\n'.repeat(20_000)})]), () => 1)
    const text = markdownReport({...report, sections: huge})
    expect(text.length).toBeLessThan(65_536)
    expect(text).toMatch(/\*\d+ more blocks\*/)
  })

  it('are empty where nothing differs', () => {
    const none = {...report, sections: []}
    expect(diffReportText(none, plain)).toBe('')
    expect(markdownReport(none)).toBe('### main → work tree: no differences\n')
    expect(htmlReport(none)).toContain('<p>no differences</p>')
  })

  it('hold in HTML a policy that lets in their own style alone', () => {
    const html = htmlReport({...report, sections: report.sections.slice(0, 2)})
    expect(html).toMatch(
      /content="default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'"/,
    )
    expect(html).toContain('<a href="#section-2">chapter/s1</a>')
    expect(html).toContain('<details id="section-2" open>')
  })
})
