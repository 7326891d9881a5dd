import {rm} from 'node:fs/promises'
import {join} from 'node:path'
import type {ContentAddress} from '../model/content-address.ts'
import {readIfThere} from './completion-store.ts'
import {writeWhole} from './write-whole.ts'

/**
 * Notes that a request is about to be asked again although the store has completions for it. One that is still there
 * tells that the run was killed: what the store has beyond the noted number was paid for and never written.
 */
export class RegenerateNotes {
  private readonly folder: string

  /** `projectRoot` is the folder that `.msk-course/` is in. */
  constructor(projectRoot: string) {
    this.folder = join(projectRoot, '.msk-course', 'regenerate')
  }

  /** How many completions the store had when the request was noted; undefined where it was not. */
  async read(request: ContentAddress): Promise<number | undefined> {
    const text = (await readIfThere(this.pathOf(request)))?.trim()
    return text === undefined || !/^\d+$/.test(text) ? undefined : Number(text)
  }

  /** Notes a request, flushed to disk before it returns. */
  async write(request: ContentAddress, stored: number): Promise<void> {
    await writeWhole(this.pathOf(request), `${stored}\n`)
  }

  /** Forgets a request whose text is written. */
  async remove(request: ContentAddress): Promise<void> {
    await rm(this.pathOf(request), {force: true})
  }

  private pathOf(request: ContentAddress): string {
    return join(this.folder, `${request}.txt`)
  }
}
