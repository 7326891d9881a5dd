import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import fc from 'fast-check'
import {VFile} from 'vfile'
import {describe, expect, it} from 'vitest'
import {parse} from 'yaml'
import {normaliseCompletion} from '../src/book/normalise-completion.ts'
import {wantedWords} from '../src/check/ask-length.ts'
import {checkText} from '../src/check/check-contracts.ts'
import {deriveContracts} from '../src/check/derive-contracts.ts'
import {composeDraft} from '../src/ground/compose-draft.ts'
import {DraftPlan} from '../src/ground/draft-plan.ts'
import type {DraftTask} from '../src/ground/draft-task.ts'
import {type PassageLibrary, readPassages} from '../src/ground/passage-library.ts'
import type {Job} from '../src/model/job.ts'
import {planJobs} from '../src/plan/plan-jobs.ts'
import {parseOutline} from '../src/syntax/parse-outline.ts'
import {casesOf, expectFile, fixturesRoot} from './support/fixtures.ts'
import {growth} from './support/growth.ts'

const root = join(fixturesRoot, 'ground-courses')
const courses = casesOf('ground-courses')

interface Course {
  readonly jobs: readonly Job[]
  readonly tasks: readonly DraftTask[]
  readonly library: PassageLibrary
  readonly notes: string
}

function readOutline(text: string): {jobs: readonly Job[]; tasks: readonly DraftTask[]} {
  const file = new VFile({path: 'outline.md', value: Buffer.from(text)})
  const outline = parseOutline(file)
  const jobs = [...planJobs(outline, file).jobs.values()]
  const chapterTitles = [...new Set(jobs.flatMap(({headingPath}) => headingPath.slice(0, 1)))]
  const tasks = jobs.map((job): DraftTask => {
    const {id, kind, headingPath, siblingTitles, directive} = job
    const {value: prompt, container, label} = directive
    const words = wantedWords(job, {})
    return {
      id,
      kind,
      prompt,
      headingPath,
      siblingTitles,
      chapterTitles,
      container,
      ...(label === undefined ? {} : {label}),
      ...(words === undefined ? {} : {words}),
    }
  })
  return {jobs, tasks}
}

function readCourse(name: string): Course {
  const folder = join(root, name)
  const notes = readdirSync(join(folder, 'notes')).map((note) => ({
    name: note,
    text: readFileSync(join(folder, 'notes', note), 'utf8'),
  }))
  const list = join(folder, 'sources.yaml')
  const bibliography = existsSync(list)
    ? {path: 'sources.yaml', entries: parse(readFileSync(list, 'utf8')) as never}
    : undefined
  const library = readPassages(notes, bibliography)
  return {
    ...readOutline(readFileSync(join(folder, 'outline.md'), 'utf8')),
    library,
    notes: notes.map(({text}) => text).join('\n'),
  }
}

function draftAll({tasks, library}: Pick<Course, 'tasks' | 'library'>): Map<string, string> {
  const plan = new DraftPlan(library, tasks)
  return new Map(tasks.map((task) => [task.id, composeDraft(plan.taskOf(task), library)]))
}

/** Sentences of a draft as they stand in notes: without citations, leads, marks and the gaps of a quiz. */
function sentencesOf(draft: string, library: PassageLibrary): readonly string[] {
  return library.passages.flatMap(({text}) => (text !== '' && draft.includes(text) ? [text] : []))
}

function options(text: string, isAnswer: (line: string) => boolean): readonly string[] {
  return text.split('\n').filter(isAnswer)
}

