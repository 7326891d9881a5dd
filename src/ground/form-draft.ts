import type {DirectiveKind} from '../model/job.ts'
import type {Draft} from './choose-passages.ts'
import {formCrossReference} from './compose-cross-reference.ts'
import {formFurtherExploration} from './compose-further-exploration.ts'
import {formKeyTerms} from './compose-key-terms.ts'
import {formListItem} from './compose-list-item.ts'
import {formObjectives} from './compose-objectives.ts'
import {formQuiz} from './compose-quiz.ts'
import {formReflection} from './compose-reflection.ts'
import {formSection} from './compose-section.ts'
import {formSummary} from './compose-summary.ts'
import type {DraftForm} from './draft-form.ts'
import type {PromptReading} from './prompt-reading.ts'

type Former = (draft: Draft, prompt: PromptReading) => DraftForm

const formers: Readonly<Partial<Record<DirectiveKind, Former>>> = {
  objectives: formObjectives,
  overview: formSection,
  section: formSection,
  summary: formSummary,
  'key-terms': formKeyTerms,
  quiz: formQuiz,
  'cross-reference': formCrossReference,
  'further-exploration': formFurtherExploration,
  reflection: formReflection,
}

/** Kinds that stay what they are in a list item; the others become one short paragraph there. */
const kindsOfAnyContainer: ReadonlySet<DirectiveKind> = new Set(['objectives', 'quiz', 'cross-reference', 'reflection'])

/** How the draft of a task is composed: by its kind, in a list item as a short paragraph where the kind allows it. */
export function formDraft(draft: Draft, prompt: PromptReading): DraftForm {
  const {container, kind, label} = draft.task
  const former = formers[kind] ?? formSection
  if (container === 'block' || kindsOfAnyContainer.has(kind)) return former(draft, prompt)
  const isList = kind === 'key-terms' && prompt.terms.length > 1
  const isLinks = kind === 'further-exploration' && prompt.lead === undefined && label === undefined
  const asksForMore = prompt.points.length > 1 || prompt.asksForTable || prompt.asksForSteps
  return isList || isLinks || (asksForMore && kind === 'section') ? former(draft, prompt) : formListItem(draft, prompt)
}
