import type {RuleId} from '../model/rules.ts'

/** Rules of what normalising mends. */
export type RepairId = Extract<
  RuleId,
  | 'bold-heading'
  | 'chatter'
  | 'control-text'
  | 'details-content'
  | 'empty-heading'
  | 'leaked-thoughts'
  | 'line-ends'
  | 'made-list'
  | 'made-table'
  | 'math-delimiters'
  | 'outer-completion-fence'
  | 'repeated-title'
  | 'shifted-headings'
  | 'split-list'
  | 'unclosed-completion-fence'
  | 'unreadable-completion'
  | 'unsafe-html'
  | 'unsafe-link'
>

/** Something of a completion that was mended on its way into the book. */
export interface Repair {
  /** A rule of normalising, or `too-deep-heading` of placing. */
  readonly ruleId: RepairId | 'too-deep-heading'
  /** What was taken off or changed, in short. */
  readonly detail: string
}
