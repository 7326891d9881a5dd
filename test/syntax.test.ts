import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {VFile} from 'vfile'
import {describe, expect, it} from 'vitest'
import {parse, stringify} from 'yaml'
import {checkOutline} from '../src/check/check-outline.ts'
import {messageSeverity} from '../src/model/report.ts'
import {planJobs} from '../src/plan/plan-jobs.ts'
import {parseOutline} from '../src/syntax/parse-outline.ts'
import {casesOf, expectFile, fixturesRoot} from './support/fixtures.ts'

interface Reading {
  readonly directives?: unknown[]
  readonly messages: unknown[]
}

/** How a source is read, in the form of the cases' `expected.yaml`. */
function readOutline(source: Uint8Array | string): Reading {
  const file = new VFile({path: 'input.md', value: source})
  const outline = parseOutline(file)
  const plan = planJobs(outline, file)
  checkOutline(outline, file)
  const directives = [...plan.jobs.values()].map(({id, directive}) => ({
    id,
    line: directive.position.start.line,
    column: directive.position.start.column,
    container: directive.container,
    containerDepth: directive.containerDepth,
    ...(directive.declaredDepth === undefined ? {} : {declaredDepth: directive.declaredDepth}),
    value: directive.value,
  }))
  const messages = file.messages
    .map((message) => ({
      line: message.line,
      column: message.column,
      ruleId: message.ruleId,
      severity: messageSeverity(message),
    }))
    .sort(
      (a, b) =>
        (a.line ?? 0) - (b.line ?? 0) ||
        (a.column ?? 0) - (b.column ?? 0) ||
        String(a.ruleId).localeCompare(String(b.ruleId)),
    )
  return {directives, messages}
}

describe('outlines', () => {
  for (const name of casesOf('syntax')) {
    it(name, () => {
      const folder = join(fixturesRoot, 'syntax', name)
      const path = join(folder, 'expected.yaml')
      const actual = readOutline(readFileSync(join(folder, 'input.md')))
      if (process.env.UPDATE === '1') expectFile(path, stringify(actual))
      const expected = parse(readFileSync(path, 'utf8')) as Reading
      expect(expected.directives === undefined ? {messages: actual.messages} : actual).toEqual(expected)
    })
  }
})
