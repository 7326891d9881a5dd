import {createHash} from 'node:crypto'
import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {basename, join} from 'node:path'
import {promptAnsweredBy} from './known-answer.ts'

/** What a project has of paid answers, read from its files as they lie on the disk. */
export interface StoredAnswers {
  /** `p07 v1` of every right answer whose text is whole and to which a line of a request's list points, or that a log holds. */
  readonly kept: ReadonlySet<string>
  /** What must never be there: a file that is not what its name says, or a text that is no right answer. */
  readonly wrong: readonly string[]
}

/** Reads the store and the logs below a project's root. */
export function readStoredAnswers(root: string): StoredAnswers {
  const store = join(root, '.msk-course', 'store')
  const pointed = new Set<string>()
  for (const path of filesBelow(join(store, 'requests'), '.jsonl')) {
    for (const line of readFileSync(path, 'utf8').split('\n')) {
      const address = completionOf(line)
      if (address !== undefined) pointed.add(address)
    }
  }
  const kept = new Set<string>()
  const wrong: string[] = []
  for (const path of filesBelow(join(store, 'completions'), '.md')) {
    const content = readFileSync(path)
    const address = createHash('sha256').update(content).digest('hex')
    if (basename(path, '.md') !== address) wrong.push(`${path} is not what its name says`)
    const prompt = promptAnsweredBy(content.toString('utf8'))
    if (prompt === undefined) wrong.push(`${path} holds no right answer: ${content.toString('utf8').slice(0, 80)}`)
    else if (pointed.has(address)) kept.add(`${prompt.id} ${prompt.edition}`)
  }
  for (const path of filesBelow(join(root, '.msk-course', 'runs'), '.jsonl')) {
    for (const line of readFileSync(path, 'utf8').split('\n')) {
      const text = loggedText(line)
      if (text === undefined) continue
      const prompt = promptAnsweredBy(text)
      if (prompt === undefined) wrong.push(`${path} holds no right answer: ${text.slice(0, 80)}`)
      else kept.add(`${prompt.id} ${prompt.edition}`)
    }
  }
  return {kept, wrong}
}

/** The completion that a line of a log holds; undefined for other lines, and for one that a kill cut off. */
function loggedText(line: string): string | undefined {
  const {type, text} = parsed(line)
  return type === 'text' ? text : undefined
}

/** The completion that a line of a request's list points to; undefined for a line that a kill cut off. */
function completionOf(line: string): string | undefined {
  // The sum of the line stands before its JSON.
  return parsed(line.replace(/^[0-9a-f]{16}\t/, '')).completion
}

function parsed(line: string): {readonly completion?: string; readonly type?: string; readonly text?: string} {
  try {
    return JSON.parse(line) as ReturnType<typeof parsed>
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}

/** Files below a folder whose names end so; none when the folder is not there. */
export function filesBelow(folder: string, ending: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending) && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
