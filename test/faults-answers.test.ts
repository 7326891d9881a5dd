import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, describe, expect, it as plainIt, vi} from 'vitest'
import {courseBook, courseIds} from './support/fault-course.ts'
import {FaultProject} from './support/fault-project.ts'
import {
  type AnswerDocument,
  answerDocument,
  type Behaviour,
  type Exchange,
  wellAnswered,
} from './support/fault-server.ts'
import {expectFailed, expectWhole} from './support/fault-verdict.ts'
import {answerTo, wordPrompt} from './support/known-answer.ts'
import {filesBelow} from './support/stored-answers.ts'
import {always, once, raw, spoiledMark} from './support/wire-faults.ts'

// The program runs as a process of its own against a real server: tests run side by side to wait together.
const it = plainIt.concurrent

vi.setConfig({testTimeout: 150_000})

const opened: FaultProject[] = []

afterAll(async () => {
  await Promise.all(opened.map((project) => project.end()))
})

async function course(count: number, script: (exchange: Exchange) => Behaviour): Promise<FaultProject> {
  const project = await FaultProject.start(count)
  opened.push(project)
  project.server.script = script
  return project
}

/** Answers with this content, which is not the right one. */
function said(contentOf: (exchange: Exchange) => string): Behaviour {
  return (exchange) => raw(JSON.stringify(withContent(exchange, contentOf(exchange))))(exchange)
}

/** Answers with bytes in place of `@` in the content. */
function saidInBytes(...bytes: readonly number[]): Behaviour {
  return (exchange) => {
    const [before = '', after = ''] = JSON.stringify(withContent(exchange, `${spoiledMark} @ is broken`)).split('@')
    return raw(Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]))(exchange)
  }
}

function withContent(exchange: Exchange, content: string): AnswerDocument {
  const choices = [{index: 0, finish_reason: 'stop', message: {role: 'assistant', content}}]
  return {...answerDocument(exchange, exchange.body.model), choices}
}

function messagesOf({body}: Exchange): string[] {
  return (body.messages as {content: string}[]).map(({content}) => content)
}

/** Lines of warnings on standard error. */
function warnings({stderr}: {readonly stderr: string}): string[] {
  return stderr.split('\n').filter((line) => line.startsWith('warning: '))
}

/** Text of every file of a project that holds words of an answer. */
function written(project: FaultProject): string {
  const paths = [
    ...filesBelow(join(project.root, '.msk-course', 'store'), ''),
    ...filesBelow(join(project.root, 'output'), ''),
  ]
  return paths.map((path) => readFileSync(path, 'utf8')).join('\n')
}

