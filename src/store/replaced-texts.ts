import {rm} from 'node:fs/promises'
import {basename, isAbsolute, join, relative} from 'node:path'
import {textAddress} from '../model/content-address.ts'
import type {JobId} from '../model/job.ts'
import {readIfThere} from './completion-store.ts'
import {sectionPath} from './section-path.ts'
import {namesIn} from './walk-store.ts'
import {writeWhole} from './write-whole.ts'

/** Section files kept for each directive; older ones go. */
const mostKept = 20

/**
 * Section files as they were before a command put others in their place, for `--undo`: in the project's local state, by
 * book and directive, numbered in the order in which they were kept.
 */
export class ReplacedTexts {
  private readonly root: string

  /** `projectRoot` is the folder that `.msk-course/` is in, `outputFolder` the book's. */
  constructor(projectRoot: string, outputFolder: string) {
    const below = relative(projectRoot, outputFolder)
    // Told from the project's folder where it is in it, so that a project may be moved.
    const place = below.startsWith('..') || isAbsolute(below) ? outputFolder : below.replaceAll('\\', '/')
    const name = `${basename(outputFolder)}-${textAddress(place).slice(0, 8)}`
    this.root = join(replacedFolder(projectRoot), name)
  }

  /** Keeps the whole content of a section file that is about to be replaced; it is on disk when this returns. */
  async keep(id: JobId, source: string): Promise<void> {
    const kept = await this.numbers(id)
    const same: number[] = []
    for (const number of kept) if ((await this.read(id, number)) === source) same.push(number)
    const newest = kept.at(-1)
    // What was kept last already is this very text.
    if (newest !== undefined && same.includes(newest)) return
    await writeWhole(this.pathOf(id, (newest ?? 0) + 1), source)
    const others = kept.filter((number) => !same.includes(number))
    const old = others.slice(0, Math.max(0, others.length + 1 - mostKept))
    for (const number of [...same, ...old]) await rm(this.pathOf(id, number), {force: true})
  }

  /** The file that was kept last and differs from `present`; undefined when there is none. */
  async before(id: JobId, present: string | undefined): Promise<string | undefined> {
    for (const number of (await this.numbers(id)).reverse()) {
      const source = await this.read(id, number)
      if (source !== undefined && source !== present) return source
    }
    return undefined
  }

  private read(id: JobId, number: number): Promise<string | undefined> {
    return readIfThere(this.pathOf(id, number))
  }

  private pathOf(id: JobId, number: number): string {
    return join(this.folderOf(id), `${String(number).padStart(6, '0')}.md`)
  }

  /** Its name ends as a file's does, so that the folder of a section is not that of the sections below it. */
  private folderOf(id: JobId): string {
    return join(this.root, sectionPath(id))
  }

  /** Numbers of the kept files, the oldest first. */
  private async numbers(id: JobId): Promise<number[]> {
    const names = await namesIn(this.folderOf(id))
    return names
      .flatMap((name) => /^(\d{6,})\.md$/.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b)
  }
}

/** Folder of what commands replaced in a project. */
export function replacedFolder(projectRoot: string): string {
  return join(projectRoot, '.msk-course', 'replaced')
}
