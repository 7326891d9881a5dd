import type {Job} from '../model/job.ts'
import {type CoverageRow, checkCoverage} from './check-coverage.ts'
import type {PlannedOutline} from './plan-outline.ts'
import type {ReadTopics} from './read-topics.ts'

/** Where each line of a topic list went in an outline as it stands; `frontMatter` is its text before the body. */
export function outlineCoverage(
  {written}: Pick<ReadTopics, 'written'>,
  {units}: Pick<PlannedOutline, 'units'>,
  jobs: readonly Pick<Job, 'id' | 'kind' | 'directive'>[],
  frontMatter: string,
): CoverageRow[] {
  const owners = new Map<number, string>()
  for (const unit of units) if (unit.type === 'directive') for (const line of unit.lines) owners.set(line, unit.id)
  const lines = written.map(({number, line, text}) => {
    const directive = owners.get(line)
    return {line: number, text, ...(directive === undefined ? {} : {directive})}
  })
  const directives = jobs.map(({id, kind, directive}) => ({
    id,
    line: directive.position.start.line,
    prompt: directive.value,
    isBody: kind === 'section',
  }))
  return checkCoverage(lines, directives, frontMatter)
}
