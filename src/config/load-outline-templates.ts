import {existsSync} from 'node:fs'
import {readdir, readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {VFile} from 'vfile'
import {nearestNames} from '../model/nearest.ts'
import type {PromptTemplate} from '../model/prompt-template.ts'
import {report} from '../model/report.ts'
import {parseTemplate, shippedPromptsFolder} from './load-prompts.ts'

/** Templates that word the directives of an outline, by name. */
export interface LoadedOutlineTemplates {
  readonly templates: ReadonlyMap<string, PromptTemplate>
  /** One file per template of the project, with its messages. */
  readonly files: readonly VFile[]
}

/** Reads templates by name: those of the project's `prompts/outline/`, and the shipped one where it has none. */
export async function loadOutlineTemplates(
  projectRoot: string,
  names: readonly string[],
): Promise<LoadedOutlineTemplates> {
  const templates = new Map<string, PromptTemplate>()
  const files: VFile[] = []
  const own = join(projectRoot, 'prompts', 'outline')
  for (const name of names) {
    const path = join(own, `${name}.md`)
    const isShipped = !existsSync(path)
    const file = new VFile({path: isShipped ? join(shippedPromptsFolder, 'outline', `${name}.md`) : path})
    file.value = await readFile(file.path, 'utf8')
    templates.set(name, parseTemplate(name, file, isShipped))
    if (!isShipped) files.push(file)
  }
  const present = existsSync(own) ? (await readdir(own)).filter((name) => name.endsWith('.md')).sort() : []
  for (const fileName of present) {
    const name = fileName.slice(0, -3)
    if (names.includes(name) || name === 'README') continue
    const file = new VFile({path: join(own, fileName)})
    const [nearest] = nearestNames(name, names, 1)
    const hint = nearest === undefined ? `one of ${names.join(', ')}` : `\`${nearest}\``
    report(file, 'invalid-template', `Unexpected template \`${name}\`, expected ${hint}; it is not used`, {
      place: {line: 1, column: 1},
      actual: name,
      severity: 'warning',
    })
    files.push(file)
  }
  return {templates, files}
}
