import {join} from 'node:path'
import {VFile} from 'vfile'
import {checkOutline} from '../../src/check/check-outline.ts'
import {loadOutlineTemplates} from '../../src/config/load-outline-templates.ts'
import {messageSeverity} from '../../src/model/report.ts'
import {planJobs} from '../../src/plan/plan-jobs.ts'
import {TemplateEngine} from '../../src/plan/template-engine.ts'
import {parseOutline} from '../../src/syntax/parse-outline.ts'
import type {CoverageRow} from '../../src/topics/check-coverage.ts'
import {outlineCoverage} from '../../src/topics/outline-coverage.ts'
import {type DirectiveUnit, outlineTemplates} from '../../src/topics/outline-unit.ts'
import {type PlannedOutline, type PlanOutlineOptions, planOutline} from '../../src/topics/plan-outline.ts'
import {type ReadTopics, readTopics} from '../../src/topics/read-topics.ts'
import {writeOutline} from '../../src/topics/write-outline.ts'

const {templates} = await loadOutlineTemplates(join(import.meta.dirname, 'none'), outlineTemplates)
const engine = new TemplateEngine()

export interface TopicOutline {
  readonly list: ReadTopics
  readonly plan: PlannedOutline
  readonly units: readonly DirectiveUnit[]
  readonly text: string
  readonly messages: VFile['messages']
}

/** The outline that the shipped templates give for a topic list. */
export function topicOutline(
  source: string | Uint8Array,
  options: PlanOutlineOptions = {numbering: 'roman'},
): TopicOutline {
  const file = new VFile({path: 'topics.md', value: source})
  const list = readTopics(file)
  const plan = planOutline(list, options)
  const text = writeOutline(plan, {
    prompt: ({template, values}) => {
      const own = templates.get(template)
      if (own === undefined) throw new Error(`Cannot find the template \`${template}\``)
      return engine.render(own, {...values})
    },
  })
  const units = plan.units.filter((unit): unit is DirectiveUnit => unit.type === 'directive')
  return {list, plan, units, text, messages: file.messages}
}

/** How an outline is read, with the messages that `check` has about it. */
export function readOutline(text: string) {
  const file = new VFile({path: 'outline.md', value: text})
  const outline = parseOutline(file)
  const {jobs} = planJobs(outline, file)
  checkOutline(outline, file)
  const faults = file.messages.filter((message) => messageSeverity(message) !== 'info')
  return {outline, jobs: [...jobs.values()], faults: faults.map(String)}
}

/** Where each line of the list went, by the words of the prompts. */
export function coverageOf({list, plan, text}: TopicOutline): CoverageRow[] {
  const {outline, jobs} = readOutline(text)
  return outlineCoverage(list, plan, jobs, text.slice(0, outline.bodyStart))
}
