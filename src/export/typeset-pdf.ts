import {loadTypst, type TypstCompiler} from './load-typst.ts'

/** A PDF with what the typesetter left out, or what it says against making one. */
type Typeset = {readonly pdf: Uint8Array; readonly warnings: readonly string[]} | {readonly faults: readonly string[]}

/** A folder that is not there, so that only what is handed over can be read. */
const workspace = '/msk-course-holds-no-files'

/** Of code that most books have; each takes a while at its first use. */
const warmLanguages = ['bash', 'json', 'yaml', 'python']

/** Runs the typesetter in memory: reads no file, no font of the machine where a font handed over has the letters, no clock. */
export class Typesetter {
  private readonly compiler: TypstCompiler

  constructor(fonts: readonly Uint8Array[]) {
    this.compiler = loadTypst().create({
      workspace,
      fontArgs: [{fontBlobs: fonts.map((font) => Buffer.from(font))}],
    })
  }

  /** Lets the program that is run read an image by its name, which begins with a slash. */
  addImage(name: string, content: Uint8Array): void {
    this.compiler.mapShadow(`${workspace}${name}`, Buffer.from(content))
  }

  /** Has the typesetter read what it needs for its first pages; changes nothing of what comes. */
  warm(): void {
    this.render(
      '#set document(title: "a")\n#for name in json("/book.json") { raw("a", lang: name, block: true) }',
      warmLanguages,
      true,
    )
  }

  /** The PDF, or what the typesetter says against it. `isAccessible` asks for PDF/UA-1, which refuses what it cannot tag. */
  render(template: string, book: unknown, isAccessible: boolean): Typeset {
    this.compiler.addSource(`${workspace}/main.typ`, template)
    this.compiler.mapShadow(`${workspace}/book.json`, Buffer.from(JSON.stringify(book)))
    const compiled = this.compiler.compile({mainFilePath: `${workspace}/main.typ`})
    const {result} = compiled
    const messagesOf = (given: object | null): string[] =>
      given === null ? [] : this.compiler.fetchDiagnostics(given).map(({message}) => message)
    if (compiled.hasError() || result === null) return {faults: messagesOf(compiled.takeDiagnostics())}
    const warnings = messagesOf(compiled.takeWarnings())
    try {
      return {pdf: this.compiler.pdf(result, isAccessible ? {pdfStandard: 'ua-1'} : {}), warnings}
    } catch (error) {
      return {faults: messagesIn((error as Error).message)}
    }
  }
}

/** The messages of a fault of the export, which come in one text, as the typesetter's own language writes values. */
function messagesIn(text: string): string[] {
  const found = [...text.matchAll(/message: "((?:[^"\\]|\\.)*)"/g)].map(([, message = '']) => unescaped(message))
  return found.length === 0 ? [text] : found
}

function unescaped(text: string): string {
  return text
    .replace(/\\u\{([0-9a-f]{1,6})\}/gi, (_, digits: string) => String.fromCodePoint(Number.parseInt(digits, 16)))
    .replace(/\\(["'\\])/g, '$1')
}
