import {readFileSync} from 'node:fs'
import {createServer as createTlsServer} from 'node:https'
import {type AddressInfo, createServer as createTcpServer} from 'node:net'
import {join} from 'node:path'
import {afterAll, describe, expect, it as plainIt, vi} from 'vitest'
import {unusedProxy} from '../src/cli/unused-proxy.ts'
import {chance} from './support/chance.ts'
import {courseIds} from './support/fault-course.ts'
import {FaultProject} from './support/fault-project.ts'
import {type AnswerDocument, type Behaviour, type Exchange, FaultServer, wellAnswered} from './support/fault-server.ts'
import {expectFailed, expectWhole} from './support/fault-verdict.ts'
import {itWith} from './support/linux-tool.ts'
import {filesBelow} from './support/stored-answers.ts'
import {expiredPair, selfSigned, type TlsPair} from './support/tls-pair.ts'
import * as fault from './support/wire-faults.ts'
import {always, once} from './support/wire-faults.ts'

// The program runs as a process of its own against real sockets, so waits are on the clock of the machine here: tests
// run side by side to wait together.
const it = plainIt.concurrent

// Several builds at a time on a machine that may have other work: a test that hangs still ends.
vi.setConfig({testTimeout: 150_000})

type Choices = AnswerDocument['choices']

const opened: FaultProject[] = []

afterAll(async () => {
  await Promise.all(opened.map((project) => project.end()))
})

/** A course whose server misbehaves as told. */
async function course(
  count: number,
  script: (exchange: Exchange) => Behaviour = () => wellAnswered(),
  settings: Parameters<typeof FaultServer.start>[0] = {},
): Promise<FaultProject> {
  const project = await FaultProject.start(count, settings)
  opened.push(project)
  project.server.script = script
  return project
}

