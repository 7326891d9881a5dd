import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import fc from 'fast-check'
import type {Nodes} from 'mdast'
import {toString as toText} from 'mdast-util-to-string'
import remarkGfm from 'remark-gfm'
import remarkParse from 'remark-parse'
import {unified} from 'unified'
import {describe, expect, it} from 'vitest'
import {parse} from 'yaml'
import {composeDraft, type DraftTask} from '../src/ground/compose-draft.ts'
import {type PassageLibrary, readPassages} from '../src/ground/passage-library.ts'
import {directiveKinds} from '../src/model/job.ts'
import {casesOf, expectFile, fixturesRoot} from './support/fixtures.ts'
import {growth} from './support/growth.ts'

const root = join(fixturesRoot, 'ground')
const marker = "*Draft from the course's sources.*"
const noteNames = ['lights.md', 'tides.md', 'own-notes.md', 'hostile.md']

/** All that a draft may say besides what the notes say; names of the outline and terms stand in bold. */
const fixedPhrases = [
  /^Draft from the course's sources\.$/,
  /^No source defines this term yet\.$/,
  /^:? ?the source for(?: |and)*\.$/,
  /^No source covers {2}yet\.$/,
  /^(?:Explain|Describe|Name the main points of) (?: in your own words)?\.$/,
  /^Which description fits \?$/,
  /^Where do you meet {2}in your own work, and what would you do differently after this chapter\?$/,
  /^The outline gives th(?:is|ese pieces of) code:$/,
  /^[A-D]\) [\w ]+$/,
  /^:? ?[\w ]+, by its definition\.$/,
]

function readNote(name: string): {name: string; text: string} {
  return {name, text: readFileSync(join(root, name), 'utf8')}
}

function readTask(name: string): {task: DraftTask; library: PassageLibrary} {
  const {notes, ...rest} = parse(readFileSync(join(root, name, 'task.yaml'), 'utf8')) as {notes: string[]}
  const defaults = {id: name, siblingTitles: [], chapterTitles: [], container: 'block'}
  return {task: {...defaults, ...rest} as unknown as DraftTask, library: readPassages(notes.map(readNote))}
}

function parseDraft(markdown: string) {
  return unified().use(remarkParse).use(remarkGfm).parse(markdown)
}

function nodesOf(node: Nodes): Nodes[] {
  return [node, ...('children' in node ? node.children.flatMap(nodesOf) : [])]
}

function plain(text: string): string {
  return toText(parseDraft(text)).replace(/\s+/g, ' ')
}

function makeTask(part: Partial<DraftTask>): DraftTask {
  const headingPath = ['I. Lighthouses and Their Lights', 'Lamps and Lenses']
  const rest = {siblingTitles: [], chapterTitles: [], container: 'block'} as const
  return {id: 'id', kind: 'section', prompt: 'Explain oil lamps and lenses.', headingPath, ...rest, ...part}
}

describe('drafts', () => {
  for (const name of casesOf('ground')) {
    it(name, () => {
      const {task, library} = readTask(name)
      const draft = composeDraft(task, library)
      expectFile(join(root, name, 'expected.md'), `${draft}\n`)
      expect(composeDraft(task, library)).toBe(draft)
    })
  }

  it('says nothing that is not in the notes', () => {
    for (const name of casesOf('ground').filter((each) => !each.startsWith('hostile'))) {
      const {task, library} = readTask(name)
      const notes = plain(noteNames.map((note) => readNote(note).text.replace(/(?:\[\d\])+/g, '')).join('\n\n'))
      const known = `${notes} ${plain(library.passages.map(({text}) => text).join('\n\n'))}`.replace(/\s+/g, ' ')
      for (const node of nodesOf(parseDraft(composeDraft(task, library)))) {
        if (node.type !== 'paragraph') continue
        const isCited = (child: Nodes): boolean =>
          child.type === 'link' && library.links.some(({url}) => url === child.url)
        const statement = node.children.filter((child) => !isCited(child) && child.type !== 'strong')
        const text = statement.map((child) => toText(child)).join('')
        const bare = text.replace(/ ?\((?:; |own-notes)?\)/g, '').replace(/^: | ?\(draft\)$|^[A-D]\) /g, '')
        for (const sentence of bare.split(/(?<=[.!?])\s+(?=[A-Z])/)) {
          const said = sentence.replace(/^.*“|”\?$|[.?!]$/g, '')
          const isFixed = fixedPhrases.some((phrase) => phrase.test(sentence))
          expect(isFixed || known.includes(said), `${name}: ${sentence}`).toBe(true)
        }
      }
    }
  })

  it('says no sentence twice', () => {
    const library = readPassages([readNote('lights.md'), {...readNote('lights.md'), name: 'copy.md'}])
    for (const kind of directiveKinds) {
      const prompt = 'Explain oil lamps, open fires, Fresnel lenses, charts, fog and red glass in a bulleted list.'
      const draft = composeDraft(makeTask({kind, prompt}), library)
      for (const {text} of library.passages) expect(draft.split(text).length, text).toBeLessThanOrEqual(2)
    }
  })

  it('is marked as a draft in every container', () => {
    for (const library of [readPassages([]), readPassages(noteNames.map(readNote))]) {
      for (const kind of directiveKinds) {
        expect(composeDraft(makeTask({kind}), library).split('\n\n')[0]).toBe(marker)
        for (const container of ['list-item', 'labelled'] as const) {
          const [first] = composeDraft(makeTask({kind, container}), library).split('\n')
          expect(first).toMatch(/ \*\(draft\)\*$/)
        }
      }
    }
  })

  it('puts the right option of a quiz at varying places', () => {
    const library = readPassages([readNote('lights.md')])
    const places = new Set<string>()
    for (const id of ['a/quiz', 'b/quiz', 'c/quiz', 'd/quiz', 'e/quiz', 'f/quiz']) {
      const draft = composeDraft(makeTask({id, kind: 'quiz', prompt: 'Ask about lenses and charts.'}), library)
      for (const [, letter, term] of draft.matchAll(/^\d\. \*\*([A-D])\*\*: ([^(,]+), by/gm)) {
        places.add(letter ?? '')
        expect(draft).toMatch(new RegExp(`   - ${letter}\\) ${term}|fits \\*\\*${term}`))
      }
    }
    expect(places.size).toBeGreaterThan(2)
  })
})

