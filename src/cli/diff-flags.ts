/** What a comparison can be printed as. */
export const diffFormats = ['text', 'markdown', 'json', 'html'] as const

export type DiffFormat = (typeof diffFormats)[number]

/** Flags of `diff`, as parsed. */
export interface DiffFlags {
  readonly previous: boolean
  readonly mergeBase: boolean
  readonly section?: string
  readonly outline?: readonly string[]
  readonly out?: string
  readonly format?: DiffFormat
  readonly output?: string
}