describe.concurrent('a completion whose text is broken', () => {
  const behaviours: readonly (readonly [string, Behaviour, RegExp])[] = [
    ['a byte that begins nothing', saidInBytes(0xff), /no UTF-8/],
    ['a character that is cut off', saidInBytes(0xe2, 0x82), /no UTF-8/],
    ['a character in more bytes than it needs', saidInBytes(0xc0, 0xaf), /no UTF-8/],
    ['half of a surrogate pair in bytes', saidInBytes(0xed, 0xa0, 0x80), /no UTF-8/],
    ['the first half of a pair as an escape', said(() => `${spoiledMark} \ud83d is broken`), /lone surrogate/],
    ['the second half of a pair as an escape', said(() => `${spoiledMark} \ude00 is broken`), /lone surrogate/],
  ]

  it.each(behaviours)('is asked for again: %s', async (_, behaviour) => {
    const project = await course(4, once(behaviour))
    expectWhole(project, await project.build())
    expect(project.server.of('p02').map(({state}) => state)).toEqual(['faulted', 'delivered'])
    expect(written(project)).not.toContain('\ufffd')
  })

  it.each([behaviours[0], behaviours[4]] as typeof behaviours)(
    'fails its directive with a message of its own when it does not get better: %s',
    async (_, behaviour, message) => {
      const project = await course(4, always(behaviour))
      expectFailed(project, await project.build(), message)
      expect(written(project)).not.toContain('\ufffd')
      expect(await project.recover()).toEqual([])
    },
  )

  it('is told from one in whose answer only other fields are broken', async () => {
    const project = await course(4, () => (exchange) => {
      exchange.response.on('finish', () => {
        exchange.state = 'delivered'
      })
      const answer = JSON.stringify({...answerDocument(exchange, exchange.body.model), note: '@'})
      const [before = '', after = ''] = answer.split('@')
      exchange.response.writeHead(200, {'content-type': 'application/json'})
      exchange.response.end(Buffer.concat([Buffer.from(before), Buffer.from([0xff]), Buffer.from(after)]))
    })
    expectWhole(project, await project.build())
    expect(project.server.exchanges).toHaveLength(4)
  })

  it('by NUL is stored as it came, and the book has it without and says so', async () => {
    const project = await course(4, ({id}) =>
      id === 'p02'
        ? wellAnswered((answer) => {
            const content = answerTo({id: 'p02', edition: 'v1'}).replace(' stands', '\0 stands')
            return {...answer, choices: [{index: 0, finish_reason: 'stop', message: {role: 'assistant', content}}]}
          })
        : wellAnswered(),
    )
    const run = await project.build()
    // The raw text is not the right one, and that is the only thing to say against this run.
    expect(run.broken).toHaveLength(1)
    expect(run.broken[0]).toMatch(/completions.*holds no right answer: Topic p02\0 stands/)
    expect(run.code).toBe(0)
    expect(project.book).toBe(courseBook(4, 'v1'))
    const stored = filesBelow(join(project.root, '.msk-course', 'store', 'completions'), '.md')
    expect(stored.map((path) => readFileSync(path)).filter((text) => text.includes(0))).toHaveLength(1)
    expect(written(project)).not.toContain('\ufffd')
    const manifest = JSON.parse(readFileSync(join(project.root, 'output/course/manifest.json'), 'utf8')) as {
      directives: {id: string; repairs: unknown[]}[]
    }
    expect(manifest.directives.filter(({repairs}) => repairs.length > 0)).toMatchObject([
      {id: 'p02', repairs: [{ruleId: 'control-text', detail: 'U+0000'}]},
    ])
  })
})

describe.concurrent('a completion that says nothing', () => {
  const prompt = ({id, edition}: Exchange): string => wordPrompt({id, edition})
  const behaviours: readonly (readonly [string, Behaviour, RegExp])[] = [
    ['empty', said(() => ''), /blank completion/],
    ['white space', said(() => ' \n\t\u00a0\u3000\n'), /blank completion/],
    ['one dot', said(() => '.'), /completion `\.` without a word/],
    ['marks alone', said(() => '***\n\n---'), /without a word/],
    ['the prompt', said(prompt), /only repeats the prompt/],
    ['the prompt in other marks', said((exchange) => `> **Task:** "${prompt(exchange)}"\n`), /only repeats the prompt/],
    ['the prompt of another directive', said(() => wordPrompt({id: 'p03', edition: 'v1'})), /only repeats the prompt/],
    ['the message', said((exchange) => messagesOf(exchange).at(-1) as string), /only repeats the prompt/],
    ['all messages', said((exchange) => messagesOf(exchange).join('\n\n')), /only repeats the prompt/],
  ]

  it.each(behaviours)('is asked for again: %s', async (_, behaviour) => {
    const project = await course(4, once(behaviour))
    const run = await project.build()
    expectWhole(project, run)
    expect(project.server.of('p02').map(({state}) => state)).toEqual(['faulted', 'delivered'])
    // It was an answer: what the server says it took counts.
    expect(run.document?.usage.outputTokens).toBe(5 * 40)
  })

  it.each([behaviours[2], behaviours[4]] as typeof behaviours)(
    'fails its directive with a message of its own when it does not get better: %s',
    async (_, behaviour, message) => {
      const project = await course(4, always(behaviour))
      expectFailed(project, await project.build(), message)
      // Each of them is billed.
      expect(project.server.of('p02')).toHaveLength(4)
      expect(await project.recover()).toEqual([])
    },
  )

  it('from a server that repeats every prompt stops the build before all are paid for', async () => {
    const project = await course(60, () => said(prompt))
    const run = await project.build(['--concurrency', '8'])
    expect(run.broken).toEqual([])
    expect(run.code).toBe(1)
    expect(project.server.exchanges.length).toBeLessThanOrEqual(5 + 8 + 3)
    expect(run.document?.books[0]?.findings[0]?.message).toContain('only repeats the prompt')
  })

  it('is told from one that quotes the prompt and goes on', async () => {
    const quoting = (exchange: Exchange): string => `${prompt(exchange)}\n\n${answerTo(exchange)}`
    const project = await course(4, (exchange) => (exchange.id === 'p02' ? said(quoting) : wellAnswered()))
    const run = await project.build()
    expect(run.code).toBe(0)
    expect(project.server.exchanges).toHaveLength(4)
    expect(project.book).toContain('Write two sentences about topic')
  })
})

