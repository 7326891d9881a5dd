import {chapterSubjects, subjectsOf} from './chapter-subjects.ts'
import type {Draft} from './choose-passages.ts'
import type {DraftForm} from './draft-form.ts'
import {fillPhrase, joinNames} from './draft-phrases.ts'
import type {PromptReading} from './prompt-reading.ts'
import {boldName, reportUncovered} from './uncovered.ts'

const usualCount = 6

/** A list of objectives that name the subjects that the chapter covers, and claim nothing about them. */
export function formObjectives(draft: Draft, prompt: PromptReading): DraftForm {
  const {phrases} = draft
  return {
    wishes: [],
    compose: () => {
      const all = chapterSubjects(draft)
      const {max} = prompt.pointBounds ?? {max: usualCount}
      const count = Math.min(max, 12)
      const fitting = all.length <= count ? all : subjectsOf(draft, prompt, all, count)
      const chosen = new Set([...fitting, ...all].slice(0, count))
      const lines = all
        .filter((subject) => chosen.has(subject))
        .map((subject, at) => {
          const isQuestion = /[?？]$/.test(subject.trim())
          const isClause = /^(?:how|what|when|where|which|who|why)\b/i.test(subject)
          const phrase = phrases.objectives[isClause ? 0 : at % phrases.objectives.length] ?? ''
          return `- ${fillPhrase(isQuestion ? phrases.questionObjective : phrase, boldName(subject))}`
        })
      const terms = draft.task.share?.terms ?? []
      if (terms.length > 0) {
        const names = terms.map((term) => `**${term.replace(/\*/g, '')}**`)
        lines.push(`- ${fillPhrase(phrases.define, joinNames(names, phrases.and))}`)
      }
      return lines.length === 0 ? [reportUncovered(draft, prompt)] : [lines.join('\n')]
    },
  }
}
