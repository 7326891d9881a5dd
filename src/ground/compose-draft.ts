import type {DirectiveKind} from '../model/job.ts'
import {beginDraft, type Draft} from './choose-passages.ts'
import {composeCompanion, isCompanionKind} from './compose-companion.ts'
import {composeCrossReference} from './compose-cross-reference.ts'
import {composeFurtherExploration} from './compose-further-exploration.ts'
import {composeKeyTerms} from './compose-key-terms.ts'
import {composeListItem} from './compose-list-item.ts'
import {composeObjectives} from './compose-objectives.ts'
import {composeQuiz} from './compose-quiz.ts'
import {composeReflection} from './compose-reflection.ts'
import {composeSection} from './compose-section.ts'
import {composeSummary} from './compose-summary.ts'
import type {DraftTask} from './draft-task.ts'
import type {PassageLibrary} from './passage-library.ts'
import {type PromptReading, readPrompt} from './prompt-reading.ts'

export type {DraftTask} from './draft-task.ts'

const blockMark = "*Draft from the course's sources, not written by a model.*"

type Composer = (draft: Draft, prompt: PromptReading) => readonly string[]

const composers: Readonly<Partial<Record<DirectiveKind, Composer>>> = {
  objectives: composeObjectives,
  overview: composeSection,
  section: composeSection,
  summary: composeSummary,
  'key-terms': composeKeyTerms,
  quiz: composeQuiz,
  'cross-reference': composeCrossReference,
  'further-exploration': composeFurtherExploration,
  reflection: composeReflection,
}

/** Kinds that stay what they are in a list item; the others become one short paragraph there. */
const kindsOfAnyContainer: ReadonlySet<DirectiveKind> = new Set(['objectives', 'quiz', 'cross-reference', 'reflection'])

/**
 * Composes the Markdown of a section from the notes and the outline alone, marked as a draft, without the
 * section's heading.
 * The same task and library give the same text. Says so where no note covers the subject; never throws.
 */
export function composeDraft(task: DraftTask, library: PassageLibrary): string {
  if (isCompanionKind(task.kind)) return markCompanion(task, composeCompanion(task))
  const prompt = readPrompt(task.prompt)
  const draft = beginDraft(task, library)
  const compose = composers[task.kind] ?? composeSection
  if (task.container === 'block') {
    const blocks = compose(draft, prompt)
    return [blockMark, ...blocks].join('\n\n')
  }
  const isList = kindsOfAnyContainer.has(task.kind) || (task.kind === 'key-terms' && prompt.terms.length > 1)
  const isLinks = task.kind === 'further-exploration' && prompt.lead === undefined && task.label === undefined
  const [first = '', ...rest] = isList || isLinks ? compose(draft, prompt) : composeListItem(draft, prompt)
  const [line = '', ...lines] = first.split('\n')
  return [[`${line} *(draft)*`, ...lines].join('\n'), ...rest].join('\n\n')
}

/** Marks a companion's draft; in a list item it is a part of the item, and a single paragraph stays one. */
function markCompanion({container}: DraftTask, blocks: readonly string[]): string {
  if (container === 'block') return [blockMark, ...blocks].join('\n\n')
  const [only = '', ...others] = blocks
  const isParagraph = others.length === 0 && !/^(?:[-|>]|\d+\.) ?/.test(only)
  return isParagraph ? `${only} *(draft)*` : ['*(draft)*', ...blocks].join('\n\n')
}
