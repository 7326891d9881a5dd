import {VFile} from 'vfile'
import {describe, expect, it} from 'vitest'
import {sampleChapter} from '../src/cli/sample-chapter.ts'
import type {JobId, Plan} from '../src/model/job.ts'
import {pickSample} from '../src/plan/pick-sample.ts'
import {planJobs} from '../src/plan/plan-jobs.ts'
import {parseOutline} from '../src/syntax/parse-outline.ts'
import type {ParsedOutline} from '../src/syntax/parsed-outline.ts'

function read(text: string): {outline: ParsedOutline; plan: Plan} {
  const file = new VFile({path: 'a.md', value: text})
  const outline = parseOutline(file)
  return {outline, plan: planJobs(outline, file)}
}

function directive(title: string, attributes = ''): string {
  return `## ${title}\n<prompt${attributes}>Write about ${title}.</prompt>\n\n`
}

function sample(
  text: string,
  stands: readonly string[] = [],
): {ids: string[]; lacking: object; leftOut: readonly string[]} {
  const {outline, plan} = read(text)
  const picked = pickSample(plan, sampleChapter({outline, plan})?.ids ?? [], (id) => stands.includes(id))
  return {ids: [...picked.ids], lacking: Object.fromEntries(picked.lacking), leftOut: picked.leftOut}
}

describe('pickSample', () => {
  it('takes of each kind that the chapter lacks the directive that reads least beyond the sample', () => {
    const text = `# A\n\n${directive('One')}# B\n\n${directive('Two')}${directive('Three')}${directive('Quiz')}# C\n\n${directive('Four')}${directive('Quiz')}`
    expect(sample(text)).toEqual({ids: ['a/one', 'c/four', 'c/quiz'], lacking: {}, leftOut: []})
    expect(sample(text, ['b/two', 'b/three']).ids).toEqual(['a/one', 'b/quiz'])
  })

  it('takes what those read that are taken, in turn', () => {
    const text = `# A\n\n${directive('One')}${directive('Summary', ' depends="b/two"')}# B\n\n${directive('Two', ' depends="b/three"')}${directive('Three')}${directive('Four')}`
    expect(sample(text).ids).toEqual(['a/one', 'a/summary', 'b/two', 'b/three'])
  })

  it('says which closing parts read more than the sample has, and leaves out what cannot be made', () => {
    const many = Array.from({length: 7}, (_, at) => directive(`Part ${at}`)).join('')
    const text = `# A\n\n${directive('One')}# B\n\n${many}${directive('Summary')}${directive('Quiz', ' depends="b/*"')}`
    const {ids, lacking, leftOut} = sample(text)
    expect(ids).toEqual(['a/one', 'b/summary'])
    expect(lacking).toEqual({'b/summary': Array.from({length: 7}, (_, at) => `b/part-${at}`)})
    expect(leftOut).toEqual(['b/quiz'])
  })
})

describe('sampleChapter', () => {
  it('is the first chapter that has directives', () => {
    const {outline, plan} = read(`# A\n\nWords.\n\n# B\n\n${directive('One')}`)
    expect(sampleChapter({outline, plan})).toEqual({title: 'B', ids: ['b/one']})
  })

  it('is a section below the one heading that stands above the whole book', () => {
    const text = `# Book\n\n## A\n<prompt>One.</prompt>\n\n### B\n<prompt>Two.</prompt>\n\n## C\n<prompt>Three.</prompt>\n`
    const {outline, plan} = read(text)
    expect(sampleChapter({outline, plan})).toEqual({title: 'A', ids: ['book/a', 'book/a/b']})
    expect(sampleChapter({outline, plan}, 'book/c' as JobId)?.title).toBe('C')
  })
})
