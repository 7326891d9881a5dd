/**
 * How much a message weighs: `error` makes a command exit 1, and one of an outline keeps a book from being built; `warning`
 * fails under `--strict`; `info` is for the reader.
 */
export type Severity = 'error' | 'warning' | 'info'

export type RuleSetting = Severity | 'off'

/** Every rule that a message may carry, with its severity unless the config changes it. Each has a page in `docs/rules/`. */
export const rules = {
  // Outlines: what keeps a book from being built.
  'dependency-cycle': 'error',
  'directive-in-block-quote': 'error',
  'directive-in-heading': 'error',
  'directive-in-table': 'error',
  'duplicate-id': 'error',
  'empty-directive': 'error',
  'invalid-front-matter': 'error',
  'invalid-id': 'error',
  'invalid-source': 'error',
  'nested-directive': 'error',
  'not-utf8': 'error',
  'too-deep': 'error',
  'unknown-dependency': 'error',
  // Outlines: what is likely meant otherwise.
  'accidental-heading': 'warning',
  'control-character': 'warning',
  'doubled-heading-mark': 'warning',
  'generated-outline': 'warning',
  'heading-skips': 'warning',
  'invalid-attribute': 'warning',
  'invalid-level': 'warning',
  'level-above-heading': 'warning',
  'level-skips': 'warning',
  'lookalike-tag': 'warning',
  'missing-closing-tag': 'warning',
  'missing-image': 'warning',
  'no-directives': 'warning',
  'stray-closing-tag': 'warning',
  'swapped-quote': 'warning',
  'unclosed-comment': 'warning',
  'unclosed-fence': 'warning',
  'unknown-attribute': 'warning',
  'wrong-encoding': 'warning',
  'unread-note': 'warning',
  // Outlines: what the course's sources say nothing of.
  'uncovered-directive': 'info',
  // Outlines: other forms of the same.
  'level-of-heading': 'info',
  'other-delimiter': 'info',
  'other-tag-name': 'info',
  'outer-fence': 'info',
  // Topic lists.
  'empty-topic-list': 'error',
  'duplicate-topic': 'warning',
  'empty-chapter': 'warning',
  'invalid-citation': 'warning',
  'irregular-topic': 'warning',
  // Config, templates and bibliography.
  'invalid-bibliography': 'error',
  'invalid-config': 'error',
  'invalid-template': 'error',
  'unknown-variable': 'error',
  // Completions: what was mended on the way into the book.
  'bold-heading': 'info',
  chatter: 'info',
  'control-text': 'info',
  'details-content': 'info',
  'empty-heading': 'info',
  'leaked-thoughts': 'info',
  'line-ends': 'info',
  'made-list': 'info',
  'made-table': 'info',
  'math-delimiters': 'info',
  'outer-completion-fence': 'info',
  'repeated-title': 'info',
  'shifted-headings': 'info',
  'split-list': 'info',
  'too-deep-heading': 'info',
  'unclosed-completion-fence': 'info',
  'unreadable-completion': 'info',
  'unsafe-html': 'info',
  'unsafe-link': 'info',
  // Texts: what the directive asked for and its text does not hold.
  'link-count': 'error',
  'missing-answers': 'error',
  'missing-code': 'error',
  'missing-form': 'error',
  'missing-inline-code': 'error',
  'missing-list': 'error',
  'missing-table': 'error',
  'missing-term': 'error',
  'near-copy': 'warning',
  'other-language': 'warning',
  'placeholder-text': 'error',
  'question-count': 'error',
  'several-paragraphs': 'error',
  'text-length': 'warning',
  'truncated-text': 'error',
  'unknown-answer': 'error',
  'unknown-citation': 'error',
  'unsupported-citation': 'warning',
  // Books as they stand: what keeps a reader from what the book promises.
  'broken-anchor': 'error',
  'broken-link': 'error',
  'broken-section': 'error',
  'dead-link': 'error',
  'missing-section': 'error',
  'stale-book': 'error',
  'unread-section': 'error',
  'broken-code': 'warning',
  'duplicate-sentence': 'warning',
  'former-title': 'warning',
  'stale-section': 'warning',
  'unknown-chapter': 'warning',
  'unused-term': 'warning',
  'drifted-section': 'info',
  'ungrounded-sentence': 'info',
  'moved-link': 'info',
  'unchecked-link': 'info',
  // Exports: what a reader of the finished book would stumble over.
  'missing-alt-text': 'warning',
  'refused-image': 'warning',
  'missing-glyph': 'warning',
  'low-contrast': 'warning',
  'unreadable-image': 'warning',
  'inaccessible-pdf': 'warning',
  'unread-formula': 'info',
  'untranslated-words': 'info',
  'unrendered-diagram': 'info',
  'long-code-line': 'info',
  'wide-table': 'info',
} as const satisfies Record<string, Severity>

export type RuleId = keyof typeof rules

/** The rules that say what the text of a directive must hold. */
export const contractRules = [
  'link-count',
  'missing-answers',
  'missing-code',
  'missing-form',
  'missing-inline-code',
  'missing-list',
  'missing-table',
  'missing-term',
  'near-copy',
  'other-language',
  'placeholder-text',
  'question-count',
  'several-paragraphs',
  'text-length',
  'truncated-text',
  'unknown-answer',
  'unknown-citation',
  'unsupported-citation',
] as const satisfies readonly RuleId[]

/** The rules whose errors keep no book from being built, so that the config may lower them. */
const lowerableRules: ReadonlySet<string> = new Set([
  ...contractRules,
  'broken-anchor',
  'broken-link',
  'broken-section',
  'dead-link',
  'missing-section',
  'stale-book',
  'unread-section',
])

/** Whether the config may lower an error of this rule or turn it off. */
export function isLowerable(ruleId: string | undefined): boolean {
  return ruleId !== undefined && lowerableRules.has(ruleId)
}

/** Page that explains a rule, as a path below the package's folder. */
export function rulePage(ruleId: RuleId): string {
  return `docs/rules/${ruleId}.md`
}