describe.concurrent('an answer by another model', () => {
  const by =
    (model: string): (() => Behaviour) =>
    () =>
      wellAnswered((answer) => ({...answer, model}))

  it('is kept under the name of the one that answered, and told once', async () => {
    const project = await course(30, by('cheaper-model'))
    const run = await project.build()
    expectWhole(project, run)
    expect(warnings(run)).toEqual([
      'warning: the server answered with the model `cheaper-model` where `test-model` was asked for; manifest.json and the section files name the one that answered: p01, p02, p03, p04, p05, p06, p07, p08, p09, p10 and 20 more',
    ])
    const manifest = JSON.parse(readFileSync(join(project.root, 'output/course/manifest.json'), 'utf8')) as {
      directives: {model: string}[]
    }
    expect(new Set(manifest.directives.map(({model}) => model))).toEqual(new Set(['cheaper-model']))
    for (const path of filesBelow(join(project.root, 'output/course/sections'), '.md'))
      expect(readFileSync(path, 'utf8')).toMatch(/^model: cheaper-model$/m)
    // What stands was asked of the right model: it is not made again, and not told again.
    const again = await project.build()
    expectWhole(project, again)
    expect(project.server.exchanges).toHaveLength(30)
    expect(warnings(again)).toEqual([])
  })

  it('is told once for each pair of models', async () => {
    const project = await course(8, ({number}) => by(number % 2 === 0 ? 'one-model' : 'two-model')())
    const run = await project.build()
    expectWhole(project, run)
    expect(
      warnings(run)
        .map((line) => /`(\S+)` where/.exec(line)?.[1])
        .sort(),
    ).toEqual(['one-model', 'two-model'])
  })

  it.each(['test-model', 'test-model-2026-11-01', 'vendor/test-model', 'Test-Model:latest'])(
    'is none where the server calls it %s',
    async (model) => {
      const project = await course(3, by(model))
      const run = await project.build()
      expectWhole(project, run)
      expect(warnings(run)).toEqual([])
    },
  )
})

describe.concurrent('one answer for several prompts', () => {
  /** What `p04` is answered with stands for others too; its right answer is what all invariants expect of `p04` alone. */
  const mixedUp = (ids: readonly string[]) => (exchange: Exchange) =>
    ids.includes(exchange.id)
      ? wellAnswered((answer) => ({
          ...answer,
          choices: answerDocument({id: 'p04', edition: exchange.edition}, '').choices,
        }))
      : wellAnswered()

  it('is told with the ids of both', async () => {
    const project = await course(6, mixedUp(['p02', 'p04']))
    const run = await project.build()
    expect(run.code).toBe(0)
    expect(warnings(run)).toEqual([
      'warning: the same answer came for different prompts, so that something on the way may mix answers up: p02, p04',
    ])
  })

  it('is told once for all of them', async () => {
    const project = await course(40, mixedUp(courseIds(40)))
    const run = await project.build()
    expect(run.code).toBe(0)
    expect(warnings(run)).toHaveLength(1)
    expect(warnings(run)[0]).toMatch(/: p01, p02, .*, p10 and 30 more$/)
  })

  it('is told where the other text stands from an earlier build', async () => {
    const project = await course(6, mixedUp([]))
    expect((await project.build(['--section', 'p04'])).broken).toEqual([])
    project.server.script = mixedUp(['p02'])
    const run = await project.build()
    expect(warnings(run)).toHaveLength(1)
    expect(warnings(run)[0]).toMatch(/: p02, p04$/)
    expect(warnings(await project.build())).toEqual([])
  })
})