describe('hostile notes', () => {
  const fragment = fc.constantFrom(
    '# ',
    '## ',
    '- ',
    '1. ',
    '> ',
    '```',
    '~~~',
    '`',
    '**',
    '*',
    '_',
    '[',
    ']',
    '(',
    ')',
    '![',
    '<prompt>',
    '</prompt>',
    '<!--',
    '-->',
    '<div',
    '>',
    '|',
    '| --- |',
    '---',
    '===',
    '\\',
    '\n',
    '\n\n',
    '    ',
    '[1]',
    '[^1]',
    '[1]: https://a.example',
    ' lamps need oil and a wick. ',
    ' a lens bends light ',
    '**Lamp**: a thing with oil and light.',
    '\u202e',
    '\u0000',
    '&lt;',
  )

  it('stay inside their paragraph, item, cell or fence', () => {
    const noise = fc.array(fragment, {maxLength: 40}).map((parts) => parts.join(''))
    fc.assert(
      fc.property(noise, fc.constantFrom(...directiveKinds), fc.boolean(), (text, kind, isBlock) => {
        const prompt = 'Give lamps, oil, wick, lens and light, in a table, with code.'
        const container = isBlock ? 'block' : 'list-item'
        const task = makeTask({kind, prompt, container, headingPath: ['Lamps']})
        const draft = composeDraft(task, readPassages([{name: 'n.md', text}]))
        const nodes = nodesOf(parseDraft(draft))
        const forbidden = ['heading', 'html', 'blockquote', 'definition', 'thematicBreak', 'image', 'footnoteReference']
        const found = nodes.filter(
          ({type, ...node}) => forbidden.includes(type) && !('value' in node && node.value === '<br>'),
        )
        expect(
          found.map(({type}) => type),
          draft,
        ).toEqual([])
        const code = nodes.flatMap((node) => (node.type === 'code' ? [node.value] : [])).join('\n')
        expect((draft.match(/(?<!\\)<prompt/g) ?? []).length).toBe((code.match(/(?<!\\)<prompt/g) ?? []).length)
        expect(isBlock ? draft.startsWith(marker) : draft.includes(' *(draft)*')).toBe(true)
        for (const {position} of nodes.filter(({type}) => type === 'code')) {
          expect(draft.slice(position?.start.offset, position?.end.offset)).toMatch(/```$/)
        }
      }),
      {numRuns: 3000},
    )
  })

  it('never make the reader throw, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({unit: 'binary', maxLength: 300}), (text) => {
        expect(readPassages([{name: text, text}]).passages.every(({text: said}) => !said.includes('\n'))).toBe(true)
      }),
    )
  })
})

describe('growth', () => {
  it('is linear for the number of notes and for their length', async () => {
    const text = noteNames.map((name) => readNote(name).text.replace(/^```html[^]*/m, '')).join('\n\n')
    const noise = `${'[a](b '.repeat(2000)}\n${'`'.repeat(500)} ${'`x '.repeat(2001)}\n${'<!-- '.repeat(900)}`
    const long = `${text}\n${noise}\n\n`
    const notesOf = (count: number) =>
      Array.from({length: count}, (_, at) => ({name: `${at}.md`, text: long.replaceAll('lamp', `lamp${at}`)}))
    const reading = (notes: Parameters<typeof readPassages>[0]) => () => readPassages(notes)
    expect(await growth((count) => reading(notesOf(count)), 10)).toBeLessThan(3)
    const joined = (count: number) => [
      {
        name: 'n',
        text: notesOf(count)
          .map(({text: each}) => each)
          .join('\n'),
      },
    ]
    expect(await growth((count) => reading(joined(count)), 10)).toBeLessThan(3)
  })
})
