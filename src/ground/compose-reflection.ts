import {chapterSubjects, subjectsOf} from './chapter-subjects.ts'
import type {Draft} from './choose-passages.ts'
import type {DraftForm} from './draft-form.ts'
import {fillPhrase, joinNames} from './draft-phrases.ts'
import {chapterName} from './draft-task.ts'
import {readInlineText} from './inline-text.ts'
import type {PromptReading} from './prompt-reading.ts'
import {boldName} from './uncovered.ts'

const subjectCount = 2
/** A question that the prompt spells out. */
const ownQuestion = /\bquestion\b[^:?“"]{0,40}:\s+["“']?([^?]{15,400}\?)/i

/** One question: the one that the outline spells out, else one on subjects of the chapter that its prompt speaks of. */
export function formReflection(draft: Draft, prompt: PromptReading): DraftForm {
  return {
    wishes: [],
    compose: () => {
      const own = ownQuestion.exec(prompt.request)?.[1]
      if (own !== undefined) {
        const text = readInlineText(own, new Map()).text
        return [`${text.charAt(0).toUpperCase()}${text.slice(1)}`]
      }
      const all = chapterSubjects(draft)
      const fitting = subjectsOf(draft, prompt, all, subjectCount)
      const whole = chapterName(draft.task) || all[0] || (draft.task.headingPath.at(-1) ?? '')
      const names = fitting.length > 0 ? fitting : [whole]
      return [fillPhrase(draft.phrases.reflect, joinNames(names.map(boldName), draft.phrases.and))]
    },
  }
}
