import {type DirectiveKind, directiveKinds} from '../model/job.ts'

interface KindWords {
  readonly kind: DirectiveKind
  readonly title?: RegExp
  readonly prompt?: RegExp
}

/** In the order in which they are tried; titles before prompts. */
const kindWords: readonly KindWords[] = [
  {
    kind: 'objectives',
    title: /\b(?:objectives?|learning goals|learning outcomes)\b/i,
    prompt: /\blearning (?:objectives|goals|outcomes)\b/i,
  },
  {
    kind: 'key-terms',
    title: /\b(?:key terms?|glossary|vocabulary|terms to know)\b/i,
    prompt: /\bglossary\b|\bdefine the following\b.{0,40}\bterms\b/i,
  },
  {
    kind: 'quiz',
    title:
      /\b(?:quiz(?:zes)?|self[- ]assessment|test yourself|review questions|knowledge check|check your understanding)\b/i,
    prompt: /\bquiz\b|\bmultiple[- ]choice\b/i,
  },
  {
    kind: 'cross-reference',
    title: /\b(?:cross[- ]references?|see also|related (?:sections|chapters|topics))\b/i,
    prompt: /\bcross[- ]referenc/i,
  },
  {
    kind: 'further-exploration',
    title:
      /\b(?:further (?:exploration|reading|resources|study)|additional resources|learn more|recommended reading)\b/i,
    prompt: /\bcurated links\b|\bprovide (?:a |the )?(?:\d(?:-\d)? )?links?\b/i,
  },
  {
    kind: 'reflection',
    title: /\breflect(?:ion|ive)?\b/i,
    prompt: /\breflective question\b|\bask the (?:learner|reader|student) to (?:reflect|think|consider)\b/i,
  },
  {
    kind: 'summary',
    title: /\b(?:summary|recap|key takeaways|conclusion)\b/i,
    prompt: /\bwrite (?:a |an )?(?:brief |short |concise |closing )*summary\b/i,
  },
  {
    kind: 'overview',
    title: /\boverview\b|^introduction$/i,
    prompt: /\b(?:an?|the|high-level|comprehensive) overview\b/i,
  },
]

/** Titles that the config adds for a kind, compared without case. */
export type KindTitles = Readonly<Partial<Record<DirectiveKind, readonly string[]>>>

/**
 * What a directive asks for: its `kind` attribute, else what its label says, else its section's heading, else the
 * prompt's own words; `section` where nothing is recognised.
 */
export function recogniseKind(
  directive: {
    readonly attribute?: string
    readonly label?: string
    readonly title: string
    readonly prompt: string
    readonly isBlock: boolean
  },
  configured: KindTitles = {},
): DirectiveKind {
  const given = directive.attribute
  if (given !== undefined && (directiveKinds as readonly string[]).includes(given)) return given as DirectiveKind
  const titles = [directive.label, directive.title].filter((title) => title !== undefined)
  for (const title of titles) {
    const named = configuredKind(title, configured)
    if (named !== undefined) return named
    const kind = recognisedKind(title)
    // Under an overview only the text of the section itself gives it; its bullets are ordinary points.
    if (kind !== undefined && (kind !== 'overview' || directive.isBlock)) return kind
  }
  return kindWords.find((words) => words.prompt?.test(directive.prompt) === true)?.kind ?? 'section'
}

/** The kind that a heading or label names; undefined when it names none. */
export function kindOfTitle(title: string, configured: KindTitles = {}): DirectiveKind | undefined {
  return configuredKind(title, configured) ?? recognisedKind(title)
}

function configuredKind(title: string, configured: KindTitles): DirectiveKind | undefined {
  const folded = foldTitle(title)
  return directiveKinds.find((kind) => configured[kind]?.some((name) => foldTitle(name) === folded) === true)
}

function recognisedKind(title: string): DirectiveKind | undefined {
  return kindWords.find((words) => words.title?.test(title) === true)?.kind
}

function foldTitle(title: string): string {
  return title
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
