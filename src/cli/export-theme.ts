import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs'
import {dirname, join, resolve} from 'node:path'
import {fileURLToPath} from 'node:url'
import {type PdfTheme, readPdfTheme} from '../config/pdf-theme.ts'
import {readFontFace} from '../export/font-face.ts'
import {UsageError} from './exit-codes.ts'

const fontFolder = fileURLToPath(new URL('../../fonts', import.meta.url))

/** Reads the theme that a user names; an empty one without. A fault in it is a usage error. */
export async function readTheme(path: string | undefined): Promise<PdfTheme> {
  if (path === undefined) return {}
  try {
    return await readPdfTheme(path)
  } catch (error) {
    const {code, message} = error as NodeJS.ErrnoException
    if (code !== undefined) throw new UsageError('bad-theme', `Cannot read the theme \`${path}\` (${code})`)
    throw new UsageError('bad-theme', message.includes('the theme') ? message : `Cannot read the theme: ${message}`)
  }
}

/** Paths of a theme's font files, which it names from its own folder; one that is not there or is no font is a usage error. */
export function themeFonts({fonts}: PdfTheme, theme = '.'): string[] {
  return (fonts?.files ?? []).map((file) => {
    const path = resolve(dirname(theme), file)
    if (!/\.(?:ttf|otf)$/i.test(path) || !existsSync(path))
      throw new UsageError('bad-theme', `Cannot find the font \`${file}\` of the theme, expected a ttf or otf`)
    if (!isFont(path))
      throw new UsageError('bad-theme', `Cannot read the font \`${file}\` of the theme, expected a ttf or otf`)
    return path
  })
}

function isFont(path: string): boolean {
  return statSync(path).isFile() && readFontFace(readFileSync(path)) !== undefined
}

/** Paths of the fonts that come with the program. */
export function programFonts(): string[] {
  return readdirSync(fontFolder)
    .filter((name) => name.endsWith('.ttf'))
    .sort()
    .map((name) => join(fontFolder, name))
}

/** Paths of the licences of a font that comes with the program, by the path of the font. */
export function fontLicences(font: string): string[] {
  if (dirname(font) !== fontFolder) return []
  return readdirSync(fontFolder)
    .filter((name) => name.endsWith('.txt') && font.startsWith(join(fontFolder, name.replace(/-[A-Z]+\.txt$/, ''))))
    .sort()
    .map((name) => join(fontFolder, name))
}
