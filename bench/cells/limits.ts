import {type Bench, type Course, succeeded} from '../bench.ts'
import type {Loopback} from '../loopback.ts'
import type {Row} from '../row.ts'
import {inTurns} from '../sample.ts'
import type {ServerOptions, ServerStats} from '../server-protocol.ts'

const latencyMs = 100
const concurrency = 64
const requestLimit = {capacity: 60, perSecond: 30}
const atMostLimited = 0.01

/** What one run under a limit gave. */
interface LimitedRun {
  /** Allowed time over time taken, from the process's start to its end. */
  readonly shareOfProcess: number
  /** The same from the first arrival at the server to its last answer. */
  readonly shareAtServer: number
  /** Part of the requests that were answered with 429. */
  readonly limitedShare: number
  /** Directives left without a text. */
  readonly unanswered: number
}

/** Cell C: how much of a strict limit is used, when it is given by flag and when it is learned from headers. */
export async function measureLimits(bench: Bench): Promise<Row[]> {
  const {stdout: help} = await bench.program(['build', '--help'], {keepsOutput: true})
  const tokenLimit = await equalTokenLimit(bench)
  const rows: Row[] = []
  for (const [name, flag, limits] of [
    ['request limit', '--rpm', {latencyMs, requests: requestLimit}],
    ['token limit', '--tpm', {latencyMs, tokens: tokenLimit}],
  ] as const) {
    const perMinute = (flag === '--rpm' ? requestLimit : tokenLimit).perSecond * 60
    const server = await bench.server(limits)
    const hasFlag = help.includes(`${flag} `)
    if (!hasFlag) bench.skipped.push({cell: 'C', why: `${name} by flag: \`build\` has no flag ${flag}`})
    const [plain = [], learned = [], told = []] = await inTurns(bench.options.runs, [
      () => plainRun(bench, server),
      () => limitedRun(bench, server, []),
      ...(hasFlag ? [() => limitedRun(bench, server, [flag, String(perMinute)])] : []),
    ])
    if (hasFlag) rows.push(...limitRows(`${name} by ${flag} ${perMinute}`, 0.97, told, plain))
    rows.push(...limitRows(`${name} learned from headers`, 0.95, learned, plain))
  }
  return rows
}

/** The token limit that allows a build the same time as the request limit: as many times the mean cost of a request. */
async function equalTokenLimit(bench: Bench): Promise<{capacity: number; perSecond: number}> {
  const server = await bench.server({latencyMs: 0})
  await server.reset()
  const course = bench.newCourse()
  succeeded(await bench.build(course, server, concurrency))
  const {tokens, answered} = await server.stats()
  const mean = Math.round(tokens / answered)
  return {capacity: mean * requestLimit.capacity, perSecond: mean * requestLimit.perSecond}
}

function limitRows(name: string, atLeast: number, own: readonly LimitedRun[], plain: readonly LimitedRun[]): Row[] {
  const row = (what: string, unit: Row['unit'], key: keyof LimitedRun, target?: Row['target']): Row => ({
    cell: 'C',
    what: `${name}: ${what}`,
    unit,
    own: own.map((run) => run[key]),
    other: {name: 'plain script', values: plain.map((run) => run[key])},
    compare: 'value',
    ...(target === undefined ? {} : {target}),
  })
  return [
    row('allowed throughput used, whole process', 'share', 'shareOfProcess', {atLeast}),
    row('allowed throughput used, first arrival to last answer', 'share', 'shareAtServer'),
    row('requests answered 429', 'share', 'limitedShare', {atMost: atMostLimited}),
    row('directives without a text', 'count', 'unanswered', {atMost: 0}),
  ]
}

async function limitedRun(bench: Bench, server: Loopback, flags: readonly string[]): Promise<LimitedRun> {
  await server.reset()
  const course = bench.newCourse()
  const run = await bench.build(course, server, concurrency, {flags: ['--json', ...flags], keepsOutput: true})
  if (run.exitCode === 2) succeeded(run)
  return limitedRunOf(run.seconds, await server.stats(), server.options, withoutText(run.stdout, course))
}

async function plainRun(bench: Bench, server: Loopback): Promise<LimitedRun> {
  await server.reset()
  const {seconds} = succeeded(await bench.plain(server, concurrency))
  const stats = await server.stats()
  return limitedRunOf(seconds, stats, server.options, bench.prompts.length - stats.answered)
}

function withoutText(report: string, {directives}: Course): number {
  const {books} = JSON.parse(report) as {books: {jobs: {generated: number; stored: number}}[]}
  return directives - books.reduce((sum, {jobs}) => sum + jobs.generated + jobs.stored, 0)
}

function limitedRunOf(seconds: number, stats: ServerStats, options: ServerOptions, unanswered: number): LimitedRun {
  const allowed = allowedSeconds(stats, options)
  const atServer = ((stats.lastAnswerMs ?? 0) - (stats.firstArrivalMs ?? 0)) / 1000
  return {
    shareOfProcess: allowed / seconds,
    shareAtServer: allowed / atServer,
    limitedShare: stats.limited / stats.requests,
    unanswered,
  }
}

/** Least time in which the buckets admit what was answered: the first fill at once, the rest as it refills. */
function allowedSeconds({answered, tokens}: ServerStats, options: ServerOptions): number {
  const waits = [
    options.requests === undefined ? 0 : (answered - options.requests.capacity) / options.requests.perSecond,
    options.tokens === undefined ? 0 : (tokens - options.tokens.capacity) / options.tokens.perSecond,
  ]
  return Math.max(0, ...waits) + options.latencyMs / 1000
}