describe.concurrent('an answer that is none is asked for again, and nothing of it is kept', () => {
  const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`
  const behaviours: readonly (readonly [string, Behaviour])[] = [
    ['the connection is reset before the answer', fault.reset()],
    [
      'the connection is reset within the body',
      fault.bytes((body) => fault.head('content-length: 5000') + body, 'reset'),
    ],
    [
      'the body ends before its announced length',
      fault.bytes((body) => fault.head('content-length: 5000') + body, 'end'),
    ],
    [
      'the body is longer than its announced length',
      fault.bytes((body) => fault.head('content-length: 40') + body, 'end'),
    ],
    [
      'the chunks are cut off',
      fault.bytes((body) => fault.head('transfer-encoding: chunked') + chunk(body.slice(0, 60)), 'end'),
    ],
    [
      'a chunk has no length',
      fault.bytes(() => `${fault.head('transfer-encoding: chunked')}zz\r\nno chunk\r\n`, 'end'),
    ],
    ['the bytes are no HTTP', fault.bytes(() => 'SSH-2.0-OpenSSH_9.9\r\n', 'end')],
    ['the packed body is cut off', fault.cutGzip()],
    ['the body is said to be packed and is not', fault.raw('{}', {headers: {'content-encoding': 'gzip'}})],
    ['a page of HTML', fault.raw(`<html>${fault.spoiledMark}</html>`, {type: 'text/html'})],
    ['HTML that calls itself JSON', fault.raw(`<html>${fault.spoiledMark}</html>`)],
    ['204', fault.raw('', {code: 204})],
    ['an empty body', fault.raw('')],
    ['{}', fault.raw('{}')],
    ['null', fault.raw('null')],
    ['[]', fault.raw('[]')],
    ['a string', fault.raw(JSON.stringify(fault.spoiledMark))],
    ['an error object', fault.raw(JSON.stringify({error: {message: fault.spoiledMark}}))],
    ['JSON that is cut off', fault.raw('{"choices":[{"message":{"content":"SPOILED-BODY')],
    ['two documents', fault.raw('{}{}')],
    ['a stream of events', fault.raw(`data: {"note":"${fault.spoiledMark}"}\n\n`, {type: 'text/event-stream'})],
    ['no choices', fault.completion(() => ({choices: []}))],
    ['no message', fault.completion(() => ({choices: [{index: 0, finish_reason: 'stop'}]}))],
    ['content null', said({content: null})],
    ['content empty', said({content: ''})],
    ['content blank', said({content: ' \n\t\n '})],
    ['content that is a number', said({content: 42})],
    [
      'a tool call alone',
      said({
        content: null,
        tool_calls: [{id: 'a', type: 'function', function: {name: fault.spoiledMark, arguments: '{}'}}],
      }),
    ],
  ]

  function said(message: object): Behaviour {
    return fault.completion(() => ({
      choices: [{index: 0, finish_reason: 'stop', message: {role: 'assistant', ...message}}],
    }))
  }

  it.each(behaviours)('%s', async (_, behaviour) => {
    const project = await course(4, once(behaviour))
    const run = await project.build()
    expectWhole(project, run)
    expect(project.server.of('p02').map(({state}) => state)).toEqual(['faulted', 'delivered'])
    expect(run.document?.requests).toMatchObject({sent: 5, retried: 1, rateLimited: 0})
  })

  it.each([
    ['reset before the answer', fault.reset(), 1],
    ['cut off within it', fault.bytes((body) => fault.head('content-length: 5000') + body, 'reset'), 1],
    ['answered with an error', fault.status(500), 0],
  ] as const)('and is counted as in doubt where it may be billed: %s', async (_, behaviour, inDoubt) => {
    const project = await course(4, once(behaviour))
    const run = await project.build(['--model', 'gpt-5-mini'])
    expectWhole(project, run)
    expect(run.document?.inDoubt?.requests ?? 0).toBe(inDoubt)
    if (inDoubt > 0) expect(run.document?.inDoubt?.costUsd).toBeGreaterThan(0)
  })

  it('an answer with more after it, or with a mark of byte order before it, is taken or asked for again', async () => {
    const right =
      (before: string, after: string): Behaviour =>
      (exchange) => {
        const {response} = exchange
        const write = response.end.bind(response) as (text: string) => typeof response
        response.end = ((text: string) => write(before + text + after)) as typeof response.end
        return wellAnswered()(exchange)
      }
    const project = await course(6, (exchange) => {
      if (exchange.attempt > 1) return wellAnswered()
      // More requests may come of it, and none of these answers is paid for twice unseen: they are not right ones.
      if (exchange.id === 'p02') return spoil(right('\ufeff', ''))
      if (exchange.id === 'p04') return spoil(right('', '{"more":1}'))
      return wellAnswered()
    })
    const run = await project.build()
    expectWhole(project, run)
    expect(project.server.of('p04')).toHaveLength(2)

    function spoil(behaviour: Behaviour): Behaviour {
      return async (exchange) => {
        await behaviour(exchange)
        exchange.response.on('finish', () => {
          exchange.state = 'faulted'
        })
      }
    }
  })
})

describe.concurrent('an answer that does not come', () => {
  const behaviours: readonly (readonly [string, Behaviour])[] = [
    ['nothing is sent', fault.hang()],
    ['the head comes and then nothing', fault.silentAfterHead()],
    ['white space comes for ever', fault.drip()],
    ['it comes after the limit', fault.late(2500, wellAnswered())],
  ]

  it.each(behaviours)('ends at the time limit: %s', async (_, behaviour) => {
    const project = await course(4, once(behaviour))
    const run = await project.build(['--timeout', '1.5'])
    expectWhole(project, run)
    expect(project.server.of('p02').map(({state}) => state)).toEqual(['abandoned', 'delivered'])
    const [first, second] = project.server.of('p02').map(({atMs}) => atMs) as [number, number]
    // A busy machine sees the first of them late.
    expect(second - first).toBeGreaterThan(1_000)
    // The limit, one pause of at most a second, and what a loaded machine adds.
    expect(second - first).toBeLessThan(20_000)
  })

  it('fails its directive after six attempts', async () => {
    const project = await course(4, always(fault.hang()))
    expectFailed(project, await project.build(['--timeout', '0.5']), /No whole answer within 0.5 s/)
    expect(project.server.of('p02').map(({state}) => state)).toEqual(Array(6).fill('abandoned'))
    expect(await project.recover()).toEqual([])
  })

  it('is given up at the second Ctrl-C whatever the limit', async () => {
    const project = await course(4, () => fault.silentAfterHead())
    const run = await project.build([], {
      onStart: async (child) => {
        await project.server.seen(1)
        child.kill('SIGINT')
        setTimeout(() => child.kill('SIGINT'), 300)
      },
    })
    expect(run.code).toBe(130)
    expect(run.broken).toEqual([])
    expect(await project.recover()).toEqual([])
  })
})

describe.concurrent('a status that may pass', () => {
  it('is tried again, each directive once', async () => {
    const codes = [500, 502, 503, 504, 529, 408, 409, 429]
    // Two that succeed between any two that fail, so that this is no outage.
    const project = await course(24, ({id, attempt}) => {
      const number = Number(id.slice(1))
      return number % 3 === 0 && attempt === 1 ? fault.status(codes[number / 3 - 1] as number) : wellAnswered()
    })
    const run = await project.build(['--concurrency', '6'])
    expectWhole(project, run)
    expect(run.document?.requests).toEqual({sent: 32, retried: 8, rateLimited: 1})
    for (const id of courseIds(24)) expect(project.server.of(id)).toHaveLength(Number(id.slice(1)) % 3 === 0 ? 2 : 1)
  })

  it('that comes for a third of all requests is survived', async () => {
    const project = await course(60, ({id, attempt}) =>
      chance('thirds', id, attempt) < 0.3 ? fault.status(503, {'retry-after-ms': '20'}) : wellAnswered(),
    )
    expectWhole(project, await project.build(['--concurrency', '8']))
  })

  it('503 without a hint for a third of all requests is survived, and retries are within their budget', async () => {
    const project = await course(300, ({id, attempt}) =>
      chance('third', id, attempt) < 0.3 ? fault.status(503) : wellAnswered(),
    )
    const run = await project.build(['--concurrency', '16'])
    expectWhole(project, run)
    const failed = project.server.exchanges.filter(({state}) => state === 'faulted').length
    expect(failed).toBeGreaterThan(90)
    expect(run.document?.requests).toEqual({sent: 300 + failed, retried: failed, rateLimited: 0})
    // What the budget of retries gives: 20, and one for every two answers.
    expect(failed).toBeLessThanOrEqual(20 + 300 / 2)
  })

  it('503 for ever stops the build before it has hammered the server', async () => {
    const project = await course(60, () => fault.status(503))
    const run = await project.build(['--concurrency', '8'], {limitMs: 45_000})
    expect(run.broken).toEqual([])
    expect(`${run.code} ${run.stderr}`).toMatch(/^1 /)
    // Five in a row open the breaker, others are in flight then, three probes find that nothing is better.
    expect(project.server.exchanges.length).toBeLessThanOrEqual(5 + 8 + 3)
    expect(await project.recover()).toEqual([])
  })

  it('a portal that answers everything with HTML stops the build likewise', async () => {
    const project = await course(60, () => fault.raw('<html>Log in</html>', {type: 'text/html'}))
    const run = await project.build(['--concurrency', '8'], {limitMs: 45_000})
    expect(run.broken).toEqual([])
    expect(`${run.code} ${run.stderr}`).toMatch(/^1 /)
    expect(project.server.exchanges.length).toBeLessThanOrEqual(5 + 8 + 3)
  })
})

describe.concurrent('a status that waiting does not mend', () => {
  it.each([
    [401, {}, /401|key/i],
    [403, {}, /403/],
    [402, {}, /402/],
    [404, {code: 'model_not_found'}, /404/],
    [405, {}, /405/],
    [429, {code: 'insufficient_quota', type: 'insufficient_quota'}, /quota|account|credit/i],
    [429, {type: 'spend_limit_reached'}, /quota|account|credit/i],
  ] as const)('%d %o stops the build at first sight', async (code, error, message) => {
    const project = await course(40, (exchange) =>
      // Servers repeat the key that they refuse.
      fault.status(code, {}, {...error, message: `Incorrect: ${exchange.headers.authorization}`}),
    )
    const run = await project.build(['--concurrency', '32'])
    expect(run.broken).toEqual([])
    expect(run.code).toBe(1)
    // Four where the server says so at once, ten where it takes its time.
    expect(project.server.exchanges.length).toBeLessThanOrEqual(10)
    expect(run.document?.requests.retried).toBe(0)
    expect(run.document?.books[0]?.findings.find(({state}) => state === 'failed')?.message).toMatch(message)
  })

  it('a key that is revoked half-way ends the build, and what was bought is kept', async () => {
    const project = await course(40, ({number}) => (number > 15 ? fault.status(401) : wellAnswered()))
    project.server.latencyMs = () => 20
    const run = await project.build(['--concurrency', '4'])
    expect(run.broken).toEqual([])
    expect(run.code).toBe(1)
    expect(project.server.exchanges.length).toBeLessThanOrEqual(15 + 4)
    expect(run.document?.books[0]?.jobs.generated).toBe(15)
    expect(await project.recover()).toEqual([])
  })

  it.each([
    ['400, context length', 400, {code: 'context_length_exceeded'}],
    ['400, content policy', 400, {code: 'content_policy_violation'}],
    ['413', 413, {}],
    ['422', 422, {}],
    ['501', 501, {}],
    ['505', 505, {}],
  ] as const)('%s fails one directive, which is not asked for again', async (_, code, error) => {
    const project = await course(4, always(fault.status(code, {}, error)))
    expectFailed(project, await project.build(), new RegExp(String(code)))
    expect(project.server.of('p02')).toHaveLength(1)
  })

  it('500 is not tried again where a header says so', async () => {
    const project = await course(4, always(fault.status(500, {'x-should-retry': 'false'})))
    expectFailed(project, await project.build(), /500/)
    expect(project.server.of('p02')).toHaveLength(1)
  })

  it('400 is not tried again because a header asks for it', async () => {
    const project = await course(4, always(fault.status(400, {'x-should-retry': 'true'})))
    expectFailed(project, await project.build(), /400/)
    expect(project.server.of('p02')).toHaveLength(1)
  })
})

describe.concurrent('429 with a hint', () => {
  it('pauses every worker for the time that is asked', async () => {
    let refusedMs = 0
    const project = await course(32, (exchange) => {
      if (exchange.number !== 12) return wellAnswered()
      refusedMs = performance.now()
      return fault.status(429, {'retry-after': '4'})
    })
    project.server.latencyMs = () => 30
    const run = await project.build(['--concurrency', '8'])
    expectWhole(project, run)
    // What had left before the refusal was read is no fault; a busy machine reads it late.
    const early = project.server.exchanges.filter(({atMs}) => atMs > refusedMs + 2000 && atMs < refusedMs + 3900)
    expect(early.map(({id}) => id)).toEqual([])
    expect(run.document?.requests).toEqual({sent: 33, retried: 1, rateLimited: 1})
  })

  it('takes milliseconds before seconds', async () => {
    const project = await course(4, once(fault.status(429, {'retry-after-ms': '300', 'retry-after': '30'})))
    const run = await project.build()
    expectWhole(project, run)
    const [first, second] = project.server.of('p02').map(({atMs}) => atMs) as [number, number]
    expect(second - first).toBeGreaterThanOrEqual(290)
    expect(second - first).toBeLessThan(20_000)
  })

  it('takes a date', async () => {
    const project = await course(4, (exchange) =>
      once(fault.status(429, {'retry-after': new Date(Date.now() + 2000).toUTCString()}))(exchange),
    )
    expectWhole(project, await project.build())
    const [first, second] = project.server.of('p02').map(({atMs}) => atMs) as [number, number]
    // A date names whole seconds.
    expect(second - first).toBeGreaterThanOrEqual(950)
  })

  it.each(['-5', 'NaN', '1e309', '', '5, 10', 'Wed, 21 Oct 2015 07:28:00 GMT'])(
    'takes the hint `%s` for none and backs off by itself',
    async (hint) => {
      const project = await course(4, once(fault.status(429, {'retry-after': hint, 'retry-after-ms': hint}), 'p02', 3))
      expectWhole(project, await project.build())
      const times = project.server.of('p02').map(({atMs}) => atMs)
      expect(times).toHaveLength(4)
      // Three random pauses, of up to 1, 2 and 4 s; a hot loop needs some milliseconds.
      expect((times[3] as number) - (times[0] as number)).toBeGreaterThan(100)
    },
  )

  it.each(['3600', '3000000', '99999999999999'])('of %s s ends the build and says when to come back', async (hint) => {
    const project = await course(24, ({number}) =>
      number > 8 ? fault.status(429, {'retry-after': hint}) : wellAnswered(),
    )
    const run = await project.build(['--concurrency', '4'])
    expect(run.broken).toEqual([])
    expect(run.code).toBe(1)
    expect(run.elapsedMs).toBeLessThan(40_000)
    expect(run.document?.books[0]?.jobs.generated).toBe(8)
    const said = run.document?.books[0]?.findings.find(({state}) => state === 'failed')?.message
    expect(said).toMatch(/\d\d:\d\d|\d+ (?:minutes|hours|days)/)
    expect(project.server.exchanges.length).toBeLessThanOrEqual(8 + 4)
    expect(await project.recover()).toEqual([])
  })

  it('of 20 s is left at the first Ctrl-C', async () => {
    const project = await course(6, once(fault.status(429, {'retry-after': '20'})))
    let stoppedMs = 0
    const run = await project.build([], {
      onStart: async (child) => {
        await project.server.seen(2)
        await new Promise((resolve) => setTimeout(resolve, 700))
        stoppedMs = performance.now()
        child.kill('SIGINT')
      },
    })
    expect(run.code).toBe(130)
    expect(performance.now() - stoppedMs).toBeLessThan(12_000)
    expect(run.broken).toEqual([])
    expect(await project.recover()).toEqual([])
  })

  it('headers about limits that make no sense hold nothing up', async () => {
    const senseless = ['soon', '-6m0s', '', 'NaN', '1e309', '-1', '0', '12 parsecs']
    const project = await course(16, (exchange) => {
      for (const of of ['limit', 'remaining', 'reset']) {
        for (const [shift, what] of ['requests', 'tokens'].entries()) {
          // No `remaining: 0` with a true limit among them: that would make sense.
          const value = senseless[(exchange.number + shift) % senseless.length] as string
          exchange.response.setHeader(`x-ratelimit-${of}-${what}`, of === 'remaining' && value === '0' ? '-3' : value)
        }
      }
      return wellAnswered()
    })
    const run = await project.build(['--concurrency', '4'])
    expectWhole(project, run)
    expect(run.elapsedMs).toBeLessThan(40_000)
  })
})

describe.concurrent('a completion that may not be used', () => {
  it('is asked for once more with a higher limit when it was cut off', async () => {
    const project = await course(4, once(fault.completion((content) => choice(content, 'length'))))
    project.limitTokens('p02', 60)
    expectWhole(project, await project.build())
    const limits = project.server.of('p02').map(({body}) => Number(body.max_tokens ?? body.max_completion_tokens))
    expect(limits[0]).toBe(60)
    expect(limits[1]).toBeGreaterThan(60)
    const before = project.server.exchanges.length
    // It is kept under the request as planned.
    expect(await project.recover()).toEqual([])
    expect(project.server.exchanges).toHaveLength(before)
  })

  it('fails when it is cut off again', async () => {
    const project = await course(4, always(fault.completion((content) => choice(content, 'length'))))
    project.limitTokens('p02', 60)
    expectFailed(project, await project.build(), /length|cut off/)
    expect(project.server.of('p02')).toHaveLength(2)
    expect(await project.recover()).toEqual([])
  })

  it.each([
    ['held back', (content: string) => choice(content, 'content_filter'), /content_filter|held back/],
    ['refused', (content: string) => choice(content, 'stop', {refusal: 'I will not.'}), /refused.*I will not/],
    ['refused without content', () => choice(null, 'stop', {refusal: 'I will not.'}), /refused.*I will not/],
  ] as const)('fails with its own message when it is %s, and is not asked for again', async (_, change, message) => {
    const project = await course(4, always(fault.completion(change)))
    expectFailed(project, await project.build(), message)
    expect(project.server.of('p02')).toHaveLength(1)
    expect(await project.recover()).toEqual([])
  })

  const other = {finish_reason: 'stop', message: {role: 'assistant', content: fault.spoiledMark}}
  it.each([
    ['of index 0, whichever stands first', (right: Choices) => [{...other, index: 1}, ...right]],
    ['that stands first of two with index 0', (right: Choices) => [...right, {...other, index: 0}]],
    [
      'that stands first where none has index 0',
      ([right]: Choices) => [
        {...right, index: 2},
        {...other, index: 1},
      ],
    ],
    ['that stands first where none has an index', ([right]: Choices) => [{...right, index: undefined}, other]],
  ])('is the choice %s', async (_, choose) => {
    const project = await course(4, () => wellAnswered((answer) => ({...answer, choices: choose(answer.choices)})))
    expectWhole(project, await project.build())
  })

  it.each([
    ['missing', undefined],
    ['null', null],
    ['negative', {prompt_tokens: -4, completion_tokens: -1}],
    ['huge', {prompt_tokens: 1e12, completion_tokens: 1e300}],
    ['strings', {prompt_tokens: '12', completion_tokens: 'many'}],
    ['a list', []],
  ] as const)('is kept when its usage is %s, and no count becomes senseless', async (_, usage) => {
    const project = await course(4, () => wellAnswered((answer) => ({...answer, usage})))
    const run = await project.build()
    expectWhole(project, run)
    for (const tokens of Object.values(run.document?.usage ?? {})) {
      expect(Number.isSafeInteger(tokens)).toBe(true)
      expect(tokens).toBeGreaterThanOrEqual(0)
    }
    expect(run.document?.usage.outputTokens).toBeGreaterThan(0)
    for (const path of filesBelow(join(project.root, 'output/course/sections'), '.md')) {
      const text = readFileSync(path, 'utf8')
      expect(text).toMatch(/inputTokens: \d+\n/)
      if (usage === undefined || usage === null) expect(text).toContain('estimated: true')
    }
    expect(await project.recover()).toEqual([])
  })

  function choice(content: string | null, reason: string, more: object = {}): object {
    return {choices: [{index: 0, finish_reason: reason, message: {role: 'assistant', content, ...more}}]}
  }
})

describe.concurrent('a body without end', () => {
  it('is left at 4 MB', async () => {
    let taken = 0
    const project = await course(
      4,
      always(
        fault.endless((sent) => {
          taken = Math.max(taken, sent)
        }),
      ),
    )
    expectFailed(project, await project.build(), /4 MB/)
    // What lies in the sockets' buffers is sent as well.
    expect(taken).toBeLessThan(24 * 1024 * 1024)
    expect(await project.recover()).toEqual([])
  })

  it.each(['deflate', 'br'] as const)('that unpacks from a small one by %s is left at 4 MB', async (encoding) => {
    const bomb = await fault.bomb(40, encoding)
    const project = await course(4, always(fault.raw(bomb, {headers: {'content-encoding': encoding}})))
    expectFailed(project, await project.build(), /4 MB/)
  })

  it('that unpacks from a small one is left at 4 MB and fills no memory', async () => {
    const bomb = await fault.bomb(300, 'gzip')
    const project = await course(4, always(fault.raw(bomb, {headers: {'content-encoding': 'gzip'}})))
    let peakKb = 0
    const run = await project.build([], {
      onStart: (child) => {
        const timer = setInterval(() => {
          try {
            const text = readFileSync(`/proc/${child.pid}/status`, 'utf8')
            peakKb = Math.max(peakKb, Number(/VmHWM:\s+(\d+)/.exec(text)?.[1] ?? 0))
          } catch {
            // No such file: the process is gone, or the system has none.
          }
        }, 20)
        child.on('close', () => clearInterval(timer))
      },
    })
    expectFailed(project, run, /4 MB/)
    expect(peakKb / 1024).toBeLessThan(300)
    if (process.platform === 'linux') expect(peakKb).toBeGreaterThan(0)
  })
})

describe.concurrent('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('%d to another origin is refused, and nothing is sent there', async (code) => {
    const other = await FaultServer.start()
    const project = await course(6, () => fault.status(code, {location: `${other.baseUrl}/chat/completions`}))
    const run = await project.build(['--concurrency', '3'])
    expect(run.broken).toEqual([])
    expect(run.code).toBe(1)
    expect(run.document?.books[0]?.findings[0]?.message).toContain('redirect')
    expect(other.exchanges).toEqual([])
    expect(project.server.exchanges.length).toBeLessThanOrEqual(3)
    await other.stop()
  })
})

describe.concurrent('a connection', () => {
  it('that the server closes while it is idle costs nothing twice', async () => {
    // The pause that 429 asks for is longer than the server keeps a connection open.
    const project = await course(
      24,
      ({number}) => (number % 8 === 0 ? fault.status(429, {'retry-after-ms': '200'}) : wellAnswered()),
      {keepAliveTimeout: 100},
    )
    expectWhole(project, await project.build(['--concurrency', '6']))
  })

  it('that the server closes without a word after each answer costs nothing twice', async () => {
    const project = await course(24, () => (exchange) => {
      exchange.response.on('finish', () => exchange.request.socket.end())
      return wellAnswered()(exchange)
    })
    expectWhole(project, await project.build(['--concurrency', '4']))
  })

  it('more than which the server does not take slows the build and breaks nothing', async () => {
    const project = await course(24, () => wellAnswered(), {maxConnections: 2})
    project.server.latencyMs = () => 15
    expectWhole(project, await project.build(['--concurrency', '4']))
  })

  it('to a server that is away for a moment is made again', async () => {
    const project = await course(24)
    project.server.latencyMs = () => 40
    const run = await project.build(['--concurrency', '4'], {
      onStart: async () => {
        await project.server.seen(8)
        await project.server.stop()
        await new Promise((resolve) => setTimeout(resolve, 400))
        await project.server.listen()
      },
    })
    expectWhole(project, run)
  })

  it('to a host that nobody knows ends the build and names the host', async () => {
    const project = await course(8)
    const run = await project.build(['--base-url', 'http://no-such-host.invalid/v1'], {key: false})
    expect(run.broken).toEqual([])
    expect(run.code).toBe(1)
    expect(JSON.stringify(run.document) + run.stderr).toContain('no-such-host.invalid')
    expect(run.document?.books[0]?.jobs.failed).toBeLessThanOrEqual(4)
  })

  const badPairs: readonly (readonly [string, () => TlsPair, boolean, RegExp])[] = [
    ['signed by itself', () => selfSigned('localhost'), false, /SELF_SIGNED/],
    ['of another host', () => selfSigned('elsewhere.example'), true, /ALTNAME/],
    // Its own time ran out, and nothing else is wrong with it.
    ['no longer valid', () => expiredPair('localhost'), true, /CERT_HAS_EXPIRED/],
  ]

  it('for which there is no route ends the build, and no request is in doubt', async () => {
    const project = await course(4)
    const run = await project.build(['--base-url', 'http://255.255.255.255/v1'], {key: false})
    expect(run.broken).toEqual([])
    expect(run.code).toBe(1)
    expect(run.stderr).toContain('Cannot reach `http://255.255.255.255`')
    expect(run.document?.inDoubt).toBeUndefined()
    expect(await project.recover()).toEqual([])
  })

  itWith(['openssl', 'faketime']).concurrent.each(badPairs)(
    'to a server whose certificate is %s is refused at once',
    async (_, makePair, isTrusted, said) => {
      const pair = makePair()
      let seen = 0
      const server = createTlsServer({key: pair.key, cert: pair.certificate}, (_request, response) => {
        seen++
        response.end()
      })
      let connections = 0
      server.on('connection', () => connections++)
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const project = await course(24)
      const {port} = server.address() as AddressInfo
      const run = await project.build(['--base-url', `https://localhost:${port}/v1`], {
        ...(isTrusted ? {env: {NODE_EXTRA_CA_CERTS: pair.certificatePath}} : {}),
      })
      expect(run.broken).toEqual([])
      expect(run.code).toBe(1)
      expect(seen).toBe(0)
      expect(connections).toBeLessThanOrEqual(4)
      const output = run.stdout + run.stderr
      expect(output).toMatch(said)
      expect(output).toContain('nothing was sent')
      expect(output).not.toContain('NODE_TLS_REJECT_UNAUTHORIZED')
      expect(run.document?.requests.retried).toBe(0)
      server.closeAllConnections()
      server.close()
      pair.remove()
    },
  )
})

