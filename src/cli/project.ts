import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs'
import {readdir} from 'node:fs/promises'
import {basename, dirname, isAbsolute, join, relative, resolve} from 'node:path'
import type {VFile} from 'vfile'
import type {Config} from '../config/config-schema.ts'
import {configName, findProjectRoot} from '../config/find-project-root.ts'
import {nearestNames} from '../model/nearest.ts'
import {systemFaultCode} from '../model/system-fault.ts'
import {type Companion, companionTargets} from './companion-targets.ts'
import {UsageError} from './exit-codes.ts'
import type {GlobalOptions} from './global-options.ts'

/** A project: the folder of a config, or none, when each book is a project of its own. */
export interface Project {
  /** Undefined without a config. */
  readonly root: string | undefined
  readonly configPath?: string
  readonly configFile: VFile | undefined
  /** Undefined when the config has errors. */
  readonly config: Config | undefined
}

/** A book to be made. */
export interface BookTarget {
  readonly name: string
  readonly outlinePath: string
  readonly outputFolder: string
  /** The project's folder, or the book's own without a config: `.msk-course/`, `prompts/` and `sources/` are in it. */
  readonly root: string
  /** For a companion, what its outline is rendered from; absent for a book with an outline of its own. */
  readonly companion?: Companion
}

/** Finds the config that counts: at or above the outline, else at or above the working folder. */
export async function findConfig(
  options: Pick<GlobalOptions, 'cwd' | 'configPath'>,
  outlinePath?: string,
): Promise<string | undefined> {
  if (options.configPath !== undefined) {
    const path = resolve(options.cwd, options.configPath)
    if (!existsSync(path))
      throw new UsageError('not-found', `Cannot read the config \`${options.configPath}\`, expected a file`)
    return path
  }
  const above = outlinePath === undefined ? undefined : await findProjectRoot(dirname(outlinePath))
  const root = above ?? (await findProjectRoot(options.cwd))
  return root === undefined ? undefined : join(root, configName)
}

/** Finds and reads the config that counts. */
export async function openProject(options: GlobalOptions, outlinePath?: string): Promise<Project> {
  const path = await findConfig(options, outlinePath)
  if (path === undefined) return {root: undefined, configFile: undefined, config: {}}
  // Loaded here, so that what finds a project's books does not load the parsers of YAML and of schemas.
  const [{loadConfig}, {VFile}] = await Promise.all([import('../config/load-config.ts'), import('vfile')])
  const file = new VFile({path: displayPath(path, options.cwd)})
  const config = await readable(path, () => loadConfig(path, file))
  return {root: dirname(path), configPath: path, configFile: file, config}
}

/** What a config says of the books of a project. */
export type ProjectBooks = Pick<Config, 'outlines' | 'companions'>

/** Books for the outlines and companions named, or for all of the project, companions last. */
export async function findBooks(
  outlines: readonly string[],
  project: {readonly root: string | undefined; readonly config: ProjectBooks | undefined},
  options: Pick<GlobalOptions, 'cwd'> & {readonly out?: string},
): Promise<BookTarget[]> {
  const base = project.root ?? options.cwd
  const companions = await findCompanions(base, project)
  const named = outlines.map((path) => findCompanion(path, companions, options.cwd) ?? path)
  const paths =
    outlines.length > 0
      ? [...new Set(named.flatMap((one) => (typeof one === 'string' ? resolveOutline(one, base, options.cwd) : [])))]
      : await listOutlines(base, project.config)
  const wanted = outlines.length > 0 ? [...new Set(named.filter((one) => typeof one !== 'string'))] : companions
  if (paths.length === 0 && named.length === 0) {
    const expected =
      project.root === undefined
        ? 'an outline as an argument, or a project with `outline/*.md`'
        : '`outline/*.md`, or `outlines:` in the config'
    throw new UsageError(
      'no-outline',
      `Cannot find an outline, expected ${expected}; \`msk-course init\` makes a course to start from`,
    )
  }
  if (options.out !== undefined && paths.length + wanted.length > 1) {
    throw new UsageError(
      'one-outline',
      `Unexpected --out for ${paths.length + wanted.length} outlines, expected one outline`,
    )
  }
  const out = options.out === undefined ? undefined : resolve(options.cwd, options.out)
  const books = [
    ...paths.map((path) => outlineTarget(path, base, project.root, out)),
    ...wanted.map((companion) => (out === undefined ? companion : atFolder(companion, out))),
  ]
  for (const {name} of books) refuseReserved(name)
  const owners = new Map<string, string>()
  for (const {outlinePath, outputFolder} of books) {
    const key = outputFolder.normalize('NFC').toLowerCase()
    const other = owners.get(key)
    if (other !== undefined && other !== outlinePath) {
      throw new UsageError(
        'shared-output',
        `Unexpected output folder \`${displayPath(outputFolder, options.cwd)}\` for both \`${displayPath(other, options.cwd)}\` and \`${displayPath(outlinePath, options.cwd)}\`, expected one of its own each; rename one outline`,
      )
    }
    owners.set(key, outlinePath)
  }
  return books
}

