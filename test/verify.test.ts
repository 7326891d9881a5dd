import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {parse} from 'yaml'
import {readBookTexts} from '../src/cli/book-texts.ts'
import type {GlobalOptions} from '../src/cli/global-options.ts'
import {openBooks} from '../src/cli/open-books.ts'
import {type VerifiedBook, verifyBook} from '../src/cli/verify-book.ts'
import {composeBook} from '../src/cli/write-book.ts'
import {messageSeverity} from '../src/model/report.ts'
import {rules} from '../src/model/rules.ts'
import {codeFault} from '../src/syntax/code-fault.ts'
import {casesOf, expectFile, fixturesRoot} from './support/fixtures.ts'
import {growth} from './support/growth.ts'
import {Workspace} from './support/workspace.ts'

/** `texts.yaml` of a case: what stands in the section files, by id. */
interface Texts {
  readonly texts: Readonly<Record<string, string>>
  /** Further files of the project, by path. */
  readonly files?: Readonly<Record<string, string>>
  /** `book.md`, where it is not what the texts give; null for none. */
  readonly book?: string | null
  readonly config?: string
  readonly requireReviewed?: boolean
}

let space: Workspace

beforeEach(() => {
  space = new Workspace()
})

afterEach(() => space.remove())

function options(): GlobalOptions {
  return {cwd: space.root, json: false, quiet: false, verbose: false, color: false}
}

/** Writes a project whose section files are an author's own, and looks through it. */
async function verifyTexts(
  outline: string,
  {texts, files = {}, book, config, requireReviewed = false}: Texts,
): Promise<VerifiedBook> {
  space.write('outline/tea.md', outline)
  space.write('msk-course.yaml', config ?? '')
  for (const [id, text] of Object.entries(texts)) space.write(`output/tea/sections/${id.replace('#', '.')}.md`, text)
  for (const [path, text] of Object.entries(files)) space.write(path, text)
  const open = await openBooks([], options())
  const [loaded] = open.books
  if (loaded === undefined) throw new Error('the case has no outline')
  const read = await readBookTexts(loaded.target.outputFolder, loaded.plan)
  const composed = composeBook(loaded, read.texts, open.config).book.markdown
  if (book !== null) space.write('output/tea/book.md', book ?? composed)
  return verifyBook(open, loaded, space.root, {requireReviewed})
}

function messagesOf({files}: VerifiedBook): string {
  const lines = files.flatMap((file) =>
    file.messages.map((message) => {
      const note = message.note === undefined ? '' : `\n  ${message.note}`
      const place = `${file.path}:${message.line ?? 0}:${message.column ?? 0}`
      return `${place} ${messageSeverity(message)} ${message.ruleId}\n  ${message.reason}${note}\n`
    }),
  )
  return lines.length === 0 ? 'nothing\n' : lines.join('')
}

describe('verify', () => {
  it.each(casesOf('verify'))('%s', async (name) => {
    const folder = join(fixturesRoot, 'verify', name)
    const texts = parse(readFileSync(join(folder, 'texts.yaml'), 'utf8')) as Texts
    const verified = await verifyTexts(readFileSync(join(folder, 'outline.md'), 'utf8'), texts)
    expectFile(join(folder, 'expected.txt'), messagesOf(verified))
  })

  it('has a case for each rule that it reports without the web', () => {
    const all = casesOf('verify').map((name) =>
      readFileSync(join(fixturesRoot, 'verify', name, 'expected.txt'), 'utf8'),
    )
    const ids = Object.keys(rules)
    // Behind them stand those of exports.
    const bookRules = ids.slice(ids.indexOf('broken-anchor'), ids.indexOf('missing-alt-text'))
    const ofTheWeb = ['dead-link', 'moved-link', 'unchecked-link']
    // These need section files with a record, and are tested over the program.
    const ofRecords = ['stale-section', 'drifted-section', 'former-title']
    // These need sources and `--grounding`, and are tested with citations.
    const ofSources = ['ungrounded-sentence']
    for (const rule of bookRules.filter((id) => ![...ofTheWeb, ...ofRecords, ...ofSources].includes(id)))
      expect(all.join(''), rule).toContain(` ${rule}\n`)
  })

  it('takes time that grows with the book and no faster', async () => {
    const verifying = (count: number) => {
      const course = writeCourse(count)
      return async () => {
        const open = await openBooks([], course)
        const verified = await verifyBook(open, open.books[0] as (typeof open.books)[number], course.cwd)
        // Each text has a broken link, and there is no book.md.
        expect(verified.files.flatMap(({messages}) => messages)).toHaveLength(count + 1)
      }
    }
    expect(await growth(verifying, 50)).toBeLessThan(3)
  }, 120_000)
})

