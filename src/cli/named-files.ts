import {dirname, join} from 'node:path'
import type {Config} from '../config/config-schema.ts'
import type {OpenBooks} from './open-books.ts'
import {imagePaths} from './outline-images.ts'
import {copiedImages} from './write-book.ts'

/** The single files that config and outlines name, below `root` or beside an outline: the style, and images. */
export function namedFiles({config, books}: OpenBooks, root: string): string[] {
  const images = books.flatMap((book) => [
    ...imagePaths(book.outline, dirname(book.target.outlinePath)),
    ...copiedImages(book).keys(),
  ])
  return [...new Set([...styleFiles(config, root), ...images])]
}

/** The file with the style, where the config names one. */
export function styleFiles({style}: Pick<Config, 'style'>, root: string): string[] {
  return style !== undefined && /\.md$/i.test(style) ? [join(root, style)] : []
}
