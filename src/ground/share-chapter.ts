import {beginDraft} from './choose-passages.ts'
import type {DraftShare, DraftTask} from './draft-task.ts'
import {formDraft} from './form-draft.ts'
import type {Passage, PassageLibrary} from './passage-library.ts'
import {readPrompt} from './prompt-reading.ts'
import {sharePassages} from './share-passages.ts'
import {stemWords} from './word-stems.ts'

/** Terms that an objective names where the chapter uses them all. */
const fewTerms = 3
/** Parts of a section that its text names. */
const mostParts = 4

/**
 * Divides the passages of a library among the drafts of one chapter, given in the order of the outline, so that no
 * statement stands twice in it. A pure function of what it is given; a task's share holds nothing of others but what it
 * gets, so that a changed prompt changes the shares of those alone that wanted the same passages.
 */
export function shareChapter(tasks: readonly DraftTask[], library: PassageLibrary): readonly DraftTask[] {
  const named = tasks.map((task) => ({...task, ...namesOf(task, tasks)}))
  const forms = named.map((task) => formDraft(beginDraft(task, library), readPrompt(task.prompt)))
  const {passages, ownerOfBest} = sharePassages(forms.map(({wishes}) => wishes))
  const isCovered = passages.map((wishes) => wishes.some((ids) => ids.length > 0))
  const subjects = [
    ...new Set(
      named.flatMap(({kind, headingPath}, at) =>
        kind === 'section' && isCovered[at] === true && headingPath.length > 1 ? [headingPath.at(-1) ?? ''] : [],
      ),
    ),
  ]
  const terms = glossaryTerms(named, passages, library)
  return named.map((task, at): DraftTask => {
    const needsSubjects = (task.kind === 'objectives' || task.kind === 'reflection') && tasks.length > 1
    const elsewhere = isCovered[at] === true ? {} : elsewhereOf(at)
    const share = {
      passages: passages[at] ?? [],
      ...(needsSubjects ? {subjects} : {}),
      ...(task.kind === 'objectives' && terms.length > 0 ? {terms} : {}),
      ...elsewhere,
    }
    return {...task, share}
  })

  /** Where the chapter says what a draft has nothing to say on: in the items below its heading, or in another section. */
  function elsewhereOf(at: number): Pick<DraftShare, 'elsewhere' | 'hasItems' | 'parts'> {
    const {container, headingPath} = named[at] as DraftTask
    const path = headingPath.join('\n')
    const hasItems = named.some(
      (other, place) => other.container !== 'block' && isCovered[place] && other.headingPath.join('\n') === path,
    )
    if (container === 'block' && hasItems) return {hasItems}
    const parts = named.flatMap((other, place) =>
      isCovered[place] &&
      other.headingPath.length > headingPath.length &&
      other.headingPath.join('\n').startsWith(`${path}\n`)
        ? [other.headingPath[headingPath.length] ?? '']
        : [],
    )
    if (container === 'block' && headingPath.length > 1 && parts.length > 0)
      return {parts: [...new Set(parts)].slice(0, mostParts)}
    const owner = ownerOfBest(at)
    const elsewhere = owner === undefined ? undefined : named[owner]?.headingPath.at(-1)
    return elsewhere === undefined ? {} : {elsewhere}
  }
}

/** Terms that glossaries define, at most as many as an objective can name: those first that no other draft prints. */
function glossaryTerms(
  tasks: readonly DraftTask[],
  passages: readonly (readonly (readonly number[])[])[],
  library: PassageLibrary,
): readonly string[] {
  const printed = (isGlossary: boolean): readonly Passage[] =>
    tasks.flatMap(({kind}, at) => {
      // Which of its passages a quiz asks for is seen when it is composed.
      if (kind === 'quiz' || (kind === 'key-terms') !== isGlossary) return []
      return (passages[at] ?? []).flat().flatMap((id) => library.passages[id] ?? [])
    })
  const said = printed(false).map(({term, text}) => ` ${stemWords(`${term} . ${text}`).join(' ')} `)
  const terms = printed(true).filter(({kind}) => kind === 'definition')
  const isUsed = ({term}: Passage): boolean => said.some((text) => text.includes(` ${stemWords(term).join(' ')} `))
  const unused = terms.filter((passage) => !isUsed(passage))
  return [...unused, ...terms.filter(isUsed)].slice(0, Math.max(fewTerms, unused.length)).map(({term}) => term)
}

/** Names that list items below the heading of a table's section explain. */
function namesOf(task: DraftTask, tasks: readonly DraftTask[]): {itemNames?: readonly string[]} {
  if (task.container !== 'block') return {}
  const path = task.headingPath.join('\n')
  const items = tasks.filter(({container, headingPath}) => container !== 'block' && headingPath.join('\n') === path)
  if (items.length < 2 || !readPrompt(task.prompt).asksForTable) return {}
  return {itemNames: items.flatMap(({prompt, label}) => label ?? readPrompt(prompt).lead ?? [])}
}
