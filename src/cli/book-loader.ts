import type {VFile} from 'vfile'
import type {Config} from '../config/config-schema.ts'
import type {Plan} from '../model/job.ts'
import {bookPrefix, type OtherBooks} from '../model/other-book.ts'
import {readCompanion} from './companion-outline.ts'
import {UsageError} from './exit-codes.ts'
import {type LoadedOutline, type LoadedProject, planOutline, type ReadOutline, readOutlineFile} from './load-course.ts'
import {type BookTarget, findBooks, type Project} from './project.ts'

/** What a loader of books is told. */
export interface BookLoaderOptions {
  readonly project: Project
  readonly config: Config
  readonly shared: LoadedProject
  readonly cwd: string
  /** The books that the command is about. */
  readonly targets: readonly BookTarget[]
  /** Told of each further book before it is read. */
  onRead?(target: BookTarget): void
}

/** Reads the books of a command and those that they read, each once; companions are rendered from their templates. */
export class BookLoader {
  /** Templates of companions with messages. */
  readonly templateFiles: VFile[] = []
  private readonly read = new Map<string, Promise<ReadOutline>>()
  private readonly loaded = new Map<string, Promise<LoadedOutline>>()
  private known: Promise<ReadonlyMap<string, BookTarget>> | undefined

  constructor(private readonly options: BookLoaderOptions) {}

  /** The book, planned, with the books that it reads. */
  load(target: BookTarget): Promise<LoadedOutline> {
    let loaded = this.loaded.get(target.outlinePath)
    if (loaded === undefined) {
      loaded = this.plan(target)
      this.loaded.set(target.outlinePath, loaded)
    }
    return loaded
  }

  private async plan(target: BookTarget): Promise<LoadedOutline> {
    const {config, shared} = this.options
    const own = await this.readOutline(target)
    const names = await this.booksOf(own)
    if (names.size === 0 && !namesBooks(own)) return planOutline(own, config, shared)
    const known = await this.knownBooks()
    const plans = new Map<string, Plan>()
    const cycles = new Map<string, readonly string[]>()
    const reads: LoadedOutline[] = []
    for (const name of names) {
      const back = await this.pathBack(name, target.name)
      if (back === undefined) {
        const book = await this.load(known.get(name) as BookTarget)
        reads.push(book)
        plans.set(name, book.plan)
      } else cycles.set(name, [target.name, ...back])
    }
    const others: OtherBooks = {own: target.name, names: [...known.keys()], plans, cycles}
    return planOutline(own, config, shared, {others, reads})
  }

  /** Whether the project has no book but the one that the command is about. */
  async isOnlyBook(): Promise<boolean> {
    return (await this.knownBooks()).size <= 1
  }

  private readOutline(target: BookTarget): Promise<ReadOutline> {
    let read = this.read.get(target.outlinePath)
    if (read === undefined) {
      const {config, cwd, targets} = this.options
      if (!targets.some(({outlinePath}) => outlinePath === target.outlinePath)) this.options.onRead?.(target)
      const {companion} = target
      read =
        companion === undefined
          ? readOutlineFile(target, config, cwd)
          : this.readOutline(companion.course).then(async (course) => {
              const {outline, templateFile} = await readCompanion(target, companion, course, this.options)
              if (templateFile !== undefined) this.templateFiles.push(templateFile)
              return outline
            })
      this.read.set(target.outlinePath, read)
    }
    return read
  }

  /** Names of the other books of the project that an outline's directives name. */
  private async booksOf(read: ReadOutline): Promise<Set<string>> {
    if (!namesBooks(read)) return new Set()
    const known = await this.knownBooks()
    return new Set(prefixesOf(read).filter((name) => known.has(name) && name !== read.target.name))
  }

  /** Names from one book to another that it reads, over books between them; undefined where there is no way. */
  private async pathBack(from: string, to: string): Promise<string[] | undefined> {
    const known = await this.knownBooks()
    const open = [[from]]
    const seen = new Set([from])
    for (let path = open.shift(); path !== undefined; path = open.shift()) {
      const last = path.at(-1) as string
      if (last === to) return path
      for (const name of await this.booksOf(await this.readOutline(known.get(last) as BookTarget))) {
        if (seen.has(name)) continue
        seen.add(name)
        open.push([...path, name])
      }
    }
    return undefined
  }

  /** All books of the project by name, those of the command as it has them. */
  private knownBooks(): Promise<ReadonlyMap<string, BookTarget>> {
    this.known ??= this.findKnown()
    return this.known
  }

  private async findKnown(): Promise<ReadonlyMap<string, BookTarget>> {
    const {project, cwd, targets} = this.options
    let all: readonly BookTarget[] = []
    try {
      all = await findBooks([], project, {cwd})
    } catch (error) {
      // An outline that was named need not be in a project with others.
      if (!(error instanceof UsageError && error.code === 'no-outline')) throw error
    }
    return new Map([...all, ...targets].map((target) => [target.name, target]))
  }
}

/** Books with each behind those that it reads, else in the order given. */
export function inReadingOrder(books: readonly LoadedOutline[]): LoadedOutline[] {
  const ordered = new Set<LoadedOutline>()
  const visit = (book: LoadedOutline): void => {
    if (ordered.has(book)) return
    for (const read of book.reads) visit(read)
    ordered.add(book)
  }
  for (const book of books) visit(book)
  return [...ordered].filter((book) => books.includes(book))
}

function namesBooks(read: ReadOutline): boolean {
  return prefixesOf(read).length > 0
}

function prefixesOf({outline}: ReadOutline): string[] {
  return outline.directives.flatMap(({attributes}) =>
    (attributes.depends ?? []).flatMap((selector) => bookPrefix(selector) ?? []),
  )
}
