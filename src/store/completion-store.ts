import {mkdir, readFile, rename} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {z} from 'zod'
import {type Completion, completionAddress} from '../model/completion.ts'
import type {ContentAddress} from '../model/content-address.ts'
import {completionFacts} from './completion-facts.ts'
import {appendLine, writeWhole} from './write-whole.ts'

/** A line of a request's list: which text came, and how. */
const entrySchema = z.object(completionFacts)

type Entry = z.infer<typeof entrySchema>

/** A stored text that is not what its address says; it was put aside. */
export interface CorruptEntry {
  readonly address: ContentAddress
  readonly movedTo: string
}

/**
 * Paid completions: the raw texts by the address of their content (`completions/AB/ADDRESS.md`), and per request the
 * list of them, oldest first (`requests/AB/ADDRESS.jsonl`). Nothing is ever changed or removed here.
 */
export class CompletionStore {
  readonly corrupt: CorruptEntry[] = []

  constructor(private readonly root: string) {}

  /** Keeps a completion, flushed to disk before it returns; its text first, then the line that points to it. */
  async put(completion: Completion): Promise<void> {
    const {request, text, ...rest} = completion
    const address = completionAddress(text)
    if ((await this.readText(address)) === undefined) await writeWhole(this.textPath(address), text)
    await appendLine(this.listPath(request), JSON.stringify({completion: address, ...rest}))
  }

  /** The completion kept last for a request; undefined when there is none whose text can be trusted. */
  async find(request: ContentAddress): Promise<Completion | undefined> {
    for (const {completion, ...rest} of (await this.list(request)).toReversed()) {
      const text = await this.readText(completion as ContentAddress)
      if (text !== undefined) return {request, text, ...rest} as Completion
    }
    return undefined
  }

  /** What is known of a request's completions, oldest first. A torn line is passed over. */
  async list(request: ContentAddress): Promise<Entry[]> {
    const text = await readIfThere(this.listPath(request))
    return (text ?? '').split('\n').flatMap((line) => parseEntry(line) ?? [])
  }

  /** A raw text by its address; one that does not match its address is put aside, never served and never removed. */
  async readText(address: ContentAddress): Promise<string | undefined> {
    const path = this.textPath(address)
    const text = await readIfThere(path)
    if (text === undefined || completionAddress(text) === address) return text
    const movedTo = join(this.root, 'quarantine', `${address}.md`)
    await mkdir(dirname(movedTo), {recursive: true})
    await rename(path, movedTo)
    this.corrupt.push({address, movedTo})
    return undefined
  }

  private textPath(address: ContentAddress): string {
    return join(this.root, 'completions', address.slice(0, 2), `${address}.md`)
  }

  private listPath(request: ContentAddress): string {
    return join(this.root, 'requests', request.slice(0, 2), `${request}.jsonl`)
  }
}

function parseEntry(line: string): Entry | undefined {
  if (line.trim() === '') return undefined
  try {
    return entrySchema.safeParse(JSON.parse(line)).data
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** Text of a file; undefined when it is not there. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  }
}
