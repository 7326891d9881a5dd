import {readdir, readFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {GitRepository} from './git-repository.ts'

/** The files below a folder, as they are on disk, were at a commit, or were kept. Paths have forward slashes. */
export interface FileTree {
  /** Paths of the files below a folder of the tree (`''` for all), from the tree's top; none where there is no such folder. */
  list(folder: string): Promise<string[]>
  /** Contents by path; files that are not there are left out. */
  read(paths: readonly string[]): Promise<Map<string, string>>
}

/** Folders of others' files and of local state, which are no part of a project's tree. */
const skippedFolders = new Set(['node_modules', '.git', '.msk-course'])

/** The files below a folder on disk. */
export class DiskTree implements FileTree {
  constructor(private readonly root: string) {}

  async list(folder: string): Promise<string[]> {
    const entries = await readdir(join(this.root, folder), {withFileTypes: true}).catch(unlessMissing([]))
    const paths: string[] = []
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isFile()) paths.push(path)
      else if (entry.isDirectory() && !skippedFolders.has(entry.name)) paths.push(...(await this.list(path)))
    }
    return paths.sort()
  }

  async read(paths: readonly string[]): Promise<Map<string, string>> {
    const contents = new Map<string, string>()
    for (const path of paths) {
      const text = await readFile(join(this.root, path), 'utf8').catch(unlessMissing(undefined))
      if (text !== undefined) contents.set(path, text)
    }
    return contents
  }
}

/** The files below a folder as they were at a commit. */
export class CommitTree implements FileTree {
  private all: Promise<string[]> | undefined
  private readonly prefix: string

  constructor(
    private readonly repository: GitRepository,
    private readonly commit: string,
    private readonly root: string,
  ) {
    const below = repository.pathOf(root) ?? ''
    this.prefix = below === '' ? '' : `${below}/`
  }

  async list(folder: string): Promise<string[]> {
    this.all ??= this.repository.filesAt(this.commit, this.root)
    const start = this.prefix + (folder === '' ? '' : `${folder}/`)
    return (await this.all).filter((path) => path.startsWith(start)).map((path) => path.slice(this.prefix.length))
  }

  async read(paths: readonly string[]): Promise<Map<string, string>> {
    const contents = await this.repository.read(
      this.commit,
      paths.map((path) => this.prefix + path),
    )
    return new Map([...contents].map(([path, text]) => [path.slice(this.prefix.length), text]))
  }
}

/** Files that are held in memory. */
export class KeptTree implements FileTree {
  constructor(private readonly files: ReadonlyMap<string, string>) {}

  async list(folder: string): Promise<string[]> {
    return [...this.files.keys()].filter((path) => folder === '' || path.startsWith(`${folder}/`)).sort()
  }

  async read(paths: readonly string[]): Promise<Map<string, string>> {
    return new Map(paths.flatMap((path): [string, string][] => found(path, this.files.get(path))))
  }
}

function found(path: string, text: string | undefined): [string, string][] {
  return text === undefined ? [] : [[path, text]]
}

function unlessMissing<Value>(value: Value): (error: NodeJS.ErrnoException) => Value {
  return (error) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'EISDIR') return value
    throw error
  }
}
