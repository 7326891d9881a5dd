import {existsSync, statSync} from 'node:fs'
import {readFile} from 'node:fs/promises'
import {basename, dirname, extname, join, relative, resolve} from 'node:path'
import {VFile} from 'vfile'
import type {Config} from '../config/config-schema.ts'
import {configName} from '../config/find-project-root.ts'
import {parseConfig} from '../config/load-config.ts'
import {splitMarkdown} from '../diff/split-markdown.ts'
import {nearestNames} from '../model/nearest.ts'
import {CommitTree, DiskTree, type FileTree} from '../store/file-tree.ts'
import type {GitRepository} from '../store/git-repository.ts'
import {UsageError} from './exit-codes.ts'
import {outputForms, readOutputFiles} from './output-book.ts'
import {readPrevious} from './previous-build.ts'
import {displayPath, readable} from './project.ts'
import type {SideBook} from './side-book.ts'
import {findTreeTargets, readTreeBook, type TreeTarget, treeTarget} from './tree-books.ts'

/** One side of a comparison. */
export interface DiffSide {
  /** As the reader knows it: a revision's name, a path, `work tree`. */
  readonly label: string
  /** Whether it is one book by itself, which has no name that counts. */
  readonly isSingle: boolean
  readonly books: readonly SideBook[]
  /** The commit of a revision. */
  readonly commit?: string
}

/** Where sides are looked for. */
export interface DiffScope {
  readonly cwd: string
  /** The project's folder. */
  readonly root: string
  readonly repository: GitRepository | undefined
  readonly config: Config
  /** Path of the config. */
  readonly configPath: string | undefined
  /** Outlines that were named, as absolute paths; empty for all of the project. */
  readonly outlines: readonly string[]
  /** The book's own folder that was named, as an absolute path. */
  readonly out: string | undefined
}

/** The books of the project as they are on disk. */
export async function workTreeSide(scope: DiffScope): Promise<DiffSide> {
  const tree = new DiskTree(scope.root)
  return {label: 'work tree', isSingle: false, books: await treeBooks(tree, scope, scope.config)}
}

/** The books of the project as they were at a commit. */
export async function revisionSide(label: string, commit: string, scope: DiffScope): Promise<DiffSide> {
  const {repository, root} = scope
  if (repository === undefined) throw new UsageError('no-repository', noRepository(label))
  const tree = new CommitTree(repository, commit, root)
  return {label, isSingle: false, commit, books: await treeBooks(tree, scope, await configAt(tree, scope))}
}

/** The books of the project as they were before the last build that changed them. */
export async function previousSide(scope: DiffScope): Promise<DiffSide> {
  const books: SideBook[] = []
  for (const {name, output} of await targetsOf(new DiskTree(scope.root), scope, scope.config)) {
    // Without a config, each book is a project of its own.
    const root = scope.configPath === undefined ? join(scope.root, output) : scope.root
    const tree = await readPrevious({root, name})
    if (tree !== undefined) books.push({name, forms: outputForms(name, await readOutputFiles(tree, ''))})
  }
  if (books.length > 0) return {label: 'previous build', isSingle: false, books}
  throw new UsageError(
    'no-previous-build',
    'Cannot find a previous build, expected one that a later build changed on this machine; name a revision instead',
  )
}

/**
 * The side that a user names: a revision, a folder or a Markdown file. A name that is both a revision and a file is
 * refused, one that is neither too, with the nearest names.
 */
export async function namedSide(name: string, scope: DiffScope): Promise<DiffSide> {
  const path = resolve(scope.cwd, name)
  const stat = statSync(path, {throwIfNoEntry: false})
  const isPath = /^\.{0,2}[/\\]|^\.{1,2}$|[/\\]$/.test(name)
  const commit = isPath ? undefined : await scope.repository?.commitOf(name)
  if (commit !== undefined && stat !== undefined) {
    throw new UsageError(
      'ambiguous-side',
      `Unexpected \`${name}\`, which is a revision and a file, expected one of both; write \`./${name}\` for the file, or its full name for the revision, such as \`refs/heads/${name}\``,
    )
  }
  if (commit !== undefined) return revisionSide(name, commit, scope)
  if (stat?.isDirectory() === true) return folderSide(path, scope)
  if (stat?.isFile() === true) return fileSide(path, scope)
  throw await unknownSide(name, scope)
}

async function unknownSide(name: string, {repository}: DiffScope): Promise<UsageError> {
  const expected = 'expected a git revision, a folder or a book'
  if (repository === undefined) return new UsageError('unknown-side', `Cannot find \`${name}\`, ${expected}; ${noGit}`)
  const near = nearestNames(name, await repository.names())
  const hint = near.length === 0 ? '' : `; the nearest names are ${near.map((one) => `\`${one}\``).join(', ')}`
  return new UsageError('unknown-side', `Cannot find \`${name}\`, ${expected}${hint}`)
}

