import {readFile} from 'node:fs/promises'
import {parseDocument} from 'yaml'
import {z} from 'zod'
import {nearestNames} from '../model/nearest.ts'

const colour = z.string().regex(/^#[0-9a-fA-F]{6}$/, 'expected a colour such as `#1f3a5f`')
const family = z.string().min(1).max(200)
const margin = z.number().min(5).max(80)

const callouts = z
  .strictObject({note: colour, tip: colour, important: colour, warning: colour, caution: colour})
  .partial()

/** What a theme may say; every key is optional. Colours of text and background and `dark` are for sites alone. */
const themeSchema = z
  .strictObject({
    fonts: z
      .strictObject({files: z.array(z.string().min(1)).max(20), body: family, headings: family, code: family})
      .partial(),
    size: z.number().min(6).max(24),
    colours: z.strictObject({accent: colour, link: colour, shade: colour, text: colour, background: colour}).partial(),
    callouts,
    dark: z
      .strictObject({accent: colour, link: colour, shade: colour, text: colour, background: colour, callouts})
      .partial(),
    contents: z.int().min(1).max(4),
    margins: z.strictObject({inside: margin, outside: margin, top: margin, bottom: margin}).partial(),
  })
  .partial()

export type PdfTheme = z.infer<typeof themeSchema>

/** Reads a theme from a file of YAML. Fails with the first fault, which names the key. */
export async function readPdfTheme(path: string): Promise<PdfTheme> {
  const document = parseDocument(await readFile(path, 'utf8'), {uniqueKeys: true})
  const [error] = document.errors
  if (error !== undefined) throw new Error(`Cannot read the theme: ${error.message.split('\n')[0]}`)
  const parsed = themeSchema.safeParse(document.toJS({maxAliasCount: 0}) ?? {})
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0] as z.core.$ZodIssue
  const key = [...issue.path, ...(issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [])].join('.')
  if (issue.code !== 'unrecognized_keys')
    throw new Error(`Unexpected value of \`${key}\` in the theme: ${issue.message}`)
  const [nearest] = nearestNames(issue.keys[0] ?? '', Object.keys(themeSchema.shape), 1)
  throw new Error(
    `Unexpected key \`${key}\` in the theme${nearest === undefined ? '' : `; did you mean \`${nearest}\`?`}`,
  )
}
