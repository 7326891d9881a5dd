import {inlineCodeTerms} from '../check/ask-inline-code.ts'
import {beginDraft, type Draft} from './choose-passages.ts'
import {composeCompanion, isCompanionKind} from './compose-companion.ts'
import type {DraftTask} from './draft-task.ts'
import {formDraft} from './form-draft.ts'
import {markTerms} from './mark-terms.ts'
import type {PassageLibrary} from './passage-library.ts'
import {readPrompt} from './prompt-reading.ts'
import {shareChapter} from './share-chapter.ts'

export type {DraftTask} from './draft-task.ts'

/**
 * Composes the Markdown of a section from the notes and the outline alone, marked as a draft, without the
 * section's heading.
 * The same task and library give the same text. Says so where no note covers the subject; never throws.
 */
export function composeDraft(task: DraftTask, library: PassageLibrary): string {
  if (isCompanionKind(task.kind)) return markCompanion(beginDraft(task, library), composeCompanion(task).blocks)
  const shared = task.share === undefined ? (shareChapter([task], library)[0] ?? task) : task
  const draft = beginDraft(shared, library)
  const prompt = readPrompt(task.prompt)
  const form = formDraft(draft, prompt)
  const chosen = form.wishes.map((_, at) =>
    (shared.share?.passages[at] ?? []).flatMap((id) => library.passages[id] ?? []),
  )
  const terms = inlineCodeTerms(task.prompt)
  const blocks = form.compose(chosen).map((block) => markTerms(block, terms))
  if (task.container === 'block') return [draft.phrases.marker, ...blocks].join('\n\n')
  const [first = '', ...rest] = blocks
  const [line = '', ...lines] = first.split('\n')
  return [[`${line} ${draft.phrases.itemMark}`, ...lines].join('\n'), ...rest].join('\n\n')
}

/** Marks a companion's draft; in a list item it is a part of the item, and a single paragraph stays one. */
function markCompanion({task, phrases}: Draft, blocks: readonly string[]): string {
  if (task.container === 'block') return [phrases.marker, ...blocks].join('\n\n')
  const [only = '', ...others] = blocks
  const isParagraph = others.length === 0 && !/^(?:[-|>]|\d+\.) ?/.test(only)
  return isParagraph ? `${only} ${phrases.itemMark}` : [phrases.itemMark, ...blocks].join('\n\n')
}
