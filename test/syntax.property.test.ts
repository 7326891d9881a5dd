import fc from 'fast-check'
import {VFile} from 'vfile'
import {describe, expect, it} from 'vitest'
import {idEdits} from '../src/plan/id-edits.ts'
import {planJobs} from '../src/plan/plan-jobs.ts'
import {applyEdits, fixOutline} from '../src/syntax/fix-outline.ts'
import {LineIndex} from '../src/syntax/line-index.ts'
import {maskSource} from '../src/syntax/mask-source.ts'
import {readBlocks} from '../src/syntax/outline-blocks.ts'
import {parseOutline} from '../src/syntax/parse-outline.ts'
import type {ParsedOutline} from '../src/syntax/parsed-outline.ts'
import {scanDirectives} from '../src/syntax/scan-directives.ts'
import {growth} from './support/growth.ts'

const runs = {numRuns: Number(process.env.PROPERTY_RUNS ?? 400), seed: 20261121}

/** Pieces of which real outlines are made, and some that are meant to confuse. */
const fragment = fc.constantFrom(
  '# Head\n',
  '## Sub `code`\n',
  '### ## Twice\n',
  '"<prompt>Explain it.</prompt>"',
  '"<prompt>Explain "this" and that."',
  '<prompt id="a-b" level=3>Bare text</prompt>',
  '“<prompt>Curly.</prompt>”',
  '`<prompt>In ticks.`',
  '"<prompt>Swapped."</prompt>',
  '"<llm_prompt>\nObjective: x.\n\nTask: y.</llm_prompt>"',
  '"<prompt>Code:\n```bash\n# no heading\nls \\"x\\"\n```\n</prompt>"',
  '*   ',
  '    *   ',
  '1. ',
  '**Label:** ',
  'Some text ',
  '`code` ',
  '`<prompt>` ',
  '</prompt>',
  '<prompt>',
  '< prompt>',
  '\n',
  '\n\n',
  '    ',
  '---\n',
  '```\n',
  '~~~~\n',
  '> ',
  '<!-- ',
  ' -->',
  '<details>\n',
  '| a | b |\n|---|---|\n',
  '(aside)\n',
  '\t',
  '[link](rel.md) ',
  '[ref]: other.md\n',
  '"',
  '`',
  '\\',
)
const source = fc.array(fragment, {maxLength: 30}).map((pieces) => pieces.join(''))

function parse(text: string): {outline: ParsedOutline; file: VFile} {
  const file = new VFile({path: 'outline.md', value: text})
  return {outline: parseOutline(file), file}
}

function readings(outline: ParsedOutline): unknown[] {
  return outline.directives.map(({value, container, containerDepth, declaredDepth, label}) => ({
    value,
    container,
    containerDepth,
    declaredDepth,
    label,
  }))
}

describe('reading any text', () => {
  it('never throws, on text or on bytes', () => {
    fc.assert(
      fc.property(fc.oneof(source, fc.string({unit: 'binary', maxLength: 200})), (text) => {
        const {outline, file} = parse(text)
        planJobs(outline, file)
      }),
      runs,
    )
    fc.assert(
      fc.property(fc.uint8Array({maxLength: 300}), (bytes) => {
        const file = new VFile({path: 'outline.md', value: bytes})
        parseOutline(file)
      }),
      runs,
    )
  })

  it('finds directives that lie in order, do not overlap and are the source’s own text', () => {
    fc.assert(
      fc.property(source, (text) => {
        const {outline} = parse(text)
        let last = 0
        for (const [number, scanned] of outline.scanned.entries()) {
          expect(scanned.start).toBeGreaterThanOrEqual(last)
          expect(scanned.end).toBeGreaterThan(scanned.start)
          expect(text.slice(scanned.tag.start, scanned.tag.end)).toMatch(/^<(?:llm_)?prompt/)
          const {position} = outline.directives[number] as ParsedOutline['directives'][number]
          const {line, column, offset} = position.start
          expect(offset).toBe(scanned.start)
          expect(text.split('\n')[line - 1]?.slice(column - 1).length).toBeGreaterThan(0)
          last = scanned.end
        }
        expect(outline.placements).toHaveLength(outline.directives.length)
      }),
      runs,
    )
  })

  it('reads the same with LF, CRLF and CR, with and without a byte order mark', () => {
    fc.assert(
      fc.property(source, (text) => {
        const expected = readings(parse(text).outline)
        expect(readings(parse(text.replaceAll('\n', '\r\n')).outline)).toEqual(expected)
        expect(readings(parse(text.replaceAll('\n', '\r')).outline)).toEqual(expected)
        expect(readings(parse(`\ufeff${text}`).outline)).toEqual(expected)
      }),
      runs,
    )
  })

  it('reads nothing inside a longer fence', () => {
    fc.assert(
      fc.property(source, (text) => {
        const {outline} = parse(`# A\n\n\`\`\`\`\`\`\`\n${text}\n\`\`\`\`\`\`\`\n`)
        expect(outline.directives).toEqual([])
      }),
      runs,
    )
  })

  it('reads regular parts without a Markdown parser as it reads them with one', () => {
    fc.assert(
      fc.property(source, (text) => {
        const index = new LineIndex(text)
        const scan = scanDirectives(index, ['prompt', 'llm_prompt'], 0)
        const masked = maskSource(index, scan)
        const quick = readBlocks(index, masked, 0, scan.cuts, scan.directives)
        const slow = readBlocks(index, masked, 0, scan.cuts, scan.directives, {alwaysParse: true})
        expect(quick.headings.map(({depth, title, start}) => ({depth, title, start}))).toEqual(
          slow.headings.map(({depth, title, start}) => ({depth, title, start})),
        )
        expect(quick.directives).toEqual(slow.directives)
      }),
      runs,
    )
  })
})

