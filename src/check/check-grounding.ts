import type {CourseText} from './course-text.ts'
import {reportContents} from './course-text.ts'

/** What judges sentences: gives those of a paragraph that say something, and whether sources support each. */
export type JudgeSentences = (
  paragraph: string,
  text: CourseText,
) => readonly {readonly sentence: string; readonly isSupported: boolean}[]

/** How much of a text its sources support. */
export interface GroundedShare {
  readonly id: string
  readonly sentences: number
  readonly supported: number
}

/** Kinds whose texts ask, promise or point elsewhere, and state nothing that a source could support. */
const kindsWithoutClaims: ReadonlySet<string> = new Set([
  'cross-reference',
  'further-exploration',
  'objectives',
  'reflection',
])

/** Reports the sentences that nothing supports, and gives each text's share of those that something does. */
export function checkGrounding(texts: readonly CourseText[], judge: JudgeSentences): readonly GroundedShare[] {
  return texts
    .filter(({kind, isBroken}) => !isBroken && !kindsWithoutClaims.has(kind))
    .map((text) => {
      const judged = text.contents.prose.flatMap(({text: said, isParagraph}, at) =>
        isParagraph && !isOption(said, text) ? judge(said, text).map((sentence) => ({...sentence, at})) : [],
      )
      const supported = judged.filter(({isSupported}) => isSupported).length
      for (const {sentence, isSupported, at} of judged) {
        if (isSupported) continue
        const shown = sentence.length > 100 ? `${sentence.slice(0, 99).trimEnd()}…` : sentence
        const reason = `Unexpected sentence without support \`${shown.replaceAll('`', "'")}\`, expected a passage of the sources; they support ${supported} of ${judged.length} sentences of this text`
        reportContents(text, 'prose', at, 'ungrounded-sentence', reason)
      }
      return {id: text.id, sentences: judged.length, supported}
    })
    .filter(({sentences}) => sentences > 0)
}

/** Wrong options of a quiz are wrong on purpose; a draft says itself what no source covers. */
function isOption(said: string, {kind, isDraft}: CourseText): boolean {
  return (
    (kind === 'quiz' && /^(?:[A-Ha-h][.)]|\*?\*?[A-H]\b)/.test(said)) ||
    (isDraft && /^Draft from|no source/i.test(said))
  )
}
