import {join} from 'node:path'
import {VFile} from 'vfile'
import type {Config} from '../config/config-schema.ts'
import {loadCompanionTemplate} from '../config/load-companion-template.ts'
import {type ContentAddress, normaliseLineEnds, textAddress} from '../model/content-address.ts'
import {nearestNames} from '../model/nearest.ts'
import type {PromptTemplate} from '../model/prompt-template.ts'
import {report} from '../model/report.ts'
import {companionCourse} from '../plan/companion-course.ts'
import {planJobs} from '../plan/plan-jobs.ts'
import {readIfThere} from '../store/completion-store.ts'
import {type Manifest, readManifest} from '../store/manifest.ts'
import {parseOutline} from '../syntax/parse-outline.ts'
import type {Companion} from './companion-targets.ts'
import {UsageError} from './exit-codes.ts'
import {type LoadedProject, type ReadOutline, readOptions} from './load-course.ts'
import {type BookTarget, displayPath, readable} from './project.ts'

/** What a companion is rendered with. */
export interface CompanionContext {
  readonly config: Config
  readonly shared: Pick<LoadedProject, 'engine'>
  readonly cwd: string
}

/**
 * Renders a companion's outline in memory and reads it. A template that cannot be rendered has messages, and its outline
 * is empty. One that is not there is a usage error.
 */
export async function readCompanion(
  target: BookTarget,
  companion: Companion,
  course: ReadOutline,
  {config, shared, cwd}: CompanionContext,
): Promise<{outline: ReadOutline; templateFile: VFile | undefined}> {
  const {template: name} = companion
  const folder = join(target.root, 'prompts', 'companions')
  const template = await readable(folder, () => loadCompanionTemplate(target.root, name))
  if ('names' in template) {
    const near = nearestNames(name, template.names, 1)
    const expected = near.length > 0 ? near : template.names
    throw new UsageError(
      'invalid-config',
      `Unexpected template \`${name}\` for the companion \`${companion.name}\`, expected the file \`${displayPath(join(folder, `${name}.md`), cwd)}\`, or ${expected.map((one) => `\`${one}\``).join(', ')}`,
    )
  }
  const {parse, plan: planOptions} = readOptions(config)
  // What the course reads plays no role for its companions' outlines.
  const plan = planJobs(course.outline, new VFile({path: course.file.path}), planOptions)
  const {title = '', words = ''} = companion
  const values = {
    ...companionCourse(companion.course.name, course.outline, plan),
    companion: {name: companion.name, title, words},
  }
  const templateFile = new VFile({path: displayPath(template.path, cwd), value: template.body})
  const text = render(template, values, shared, templateFile)
  const file = new VFile({path: displayPath(target.outlinePath, cwd), value: text})
  const outline = parseOutline(file, {tagNames: parse.tagNames ?? []})
  if ((await outlineStanding(target, text, await readManifest(target.outputFolder))) === 'edited') {
    report(
      file,
      'generated-outline',
      `Unexpected edits in \`${file.path}\`, which is rendered from \`${templateFile.path}\` and is left as it is; what counts is the template: make changes in \`${displayPath(join(folder, `${name}.md`), cwd)}\`, then remove the file`,
      {place: {line: 1, column: 1}},
    )
  }
  return {
    outline: {target, file, outline, rendered: text},
    templateFile: templateFile.messages.length > 0 ? templateFile : undefined,
  }
}

function render(
  template: PromptTemplate,
  values: Readonly<Record<string, unknown>>,
  {engine}: CompanionContext['shared'],
  file: VFile,
): string {
  try {
    return `${engine.render(template, values)}\n`
  } catch (error) {
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n', 1)
    const line = Number(/line:(\d+)/.exec(reason)?.[1] ?? 1)
    report(file, 'invalid-template', `Cannot render the template: ${reason}`, {place: {line, column: 1}})
    return ''
  }
}

/** How the file with a companion's outline stands to what its template gives now. */
export type OutlineStanding = 'same' | 'missing' | 'outdated' | 'edited'

/** Tells an outline that the program wrote, which may be written again, from one that somebody changed. */
export async function outlineStanding(
  {outlinePath}: BookTarget,
  rendered: string,
  manifest: Manifest | undefined,
): Promise<OutlineStanding> {
  const present = await readIfThere(outlinePath)
  if (present === undefined) return 'missing'
  const text = normaliseLineEnds(present)
  if (text === rendered) return 'same'
  return renderedAddress(text) === manifest?.rendered ? 'outdated' : 'edited'
}

/** Address by which the program knows an outline that it wrote. */
export function renderedAddress(text: string): ContentAddress {
  return textAddress(text)
}
