import {makeNoun, makeSentence, makeTitle, pick, wholeNumber} from './made-words.ts'
import {seededRandom} from './seeded-random.ts'

const seed = 346

/** Closing parts of a chapter, with what their prompts ask for. */
const closingParts = [
  ['Summary', 'write a brief summary of the chapter and repeat its main points'],
  ['Key Terms', 'define the key terms of the chapter as a glossary'],
  ['Self-Assessment Quiz', 'create a short multiple-choice quiz (3-4 questions) with answers'],
  ['Cross-Reference', 'point to the other chapters that go deeper'],
  ['Further Exploration', 'name two or three pages to read next'],
  ['Reflection Prompt', 'pose a question that makes the learner weigh the choices of the chapter'],
] as const

/**
 * An outline with exactly so many directives, in chapters of about 22: objectives, an overview, sections with one
 * directive or a list of them, six closing parts. The same for the same number.
 */
export function makeOutline(directives: number): string {
  const random = seededRandom(seed)
  const lines: string[] = []
  let left = directives
  for (let chapter = 1; left > 0; chapter++) {
    const title = makeTitle(random)
    lines.push(`# ${chapter}. ${title}`, '')
    for (const section of makeChapter(title, random)) {
      const prompts = section.prompts.slice(0, left)
      if (prompts.length === 0) break
      left -= prompts.length
      lines.push(`${'#'.repeat(section.depth)} ${section.title}`)
      const bullet = section.isList ? '*   ' : ''
      if (section.isList) lines.push('')
      for (const prompt of prompts) lines.push(`${bullet}"<prompt>${prompt}</prompt>"`)
      lines.push('')
    }
  }
  return lines.join('\n')
}

/** The texts of an outline's directives, in their order; enough for regular outlines, which are all the bench uses. */
export function promptsOf(outline: string): string[] {
  return [...outline.matchAll(/<prompt(?:\s[^>]*)?>([\s\S]*?)<\/prompt>/g)].map(([, prompt]) => prompt ?? '')
}

interface MadeSection {
  readonly title: string
  readonly depth: number
  readonly isList: boolean
  readonly prompts: readonly string[]
}

function makeChapter(title: string, random: () => number): MadeSection[] {
  const single = (
    own: string,
    depth: number,
    task: string,
    details: string = ` ${makeSentence(random)}`,
  ): MadeSection => ({
    title: own,
    depth,
    isList: false,
    prompts: [`Starting at heading level ${depth + 1}, ${task}.${details}`],
  })
  const sections = [
    single('Learning Objectives', 2, `generate a bulleted list of the learning objectives for ${title}`),
    single(`Overview of ${title}`, 2, `explain what ${title} means and why a team needs it`),
  ]
  for (let left = wholeNumber(4, 8, random); left > 0; left--) {
    const own = makeTitle(random)
    const details = Array.from({length: wholeNumber(1, 3, random)}, () => makeSentence(random))
    // Some prompts of real outlines hold a list of their own, with line breaks in the directive.
    const asList = random() < 0.3 ? ['', ...details].join('\n- ') : ` ${details.join(' ')}`
    sections.push(single(own, 3, `explain ${own} in the context of ${title}`, asList))
  }
  for (let left = wholeNumber(1, 2, random); left > 0; left--) {
    const prompts = Array.from({length: wholeNumber(3, 6, random)}, () => {
      const term = makeNoun(random)
      return `Starting at heading level 5 with a bullet point, explain the \`${term}\` ${pick(['option', 'setting', 'limit'], random)}: ${makeSentence(random)}`
    })
    sections.push({title: makeTitle(random), depth: 3, isList: true, prompts})
  }
  for (const [own, task] of closingParts) sections.push(single(own, 2, `${task} (${title})`))
  return sections
}