describe.concurrent('a proxy of the environment', () => {
  /** A server that takes connections as a proxy would, and counts them. */
  async function proxy(): Promise<{readonly url: string; seen(): number; stop(): void}> {
    let connections = 0
    const server = createTcpServer((socket) => {
      connections++
      socket.destroy()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const {port} = server.address() as AddressInfo
    return {url: `http://user:secret@127.0.0.1:${port}`, seen: () => connections, stop: () => server.close()}
  }

  it('is passed by without a word on the way to a server on the same machine', async () => {
    const between = await proxy()
    const project = await course(4)
    const env = {HTTP_PROXY: between.url, HTTPS_PROXY: between.url, ALL_PROXY: between.url}
    const run = await project.build([], {env})
    expectWhole(project, run)
    expect(run.stderr).not.toContain('PROXY')
    expect(between.seen()).toBe(0)
    between.stop()
  })

  it.each([
    ['http', 'HTTP_PROXY', {}, true],
    ['https', 'https_proxy', {}, true],
    ['https', 'ALL_PROXY', {}, true],
    ['https', 'HTTP_PROXY', {}, false],
    ['https', 'HTTPS_PROXY', {NO_PROXY: 'localhost,.invalid'}, false],
  ] as const)('on the way to %s by %s is not used, which is told once: %o %s', async (scheme, name, more, isTold) => {
    const between = await proxy()
    const project = await course(24)
    const baseUrl = `${scheme}://no-such-host.invalid/v1`
    const run = await project.build(['--base-url', baseUrl], {env: {[name]: between.url, ...more}})
    expect(run.broken).toEqual([])
    expect(run.code).toBe(1)
    expect(between.seen()).toBe(0)
    const told = run.stderr.split('\n').filter((line) => /proxy/i.test(line))
    expect(told).toEqual(isTold ? [expect.stringContaining(`warning: ${name} is set and not used`)] : [])
    expect(run.stdout + run.stderr).not.toContain('secret')
    between.stop()
  })

  it.each([
    ['*', true],
    ['example.org', true],
    ['.example.org', true],
    ['*.example.org', true],
    ['other.org, API.example.org', true],
    ['api.example.org:8443', true],
    ['api.example.org:443', false],
    ['ample.org', false],
    ['www.example.org', false],
    ['', false],
  ])('is none where NO_PROXY is `%s`: %s', (list, isExempt) => {
    const env = {HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: list}
    expect(unusedProxy('https://api.example.org:8443/v1', env) === undefined).toBe(isExempt)
  })
})

describe.concurrent('a storm', () => {
  it.each(['first', 'second', 'third'])('of mixed faults at a tenth of all requests is survived (%s)', async (seed) => {
    const faults: readonly Behaviour[] = [
      fault.status(500),
      fault.reset(),
      fault.hang(),
      fault.status(429, {'retry-after-ms': '150'}),
      fault.bytes((body) => fault.head('content-length: 5000') + body.slice(0, 80), 'reset'),
    ]
    const project = await course(80, ({id, attempt}) =>
      chance(seed, id, attempt) < 0.1
        ? (faults[Math.floor(chance(seed, id, attempt, 'kind') * faults.length)] as Behaviour)
        : wellAnswered(),
    )
    project.server.latencyMs = ({number}) => 5 + ((number * 7) % 20)
    const run = await project.build(['--concurrency', '10', '--timeout', '2'])
    expectWhole(project, run)
    expect(project.server.exchanges.filter(({state}) => state !== 'delivered').length).toBeGreaterThan(4)
    expect(run.document?.requests.sent).toBe(project.server.exchanges.length)
    const before = project.server.exchanges.length
    expect(await project.recover()).toEqual([])
    expect(project.server.exchanges).toHaveLength(before)
  })
})
