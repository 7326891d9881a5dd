import type {WordBounds} from './directive.ts'

/** A file of `prompts/`: a Liquid template with settings in its front matter. */
export interface PromptTemplate {
  readonly name: string
  /** Path for messages. */
  readonly path: string
  readonly body: string
  /** Line of the file on which the body begins, from 1. */
  readonly bodyLine: number
  readonly settings: TemplateSettings
  /** Whether it ships with the program; a better one makes no text stale. */
  readonly isShipped: boolean
}

export interface TemplateSettings {
  readonly words?: WordBounds
  readonly temperature?: number
  readonly topP?: number
  readonly maxTokens?: number
}

/** Templates of a course: the system message, one per kind, and the style, a text of its own. */
export interface PromptSet {
  readonly templates: ReadonlyMap<string, PromptTemplate>
  /** Rules of style that every request carries. */
  readonly style: string
  readonly isStyleShipped: boolean
}
