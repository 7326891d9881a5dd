import {dirname, join, relative} from 'node:path'
import {bibliographyPaths} from '../model/bibliography.ts'
import {type DigestOptions, digestFile, digestFolder, type FileDigest, type FolderFilter} from '../store/file-digest.ts'
import type {BookTarget} from './project.ts'

/** Books that were found, before anything of them is read. */
export interface FoundBooks {
  readonly configPath: string | undefined
  readonly targets: readonly BookTarget[]
  /** Further books whose texts these read. Default: none. */
  readonly reads?: readonly BookTarget[]
}

/** Something whose change makes a stamp void. */
export interface StampInput {
  readonly name: string
  digest(options: DigestOptions): FileDigest
}

const markdown: FolderFilter = {isFile: (path) => path.endsWith('.md')}
const notes: FolderFilter = {isFile: (path) => /\.(?:md|markdown|txt)$/i.test(path)}
const nothing: FolderFilter = {isFile: () => false}

/** Local state that does not decide what a build says; whatever else is in the folder counts. */
const quietState = new Set(['.gitignore', 'store', 'books', 'stamp', 'try', 'replaced', 'regenerate', 'passages.json'])
const state: FolderFilter = {isFile: (path) => !quietState.has(path), isFolder: (path) => !quietState.has(path)}

/** Folder of the project: `prompts/`, `sources/` and the stamps' `.msk-course/` are in it. */
export function rootOf({configPath, targets}: FoundBooks): string {
  return configPath === undefined ? (targets[0] as BookTarget).root : dirname(configPath)
}

/** All that a build of these books reads and writes, and the books that it reads, what is quick to compare first. */
export function stampInputs(found: FoundBooks): StampInput[] {
  const {configPath, reads = []} = found
  const targets = [...found.targets, ...reads]
  const root = rootOf(found)
  const roots = [...new Set([root, ...targets.map((target) => target.root)])]
  return [
    ...(configPath === undefined ? [] : [file('config', configPath)]),
    ...targets.flatMap(({outlinePath, outputFolder}) => [
      file(bookInput(outputFolder, root, 'outline'), outlinePath),
      file(bookInput(outputFolder, root, 'manifest.json'), join(outputFolder, 'manifest.json')),
      file(bookInput(outputFolder, root, 'book.md'), join(outputFolder, 'book.md')),
    ]),
    folder('prompts', join(root, 'prompts'), markdown),
    folder('sources', join(root, 'sources'), notes),
    ...bibliographyPaths.map((path) => file(path, join(root, path))),
    ...roots.map((own) => folder(`${relative(root, own)}/.msk-course`, join(own, '.msk-course'), state)),
    ...targets.flatMap(({outputFolder}) => [
      folder(bookInput(outputFolder, root, 'images'), join(outputFolder, 'images'), nothing),
      folder(bookInput(outputFolder, root, 'unused'), join(outputFolder, 'unused'), markdown),
      folder(bookInput(outputFolder, root, 'sections'), join(outputFolder, 'sections'), markdown),
    ]),
  ]
}

/** Single files that count beside those of `stampInputs`. */
export function fileInputs(paths: readonly string[]): StampInput[] {
  return paths.map((path) => file(path, path))
}

/** Name of a part of a book among the inputs. */
export function bookInput(outputFolder: string, root: string, part: string): string {
  return `${relative(root, outputFolder)}/${part}`
}

/** Address of all that is the program: its code as it was built, its package, its templates, and Node's version. */
export function programAddress(): string {
  const shipped = join(import.meta.dirname, '..', '..')
  const options = {hasTimes: false}
  return [
    process.version,
    digestFile(join(shipped, 'dist', 'bundle', 'address.txt'), options).content,
    digestFile(join(shipped, 'package.json'), options).content,
    digestFolder(join(shipped, 'prompts'), markdown, options).content,
  ].join(' ')
}

function file(name: string, path: string): StampInput {
  return {name, digest: (options) => digestFile(path, options)}
}

function folder(name: string, path: string, filter: FolderFilter): StampInput {
  return {name, digest: (options) => digestFolder(path, filter, options)}
}
