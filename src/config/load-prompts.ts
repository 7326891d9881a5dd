import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {VFile} from 'vfile'
import {parseDocument} from 'yaml'
import {z} from 'zod'
import {normaliseLineEnds} from '../model/content-address.ts'
import {nearestNames} from '../model/nearest.ts'
import type {PromptSet, PromptTemplate, TemplateSettings} from '../model/prompt-template.ts'
import {report} from '../model/report.ts'

const settingsSchema = z
  .strictObject({
    words: z.string().regex(/^\s*\d{1,6}\s*(?:(?:-|–|\.\.)\s*\d{1,6}\s*)?$/, 'expected bounds such as `300-400`'),
    temperature: z.number().min(0).max(2),
    topP: z.number().gt(0).max(1),
    maxTokens: z.int().min(1).max(1_000_000),
    description: z.string(),
  })
  .partial()

/** Folder of the templates that ship with the program. */
export const shippedPromptsFolder = join(import.meta.dirname, '..', '..', 'prompts')

export interface LoadedPrompts {
  readonly prompts: PromptSet
  /** One file per template that has messages. */
  readonly files: readonly VFile[]
}

/**
 * Reads the templates of a course: those of its `prompts/` folder, and the shipped one for each name that it has none
 * for. `style` is a text or the path of a file below the project; default `prompts/style.md`. The files are read at once:
 * a promise of a small file takes longer than the file.
 */
export async function loadPrompts(projectRoot: string, style: string | undefined): Promise<LoadedPrompts> {
  const templates = new Map<string, PromptTemplate>()
  const files: VFile[] = []
  let styleText = ''
  let isStyleShipped = true
  for (const folder of [shippedPromptsFolder, join(projectRoot, 'prompts')]) {
    for (const name of templateNames(folder)) {
      const path = join(folder, `${name}.md`)
      const file = new VFile({path, value: readFileSync(path, 'utf8')})
      const template = parseTemplate(name, file, folder === shippedPromptsFolder)
      if (file.messages.length > 0) files.push(file)
      if (name === 'style') {
        styleText = template.body.trim()
        isStyleShipped = template.isShipped
      } else templates.set(name, template)
    }
  }
  if (style !== undefined) styleText = /\.md$/i.test(style) ? await loadStyle(join(projectRoot, style)) : style.trim()
  return {prompts: {templates, style: styleText, isStyleShipped: isStyleShipped && style === undefined}, files}
}

/** Reads a template from the text of `file`; front matter that cannot be read becomes messages. */
export function parseTemplate(name: string, file: VFile, isShipped = false): PromptTemplate {
  const text = normaliseLineEnds(String(file.value).replace(/^\ufeff/, ''))
  const match = /^---[ \t]*\n([^]*?\n)?---[ \t]*(?:\n|$)/.exec(text)
  const body = match === null ? text : text.slice(match[0].length)
  const bodyLine = match === null ? 1 : match[0].split('\n').length
  return {
    name,
    path: file.path,
    body,
    bodyLine,
    settings: match === null ? {} : readSettings(match[1] ?? '', file),
    isShipped,
  }
}

function readSettings(source: string, file: VFile): TemplateSettings {
  const document = parseDocument(source, {uniqueKeys: true, prettyErrors: false})
  const [problem] = document.errors
  if (problem !== undefined) {
    report(file, 'invalid-template', `Cannot read the front matter: ${problem.message}`, {place: {line: 2, column: 1}})
    return {}
  }
  let values: unknown
  try {
    values = document.toJS({maxAliasCount: 0}) ?? {}
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    report(file, 'invalid-template', `Cannot read the front matter: ${reason}`, {place: {line: 2, column: 1}})
    return {}
  }
  const parsed = settingsSchema.safeParse(values)
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const key = issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : issue.path.join('.')
      const nearest = nearestNames(key, Object.keys(settingsSchema.shape), 1)
      const expected =
        nearest[0] === undefined ? `one of ${Object.keys(settingsSchema.shape).join(', ')}` : `\`${nearest[0]}\``
      const reason =
        issue.code === 'unrecognized_keys'
          ? `Unexpected key \`${key}\`, expected ${expected}`
          : `Unexpected \`${key}\`: ${issue.message}`
      report(file, 'invalid-template', reason, {place: {line: lineOfKey(source, key), column: 1}, actual: key})
    }
    return {}
  }
  const {words, temperature, topP, maxTokens} = parsed.data
  const bounds = words?.match(/\d+/g)?.map(Number) ?? []
  return {
    ...(bounds.length === 0
      ? {}
      : {
          words:
            bounds.length === 1
              ? {min: 0, max: bounds[0] as number}
              : {min: bounds[0] as number, max: bounds[1] as number},
        }),
    ...(temperature === undefined ? {} : {temperature}),
    ...(topP === undefined ? {} : {topP}),
    ...(maxTokens === undefined ? {} : {maxTokens}),
  }
}

function lineOfKey(source: string, key: string): number {
  const at = source.split('\n').findIndex((line) => line.trimStart().startsWith(key.split(/[,.]/)[0] ?? key))
  return Math.max(at, 0) + 2
}

function templateNames(folder: string): string[] {
  try {
    const entries = readdirSync(folder, {withFileTypes: true})
    return entries
      .filter((entry) => entry.isFile() && entry.name.endsWith('.md') && entry.name !== 'README.md')
      .map((entry) => entry.name.slice(0, -3))
      .sort()
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return []
    throw error
  }
}

/** The style that a file holds, without its front matter. */
export async function loadStyle(path: string): Promise<string> {
  const file = new VFile({path, value: readFileSync(path, 'utf8')})
  return parseTemplate('style', file).body.trim()
}
