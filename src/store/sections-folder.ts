import {existsSync, readFileSync} from 'node:fs'
import {mkdir, readdir, rename, rm, rmdir} from 'node:fs/promises'
import {dirname, join, relative} from 'node:path'
import {readIfThere} from './completion-store.ts'
import {type FileWriter, ownThread} from './file-writer.ts'
import {parseSectionFile, type SectionFile} from './section-file.ts'

/**
 * Section files of a book: `sections/` holds one per directive, `unused/` those whose directive is gone from the
 * outline, kept so that bringing it back buys nothing.
 */
export class SectionsFolder {
  constructor(
    private readonly outputFolder: string,
    private readonly files: FileWriter = ownThread,
  ) {}

  /**
   * All section files, those in use first; paths are below `sections/` or `unused/`. New texts that lie beside edited
   * ones are told apart: `beside` has them by the location of the section file that they lie beside.
   */
  async read(): Promise<{used: SectionFile[]; unused: SectionFile[]; beside: Map<string, SectionFile>}> {
    const beside = new Map<string, SectionFile>()
    const used = await this.readFolder('sections', beside)
    return {used, unused: await this.readFolder('unused', beside), beside}
  }

  pathOf(path: string): string {
    return join(this.outputFolder, 'sections', path)
  }

  /**
   * Writes a section file, unless it is not what it was when it was read (`source`, undefined for none): an author
   * may work on it at the same time. Gives whether it was written.
   */
  async write(path: string, content: string, source: string | undefined): Promise<boolean> {
    const target = this.pathOf(path)
    const present = existsSync(target) ? await readIfThere(target) : undefined
    if (present !== source) return false
    await this.files.write(target, content)
    return true
  }

  /** Removes a file below `sections/`, unless it is not what it was when it was read. */
  async remove(path: string, source: string): Promise<void> {
    const target = this.pathOf(path)
    if ((await readIfThere(target)) === source) await rm(target, {force: true})
  }

  /**
   * Moves files within the book. Targets may be among the sources, so each goes aside first; a crash in between
   * leaves files in `unused/`, where the next run finds them by their directive and prompt.
   */
  async move(moves: readonly {readonly from: string; readonly to: string}[]): Promise<void> {
    const aside: {readonly temporary: string; readonly to: string}[] = []
    for (const {from, to} of moves) {
      const temporary = join(this.outputFolder, 'unused', `${from.replace(/^(?:sections|unused)\//, '')}`)
      const source = join(this.outputFolder, from)
      if (temporary !== source)
        // What goes to `unused/` for good stays under the name that was free.
        await moveFile(source, freePath(temporary)).then((path) =>
          aside.push({temporary: path, to: to.startsWith('unused/') ? relative(this.outputFolder, path) : to}),
        )
      else aside.push({temporary, to})
    }
    for (const {temporary, to} of aside) {
      const target = join(this.outputFolder, to)
      if (target !== temporary && !existsSync(target)) await moveFile(temporary, target)
    }
    await removeEmptyFolders(join(this.outputFolder, 'sections'))
    await removeEmptyFolders(join(this.outputFolder, 'unused'))
  }

  private async readFolder(name: 'sections' | 'unused', beside: Map<string, SectionFile>): Promise<SectionFile[]> {
    const root = join(this.outputFolder, name)
    const files: SectionFile[] = []
    // One after the other without promises, which make thousands of small reads several times slower.
    for (const path of await listMarkdown(root)) {
      const file = parseSectionFile(path, readFileSync(join(root, path), 'utf8'))
      if (isBesidePath(path)) beside.set(`${name}/${path.replace(/\.new\.md$/, '.md')}`, file)
      else files.push(file)
    }
    return files
  }
}

/** Path of the new text that lies beside a section file which it could not be merged into. */
export function besidePath(path: string): string {
  return path.replace(/\.md$/, '.new.md')
}

function isBesidePath(path: string): boolean {
  return path.endsWith('.new.md')
}

async function moveFile(from: string, to: string): Promise<string> {
  await mkdir(dirname(to), {recursive: true})
  await rename(from, to)
  return to
}

/** `path`, or the first of `path~2`, `path~3` … that is free. */
function freePath(path: string): string {
  if (!existsSync(path)) return path
  const numbered = (number: number): string => path.replace(/(?:\.new)?\.md$/, (ending) => `~${number}${ending}`)
  let number = 2
  while (existsSync(numbered(number))) number++
  return numbered(number)
}

async function listMarkdown(root: string): Promise<string[]> {
  try {
    const entries = await readdir(root, {recursive: true, withFileTypes: true})
    return entries
      .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(root.length + 1)
          .replaceAll('\\', '/'),
      )
      .sort()
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return []
    throw error
  }
}

async function removeEmptyFolders(folder: string): Promise<void> {
  let entries: {isDirectory(): boolean; name: string}[]
  try {
    entries = await readdir(folder, {withFileTypes: true})
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  for (const entry of entries) if (entry.isDirectory()) await removeEmptyFolders(join(folder, entry.name))
  if ((await readdir(folder)).length === 0) await rmdir(folder)
}
