import {readdir, readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {normaliseLineEnds} from '../model/content-address.ts'
import type {PromptTemplate} from '../model/prompt-template.ts'
import {shippedPromptsFolder} from './load-prompts.ts'

/**
 * The outline template of that name: the project's `prompts/companions/NAME.md`, else the one that ships with the program.
 * Gives the names that there are where there is none of that name.
 */
export async function loadCompanionTemplate(
  projectRoot: string,
  name: string,
): Promise<PromptTemplate | {readonly names: readonly string[]}> {
  const folders = [join(projectRoot, 'prompts', 'companions'), join(shippedPromptsFolder, 'companions')]
  for (const folder of folders) {
    const path = join(folder, `${name}.md`)
    const text = await readIfThere(path)
    if (text === undefined) continue
    const body = normaliseLineEnds(text.replace(/^\ufeff/, ''))
    return {name, path, body, bodyLine: 1, settings: {}, isShipped: folder === folders[1]}
  }
  const names = await Promise.all(folders.map(namesIn))
  return {names: [...new Set(names.flat())].sort()}
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).flatMap((name) => (name.endsWith('.md') ? [name.slice(0, -3)] : []))
  } catch (error) {
    if (isAbsent(error)) return []
    throw error
  }
}

function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')
}
