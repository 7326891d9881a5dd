import type {PdfTheme} from '../config/pdf-theme.ts'
import type {ExportBook} from '../export/export-book.ts'
import type {PdfResult} from '../export/make-pdf.ts'
import {makePdfDocument} from '../export/pdf-document.ts'
import {ordinaryLook, type PdfLook, type PdfPage, pageOf, roomOf} from '../export/pdf-look.ts'
import {UsageError} from './exit-codes.ts'
import type {ExportedFile, ExportSettings, RenderExport} from './export-formats.ts'
import type {ExportSource} from './export-source.ts'
import {programFonts, readTheme, themeFonts} from './export-theme.ts'
import {PdfWorker} from './pdf-worker.ts'

/** Longest that a book may take. */
const seconds = 300

/** Starts the process that makes PDFs, and renders one in it. */
export function startPdf(): RenderExport {
  const fonts = programFonts()
  const worker = new PdfWorker(fonts)
  return (source, settings) => exportPdf(source, settings, worker, fonts)
}

async function exportPdf(
  source: ExportSource,
  settings: ExportSettings,
  worker: PdfWorker,
  fonts: readonly string[],
): Promise<readonly ExportedFile[]> {
  const {book, images} = source
  const {answers, isPrint} = settings
  const page = pageOf(settings.size, isPrint)
  if (page === undefined)
    throw new UsageError(
      'bad-flag',
      `Unexpected size of a page \`${settings.size}\`, expected WxH such as \`6x9in\` or \`170x240mm\`, from 80 to 600 mm a side`,
    )
  const date = dateOf(book, process.env.SOURCE_DATE_EPOCH)
  const theme = await readTheme(settings.theme)
  const look = themedLook(theme, page)
  const room = roomOf(look)
  const document = makePdfDocument(book, {
    answers,
    isPrint,
    room,
    images: new Set(images.keys()),
    mayRunOn: source.isCompanion,
  })
  const job = {document, look, isPrint, images, ...(date === undefined ? {} : {date})}
  const own = themeFonts(theme, settings.theme)
  const result = await worker.make({job, ...(own.length === 0 ? {} : {fonts: [...own, ...fonts]})}, seconds)
  reportFindings(result, source)
  if (result.pdf === undefined) {
    const where = result.places?.length ? ` in ${result.places.map((title) => `\`${title}\``).join(', ')}` : ''
    throw new UsageError('bad-book', `Cannot typeset the book${where}: ${result.faults?.[0] ?? 'no reason was given'}`)
  }
  return [{path: '', content: result.pdf}]
}

function themedLook({fonts = {}, size, colours = {}, callouts, contents, margins}: PdfTheme, page: PdfPage): PdfLook {
  const {body = ordinaryLook.body, headings = body, code = ordinaryLook.code} = fonts
  const {accent = ordinaryLook.accent, link = ordinaryLook.link, shade = ordinaryLook.faint} = colours
  // What a file of YAML says is never undefined, as the types of its schema would have it.
  return {
    body,
    headings,
    code,
    size: size ?? ordinaryLook.size,
    accent,
    link,
    faint: shade,
    callouts: {...ordinaryLook.callouts, ...(callouts as Partial<PdfLook['callouts']>)},
    contents: contents ?? ordinaryLook.contents,
    page: {...page, ...(margins as Partial<PdfPage>)},
  }
}

/** The date that the book gives, else that of `epoch`, seconds since 1970. */
function dateOf({metadata}: ExportBook, epoch: string | undefined): [number, number, number] | undefined {
  const given = /^(\d{4})-(\d{2})-(\d{2})/.exec(metadata.date ?? '')
  const seconds = epoch === undefined || !/^\d{1,11}$/.test(epoch) ? undefined : Number(epoch)
  const written =
    given?.[0] ?? (seconds === undefined ? undefined : new Date(seconds * 1000).toISOString().slice(0, 10))
  if (written === undefined) return undefined
  const [year, month, day] = written.split('-').map(Number) as [number, number, number]
  const isReal = new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day && month >= 1 && month <= 12
  return isReal ? [year, month, day] : undefined
}

function reportFindings(result: PdfResult, source: ExportSource): void {
  const lines = String(source.file.value).split('\n')
  const lineOf = (text: string): number | undefined => {
    const at = lines.findIndex((line) => line.includes(text))
    return at === -1 ? undefined : at + 1
  }
  for (const grapheme of result.uncovered) {
    const numbers = [...grapheme].map(
      (character) => `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`,
    )
    source.report(
      'missing-glyph',
      `Unexpected character \`${grapheme}\` (${numbers.join(' ')}), which no font of the PDF has; its number is printed`,
      lineOf(grapheme),
    )
  }
  for (const [path, reason] of result.unreadable)
    source.report(
      'unreadable-image',
      `Cannot show the image \`${path}\`: ${reason}; its alternative text is printed`,
      lineOf(path),
    )
  for (const tex of result.formulas)
    source.report(
      'unread-formula',
      `Cannot set the formula \`${tex.slice(0, 60)}\`; it is printed as it is written`,
      lineOf(tex.split('\n')[0] ?? tex),
    )
  if (result.warnings?.length) throw new Error(`Cannot typeset the whole book: ${result.warnings[0]}`)
  if (result.inaccessible !== undefined) {
    const where = result.places?.length ? ` because of ${result.places.map((title) => `\`${title}\``).join(', ')}` : ''
    source.report(
      'inaccessible-pdf',
      `Cannot keep to PDF/UA-1${where}: ${result.inaccessible[0]}; the PDF is tagged and unchecked`,
    )
  }
}
