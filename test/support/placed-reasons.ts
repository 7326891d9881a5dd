import type {VFile} from 'vfile'

/** Messages of a file as `line:column reason`, none without a file. */
export function placedReasons(file: VFile | undefined): string[] {
  return (file?.messages ?? []).map(({line, column, reason}) => `${line ?? 1}:${column ?? 1} ${reason}`)
}
