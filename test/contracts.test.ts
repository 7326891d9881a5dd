import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {VFile} from 'vfile'
import {describe, expect, it} from 'vitest'
import {checkText} from '../src/check/check-contracts.ts'
import type {ContractFailure, TextFacts} from '../src/check/contract.ts'
import {deriveContracts} from '../src/check/derive-contracts.ts'
import {findNearCopies} from '../src/check/near-copies.ts'
import {defaultRepairRules, isWorthRepair, leastFailing} from '../src/check/rank-failures.ts'
import {repairRequest} from '../src/check/repair-request.ts'
import type {Job} from '../src/model/job.ts'
import type {RuleId, Severity} from '../src/model/rules.ts'
import {planJobs} from '../src/plan/plan-jobs.ts'
import {parseOutline} from '../src/syntax/parse-outline.ts'
import {casesOf, expectFile, fixturesRoot} from './support/fixtures.ts'
import {growth} from './support/growth.ts'
import {requestFor, seededRandom} from './support/schedule-run.ts'

const repairRules: ReadonlySet<RuleId> = new Set(defaultRepairRules)

describe('contracts of a text', () => {
  for (const name of casesOf('contracts')) {
    it(name.replaceAll('-', ' '), () => {
      const folder = join(fixturesRoot, 'contracts', name)
      const {job, language} = readJob(readFileSync(join(folder, 'outline.md'), 'utf8'))
      const factsPath = join(folder, 'facts.json')
      const facts = existsSync(factsPath) ? (JSON.parse(readFileSync(factsPath, 'utf8')) as TextFacts) : {}
      const contracts = deriveContracts(job, language === undefined ? {} : {language})
      const failures = checkText(readFileSync(join(folder, 'text.md'), 'utf8'), contracts, facts)
      const derived = contracts.map(({ruleId, severity, expected}) => `${severity} ${ruleId}: expected ${expected}`)
      const failed = failures.map(({ruleId, message, count}) => `${ruleId} (${count}): ${message}`)
      expectFile(join(folder, 'expected.txt'), `${[...derived, '', ...failed].join('\n').trimEnd()}\n`)
    })
  }

  it('have the severity that the config sets, and none where it turns them off', () => {
    const {job} = readJob('# A\n\n<prompt>Write a bulleted list.</prompt>\n')
    const rules = {'missing-list': 'error', 'truncated-text': 'off'} as const
    const contracts = deriveContracts(job, {rules})
    expect(contracts.map(({ruleId, severity}) => `${ruleId} ${severity}`)).toEqual([
      'placeholder-text error',
      'missing-list error',
    ])
    expect(checkText('None.', contracts)).toMatchObject([{ruleId: 'missing-list', severity: 'error'}])
  })

  it('take the length of the kind where neither attribute nor prompt names one', () => {
    const {job} = readJob('# A\n\n<prompt>Explain bread.</prompt>\n')
    const contracts = deriveContracts(job, {wordsOf: () => ({min: 10, max: 20})})
    expect(checkText('Bread.', contracts)).toMatchObject([{ruleId: 'text-length'}])
  })

  it('are held or not, and never throw, for any text', () => {
    const {job} = readJob(
      '---\nlanguage: en\n---\n# Quiz\n\n<prompt words="5-9">Write one paragraph and 3-4 questions with answers, a bulleted list, a table, 2-3 links, a glossary: `a`, `b c`.</prompt>\n',
    )
    const random = seededRandom(20)
    const pieces = [
      '- a) x\n',
      '1. **B**: y\n',
      '## Answers\n\n',
      '> q?\n',
      '| a |\n| - |\n',
      '```\n',
      '**',
      '\n\n',
      '…',
      'ж日',
      '<b>',
    ]
    const contracts = deriveContracts(job, {language: 'en'})
    for (let round = 0; round < 200; round++) {
      const text = Array.from({length: 12}, () => pieces[Math.floor(random() * pieces.length)]).join('')
      expect(Array.isArray(checkText(text, contracts))).toBe(true)
    }
  })

  it.each<[string, (size: number) => string]>([
    ['a key of answers that goes on with words', (size) => `${list(size, (at) => `${at % 90} a`, ', ')} and so on`],
    ['inline code', (size) => list(size, (at) => `\`c${at}\``, ' [x] ')],
  ])('are checked in linear time: %s', async (_, make) => {
    const {job} = readJob('# Quiz\n\n<prompt>Write 3-4 questions with answers.</prompt>\n')
    const contracts = deriveContracts(job)
    const checking = (size: number) => {
      const text = `1. What?\n   - a) x\n   - b) y\n\nAnswers: ${make(size)}`
      return () => checkText(text, contracts)
    }
    expect(await growth(checking, 200)).toBeLessThan(3)
  })
})

