import type {PdfDocument} from './pdf-document.ts'
import type {PdfLook} from './pdf-look.ts'
import {pdfTemplate} from './pdf-template.ts'
import {cleanText, distinctGraphemes, replaceGraphemes, uncoveredIn} from './pdf-text.ts'
import {translateFormula} from './translate-formula.ts'
import type {Typesetter} from './typeset-pdf.ts'

/** All that a PDF is made of; it can be sent to another process. */
export interface PdfJob {
  readonly document: PdfDocument
  readonly look: PdfLook
  /** Year, month and day; undefined for a book without a date. */
  readonly date?: readonly [number, number, number]
  readonly isPrint: boolean
  /** By their paths in the book. */
  readonly images: ReadonlyMap<string, Uint8Array>
}

/** What came of it; what could not be shown is named. */
export interface PdfResult {
  readonly pdf?: Uint8Array
  /** Why there is no PDF. */
  readonly faults?: readonly string[]
  /** Titles of the parts that have the faults, or that keep the PDF from being accessible. */
  readonly places?: readonly string[]
  /** What the typesetter left out of the PDF. */
  readonly warnings?: readonly string[]
  /** What keeps it from PDF/UA-1; undefined where it keeps to it. */
  readonly inaccessible?: readonly string[]
  /** Characters that no font has, each shown as its number. */
  readonly uncovered: readonly string[]
  /** Images that cannot be read, by path, with the reason. */
  readonly unreadable: readonly (readonly [path: string, reason: string])[]
  /** Formulas that are shown as they are written. */
  readonly formulas: readonly string[]
}

/** Makes the PDF. The same job gives the same bytes. */
export function makePdf(job: PdfJob, setter: Typesetter): PdfResult {
  const names = new Map([...job.images.keys()].map((path, at) => [path, `/image-${at}${extensionOf(path)}`]))
  for (const [path, content] of job.images) setter.addImage(names.get(path) as string, content)
  const unknown = unknownFont(job.look, setter)
  if (unknown !== undefined) {
    const faults = [
      `there is no font \`${unknown}\`; a theme names families of its own font files, or of the program's`,
    ]
    return {faults, uncovered: [], unreadable: [], formulas: []}
  }
  const unreadable: [string, string][] = []
  const images: Record<string, string> = {}
  for (const [path, name] of names) {
    const fault = probe(setter, `#image(json("/book.json"), alt: "a")`, name)
    if (fault === undefined) images[path] = name
    else unreadable.push([path, fault])
  }
  const {formulas, left} = readFormulas(job.document.formulas, setter)
  const {language} = job.document
  const [lang = 'en', ...rest] = language.toLowerCase().split('-')
  const book = {
    ...job.document,
    lang: /^[a-z]{2,3}$/.test(lang) ? lang : 'en',
    region: rest.find((tag) => /^[a-z]{2}$/.test(tag)) ?? null,
    look: job.look,
    page: job.look.page,
    date: job.date === undefined ? null : {year: job.date[0], month: job.date[1], day: job.date[2]},
    isPrint: job.isPrint,
    images,
    formulas,
  }
  const text = cleanText(book)
  const uncovered = findUncovered(text, job.look, setter)
  const shown = uncovered.length === 0 ? text : replaceGraphemes(text, uncovered)
  return {...renderBook(setter, JSON.parse(shown) as typeof book), uncovered, unreadable, formulas: left}
}

function renderBook(
  setter: Typesetter,
  book: {readonly parts: PdfDocument['parts']},
): Pick<PdfResult, 'pdf' | 'faults' | 'places' | 'inaccessible' | 'warnings'> {
  const accessible = setter.render(pdfTemplate, book, true)
  if ('pdf' in accessible) return accessible
  const plain = setter.render(pdfTemplate, book, false)
  const places = book.parts
    .filter((_, only) => 'faults' in setter.render(pdfTemplate, {...book, only}, 'pdf' in plain))
    .map(({title}) => title)
  return 'pdf' in plain ? {...plain, inaccessible: accessible.faults, places} : {faults: plain.faults, places}
}

/** The first of the look's families that no font has. */
function unknownFont({body, headings, code}: PdfLook, setter: Typesetter): string | undefined {
  const template = `#set document(title: "a")
#set text(font: json("/book.json"), fallback: false)
a`
  return [body, headings, code].find((family) => {
    const made = setter.render(template, family, false)
    return 'faults' in made || made.warnings.length > 0
  })
}

function extensionOf(path: string): string {
  return /\.[A-Za-z0-9]+$/.exec(path)?.[0].toLowerCase() ?? ''
}

/** What the typesetter says against a small program of its own with one value. */
function probe(setter: Typesetter, template: string, value: unknown): string | undefined {
  const made = setter.render(template, value, false)
  return 'faults' in made ? (made.faults[0] ?? 'it cannot be read') : undefined
}

function readFormulas(all: readonly string[], setter: Typesetter): {formulas: Record<string, string>; left: string[]} {
  const formulas: Record<string, string> = {}
  const left: string[] = []
  for (const tex of all) {
    const translated = translateFormula(tex)
    const isSound =
      translated !== undefined &&
      probe(setter, '#math.equation(eval(json("/book.json"), mode: "math").body, alt: "a")', translated) === undefined
    if (isSound) formulas[tex] = translated
    else left.push(tex)
  }
  return {formulas, left}
}

function findUncovered(text: string, look: PdfLook, setter: Typesetter): string[] {
  const graphemes = distinctGraphemes(text)
  if (graphemes.length === 0) return []
  const template = `#let book = json("/book.json")
#set document(title: "a")
#set text(font: (book.body, "DejaVu Math TeX Gyre", "Noto Sans Symbols", "Noto Sans Symbols 2", "Noto Sans JP", "Noto Emoji", "DejaVu Sans Mono"), fallback: false)
#for word in book.words { par(word) }`
  const made = setter.render(template, {body: look.body, words: graphemes}, true)
  return 'faults' in made ? uncoveredIn(made.faults, graphemes) : []
}
