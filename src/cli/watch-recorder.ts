import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {bibliographyPaths} from '../model/bibliography.ts'
import {digestFile, digestText} from '../store/file-digest.ts'
import type {BookPlan} from './build-book.ts'
import type {BuildRecorder} from './build-recorder.ts'
import {namedFiles, styleFiles} from './named-files.ts'
import type {OpenBooks} from './open-books.ts'
import type {BookTarget, Project} from './project.ts'
import {type FoundBooks, rootOf} from './stamp-inputs.ts'

/**
 * Knows what the books of a watched project were made from, and so what was edited since. What a build wrote itself is
 * no edit, and what an author edits while a build runs is one: both by content, never by time.
 */
export class WatchRecorder implements BuildRecorder {
  private found: FoundBooks | undefined
  private named: readonly string[] = []
  /** Content of each file as the last build read or wrote it. */
  private known = new Map<string, string>()
  /** Section files that are a directive's text. */
  private readonly texts = new Set<string>()

  /** `takesAll`: whether a new outline of the project is built too. */
  constructor(private readonly takesAll: boolean) {}

  /** The config that the project was found by; undefined before that, or without one. */
  get configPath(): string | undefined {
    return this.found?.configPath
  }

  get targets(): readonly BookTarget[] {
    return this.found?.targets ?? []
  }

  /** A build is about to begin: what it does not read counts as it is now. */
  begin(): void {
    this.known = this.snapshot()
  }

  take({configPath, config}: Project, targets: readonly BookTarget[]): void {
    this.found = {configPath, targets}
    // The build stops before it names its files where the style is not there.
    this.named = [...new Set([...this.named, ...styleFiles(config ?? {}, rootOf(this.found))])]
    this.texts.clear()
    this.known = this.snapshot()
  }

  takeFiles(open: OpenBooks): void {
    const before = this.named
    this.named = namedFiles(open, rootOf(this.found as FoundBooks))
    for (const path of this.named) if (!this.known.has(path)) this.known.set(path, contentOf(path))
    // What is no longer named is not missed, unless it counts for something else.
    const now = this.snapshot()
    for (const path of before) if (!now.has(path)) this.known.delete(path)
  }

  takeRead(): void {}

  wroteOutline({outlinePath}: BookTarget, outline: string): void {
    this.known.set(outlinePath, digestText(outline))
  }

  wrote({outputFolder}: BookTarget, markdown: string): void {
    this.known.set(join(outputFolder, 'book.md'), digestText(markdown))
  }

  stands(plan: BookPlan): void {
    const {outputFolder} = plan.context.loaded.target
    for (const {file, location} of plan.texts.values()) {
      const path = join(outputFolder, location)
      this.texts.add(path)
      this.known.set(path, addressAsRead(path, file.source))
    }
  }

  async write(): Promise<void> {}

  /** Files that are not as the last build read or wrote them. */
  changed(): string[] {
    const now = this.snapshot()
    const changed = [...now].filter(([path, content]) => this.known.get(path) !== content).map(([path]) => path)
    const sections = this.targets.map(({outputFolder}) => join(outputFolder, 'sections', '/'))
    for (const path of this.known.keys()) {
      // A section file that is no text any more was moved away by the build.
      const isMoved = !this.texts.has(path) && sections.some((folder) => path.startsWith(folder))
      if (!now.has(path) && !isMoved) changed.push(path)
    }
    return changed.sort()
  }

  /** Folders in which something may change that matters. */
  folders(): string[] {
    if (this.found === undefined) return []
    const root = rootOf(this.found)
    const trees = [
      ...['outline', 'prompts', 'sources'].map((name) => join(root, name)),
      ...this.targets.map(({outputFolder}) => join(outputFolder, 'sections')),
    ]
    const folders = new Set([root, ...trees.flatMap((tree) => [tree, ...listBelow(tree).folders])])
    for (const {outlinePath, outputFolder} of this.targets) folders.add(dirname(outlinePath)).add(outputFolder)
    for (const path of this.named) folders.add(dirname(path))
    return [...folders]
  }

  private snapshot(): Map<string, string> {
    const files = new Map<string, string>()
    if (this.found === undefined) return files
    const root = rootOf(this.found)
    const {configPath, targets} = this.found
    const add = (path: string): unknown => files.set(path, contentOf(path))
    const addTree = (folder: string, name: RegExp): void => {
      for (const path of listBelow(folder).files) if (name.test(path)) add(path)
    }
    if (configPath !== undefined) add(configPath)
    if (this.takesAll) addTree(join(root, 'outline'), /\.(?:md|markdown)$/i)
    addTree(join(root, 'prompts'), /\.md$/)
    addTree(join(root, 'sources'), /\.(?:md|markdown|txt)$/i)
    for (const path of bibliographyPaths) add(join(root, path))
    for (const path of this.named) add(path)
    for (const {outlinePath, outputFolder} of targets) {
      add(outlinePath)
      add(join(outputFolder, 'book.md'))
      addTree(join(outputFolder, 'sections'), /\.md$/)
    }
    return files
  }
}

/** Content of a file that was read as this text: of its bytes, which need not be UTF-8, where they still read so. */
function addressAsRead(path: string, text: string): string {
  try {
    const bytes = readFileSync(path)
    if (bytes.toString('utf8') === text) return digestText(bytes)
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code !== 'string') throw error
    // It went since: that is an edit.
  }
  return digestText(text)
}

function contentOf(path: string): string {
  try {
    return digestFile(path, {hasTimes: false}).content
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (typeof code !== 'string') throw error
    // It is going, coming, or no file: the build says what is wrong with it.
    return code
  }
}

/** Files and folders below a folder, at any depth; links are passed over, and a folder that is not there is empty. */
function listBelow(folder: string): {files: string[]; folders: string[]} {
  const found = {files: [] as string[], folders: [] as string[]}
  const open = existsSync(folder) ? [folder] : []
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    let entries: {name: string; isFile(): boolean; isDirectory(): boolean}[] = []
    try {
      entries = readdirSync(at, {withFileTypes: true})
    } catch (error) {
      // It went, or may not be read, which the build says.
      if (typeof (error as NodeJS.ErrnoException).code !== 'string') throw error
    }
    for (const entry of entries) {
      const path = join(at, entry.name)
      if (entry.isFile()) found.files.push(path)
      else if (entry.isDirectory()) {
        found.folders.push(path)
        open.push(path)
      }
    }
  }
  return found
}
