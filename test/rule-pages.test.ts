import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {VFile} from 'vfile'
import {describe, expect, it} from 'vitest'
import {normaliseCompletion} from '../src/book/normalise-completion.ts'
import {checkText} from '../src/check/check-contracts.ts'
import {deriveContracts} from '../src/check/derive-contracts.ts'
import {type RuleId, rulePage, rules} from '../src/model/rules.ts'
import {planJobs} from '../src/plan/plan-jobs.ts'
import {codeFault} from '../src/syntax/code-fault.ts'
import {parseOutline} from '../src/syntax/parse-outline.ts'

/** Rules by a directive whose text the page of the rule shows before and after. */
const ofPages: Readonly<Partial<Record<RuleId, readonly [heading: string, prompt: string, kind?: string]>>> = {
  'link-count': ['Links', 'Share 2-3 links on bread.'],
  'missing-answers': ['Quiz', 'Write a quiz on dough. Include answers.'],
  'missing-code': ['Scaling', 'Show a Python snippet that scales a recipe.'],
  'missing-form': ['Yeast', 'What in a question points to yeast?', 'call-out'],
  'missing-inline-code': ['Steps', 'Use inline code for `knead` and `fold`.'],
  'missing-list': ['Objectives', 'Write a bulleted list of skills.'],
  'missing-table': ['Flours', 'Compare the flours in a table.'],
  'missing-term': ['Terms', 'Define these terms in a glossary: `Proofing`, `Autolyse`.'],
  'placeholder-text': ['Yeast', 'Explain yeast.'],
  'question-count': ['Quiz', 'Write a quiz of two questions on dough.'],
  'several-paragraphs': ['Rest', 'Write one paragraph on the rest.'],
  'truncated-text': ['Yeast', 'Explain yeast.'],
  'unknown-answer': ['Quiz', 'Write a quiz on flour.'],
}

/** Repairs whose examples are of a whole book, or too long to show. */
const shownShort: ReadonlySet<string> = new Set(['too-deep-heading', 'unreadable-completion'])

describe('the page of a contract', () => {
  it.each(Object.entries(ofPages))(
    'shows what %s complains of, and what it does not',
    (ruleId, [heading, prompt, kind]) => {
      const {before, after} = exampleOf(ruleId as RuleId)
      const attribute = kind === undefined ? '' : ` kind="${kind}"`
      const file = new VFile({
        path: 'outline.md',
        value: `# Course\n\n## ${heading}\n\n<prompt${attribute}>${prompt}</prompt>\n`,
      })
      const [job] = planJobs(parseOutline(file, {tagNames: []}), file, {}).jobs.values()
      const contracts = job === undefined ? [] : deriveContracts(job)
      const rulesOf = (text: string): string[] => checkText(text, contracts).map((failure) => failure.ruleId)
      expect(rulesOf(before)).toContain(ruleId)
      expect(rulesOf(after)).not.toContain(ruleId)
    },
  )
})

describe('the page of a repair', () => {
  const repairs = (Object.keys(rules) as RuleId[]).filter((rule) => readPage(rule).includes('build (completions)'))

  it.each(repairs.filter((rule) => !shownShort.has(rule)))('shows what %s makes of a completion', (ruleId) => {
    const {before, after} = exampleOf(ruleId)
    const {text, repairs: made} = normaliseCompletion(before, ['Shape of a Canoe'], {depth: 3, isInItem: false})
    expect(text.trim()).toBe(after.trim())
    expect(made.map((repair) => repair.ruleId)).toContain(ruleId)
  })
})

describe('the page of broken-code', () => {
  it('shows code that cannot be read, and code that can', () => {
    const codeOf = (text: string): string => /^```json\n([^]*?)^```/m.exec(text)?.[1] ?? ''
    const {before, after} = exampleOf('broken-code')
    expect(codeFault('json', codeOf(before))).toBeDefined()
    expect(codeFault('json', codeOf(after))).toBeUndefined()
  })
})

/** The texts that a rule's page shows before and after, with the characters that the page spells out. */
function exampleOf(rule: RuleId): {readonly before: string; readonly after: string} {
  const texts = [...readPage(rule).matchAll(/^(`{4,}|~{4,})markdown\n([^]*?)\n\1$/gm)].map(([, , text = '']) =>
    text
      .replace(/⟦([0-9A-F]+)⟧/g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
      .replace(/␍␊(?:\n|$)/g, '\r\n'),
  )
  const [before = '', after = ''] = texts
  return {before, after}
}

function readPage(rule: RuleId): string {
  return readFileSync(join(import.meta.dirname, '..', rulePage(rule)), 'utf8')
}