const noGit = 'there is no git repository here'

/** Why a revision cannot be read. */
export function noRepository(label: string): string {
  return `Cannot read the revision \`${label}\`, expected a git repository; ${noGit}: name two folders or books instead`
}

async function folderSide(path: string, scope: DiffScope): Promise<DiffSide> {
  const has = (name: string): boolean => existsSync(join(path, name))
  const label = displayPath(path, scope.cwd)
  const name = nameOfFolder(path, scope)
  if (has('manifest.json') || has('sections')) return outputSide(label, name, path)
  if (has(configName) || has('outline')) {
    const tree = new DiskTree(path)
    const own = {...scope, root: path, configPath: join(path, configName)}
    return {label, isSingle: false, books: await treeBooks(tree, own, await configAt(tree, own))}
  }
  if (has('book.md')) return outputSide(label, name, path)
  throw new UsageError(
    'not-a-book',
    `Unexpected folder \`${label}\`, expected a book's folder with \`book.md\` and \`sections/\`, or a project's with \`outline/\``,
  )
}

async function outputSide(label: string, name: string, path: string): Promise<DiffSide> {
  const forms = outputForms(name, await readOutputFiles(new DiskTree(path), ''))
  return {label, isSingle: true, books: Object.keys(forms).length === 0 ? [] : [{name, forms}]}
}

/** `NAME` for a folder `output/NAME` of the project, else the folder's own name. */
function nameOfFolder(path: string, {root}: DiffScope): string {
  const below = relative(join(root, 'output'), path).replaceAll('\\', '/')
  return below === '' || below.startsWith('..') ? basename(path) : below
}

const mostBytes = 64 * 1024 * 1024

async function fileSide(path: string, scope: DiffScope): Promise<DiffSide> {
  const label = displayPath(path, scope.cwd)
  const folder = dirname(path)
  if (basename(path) === 'book.md' && existsSync(join(folder, 'manifest.json')))
    return outputSide(label, nameOfFolder(folder, scope), folder)
  const bytes = await readable(label, () => readFile(path))
  if (bytes.length > mostBytes || bytes.includes(0))
    throw new UsageError('not-a-book', `Unexpected file \`${label}\`, expected Markdown of at most 64 MB`)
  const name = basename(path, extname(path))
  const markdown = bytes.toString('utf8')
  return {label, isSingle: true, books: [{name, forms: {headings: () => splitMarkdown(name, markdown)}}]}
}

/** The config that a tree holds; where it has none, the project's defaults. */
async function configAt(tree: FileTree, {root, configPath, config}: DiffScope): Promise<Config | undefined> {
  if (configPath === undefined) return undefined
  const path = relative(root, configPath).replaceAll('\\', '/')
  // A config from elsewhere, named by a flag, counts for both sides.
  if (path.startsWith('..')) return config
  const text = (await tree.read([path])).get(path)
  if (text === undefined) return undefined
  const file = new VFile({path, value: text})
  const parsed = parseConfig(file)
  if (parsed !== undefined) return parsed
  throw new UsageError(
    'invalid-config',
    `Cannot read \`${path}\` of that side: ${file.messages[0]?.reason ?? 'it has errors'}`,
  )
}

async function treeBooks(tree: FileTree, scope: DiffScope, config: Config | undefined): Promise<SideBook[]> {
  const books: SideBook[] = []
  for (const target of await targetsOf(tree, scope, config)) {
    const book = await readTreeBook(tree, target, config)
    if (book !== undefined) books.push(book)
  }
  return books
}

async function targetsOf(tree: FileTree, scope: DiffScope, config: Config | undefined): Promise<TreeTarget[]> {
  const {root, outlines, out} = scope
  const below = (path: string): string => relative(root, path).replaceAll('\\', '/')
  const all = outlines.length === 0 || config?.companions !== undefined ? await findTreeTargets(tree, config) : []
  const isNamed = ({name, outline, output}: TreeTarget, path: string): boolean => [name, outline, output].includes(path)
  const targets =
    outlines.length > 0
      ? outlines.map((path) => all.find((target) => isNamed(target, below(path))) ?? treeTarget(below(path)))
      : all
  if (out === undefined) return targets
  if (targets.length > 1)
    throw new UsageError(
      'one-outline',
      `Unexpected --out for ${targets.length} outlines, expected one; name it with --outline`,
    )
  return targets.map((target) => ({...target, output: below(out)}))
}
