import fc from 'fast-check'
import {VFile} from 'vfile'
import {describe, expect, it} from 'vitest'
import {assembleBook} from '../src/book/assemble-book.ts'
import {carryBook} from '../src/book/carry-book.ts'
import type {BookParts} from '../src/book/carry-edits.ts'
import {normaliseCompletion} from '../src/book/normalise-completion.ts'
import {isSameMarkdown} from '../src/book/same-book.ts'
import type {SectionText} from '../src/book/section-form.ts'
import {planJobs} from '../src/plan/plan-jobs.ts'
import {canonicalMarkdown} from '../src/syntax/canonical-markdown.ts'
import {parseOutline} from '../src/syntax/parse-outline.ts'
import {directivePlaces} from './support/directive-places.ts'

const source = `${directivePlaces}
# End

Text with a note[^1].

[^1]: Own note.
`

const outline = parseOutline(new VFile({path: 'outline.md', value: source}))
const jobs = [...planJobs(outline, new VFile({path: 'outline.md'})).jobs.values()]

const word = fc.constantFrom('pump', 'valve', 'head', 'flow', 'Rohr', 'été', 'насос', '水', '42', 'Beta')
const words = fc.array(word, {minLength: 1, maxLength: 5}).map((list) => list.join(' '))
const inline = fc.oneof(
  {weight: 4, arbitrary: words},
  words.map((text) => `**${text}** and *${text}*`),
  words.map((text) => `\`${text}\` [${text}](https://one.example/a_b)`),
  words.map((text) => `${text}. ${text} 1 < 2 & a*b \\* _c_ | ${text}.`),
)
const block = fc.oneof(
  {weight: 5, arbitrary: inline},
  fc.tuple(fc.integer({min: 1, max: 4}), words).map(([depth, text]) => `${'#'.repeat(depth)} ${text}`),
  words.map((text) => `**${text}**`),
  fc.array(inline, {minLength: 1, maxLength: 4}).map((items) => items.map((item) => `- ${item}`).join('\n')),
  fc.array(inline, {minLength: 1, maxLength: 3}).map((items) => items.map((item) => `1. ${item}`).join('\n')),
  fc.tuple(words, words).map(([one, two]) => `- ${one}\n  - ${two}\n  - ${one}\n- ${two}`),
  fc.tuple(words, words).map(([one, two]) => `- ${one}\n\n  ${two}\n- ${two}`),
  fc.tuple(words, words).map(([one, two]) => `\`\`\`sh\n${one}\n\n  ${two}\n# ${one}\n\`\`\``),
  fc.tuple(words, words).map(([one, two]) => `| ${one} | ${two} |\n| --- | --- |\n| ${two} | ${one} |\n| a | b |`),
  words.map((text) => `> ${text}\n>\n> ${text}`),
  fc.tuple(words, words).map(([one, two]) => `${one}[^1] ${two}[^note].\n\n[^1]: ${two}\n\n[^note]: ${one}`),
  fc.tuple(words, words).map(([one, two]) => `[${one}][ref] ${two}\n\n[ref]: https://two.example`),
)
const completion = fc.array(block, {minLength: 1, maxLength: 5}).map((blocks) => blocks.join('\n\n'))

/** A book with a completion in each place. */
function bookOf(completions: readonly string[]): BookParts {
  const texts = jobs.map(({id, depth, headingPath, directive}, at): SectionText => {
    const titles = [headingPath.at(-1), directive.label].filter((title) => title !== undefined)
    const {text} = normaliseCompletion(completions[at] ?? '', titles, {
      depth,
      isInItem: directive.container !== 'block',
    })
    return {id, depth, text}
  })
  return {outline, texts, options: {}, book: assembleBook(outline, texts, {})}
}

const edits = ['word', 'words', 'delete', 'paragraph', 'duplicate', 'append'] as const

const plain = new Set(['word', 'append'])

interface Edit {
  readonly kind: (typeof edits)[number]
  readonly at: number
}

/** Changes a line of one text, `at` of all that the text takes up. */
function edited(lines: readonly string[], span: {start: number; end: number}, {kind, at}: Edit): string[] {
  const made = [...lines]
  const line = span.start - 1 + Math.floor(at * (span.end - span.start + 1))
  const old = made[line] ?? ''
  const indent = ' '.repeat(/^\s*(?:[-*+]\s+|\d+\.\s+)?/.exec(old)?.[0].length ?? 0)
  switch (kind) {
    case 'word':
      made[line] = old.replace(/\p{L}+(?=\P{L}*$)/u, 'CHANGED')
      break
    case 'words':
      made[line] = old.replace(/(\p{L}+) (\p{L}+)/u, '$2 new words, $1')
      break
    case 'delete':
      made.splice(line, 1)
      break
    case 'paragraph':
      made.splice(line + 1, 0, '', `${indent}A new paragraph.`, '')
      break
    case 'duplicate':
      made.splice(line, 0, old)
      break
    case 'append':
      made[line] = `${old} And more.`
  }
  return made
}

describe('an edit in the lines of one text', () => {
  it('is carried so that the book stays as it was edited, formatted or not, or is named and changes nothing', () => {
    fc.assert(
      fc.property(
        fc.array(completion, {minLength: jobs.length, maxLength: jobs.length}),
        fc.integer({min: 0, max: jobs.length - 1}),
        fc.array(fc.record({kind: fc.constantFrom(...edits), at: fc.double({min: 0, max: 0.999, noNaN: true})}), {
          minLength: 1,
          maxLength: 2,
        }),
        fc.boolean(),
        (completions, number, changes, isFormatted) => {
          const parts = bookOf(completions)
          const job = jobs[number] as (typeof jobs)[number]
          const span = parts.book.lines.get(job.id) ?? {start: 1, end: 1}
          const base = parts.book.markdown.split('\n')
          let lines: string[] = base
          for (const change of changes)
            lines = edited(lines, {start: span.start, end: span.end + lines.length - base.length}, change)
          const present = isFormatted ? canonicalMarkdown(lines.join('\n')) : lines.join('\n')
          const result = carryBook(parts, parts.book.markdown, present)
          // A word more or less is always carried, wherever it stands.
          if (changes.every(({kind}) => plain.has(kind))) expect(result.type).toBe('carried')
          if (result.type === 'blocked') {
            expect(result.edits.length).toBeGreaterThan(0)
            return
          }
          const texts = parts.texts.map((section) => {
            const carried = result.texts.get(section.id)
            if (carried !== undefined) expect(carried.text).toEqual(expect.any(String))
            expect(carried?.text).not.toBe(section.text)
            return {...section, text: carried?.text ?? section.text}
          })
          const made = assembleBook(outline, texts, {}).markdown
          expect(isSameMarkdown(made, present)).toBe(true)
          expect([...result.texts.keys()].filter((id) => id !== job.id)).toEqual([])
        },
      ),
      {numRuns: Number(process.env.RUNS ?? 40), seed: 20_261_121},
    )
  })
})