function refuseReserved(name: string): void {
  const reserved = name
    .split('/')
    .slice(1)
    .find((part) => ['sections', 'unused', 'images', '.msk-course'].includes(part))
  if (reserved === undefined) return
  throw new UsageError(
    'reserved-name',
    `Unexpected name \`${reserved}\` in the outline's path \`${name}\`, expected another one: books keep their own files in folders of that name`,
  )
}

/** The book of an outline, in a project's folder or in one of its own. */
export function outlineTarget(
  outlinePath: string,
  base: string,
  root: string | undefined,
  out?: string,
  name = bookName(outlinePath, base),
): BookTarget {
  const outputFolder = out ?? join(base, 'output', name)
  return {name, outlinePath, outputFolder, root: root ?? outputFolder}
}

/** The companions of a project; none without a config, which alone asks for them. */
async function findCompanions(
  base: string,
  {root, config}: {readonly root: string | undefined; readonly config: ProjectBooks | undefined},
): Promise<BookTarget[]> {
  if (config?.companions === undefined || root === undefined) return []
  const courses = (await listOutlines(base, config)).map((path) => outlineTarget(path, base, root))
  return companionTargets(config.companions, courses, base)
}

/** The companion that a user names: by its name, its outline, its folder or its `book.md`. */
function findCompanion(named: string, companions: readonly BookTarget[], cwd: string): BookTarget | undefined {
  const path = resolve(cwd, named)
  return companions.find(
    ({name, outlinePath, outputFolder}) =>
      name === named || [outlinePath, outputFolder, join(outputFolder, 'book.md')].includes(path),
  )
}

function atFolder(target: BookTarget, outputFolder: string): BookTarget {
  return {...target, outputFolder, outlinePath: join(outputFolder, basename(target.outlinePath))}
}

/** A path as it is shown: relative to the working folder where it is below it. */
export function displayPath(path: string, cwd: string): string {
  const below = relative(cwd, path)
  return below === ''
    ? '.'
    : below.startsWith('..') && isAbsolute(path) && below.split(/[/\\]/).filter((part) => part === '..').length > 3
      ? path
      : below.replaceAll('\\', '/')
}

/** Name of the book below `outline/` that is most like a name. */
function nearestBook(name: string, base: string): string | undefined {
  const folder = join(base, 'outline')
  if (!existsSync(folder)) return undefined
  const names = listNames(folder).flatMap((file) => (file.endsWith('.md') ? [file.slice(0, -3)] : []))
  return nearestNames(name, names, 1)[0]
}

function resolveOutline(path: string, base: string, cwd: string): string {
  const full = resolve(cwd, path)
  const stat = statSync(full, {throwIfNoEntry: false})
  if (stat?.isFile() === true) return full
  if (stat?.isDirectory() === true)
    throw new UsageError(
      'is-directory',
      `Cannot read \`${path}\`, expected a file and not a folder; name an outline in it`,
    )
  if (stat !== undefined) throw new UsageError('not-a-file', `Cannot read \`${path}\`, expected a file`)
  const named = join(base, 'outline', `${path}.md`)
  if (/^[\w./-]+$/.test(path) && existsSync(named)) return named
  const folder = dirname(full)
  const near =
    existsSync(folder) && statSync(folder).isDirectory() ? nearestNames(basename(full), listNames(folder), 1) : []
  const meant = near[0] === undefined ? nearestBook(path, base) : displayPath(join(folder, near[0]), cwd)
  const hint = meant === undefined ? '' : `; is \`${meant}\` meant`
  throw new UsageError('not-found', `Cannot read \`${path}\`, expected an outline${hint}`)
}

