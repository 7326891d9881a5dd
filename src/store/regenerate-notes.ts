import {rm} from 'node:fs/promises'
import {join} from 'node:path'
import type {ContentAddress} from '../model/content-address.ts'
import {readIfThere} from './completion-store.ts'
import {writeWhole} from './write-whole.ts'

/** That a request was about to be asked again. */
export interface RegenerateNote {
  /** Completions that the store had for it before. */
  readonly stored: number
  /** Which texts the run was to make again; undefined for a note of an older version. */
  readonly run: ContentAddress | undefined
}

/**
 * Notes that a request is about to be asked again although the store has completions for it. They go when the run ends,
 * so that one that is still there tells that it was cut off: the same run takes what the store has beyond the noted
 * number, for that was paid for.
 */
export class RegenerateNotes {
  private readonly folder: string

  /** `projectRoot` is the folder that `.msk-course/` is in. */
  constructor(projectRoot: string) {
    this.folder = join(projectRoot, '.msk-course', 'regenerate')
  }

  /** The note of a request; undefined where there is none, or none that can be read. */
  async read(request: ContentAddress): Promise<RegenerateNote | undefined> {
    const [, stored, run] = /^(\d+)(?: ([0-9a-f]+))?\s*$/.exec((await readIfThere(this.pathOf(request))) ?? '') ?? []
    return stored === undefined ? undefined : {stored: Number(stored), run: run as ContentAddress | undefined}
  }

  /** Notes a request, flushed to disk before it returns. */
  async write(request: ContentAddress, {stored, run}: RegenerateNote): Promise<void> {
    await writeWhole(this.pathOf(request), `${[stored, ...(run === undefined ? [] : [run])].join(' ')}\n`)
  }

  /** Forgets a request. */
  async remove(request: ContentAddress): Promise<void> {
    await rm(this.pathOf(request), {force: true})
  }

  private pathOf(request: ContentAddress): string {
    return join(this.folder, `${request}.txt`)
  }
}
