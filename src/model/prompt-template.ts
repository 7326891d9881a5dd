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

/** What templates of one sort may use, and what they must not leave out. */
export interface TemplateForm {
  /** Names that a template may use, with their members. */
  readonly variables: Readonly<Record<string, readonly string[] | undefined>>
  /** Made-up values to render a template of that name with. */
  samples(name: string): readonly TemplateSample[]
}

/** Made-up values for a template. */
export interface TemplateSample {
  readonly values: Readonly<Record<string, unknown>>
  /** What is rendered, as a message names it. */
  readonly about: string
  /** Texts that must be in what is rendered as they are, each with the variable that holds it. */
  readonly keeps: readonly {readonly variable: string; readonly text: string}[]
}
