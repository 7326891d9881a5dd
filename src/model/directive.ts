import type {Node, Position} from 'unist'

/** Where a directive stands, which decides how its completion is placed. */
export type ContainerKind = 'block' | 'list-item' | 'labelled'

/** What the author wrote into the opening tag, checked; names as in the outline language. */
export interface DirectiveAttributes {
  readonly id?: string
  /** 1 to 6. */
  readonly level?: number
  readonly kind?: string
  readonly model?: string
  /** Bounds of the completion's length in words, both inclusive. */
  readonly words?: WordBounds
  /** Upper limit of output tokens. */
  readonly maxTokens?: number
  /** Selectors of directives whose texts this one reads. */
  readonly depends?: readonly string[]
  /** Names of files below `sources/`; an item of digits alone is a number of the bibliography. */
  readonly sources?: readonly string[]
  readonly tags?: readonly string[]
}

export interface WordBounds {
  readonly min: number
  readonly max: number
}

/** One `<prompt>` of an outline, as read. */
export interface PromptDirective extends Node {
  readonly type: 'promptDirective'
  readonly attributes: DirectiveAttributes
  /** The text for the model: dedented, delimiters off, escapes undone, trimmed, LF line ends. */
  readonly value: string
  readonly container: ContainerKind
  /** Depth of the nearest heading above, 0 where there is none. */
  readonly containerDepth: number
  /** Depth that the directive's `level` or its words name. */
  readonly declaredDepth?: number
  /** Text of the label that the completion continues, as plain text. */
  readonly label?: string
  /** From the first opening delimiter to the last closing one. */
  readonly position: Position
}
