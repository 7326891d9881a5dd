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
  load(): Promise<RenderExport>
}

/** Every format of `export`, by its name; each is loaded when it is asked for. */
export const exportFormats: Readonly<Record<string, ExportFormat>> = {
  mdbook: {summary: 'a project of mdBook', load: async () => (await import('./export-mdbook.ts')).exportMdbook},
  pdf: {
    summary: 'a PDF to read or to print',
    extension: '.pdf',
    load: async () => (await import('./export-pdf.ts')).exportPdf,
  },
}
