import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {VFile} from 'vfile'
import {describe, expect, it} from 'vitest'
import {checkText} from '../src/check/check-contracts.ts'
import {deriveContracts} from '../src/check/derive-contracts.ts'
import {endsInRow} from '../src/check/open-row.ts'
import {normaliseFor} from '../src/cli/renormalise.ts'
import type {Job} from '../src/model/job.ts'
import type {RuleId} from '../src/model/rules.ts'
import {planJobs} from '../src/plan/plan-jobs.ts'
import {parseOutline} from '../src/syntax/parse-outline.ts'
import {casesOf, fixturesRoot} from './support/fixtures.ts'

/** Asked of every text, or of every quiz, whatever its directive says. */
const always: ReadonlySet<RuleId> = new Set(['truncated-text', 'placeholder-text', 'unknown-answer'])

/** Heading, prompt, and what is expected beside what is always asked. */
const wordings: readonly (readonly [heading: string, prompt: string, expected: readonly string[]])[] = [
  ['A', 'List 3 to 5 bullet points about composting.', ['a bulleted list']],
  ['A', 'Give a bulleted summary of soil types.', ['a bulleted list']],
  ['A', 'Write a couple of paragraphs on mulching.', []],
  ['A', 'Describe pruning as numbered steps.', ['a numbered list']],
  ['A', 'Write step-by-step instructions for sowing tomatoes as a numbered list.', ['a numbered list']],
  ['A', 'In one paragraph, explain photosynthesis.', ['one paragraph']],
  ['A', 'Explain photosynthesis in a single paragraph of 80-120 words.', ['one paragraph', '80 to 120 words']],
  ['A', 'Explain crop rotation in two or three paragraphs.', []],
  ['A', 'Explain frost dates in no more than 150 words.', ['at most 150 words']],
  ['A', 'Explain frost dates (150-200 words).', ['150 to 200 words']],
  ['A', 'Write roughly 200 words on bees.', ['about 200 words']],
  ['A', 'Write a 250-word introduction to bees.', ['about 250 words']],
  ['A', 'Write between 200 and 300 words on wasps.', ['200 to 300 words']],
  ['A', 'Write 200 words on wasps.', ['about 200 words']],
  ['A', 'Keep it under 100 words. Explain grafting.', ['at most 100 words']],
  ['A', 'Use bullet points to list the tools a gardener needs.', ['a bulleted list']],
  ['A', 'Present the tools as bullets.', ['a bulleted list']],
  ['A', 'Provide an ordered list of the growth stages.', ['a numbered list']],
  ['A', 'Make a table comparing loam, clay and sand.', ['a table']],
  ['A', 'Compare loam, clay and sand in a table with columns for drainage and fertility.', ['a table']],
  ['A', 'Include a comparison table of at least four fertilisers.', ['a table']],
  ['A', 'Tabulate the planting times of ten vegetables.', ['a table']],
  ['A', 'Add a Markdown table of pests and their remedies.', ['a table']],
  ['A', 'Show a code example in Python that reads a moisture sensor.', ['a block of Python']],
  ['A', 'Write a short Python function that converts Celsius to Fahrenheit.', ['a block of Python']],
  ['A', 'Include a YAML snippet for the irrigation timer.', ['a block of YAML']],
  ['A', 'Provide a Bash script that rotates logs.', ['a block of Bash']],
  ['A', 'Give an SQL query that counts plants.', ['a block of SQL']],
  ['A', 'Show a JSON example of a sensor reading.', ['a block of JSON']],
  ['A', 'Provide two code examples, one in Java and one in Go.', ['a block of code']],
  ['A', 'Do not include code blocks. Explain APIs in prose.', []],
  ['A', 'Share 3 useful links on composting.', ['3 links']],
  ['A', 'Recommend at least two resources with links.', ['at least 2 links']],
  ['A', 'Provide a couple of links to seed catalogues.', ['2 to 3 links']],
  ['A', 'List three to five external links for further reading.', ['3 to 5 links']],
  ['A', 'Suggest five books on gardening.', []],
  ['A', 'Put terms such as `npk` and `pH` in inline code.', ['inline code for `npk`, `pH`']],
  ['A', 'Format `kubectl`, `helm` and `pod` as inline code.', ['inline code for `kubectl`, `helm`, `pod`']],
  ['A', 'Use backticks for `compost.yaml` and `soil.json`.', ['inline code for `compost.yaml`, `soil.json`']],
  ['A', 'Explain the difference between a bulleted list and a numbered list in HTML.', []],
  ['A', 'Explain how a table is normalised in SQL.', []],
  ['A', 'Explain what a linked list is.', []],
  ['A', 'Explain the table of contents.', []],
  ['A', 'Write an introduction, then a bulleted list of key points, then one closing paragraph.', ['a bulleted list']],
  [
    'Quiz',
    'Write five multiple choice questions with four options each and an answer key.',
    ['5 questions', 'answers to the questions'],
  ],
  ['Quiz', 'Create 5 true/false questions with answers.', ['5 questions', 'answers to the questions']],
  ['Quiz', 'Create a quiz of ten questions. Mark the correct answer.', ['10 questions']],
  [
    'Quiz',
    'Write a quiz with at least 6 questions, each with 4 options; give the answers at the end.',
    ['at least 6 questions', 'answers to the questions'],
  ],
  ['Quiz', 'Write a couple of review questions.', ['2 to 3 questions']],
  ['Quiz', 'Write between 3 and 5 questions with solutions.', ['3 to 5 questions', 'answers to the questions']],
  [
    'Quiz',
    'Create a 5-question quiz on pruning. Provide answers with explanations.',
    ['5 questions', 'answers to the questions'],
  ],
  ['Quiz', 'Pose 4 open-ended questions. No answers needed.', ['4 questions']],
  ['Quiz', 'Two multiple-choice and two true/false questions, with the right answers.', ['answers to the questions']],
  ['Glossary', 'Define these terms: compost, mulch, loam, tilth.', ['the terms `compost`, `mulch`, `loam`, `tilth`']],
  ['Glossary', 'Provide a glossary of 8 to 10 terms.', []],
  ['Glossary', 'Define "compost", "mulch" and "loam" in one sentence each.', ['the terms `compost`, `mulch`, `loam`']],
  [
    'Glossary',
    'Create a glossary with the following entries:\n- compost\n- mulch\n- loam',
    ['the terms `compost`, `mulch`, `loam`'],
  ],
  ['Glossary', 'Glossary: `compost`, `mulch`, `loam`.', ['the terms `compost`, `mulch`, `loam`']],
  ['Glossary', 'Define the terms **compost**, **mulch**, and **loam**.', ['the terms `compost`, `mulch`, `loam`']],
  [
    'Glossary',
    'Define the following terms: Compost, Green Manure, Loam (Soil), and Tilth. Keep each definition to one sentence.',
    ['the terms `Compost`, `Green Manure`, `Loam (Soil)`, `Tilth`'],
  ],
  ['A', 'Explain how to write a short Python function that sorts.', []],
  ['A', 'Explain bullet points in slides and when they help.', []],
  ['A', 'Rewrite the bullet points below as prose: - a - b', []],
  ['A', 'Describe how SQL queries are planned.', []],
  ['A', 'Give examples of Python functions in the standard library.', []],
  ['A', 'Explain the two links between memory and learning.', []],
  ['A', 'Provide an overview of the three links in the supply chain.', []],
  ['A', 'Write about the 5 questions every scientist asks.', []],
  ['A', 'Explain what one paragraph should contain.', []],
  ['A', 'Write a paragraph on each of the three methods.', []],
  ['A', 'Explain why a 500-word essay is harder than a 1000-word one.', []],
  ['A', 'Discuss how many words a child knows: in 1000 words of speech, 50 are nouns.', []],
  ['A', 'Use a bulleted or numbered list for the ingredients.', []],
  ['A', 'Use a numbered or bulleted list for the ingredients.', []],
  ['A', 'If helpful, include a table.', []],
  ['A', 'You may use a bulleted list.', []],
  ['A', 'Do not use bullet points.', []],
  ['A', 'Avoid code examples in Python; explain in words.', []],
  ['A', 'Provide links between the theory and daily life.', []],
  ['A', 'Explain the Go programming language and its use in cloud tools.', []],
  ['A', 'Create a table of contents.', []],
  ['A', 'Show how JSON configuration is loaded by the server.', []],
  ['A', 'Give a short Java history.', []],
  ['A', 'Present the Rust community and its code of conduct.', []],
  ['A', 'Write the example of the Java islands and their policy on tourism.', []],
  ['A', 'Show the Java class hierarchy in words.', []],
  ['A', 'Explain why words such as `foo` in backticks are hard to read.', []],
  ['A', 'Write 3 paragraphs of about 100 words each.', []],
  ['A', 'List the tools in no particular order.', []],
  ['A', 'Give steps in the right order, in prose.', []],
  ['Quiz', 'Write 2 questions for each of the three topics.', []],
  ['Quiz', 'Write three questions per section and give answers.', ['answers to the questions']],
  ['Quiz', 'For each objective, write 2 questions.', []],
  ['Quiz', 'Create a quiz with 5 multiple-choice questions and 3 short-answer questions.', []],
  ['Quiz', 'Create a quiz with 5 multiple-choice and 3 short-answer questions.', []],
  ['Quiz', 'Create 4 questions. Do not include answers.', ['4 questions']],
  [
    'Quiz',
    'Create 4-6 questions, 4 answer options each, with the correct answer options marked.',
    ['4 to 6 questions'],
  ],
  ['Glossary', 'Define key terms: at least five, with one example each.', []],
  ['Glossary', 'Write a glossary of terms such as compost, mulch, loam.', []],
  [
    'Glossary',
    'Define the key terms of this chapter: explain each in plain words, give an example, and name a source.',
    [],
  ],
  ['Glossary', 'Glossary of terms: use alphabetical order, bold terms, short definitions.', []],
  ['Glossary', 'Key terms. For each of the following terms: write one sentence, and add a link.', ['at least 1 link']],
  ['Glossary', 'Define the following terms: VPC (Virtual Private Cloud, AWS), EC2, S3, and so on.', []],
  ['Glossary', 'Define the terms below:\n1. Compost\n2. Mulch\n3. Loam', ['the terms `Compost`, `Mulch`, `Loam`']],
  ['A', 'Use one paragraph for the causes and one paragraph for the remedies.', []],
  ['A', 'Write a paragraph about the causes and a paragraph about the remedies.', []],
  ['A', 'Explain the causes in a paragraph. Discuss the remedies in another.', []],
  ['A', 'Open with a short paragraph that sets the scene. Explain the three pests in depth.', []],
  ['A', 'Start with a brief introductory paragraph, and go on to discuss moss, ferns and lichen.', []],
  ['A', 'Quote a paragraph of the seed law and comment on it.', []],
  ['A', 'Explain how HTML marks a paragraph.', []],
  ['A', 'Explain what mulch is in a short paragraph.', ['one paragraph']],
  ['A', 'Explain unordered lists in HTML.', []],
  ['A', 'Explain what an ordered list is in HTML.', []],
  ['A', 'Show how to write a bulleted list in Markdown.', []],
  ['A', 'Rewrite the numbered list above as prose.', []],
  ['A', 'Explain the numbered steps in the figure.', []],
  ['A', 'Explain how to use bullet points in a presentation.', []],
  ['A', 'Explain how to prune in numbered steps.', ['a numbered list']],
  ['A', 'Explain why bees matter, and give a bulleted list of plants.', ['a bulleted list']],
  ['A', 'Explain why bees matter and give three bullet points on plants.', ['a bulleted list']],
  ['A', 'Don’t use bullet points.', []],
  ['A', 'Where appropriate, use bullet points.', []],
  ['A', 'Feel free to include a table.', []],
  ['A', 'Create a table for customers and explain each column in SQL.', []],
  ['A', 'Show how to create a table in PostgreSQL and add a table constraint.', []],
  ['A', 'Make a table from oak: describe the joinery.', []],
  ['A', 'Create a simple table saw safety checklist.', []],
  ['A', 'Explain how values are looked up, and how they are laid out in a table.', []],
  ['A', 'Create a comparison table for SQL and NoSQL databases.', ['a table']],
  ['A', 'Create a table with three columns: dish, origin, main ingredient.', ['a table']],
  ['A', 'Show what happens when the code example fails to compile.', []],
  ['A', 'Provide a shell company example from the Panama papers.', []],
  ['A', 'Provide a rust prevention program for ships.', []],
  ['A', 'Show how to add a link to another page.', []],
  ['A', 'Explain how to share links safely.', []],
  ['A', 'Give the link function of logistic regression.', []],
  ['A', 'List the link layer protocols.', []],
  ['A', 'Explain why seeds matter and provide links.', ['at least 1 link']],
  ['Quiz', 'Create 10 multiple-choice questions (4 options each).', ['10 questions']],
  ['Quiz', 'Create a 10 question multiple choice quiz.', ['10 questions']],
  ['A', 'Write a small Rust program which prints a sum, and explain each line.', ['a block of Rust']],
  [
    'Glossary',
    'Définissez les termes suivants : « laïcité », « sécularisation » et « cléricalisme ».',
    ['the terms `laïcité`, `sécularisation`, `cléricalisme`'],
  ],
  [
    'Glossary',
    'Definiere die Begriffe: »Verfassung«, »Reichstag« und »Kanzler«.',
    ['the terms `Verfassung`, `Reichstag`, `Kanzler`'],
  ],
  ['Quiz', 'Write about ten questions.', ['7 to 13 questions']],
  ['Quiz', 'Write 5 or more questions.', ['at least 5 questions']],
  ['Quiz', 'Write a quiz of maximum 5 questions.', ['1 to 5 questions']],
  ['Quiz', 'Write three questions max.', ['1 to 3 questions']],
  ['Quiz', 'Write no fewer than 8 questions.', ['at least 8 questions']],
  ['Quiz', 'Write fewer than 10 questions.', ['1 to 9 questions']],
  ['Quiz', 'Write more than 3 questions.', ['at least 4 questions']],
  ['Quiz', 'Write five questions or so.', ['3 to 7 questions']],
  ['Quiz', 'Write 4 questions and a bonus question.', []],
  ['Quiz', 'Write 4 questions and an answer key.', ['4 questions', 'answers to the questions']],
  ['Quiz', 'Write a quiz on the five questions every gardener asks.', []],
  ['Glossary', 'Format each entry like this: `term`, `part of speech`, `definition`.', []],
  ['Glossary', 'Glossary with three columns: "Term", "Definition", "Example".', []],
  ['Glossary', 'Define these terms for beginners. Avoid these words: "humus", "tilth", "loam".', []],
  ['Glossary', 'Define the terms in a glossary format: `humus`, `tilth`.', ['the terms `humus`, `tilth`']],
  ['Key Terms', 'Explain terms: each in one sentence, with an example, and a synonym.', []],
  [
    'Key Terms',
    'Define the following terms (don’t exceed 20 words each): `humus`, `tilth`, `loam`.',
    ['the terms `humus`, `tilth`, `loam`'],
  ],
  ['Key Terms', 'Group the terms by theme: soil, water, light, pests.', []],
  ['A', 'Begin with a hook of about 40 words. Discuss mulch.', []],
  ['A', 'Explain mulch in about 25 words, then discuss compost at length.', []],
  ['A', 'In 100 words or less, explain mulch.', ['at most 100 words']],
  ['A', 'Explain how a label was limited to under 50 words.', []],
  ['Glossary', 'Terms: compost; mulch; loam. Definitions of one line.', ['the terms `compost`, `mulch`, `loam`']],
]

