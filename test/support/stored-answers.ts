import {createHash} from 'node:crypto'
import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {basename, join} from 'node:path'
import {promptAnsweredBy} from './known-answer.ts'

/** What a project's store holds, read from its files as they lie on the disk. */
export interface StoredAnswers {
  /** `p07 v1` of every right answer whose text is whole and to which a line of a request's list points. */
  readonly kept: ReadonlySet<string>
  /** What must never be there: a file that is not what its name says, or a text that is no right answer. */
  readonly wrong: readonly string[]
}

/** Reads the store below a project's root. */
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
  return {kept, wrong}
}

/** The completion that a line of a request's list points to; undefined for a line that a kill cut off. */
function completionOf(line: string): string | undefined {
  try {
    // The sum of the line stands before its JSON.
    return (JSON.parse(line.replace(/^[0-9a-f]{16}\t/, '')) as {completion?: string}).completion
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
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
