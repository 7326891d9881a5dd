import {readFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {dirname, join} from 'node:path'
import {writeSite} from '../export/write-site.ts'
import type {ExportedFile, RenderExport} from './export-formats.ts'

/** Renders a static site with the book's images and what its pages load. */
export const exportHtml: RenderExport = async ({book, images}) => [
  ...writeSite(book, new Set(images.keys())).map(({path, text}) => ({path, content: text})),
  ...siteAssets(),
  ...[...images].map(([path, content]) => ({path, content})),
]

/** The style and the scripts of every site, and the search library with its licence. */
function siteAssets(): ExportedFile[] {
  const own = ['site.css', 'site.js', 'search.js', 'quiz.js'].map((name) => ({
    path: `assets/${name}`,
    content: readFileSync(new URL(`../../site/${name}`, import.meta.url), 'utf8'),
  }))
  const folder = join(dirname(createRequire(import.meta.url).resolve('minisearch')), '..', '..')
  const library = readFileSync(join(folder, 'dist', 'umd', 'index.js'), 'utf8').replace(
    /\n\/\/# sourceMappingURL=.*/,
    '',
  )
  const licence = readFileSync(join(folder, 'LICENSE.txt'), 'utf8').trim()
  return [...own, {path: 'assets/minisearch.js', content: `/*\nMiniSearch\n\n${licence}\n*/\n${library}`}]
}
