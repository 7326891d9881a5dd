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
  /** When the book was last changed, as `2026-01-31T00:00:00Z`: for formats that have to say it. */
  readonly modified: string
}

/** Renders a book; faults that only this format finds are added to `source.file` by `report`. */
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
  epub: {
    summary: 'a book for e-readers (EPUB 3)',
    extension: '.epub',
    load: async () => (await import('./export-epub.ts')).exportEpub,
  },
  mdbook: {summary: 'a project of mdBook', load: async () => (await import('./export-mdbook.ts')).exportMdbook},
  quarto: {summary: 'a project of Quarto', load: async () => (await import('./export-quarto.ts')).exportQuarto},
}