describe('drafts of whole courses', () => {
  for (const name of courses) {
    it(`are the same for ${name} every time`, () => {
      const course = readCourse(name)
      const drafts = draftAll(course)
      const book = [...drafts].map(([id, draft]) => `<!-- ${id} -->\n\n${draft}\n`).join('\n')
      expectFile(join(root, name, 'expected.md'), book)
      expect(draftAll(course)).toEqual(drafts)
      const backwards = new DraftPlan(course.library, course.tasks)
      for (const task of [...course.tasks].reverse())
        expect(composeDraft(backwards.taskOf(task), course.library)).toBe(drafts.get(task.id))
    })

    it(`print no statement of ${name} twice in a chapter`, () => {
      const course = readCourse(name)
      const drafts = draftAll(course)
      const seen = new Map<string, string>()
      for (const {id, kind, headingPath} of course.tasks) {
        if (kind === 'quiz') continue
        for (const sentence of sentencesOf(drafts.get(id) ?? '', course.library)) {
          const key = `${headingPath[0]}\n${sentence}`
          expect(seen.get(key), sentence).toBeUndefined()
          seen.set(key, id)
        }
      }
      expect(seen.size).toBeGreaterThan(8)
    })

    it(`say of ${name} nothing that the notes do not`, () => {
      const course = readCourse(name)
      const plan = new DraftPlan(course.library, course.tasks)
      const known = course.library.passages.map(({text, block, term}) => `${term}\n${text}\n${block}`).join('\n')
      for (const task of course.tasks) {
        const draft = composeDraft(plan.taskOf(task), course.library)
        // What bears a citation is a claim; it stands in the notes, or does with the gap of its question filled.
        for (const line of draft.split('\n').filter((each) => /\[\d|\]\(http|\(\*/.test(each) && !/^- \[/.test(each))) {
          const claims = line
            .replace(/^\|.*/, '')
            .split(/ (?:\[\d[\d, ]*\]|\(\[[^\n]*?\]\([^)]*\)[^\n]*?\)|\(\*[^*]*\*\))/)
          for (const claim of claims) {
            const said = claim
              .replace(/^(?:\d\.|[-*]) |^ |\*\([^)]*\)\*/g, '')
              .replace(/^\*\*.*?\*\*: /, '')
              .trim()
            const isAnswer = /, by its definition\.$|\bthe sources say so on |^Source:$/.test(said)
            const bare = said.replace(/`/g, '')
            if (said !== '' && !isAnswer)
              expect(known.replace(/`/g, ''), `${task.id}: ${line}`).toContain(bare.replace(/\.$/, ''))
          }
        }
      }
    })

    it(`hold for ${name} what the prompts ask for where the notes have it`, () => {
      const course = readCourse(name)
      const drafts = draftAll(course)
      const failures = course.jobs.flatMap((job) => {
        const text = drafts.get(job.id) ?? ''
        return checkText(text, deriveContracts(job, {language: 'en'})).map(({ruleId}) => `${job.id} ${ruleId}`)
      })
      // No note has Rust, and none is long enough for more words on salt.
      expect(failures.filter((failure) => !/decorators missing-code|text-length$/.test(failure))).toEqual([])
    })

    it(`ask in quizzes on ${name} for one right option among different ones`, () => {
      const course = readCourse(name)
      const drafts = draftAll(course)
      for (const {id} of course.tasks.filter(({kind}) => kind === 'quiz')) {
        const draft = drafts.get(id) ?? ''
        const [asked = '', answers = ''] = draft.split('**Answers**')
        const questions = asked.split(/\n(?=\d+\. )/).slice(1)
        expect(questions.length, draft).toBeGreaterThan(0)
        questions.forEach((question, at) => {
          const lines = options(question, (line) => /^ {3}- [A-D]\) /.test(line)).map((line) => line.slice(8))
          expect(new Set(lines).size).toBe(lines.length)
          expect(lines.length).toBeGreaterThan(2)
          expect(answers).toMatch(new RegExp(`^${at + 1}\\. \\*\\*[A-D]\\*\\*: `, 'm'))
          const gap = /gap: “(.*)”\?/.exec(question)?.[1]
          if (gap === undefined) return
          const filled = lines.map((line) => gap.replace('\\_\\_\\_\\_', () => line))
          const right = filled.filter((sentence) => course.library.passages.some(({text}) => text.startsWith(sentence)))
          expect(right, question).toHaveLength(1)
        })
      }
    })
  }

  it('touch only drafts that wanted the same passages when a prompt changes', () => {
    const text = readFileSync(join(root, 'bread', 'outline.md'), 'utf8')
    const {library} = readCourse('bread')
    const before = draftAll({library, ...readOutline(text)})
    const changed = text.replace('Explain how croissants are frozen and laminated with butter.', 'Explain puff pastry.')
    const after = draftAll({library, ...readOutline(changed)})
    expect([...after].filter(([id, draft]) => before.get(id) !== draft)).toEqual([])
    const plan = new DraftPlan(library, readOutline(text).tasks)
    const other = new DraftPlan(library, readOutline(changed).tasks)
    const requests = readOutline(text).tasks.map((task) => JSON.stringify(plan.taskOf(task)))
    const again = readOutline(changed).tasks.map((task) => JSON.stringify(other.taskOf(task)))
    expect(again.filter((request, at) => request !== requests[at])).toHaveLength(1)
  })

  it('speak the language of the course where the table has it', () => {
    const {tasks, library} = readCourse('bread')
    const phrases = ['de', 'fr-CA', 'es', 'it', 'pt'].map((language) =>
      [...draftAll({tasks: tasks.map((task) => ({...task, language})), library}).values()].join('\n'),
    )
    expect(phrases[0]).toContain('Keine Quelle behandelt bisher **Freezing Croissants**.')
    expect(phrases[1]).toContain('Aucune source ne traite encore de **Freezing Croissants**.')
    expect(phrases[2]).toContain('Ninguna fuente trata todavía **Freezing Croissants**.')
    expect(phrases[3]).toContain('Nessuna fonte tratta ancora **Freezing Croissants**.')
    expect(phrases[4]).toContain('No source covers **Freezing Croissants** yet.')
    for (const language of phrases) expect(language).not.toContain('{}')
  })
})

