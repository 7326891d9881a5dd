import type {AnswerPlace} from '../export/lay-out-quizzes.ts'
import type {ExportSource} from './export-source.ts'

/** A file that a format made, by its path with `/` below the export's folder; empty for a format of one file. */
export interface ExportedFile {
  readonly path: string
  readonly content: string | Uint8Array
}

/** What a user may say of an export. */
export interface ExportSettings {
  readonly answers: AnswerPlace
  /** Name of a paper, or `WxH` with a unit. */
  readonly size: string
  /** Whether it is to be printed and bound. */
  readonly isPrint: boolean
  /** When the book was last changed, as `2026-01-31T00:00:00Z`: for formats that have to say it. */
  readonly modified: string
  /** Path of a file of YAML that says how it looks. */
  readonly theme?: string
}

/** Renders a book; faults that only this format finds are reported by `source.report`. */
export type RenderExport = (source: ExportSource, settings: ExportSettings) => Promise<readonly ExportedFile[]>

/** A format of `export`. */
export interface ExportFormat {
  readonly summary: string
  /** Extension of its one file with the dot; undefined where it is a folder. */
  readonly extension?: string
  /** What takes a while is begun here, before the book is read. */
  load(): Promise<RenderExport>
}

/** Every format of `export`, by its name; each is loaded when it is asked for. */
export const exportFormats: Readonly<Record<string, ExportFormat>> = {
  epub: {
    summary: 'a book for e-readers (EPUB 3)',
    extension: '.epub',
    load: async () => (await import('./export-epub.ts')).exportEpub,
  },
  html: {
    summary: 'a static site that works offline, with search and quizzes',
    load: async () => (await import('./export-html.ts')).exportHtml,
  },
  mdbook: {summary: 'a project of mdBook', load: async () => (await import('./export-mdbook.ts')).exportMdbook},
  pdf: {
    summary: 'a PDF to read or to print',
    extension: '.pdf',
    load: async () => (await import('./export-pdf.ts')).startPdf(),
  },
  quarto: {summary: 'a project of Quarto', load: async () => (await import('./export-quarto.ts')).exportQuarto},
}