function listNames(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /\.(?:md|markdown)$/i.test(name))
  } catch {
    // A folder that may not be listed gives no hint.
    return []
  }
}

/** `outline/a/b.md` is `a/b`; an outline elsewhere goes by its file's name. */
export function bookName(outlinePath: string, base: string): string {
  const below = relative(join(base, 'outline'), outlinePath).replaceAll('\\', '/')
  const name = below.startsWith('..') || isAbsolute(below) ? basename(outlinePath) : below
  return name.replace(/\.(?:md|markdown)$/i, '')
}

async function listOutlines(base: string, config: Pick<Config, 'outlines'> | undefined): Promise<string[]> {
  return outlinesAmong(await walk(base), config).map((file) => join(base, file))
}

/** The outlines of a project among its files, by their paths from its folder. */
export function outlinesAmong(files: readonly string[], config: Pick<Config, 'outlines'> | undefined): string[] {
  const patterns = config?.outlines ?? ['outline/**.md']
  const tests = patterns.map((pattern) => globToRegExp(pattern.replace(/^\.\//, '')))
  const all = new Set(files)
  // What `outline` laid beside an outline is none.
  const isBeside = (file: string): boolean => file.endsWith('.new.md') && all.has(file.replace(/\.new\.md$/, '.md'))
  return files.filter((file) => tests.some((test) => test.test(file)) && !isBeside(file)).sort()
}

function globToRegExp(glob: string): RegExp {
  const source = glob
    .split(/(\*\*\/?|\*|\?)/)
    .map((part) =>
      part === '**/'
        ? '(?:.*/)?'
        : part === '**'
          ? '.*'
          : part === '*'
            ? '[^/]*'
            : part === '?'
              ? '[^/]'
              : part.replace(/[.+^${}()|[\]\\]/g, '\\$&'),
    )
    .join('')
  return new RegExp(`^${source}$`)
}

const skippedFolders = new Set(['node_modules', '.git', '.msk-course', 'output', 'dist'])

async function walk(base: string, below = '', depth = 0): Promise<string[]> {
  if (depth > 8) return []
  const entries = await readdir(join(base, below), {withFileTypes: true}).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'EACCES') return []
    throw error
  })
  const files: string[] = []
  for (const entry of entries) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`
    if (entry.isDirectory()) {
      if (!skippedFolders.has(entry.name)) files.push(...(await walk(base, path, depth + 1)))
    } else if (entry.isFile() && /\.(?:md|markdown)$/i.test(entry.name)) files.push(path)
  }
  return files
}

/** Refuses a project whose `.msk-course/` git tracks: it holds local state and would be shared by accident. */
export function refuseTrackedState(root: string, cwd: string): void {
  for (let at = root; ; at = dirname(at)) {
    const git = join(at, '.git')
    if (existsSync(git)) {
      const folder = statSync(git).isDirectory()
        ? git
        : resolve(at, /gitdir: (.*)/.exec(readFileSync(git, 'utf8'))?.[1]?.trim() ?? '.git')
      const index = join(folder, 'index')
      const state = `${relative(at, join(root, '.msk-course')).replaceAll('\\', '/')}/`
      if (existsSync(index) && readFileSync(index).includes(state)) {
        throw new UsageError(
          'tracked-state',
          `Unexpected \`${displayPath(join(root, '.msk-course'), cwd)}\` in git, expected it to be ignored; run \`git rm -r --cached ${state}\` and add it to .gitignore`,
        )
      }
      return
    }
    if (dirname(at) === at) return
  }
}

/** Runs `read`; a fault of the file system becomes a usage error that names the path. */
export async function readable<Value>(path: string, read: () => Promise<Value>): Promise<Value> {
  try {
    return await read()
  } catch (error) {
    const code = systemFaultCode(error)
    if (code !== undefined) throw new UsageError(code.toLowerCase(), `Cannot read \`${path}\`: ${code}`)
    throw error
  }
}