describe('any notes and any outline', () => {
  const words = fc.constantFrom(
    'lamp',
    'oil',
    'wick',
    'lens',
    'port 9094',
    '`lamp.oil`',
    '**Lamp**: a thing',
    '[1]',
    '\n\n',
    '\n- ',
    '\n# ',
    '\n```\n',
    '<prompt>',
    '</prompt>',
    '<img src=x>',
    '![x](y)',
    '|',
    '\n| --- |\n',
    '. It',
    '“',
    '{}',
    '$&',
    '\\',
    '*',
    '_',
  )
  const noise = fc.array(words, {maxLength: 40}).map((parts) => parts.join(' '))
  const wish = fc.constantFrom(
    'Explain lamp and oil.',
    'Define `lamp`, `oil` and `wick`.',
    'Compare lamp and lens in a table by oil, and wick.',
    'Write a numbered list of steps on the wick.',
    'Give a bulleted list: oil of lamps, wick of lamps, and lens of lamps.',
    'Include a Python code snippet. Put `lamp` and `oil` in backticks.',
    'Write 3 questions with answers.',
    'Provide 2 links.',
  )
  const heading = fc.constantFrom(
    'Quiz',
    'Summary',
    'Key Terms',
    'Lamps and *oil*',
    'Objectives',
    'A_B [c] <d>',
    'Next',
  )

  it('give drafts that are deterministic, harmless and stay as they are when normalised', () => {
    const outline = fc.array(fc.tuple(heading, wish, fc.boolean()), {minLength: 1, maxLength: 6})
    fc.assert(
      fc.property(outline, noise, (sections, text) => {
        const source = sections
          .map(([title, prompt, isItem]) => `## ${title}\n\n${isItem ? '* ' : ''}<prompt>${prompt}</prompt>\n`)
          .join('\n')
        const {tasks} = readOutline(`# Lamps\n\n${source}`)
        const library = readPassages([{name: 'n.md', text}])
        const drafts = draftAll({tasks, library})
        expect(draftAll({tasks, library})).toEqual(drafts)
        for (const {id, headingPath} of tasks) {
          const draft = drafts.get(id) ?? ''
          const titles = headingPath.slice(-1)
          const once = normaliseCompletion(draft, titles)
          expect(
            once.repairs.map(({ruleId}) => ruleId),
            draft,
          ).toEqual([])
          expect(normaliseCompletion(once.text, titles)).toMatchObject({text: once.text, repairs: []})
        }
      }),
      {numRuns: 300, seed: 7},
    )
  })

  it('take time in proportion to the number of chapters', async () => {
    const {library} = readCourse('bread')
    const chapter = readFileSync(join(root, 'bread', 'outline.md'), 'utf8').replace(/^---[^]*?---/, '')
    const prepare = (count: number) => {
      const text = Array.from({length: count}, (_, at) => chapter.replace('# 1. Dough', `# ${at + 1}. Dough ${at}`))
      const {tasks} = readOutline(text.join('\n'))
      return () => draftAll({tasks, library})
    }
    expect(await growth(prepare, 2)).toBeLessThan(3)
  })

  it('take time in proportion to the length of one chapter', async () => {
    const {library} = readCourse('bread')
    const prepare = (count: number) => {
      const sections = Array.from(
        {length: count},
        (_, at) => `## Salt ${at}\n\n<prompt>Explain salt and dough.</prompt>`,
      )
      const {tasks} = readOutline(`# Bread\n\n${sections.join('\n\n')}`)
      return () => draftAll({tasks, library})
    }
    expect(await growth(prepare, 20)).toBeLessThan(3)
  })
})
