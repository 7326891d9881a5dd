import {appendLine, replaceWhole, writeWhole} from './write-whole.ts'

/** A paid text and the line that points to it. */
export interface KeptText {
  /** Where the text goes; `data` is absent when it stands there already. */
  readonly path: string
  readonly data?: string
  readonly folder: string
  readonly listPath: string
  readonly line: string
}

/** Writes files that must last: what it says is written is on disk. */
export interface FileWriter {
  /** Writes a file whole or not at all, as `writeWhole` does. */
  write(path: string, data: string): Promise<void>
  /** Puts a text in its place and then appends its line, both flushed before it returns. */
  keep(text: KeptText): Promise<void>
  /** Ends it when all is written; nothing may be written afterwards. */
  close(): Promise<void>
}

/** Writes in the thread that asks. */
export const ownThread: FileWriter = {
  write: writeWhole,
  keep: async ({path, data, folder, listPath, line}) => {
    // The text's bytes are on disk when the line is written; its name, which another may still flush, goes with the line.
    const changed = data === undefined ? [folder] : await replaceWhole(path, data)
    await appendLine(listPath, line, changed)
  },
  close: async () => {},
}
