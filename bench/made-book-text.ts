import {makeNoun, makeSentence, makeTitle, pick, wholeNumber} from './made-words.ts'
import {seededRandom, seedOf} from './seeded-random.ts'

type Random = () => number

/**
 * A Markdown text of about 250 words with what real answers hold: headings of the depth that the prompt asks for, nested
 * lists, code, tables, call-outs, quizzes with answers, terms with definitions. The same for the same prompt.
 */
export function makeBookText(prompt: string): string {
  const random = seededRandom(seedOf(prompt))
  // What stands around the task says much of other sections.
  const task = prompt.split(/^Task:$/m).at(-1) ?? prompt
  const depth = Math.min(6, Number(/heading level (\d)/.exec(task)?.[1] ?? 3))
  const asksFor = (words: RegExp): boolean => words.test(task)
  if (asksFor(/bullet point/)) return makeItem(random)
  if (asksFor(/quiz/i)) return makeQuiz(random)
  if (asksFor(/key terms/i)) return makeTerms(task, random)
  const blocks = [makeProse(random), makeList(random), makeProse(random)]
  if (asksFor(/code|command|CLI|example|configur/i)) blocks.push(makeProse(random), makeCode(random))
  if (asksFor(/table|compar|option|metric/i)) blocks.push(makeProse(random), makeTable(random))
  if (random() < 0.3) blocks.push(`> [!${pick(['NOTE', 'TIP', 'WARNING'], random)}]\n> ${makeSentence(random)}`)
  if (random() < 0.5) blocks.splice(2, 0, `${'#'.repeat(depth)} ${makeTitle(random)}`)
  blocks.push(makeProse(random), makeSteps(random))
  return blocks.join('\n\n')
}

function makeWords(random: Random): string {
  const text = makeSentence(random)
  const marked = random()
  if (marked < 0.2) return text.replace(/\b(\w+) (each|of)\b/, '`$1` $2')
  if (marked < 0.3) return text.replace(/\b(the \w+) /, '**$1** ')
  if (marked < 0.34)
    return `${text} See [the manual](https://docs.example.com/${makeNoun(random)}/${makeNoun(random)}.html).`
  return text
}

function makeProse(random: Random): string {
  return Array.from({length: wholeNumber(2, 4, random)}, () => makeWords(random)).join(' ')
}

function makeItem(random: Random): string {
  const lead = `- **${makeTitle(random)}:** ${makeProse(random)}`
  return random() < 0.5 ? lead : `${lead}\n  - ${makeWords(random)}\n  - ${makeWords(random)}`
}

function makeList(random: Random): string {
  return Array.from({length: wholeNumber(3, 5, random)}, () => `- **${makeTitle(random)}**: ${makeWords(random)}`).join(
    '\n',
  )
}

function makeSteps(random: Random): string {
  return Array.from({length: wholeNumber(2, 4, random)}, (_, at) => `${at + 1}. ${makeWords(random)}`).join('\n')
}

function makeCode(random: Random): string {
  const name = (): string => `${makeNoun(random)}-${makeNoun(random)}`
  const lines = (make: () => string): string[] => Array.from({length: wholeNumber(4, 14, random)}, make)
  const [language, body] = pick(
    [
      [
        'bash',
        lines(
          () =>
            `tool ${makeNoun(random)} --${name()} ${name()} --${name()} arn:example:${name()}/${name()} # ${name()}`,
        ),
      ],
      [
        'python',
        ['import os', '', ...lines(() => `${makeNoun(random)} = open("${name()}", mode="r").read()  # ${name()}`)],
      ],
      [
        'json',
        [
          '{',
          ...lines(() => `  "${name()}": ["${name()}", ${wholeNumber(1, 999, random)}, true],`),
          '  "end": null',
          '}',
        ],
      ],
      [
        'yaml',
        lines(
          () => `${name()}: {${makeNoun(random)}: ${wholeNumber(1, 99, random)}, ${makeNoun(random)}: "${name()}"}`,
        ),
      ],
      [
        'properties',
        lines(() => `${makeNoun(random)}.${makeNoun(random)}.${makeNoun(random)}=${wholeNumber(1, 9999, random)}`),
      ],
    ] as const,
    random,
  )
  return ['```'.concat(language), ...body, '```'].join('\n')
}

function makeTable(random: Random): string {
  const columns = wholeNumber(2, 4, random)
  const row = (make: () => string): string => `| ${Array.from({length: columns}, make).join(' | ')} |`
  const cells = [
    () => makeTitle(random),
    () => `\`${makeNoun(random)}.${makeNoun(random)}\``,
    () => makeSentence(random),
  ]
  const rows = Array.from({length: wholeNumber(3, 9, random)}, () => row(() => pick(cells, random)()))
  return [row(() => makeTitle(random)), row(() => '---'), ...rows].join('\n')
}

function makeTerms(prompt: string, random: Random): string {
  const named = [...prompt.matchAll(/'([^']{2,40})'/g)].map(([, term]) => term as string)
  const terms = named.length > 0 ? named : Array.from({length: 6}, () => makeTitle(random))
  return terms.map((term) => `**${term}**\n: ${makeWords(random)} ${makeWords(random)}`).join('\n\n')
}

function makeQuiz(random: Random): string {
  const questions = Array.from({length: wholeNumber(3, 5, random)}, (_, at) => {
    const options = ['A', 'B', 'C', 'D'].map((letter) => `${letter}. ${makeSentence(random)}`).join('<br>\n')
    const answer = `**${pick(['A', 'B', 'C', 'D'], random)}.** ${makeSentence(random)}`
    const question = `**${at + 1}. Which ${makeNoun(random)} ${makeNoun(random)} keeps each ${makeNoun(random)}?**`
    return `${question}\n\n${options}\n\n<details>\n<summary>Show answer</summary>\n\n${answer}\n\n</details>`
  })
  return questions.join('\n\n')
}