/** Writes a course of so many texts in a folder of its own below the workspace. */
function writeCourse(count: number): GlobalOptions {
  const root = `of-${count}`
  const topics = Array.from({length: count}, (_, at) => at)
  const outline = topics.map((at) => `## Topic ${at}\n\n"<prompt>Explain topic ${at}.</prompt>"\n`)
  space.write(`${root}/outline/tea.md`, `# Tea\n\n${outline.join('\n')}`)
  space.write(`${root}/msk-course.yaml`, '')
  for (const at of topics) {
    const sentence = `Topic ${at} is the one that comes right after the topic ${at - 1} in this book.`
    const text = `${sentence}\n\nSee [topic](#topic-${at}) and [none](#none-${at}).`
    space.write(`${root}/output/tea/sections/tea/topic-${at}.md`, text)
  }
  return {...options(), cwd: join(space.root, root)}
}

describe('code blocks', () => {
  it.each([
    ['json', '{"a": [1, 2]}'],
    ['jsonc', '// Leaves\n{"a": "// no comment", /* two */ "b": [1, 2,],}'],
    ['jsonl', '{"a": 1}\n\n{"a": 2}\n'],
    ['yaml', 'a: 1\n---\nb: !Sub "a"\n'],
    ['bash', "aws kafka list-clusters --arn <your-arn> | jq '.a' > out.json\ncat <<EOF\nan \"open quote\nEOF\n"],
    ['bash', '$ aws kafka list\n"open'],
    ['sh', 'if [ -f "$1" ]; then echo "$1"; fi'],
    ['python', 'async def f(x: int) -> None:\n    await g(f"{x!r:>{9}}")\n'],
    ['python', '>>> 1 +\nSyntaxError'],
    ['python', '%matplotlib inline\nif x:\n    !pip install y\nimport z'],
    ['json5', '{a: 1'],
    ['text', '{'],
    ['constructor', '{'],
    ['json', '  \n'],
  ])('of %s that are sound or not checked pass: %j', (language, code) => {
    expect(codeFault(language, code)).toBeUndefined()
  })

  it.each([
    ['json', '{\n  "a": 1,\n}', 'JSON'],
    ['JSON', '{"a": 1} {', 'JSON'],
    ['jsonc', '{"a": 1 // no end', 'JSON'],
    ['jsonl', '{"a": 1}\n{"a": }', 'JSON', 2],
    ['yml', 'a: 1\nb: [1, 2\n', 'YAML'],
    ['yaml', 'a: 1\na: 2\n', 'YAML', 2],
    ['bash', 'echo one\necho "two\n', 'shell', 2],
    ['shell', 'for a in b; do echo\n', 'shell'],
    ['python', 'x = 1\ndef f(:\n    pass\n', 'Python', 2],
    ['py', 'if x:\nprint(1)\n', 'Python'],
  ])('of %s that are broken are reported: %j', (language, code, expected, line?: number) => {
    const fault = codeFault(language, code)
    expect(fault?.language).toBe(expected)
    expect(fault?.reason).toMatch(/^\S[^\n]{3,}$/)
    if (line !== undefined) expect(fault?.line).toBe(line)
  })
})
