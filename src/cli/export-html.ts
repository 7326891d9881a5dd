import {readFileSync} from 'node:fs'
import {readFile} from 'node:fs/promises'
import {createRequire} from 'node:module'
import {basename, dirname, extname, join} from 'node:path'
import type {PdfTheme} from '../config/pdf-theme.ts'
import {type FontFace, readFontFace} from '../export/font-face.ts'
import {ordinaryLook} from '../export/pdf-look.ts'
import {contrastFaults, type SiteTheme, themeCss} from '../export/site-theme.ts'
import {unreadFormulas} from '../export/unread-formulas.ts'
import {writeSite} from '../export/write-site.ts'
import {UsageError} from './exit-codes.ts'
import type {ExportedFile, RenderExport} from './export-formats.ts'
import {fontLicences, programFonts, readTheme, themeFonts} from './export-theme.ts'
import {reportBrokenImages} from './report-broken-images.ts'

/** Renders a static site with the book's images and what its pages load. */
export const exportHtml: RenderExport = async (source, settings) => {
  const {book, images, report, reportIn} = source
  reportBrokenImages(source)
  for (const {ruleId, reason, line} of unreadFormulas(book)) report(ruleId, reason, line)
  const path = settings.theme
  const theme = path === undefined ? undefined : await siteTheme(await readTheme(path), path)
  if (theme !== undefined && path !== undefined)
    for (const reason of contrastFaults(theme.look)) reportIn(path, 'low-contrast', reason)
  return [
    ...writeSite(book, new Set(images.keys()), theme !== undefined).map(({path, text}) => ({path, content: text})),
    ...siteAssets(),
    ...(theme === undefined ? [] : [{path: 'assets/theme.css', content: themeCss(theme.look)}, ...theme.files]),
    ...[...images].map(([path, content]) => ({path, content})),
  ]
}

interface FontFile extends FontFace {
  readonly path: string
  readonly content: Uint8Array
}

/** What a theme says of a site, with the fonts that it takes along. */
async function siteTheme(theme: PdfTheme, path: string): Promise<{look: SiteTheme; files: ExportedFile[]}> {
  const {body, headings = body, code} = theme.fonts ?? {}
  const own = await readFonts(themeFonts(theme, path))
  const wanted = [body, headings, code].filter((family) => family !== undefined)
  const isOf = (family: string) => (font: FontFile) => font.family.toLowerCase() === family.toLowerCase()
  const others = wanted.every((family) => own.some(isOf(family))) ? [] : await readFonts(programFonts())
  const unknown = wanted.find((family) => ![...own, ...others].some(isOf(family)))
  if (unknown !== undefined) {
    const families = [...new Set([...own, ...others].map(({family}) => `\`${family}\``))].join(', ')
    throw new UsageError(
      'bad-theme',
      `Cannot find the font family \`${unknown}\` of the theme, expected one of ${families}`,
    )
  }
  const used = [...new Set(wanted.flatMap((family) => (own.some(isOf(family)) ? own : others).filter(isOf(family))))]
  const faces = used.map((font, at) => ({...font, url: `fonts/font-${at + 1}${extname(font.path).toLowerCase()}`}))
  const licences = new Set(used.flatMap((font) => fontLicences(font.path)))
  const {colours = {}, callouts, dark = {}, size = ordinaryLook.size} = theme
  return {
    look: {
      fonts: {
        ...(body === undefined ? {} : {body}),
        ...(headings === undefined ? {} : {headings}),
        ...(code === undefined ? {} : {code}),
      },
      scale: size / ordinaryLook.size,
      light: {...colours, callouts},
      dark,
      faces,
    },
    files: [
      ...faces.map(({url, content}) => ({path: `assets/${url}`, content})),
      ...[...licences].map((licence) => ({
        path: `assets/fonts/${basename(licence)}`,
        content: readFileSync(licence, 'utf8'),
      })),
    ],
  }
}

async function readFonts(paths: readonly string[]): Promise<FontFile[]> {
  return Promise.all(
    paths.map(async (path) => {
      const content = await readFile(path)
      const face = readFontFace(content)
      if (face === undefined)
        throw new UsageError(
          'bad-theme',
          `Cannot read the font \`${basename(path)}\` of the theme, expected a ttf or otf`,
        )
      return {...face, path, content}
    }),
  )
}

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