describe('fixing', () => {
  it('leaves every reading as it was, and nothing to fix', () => {
    fc.assert(
      fc.property(source, (text) => {
        const {outline} = parse(text)
        if (outline.scanned.some(({nested}) => nested !== undefined)) return
        if (outline.directives.some(({value}) => value === '')) return
        // Taking a stray tag out brings its neighbours together, which may then mean something else.
        // A directive that ends within a fence of its own has no regular form that keeps it.
        if (outline.directives.some(({value}) => ((value.match(/(?:`{3,}|~{3,})/g) ?? []).length & 1) === 1)) return
        const isBeside = (at: number): boolean => /[^\n]/.test(text[at] ?? '')
        if (outline.scan.strayTags.some(({start, end}) => isBeside(start - 1) || isBeside(end))) return
        const fixed = applyEdits(outline.source, fixOutline(outline))
        const again = parse(fixed)
        expect(readings(again.outline)).toEqual(readings(outline))
        expect(fixOutline(again.outline)).toEqual([])
      }),
      runs,
    )
  })
})

describe('writing ids', () => {
  it('leaves every id and every reading as it was, adds nothing else, and finds nothing to write again', () => {
    fc.assert(
      fc.property(source, (text) => {
        const {outline, file} = parse(text)
        const plan = planJobs(outline, file)
        const {edits, unwritable, unread} = idEdits(outline, plan, {parse: {}, plan: {}})
        for (const {start, end, text: added} of edits) {
          expect(end).toBe(start)
          expect(added).toMatch(/^ id="[a-z0-9/-]+"$/)
        }
        const again = parse(applyEdits(outline.source, edits))
        const next = planJobs(again.outline, again.file)
        expect([...next.jobs.keys()]).toEqual([...plan.jobs.keys()])
        expect(readings(again.outline)).toEqual(readings(outline))
        expect(idEdits(again.outline, next, {parse: {}, plan: {}})).toEqual({edits: [], unwritable, unread})
      }),
      runs,
    )
  })
})

describe('growth', () => {
  it.each([
    ['regular directives', '## Head\n"<prompt>Explain it.</prompt>"\n*   "<prompt>Item.</prompt>"\n\n'],
    ['labelled and unclosed ones', '**L:** "<prompt>Explain [it] `x`."\n\n'],
    ['opening tags alone', '<prompt>'],
    ['closing tags alone', '</prompt>\n'],
    ['backticks', '` `` ``` <prompt>x '],
    ['quotes of code around tags', '`<prompt>` '],
    ['comments', '<!-- <prompt> '],
    ['fences', '```\n<prompt>\n'],
    ['nested items', '* "<prompt>x</prompt>"\n  * y\n'],
  ])('is linear for %s', async (_, piece) => {
    const scan = (count: number) => {
      const text = piece.repeat(count)
      return () => {
        const index = new LineIndex(text)
        maskSource(index, scanDirectives(index, ['prompt'], 0))
      }
    }
    expect(await growth(scan, 2_000)).toBeLessThan(3)
  })
})