function list(size: number, make: (at: number) => string, separator: string): string {
  return Array.from({length: size}, (_, at) => make(at)).join(separator)
}

describe('near copies', () => {
  const words = (seed: number, count: number): string => {
    const random = seededRandom(seed)
    return Array.from({length: count}, () => `w${Math.floor(random() * 5000)}`).join(' ')
  }

  it('are found where little was changed, and name the text that came first', () => {
    const text = words(1, 300)
    const changed = text.replace(/w\d+/, 'other').replace(/w\d+ (?=w\d+$)/, '')
    const copies = findNearCopies([
      ['a', text],
      ['b', words(2, 300)],
      ['c', `An opening of its own. ${changed}`],
    ])
    expect(copies).toHaveLength(1)
    expect(copies[0]).toMatchObject({id: 'c', copyOf: 'a'})
    expect(copies[0]?.likeness).toBeGreaterThan(0.9)
  })

  it('are not texts that share a paragraph, nor short ones', () => {
    const shared = words(3, 80)
    expect(
      findNearCopies([
        ['a', `${shared} ${words(4, 200)}`],
        ['b', `${shared} ${words(5, 200)}`],
        ['c', 'The same few words.'],
        ['d', 'The same few words.'],
      ]),
    ).toEqual([])
  })

  it('are looked for in linear time, also where all texts are one', async () => {
    const same = words(9, 120)
    const looking = (count: number) => {
      const texts = Array.from({length: count}, (_, at): [string, string] => [
        `t${at}`,
        at % 2 === 0 ? same : words(at, 120),
      ])
      return () => findNearCopies(texts)
    }
    expect(await growth(looking, 500)).toBeLessThan(3)
  })
})

describe('a repair by the model', () => {
  it('is worth it for errors and clear misses, never for style or what is only info', () => {
    expect(isWorthRepair([failure('placeholder-text', 'error')], repairRules)).toBe(true)
    expect(isWorthRepair([failure('missing-term', 'warning')], repairRules)).toBe(true)
    expect(isWorthRepair([failure('missing-term', 'info')], repairRules)).toBe(false)
    expect(isWorthRepair([failure('text-length', 'warning')], repairRules)).toBe(false)
    expect(isWorthRepair([], repairRules)).toBe(false)
  })

  it('is taken when it misses less, errors first, and the first of equals stays', () => {
    const error = failure('truncated-text', 'error')
    const term = (count: number): ContractFailure => failure('missing-term', 'warning', count)
    const style = failure('text-length', 'warning', 3)
    expect(leastFailing([[error], [term(5)]], repairRules)).toBe(1)
    expect(leastFailing([[term(1)], [term(2)]], repairRules)).toBe(0)
    expect(leastFailing([[term(2)], [term(1), style]], repairRules)).toBe(1)
    expect(leastFailing([[term(1)], [term(1)]], repairRules)).toBe(0)
    expect(leastFailing([[style], []], repairRules)).toBe(1)
  })

  it('asks with the planned request, the text, and what it misses', () => {
    const request = requestFor('Explain bread.')
    const failures = [failure('missing-term', 'warning'), failure('chatter', 'info')]
    const {messages, ...rest} = repairRequest(request, [{text: 'Bread is', failures}])
    expect({...request, messages: undefined}).toMatchObject(rest)
    expect(messages.map(({role}) => role)).toEqual(['user', 'assistant', 'user'])
    expect(messages[1]?.content).toBe('Bread is')
    expect(messages[2]?.content).toContain('- missing-term is broken')
    expect(messages[2]?.content).not.toContain('chatter')
  })
})

function failure(ruleId: RuleId, severity: Severity, count = 1): ContractFailure {
  return {ruleId, severity, message: `${ruleId} is broken`, count}
}

function readJob(source: string): {job: Job; language: string | undefined} {
  const file = new VFile({path: 'outline.md', value: source})
  const outline = parseOutline(file, {tagNames: []})
  const [job] = planJobs(outline, file, {}).jobs.values()
  if (job === undefined) throw new Error('Cannot find a directive in the outline of the case')
  return {job, language: outline.metadata.language}
}
