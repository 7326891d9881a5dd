import fc from 'fast-check'
import {VFile} from 'vfile'
import {describe, expect, it} from 'vitest'
import {checkCourse} from '../src/check/check-course.ts'
import type {CourseText} from '../src/check/course-text.ts'
import {readTextContents, type TextContents} from '../src/check/text-contents.ts'
import {directiveKinds} from '../src/model/job.ts'
import {codeFault} from '../src/syntax/code-fault.ts'
import {parseMarkdown, readMarkdown} from '../src/syntax/parse-markdown.ts'
import {parseOutline} from '../src/syntax/parse-outline.ts'
import {PhraseIndex} from '../src/syntax/phrase-index.ts'
import {wordsOf} from '../src/syntax/words-of.ts'
import {markdown} from './support/markdown-pieces.ts'

const runs = {seed: 20_261_121, numRuns: 300}

function withoutPlaces(contents: TextContents): unknown {
  return JSON.parse(JSON.stringify(contents, (key, value: unknown) => (key === 'place' ? undefined : value)))
}

describe('what verify reads of a text', () => {
  it('is the same with and without places', () => {
    fc.assert(
      fc.property(markdown, (text) => {
        const placed = readTextContents(parseMarkdown(text))
        expect(withoutPlaces(readTextContents(readMarkdown(text)))).toEqual(withoutPlaces(placed))
        for (const {place} of [...placed.headings, ...placed.links, ...placed.codes, ...placed.prose])
          expect(place?.start.line).toBeGreaterThan(0)
      }),
      runs,
    )
  })

  it('leads to messages at places of the text, whatever it is', () => {
    const outline = parseOutline(new VFile('# I. A\n\n## B\n\n"<prompt>x</prompt>"\n\n## C\n\n"<prompt>y</prompt>"\n'))
    const title = fc.constantFrom('old title', 'Kafka a')
    const texts = fc.tuple(markdown, markdown, fc.constantFrom(...directiveKinds), fc.array(title))
    fc.assert(
      fc.property(texts, ([first, second, kind, formerTitles]) => {
        const course = [first, second].map((text, at): CourseText => {
          const placed = readTextContents(parseMarkdown(text))
          return {
            id: `a/${at}`,
            kind,
            chapter: 'a',
            file: new VFile({path: `${at}.md`, value: text}),
            contents: readTextContents(readMarkdown(text)),
            isDraft: false,
            isBroken: false,
            formerTitles,
            directive: {file: 'a.md', line: 1, note: 'a.md:1'},
            placeOf: (list, number) => placed[list][number]?.place,
          }
        })
        checkCourse({
          outline,
          outlineFile: new VFile({path: 'a.md'}),
          texts: course,
          authorText: '',
          placeOf: () => {
            throw new Error('the outline has no link')
          },
          exists: () => false,
          isBook: () => false,
        })
        for (const {file} of course)
          for (const message of file.messages)
            expect(message.line).toBeLessThanOrEqual(String(file.value).split('\n').length)
      }),
      runs,
    )
  })
})

describe('code blocks', () => {
  it('of any text and language never break the check, and a fault is in one of its lines', () => {
    const code = fc.oneof(markdown, fc.string({unit: 'binary', maxLength: 60}), fc.json())
    const language = fc.constantFrom('json', 'jsonc', 'jsonl', 'yaml', 'bash', 'python')
    fc.assert(
      fc.property(language, code, (name, text) => {
        const fault = codeFault(name, text)
        if (fault?.line !== undefined) expect(fault.line).toBeLessThanOrEqual(text.split('\n').length)
      }),
      runs,
    )
  })

  it('of JSON are sound as JSON, and with comments as jsonc', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(codeFault('json', text)).toBeUndefined()
        expect(codeFault('jsonc', `// one\n${text} /* two */`)).toBeUndefined()
      }),
      runs,
    )
  })
})

describe('a phrase index', () => {
  it('finds what a search of each phrase finds', () => {
    const words = fc.array(fc.constantFrom('a', 'b', 'c'), {maxLength: 12})
    const phrases = fc.array(fc.array(fc.constantFrom('a', 'b', 'c'), {minLength: 1, maxLength: 3}), {maxLength: 6})
    fc.assert(
      fc.property(words, phrases, (text, all) => {
        const index = new PhraseIndex<number>()
        all.forEach((phrase, at) => {
          index.add(phrase, at)
        })
        const found = new Set<number>()
        index.find(text, (at) => found.add(at))
        const wanted = all.flatMap((phrase, at) =>
          ` ${text.join(' ')} `.includes(` ${phrase.join(' ')} `) ? [at] : [],
        )
        expect([...found].sort()).toEqual(wanted)
      }),
      runs,
    )
  })

  it('is fed with words that are the same in any case and form', () => {
    expect(wordsOf('  The ＡＷＳ’s “MSK”—C++ & C#: Café! ')).toEqual(['the', 'awss', 'msk', 'c++', 'c#', 'café'])
  })
})