describe('the words of a directive', () => {
  it.each(wordings)('under %s: %s', (heading, prompt, expected) => {
    const contracts = deriveContracts(readJob(`# Course\n\n## ${heading}\n\n<prompt>${prompt}</prompt>\n`))
    expect(contracts.flatMap(({ruleId, expected: own}) => (always.has(ruleId) ? [] : [own]))).toEqual(expected)
  })
})

describe('a completion that holds what was asked for', () => {
  for (const name of casesOf('held-contracts')) {
    const folder = join(fixturesRoot, 'held-contracts', name)
    const texts = readdirSync(folder).filter((file) => file !== 'outline.md')
    it.each(texts)(`is not complained of: ${name}/%s`, (file) => {
      const job = readJob(readFileSync(join(folder, 'outline.md'), 'utf8'))
      expect(failuresOf(job, readFileSync(join(folder, file), 'utf8'))).toEqual([])
    })
  }
})

const quiz = 'Write a short multiple-choice quiz (3-4 questions). Include answers.'
const options = (count: number): string =>
  Array.from({length: count}, (_, at) => `${at + 1}. What is ${at}?\n   - A) One\n   - B) Two\n   - C) Three\n`).join(
    '',
  )

/** Heading, prompt, completion, and what is said of it. */
const misses: readonly (readonly [heading: string, prompt: string, text: string, messages: readonly string[]])[] = [
  [
    'Quiz',
    quiz,
    `${options(2)}\n**Answers:** 1-D, 2-B\n`,
    [
      'Unexpected 2 questions, expected 3 to 4 questions',
      'Unexpected answer D to question 1, expected one of the options',
    ],
  ],
  [
    'Quiz',
    quiz,
    `${options(3)}\nAnswer key: 1) E; 2) B; 3) F\n`,
    ['Unexpected answers E to question 1, F to question 3, expected one of the options'],
  ],
  [
    'Quiz',
    quiz,
    '**1. What?**\n\nA) One\nB) Two\n\n**Answer:** C\n\n**2. Which?**\n\nA) One\nB) Two\n\n**Correct answer: B**\n\n**3. Who?**\n\nA) One\nB) Two\n\nCorrect option: A\n',
    ['Unexpected answer C to question 1, expected one of the options'],
  ],
  [
    'Quiz',
    quiz,
    options(3).replaceAll('What is', 'Which of these is the correct answer to'),
    ['Unexpected quiz without answers, expected an answer to each question'],
  ],
  ['Quiz', quiz, options(3), ['Unexpected quiz without answers, expected an answer to each question']],
  [
    'A',
    'Write a summary paragraph.',
    '- The service is managed\n- It patches the brokers\n',
    ['Unexpected list, expected one paragraph'],
  ],
  [
    'A',
    'Show a Python example.',
    '```{.java}\nclass A {}\n```\n',
    ['Unexpected code in java alone, expected a block of Python'],
  ],
  [
    'A',
    'Explain it.',
    '| a | b |\n| - | - |\n| 1 | 2 |\n| 3 | 4',
    ['Unexpected end of the text: the last row of a table is not whole, expected it to be complete'],
  ],
  [
    'A',
    'Explain it.',
    '| a | b |\n| - | - |\n| 1 |',
    ['Unexpected end of the text: the last row of a table is not whole, expected it to be complete'],
  ],
  [
    'A',
    'Explain it.',
    'It is managed. It takes over patching and is **very',
    [
      'Unexpected end of the text: it breaks off at `…ed. It takes over patching and is **very`, expected it to be complete',
    ],
  ],
  [
    'A',
    'Explain it.',
    'It is managed. See [the guide](https://docs.exam',
    [
      'Unexpected end of the text: it breaks off at `…naged. See [the guide](https://docs.exam`, expected it to be complete',
    ],
  ],
  [
    'A',
    'Explain it.',
    '- One point is made here.\n- Another point is made here.\n- The third point is one of these and it goes on to the mid',
    [
      'Unexpected end of the text: it breaks off at `…s one of these and it goes on to the mid`, expected it to be complete',
    ],
  ],
  [
    'A',
    'Explain it.',
    'It is managed.\n\n(Rest of the section omitted for brevity.)\n',
    ['Unexpected placeholder `(Rest of the section omitted for brevity.)`, expected a finished text'],
  ],
  [
    'A',
    'Explain it.',
    'It is managed.\n\n... (remaining sections follow the same pattern)\n',
    ['Unexpected placeholder `... (remaining sections follow the same pattern)`, expected a finished text'],
  ],
  [
    'A',
    'Explain it.',
    "I'm sorry, but I can't help with that.\n",
    ["Unexpected refusal `I'm sorry, but I can't help with that.`, expected a finished text"],
  ],
  [
    'A',
    'Explain it.',
    'As an AI language model, I do not know.\n',
    ['Unexpected refusal `As an AI language model, I do not know.`, expected a finished text'],
  ],
  [
    'A',
    'Explain it.',
    'It is managed.\n\nTODO add the limits of a cluster\n',
    ['Unexpected placeholder `TODO add the limits of a cluster`, expected a finished text'],
  ],
  ['A', 'Explain it.', 'Signed by [Your Name].\n', ['Unexpected placeholder `[Your Name]`, expected a finished text']],
  [
    'A',
    'Explain it.',
    '- It patches the brokers for you\n- It replaces the brokers and the',
    ['Unexpected end of the text: it breaks off at `…It replaces the brokers and the`, expected it to be complete'],
  ],
]

describe('a completion that misses what was asked for', () => {
  it.each(misses)('under %s: %s %s', (heading, prompt, text, messages) => {
    expect(failuresOf(readJob(`# Course\n\n## ${heading}\n\n<prompt>${prompt}</prompt>\n`), text)).toEqual(messages)
  })
})

function failuresOf(job: Job, raw: string): string[] {
  const {text, endsInFence = false} = normaliseFor(job, raw)
  const facts = {finish: 'stop', hasOpenFence: endsInFence, hasOpenRow: endsInRow(raw)} as const
  return checkText(text, deriveContracts(job, {language: 'en'}), facts).map(({message}) => message)
}

function readJob(source: string): Job {
  const file = new VFile({path: 'outline.md', value: source})
  const [job] = planJobs(parseOutline(file, {tagNames: []}), file, {}).jobs.values()
  if (job === undefined) throw new Error('Cannot find a directive in the outline')
  return job
}
