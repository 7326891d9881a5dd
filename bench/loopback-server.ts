import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {makeAnswer} from './made-answer.ts'
import {makeBookText} from './made-book-text.ts'
import {ServerBucket} from './server-bucket.ts'
import type {ServerOptions, ServerStats} from './server-protocol.ts'

// A program of its own, so that its work is not counted as the client's. Its options are the one argument, as JSON; it
// prints its port, and ends when its input is closed, which happens too when the bench is killed.

const options = JSON.parse(process.argv[2] ?? '{"latencyMs":0}') as ServerOptions
const charactersPerToken = 4

type Mutable<Type> = {-readonly [Key in keyof Type]: Type[Key]}

let stats: Mutable<ServerStats>
let buckets: {readonly requests?: ServerBucket; readonly tokens?: ServerBucket}
let inFlight = 0
reset()

function reset(): void {
  const nowMs = performance.now()
  buckets = {
    ...(options.requests === undefined ? {} : {requests: new ServerBucket(options.requests, nowMs)}),
    ...(options.tokens === undefined ? {} : {tokens: new ServerBucket(options.tokens, nowMs)}),
  }
  stats = {
    requests: 0,
    answered: 0,
    limited: 0,
    mostInFlight: 0,
    tokens: 0,
    firstArrivalMs: null,
    lastArrivalMs: null,
    lastAnswerMs: null,
  }
}

interface ChatRequest {
  readonly model: string
  readonly messages: readonly {readonly content: string}[]
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {'content-type': 'application/json', ...headers})
  response.end(JSON.stringify(body))
}

async function complete(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const {model, messages} = JSON.parse(await readBody(request)) as ChatRequest
  const arrivalMs = performance.now()
  stats.requests++
  stats.firstArrivalMs ??= arrivalMs
  stats.lastArrivalMs = arrivalMs
  const text = (options.isWhole === true ? makeBookText : makeAnswer)(messages.at(-1)?.content ?? '')
  const input = messages.reduce((sum, {content}) => sum + content.length, 0)
  const usage = {
    prompt_tokens: Math.ceil(input / charactersPerToken),
    completion_tokens: Math.ceil(text.length / charactersPerToken),
    total_tokens: 0,
  }
  usage.total_tokens = usage.prompt_tokens + usage.completion_tokens
  const waitMs = Math.max(
    buckets.requests?.waitMs(1, arrivalMs) ?? 0,
    buckets.tokens?.waitMs(usage.total_tokens, arrivalMs) ?? 0,
  )
  if (waitMs === 0) {
    buckets.requests?.take(1)
    buckets.tokens?.take(usage.total_tokens)
  }
  const headers = {
    ...buckets.requests?.headers('requests', arrivalMs),
    ...buckets.tokens?.headers('tokens', arrivalMs),
  }
  if (waitMs > 0) {
    stats.limited++
    const error = {message: 'Rate limit reached', type: 'requests', code: 'rate_limit_exceeded'}
    sendJson(response, 429, {error}, {...headers, 'retry-after-ms': String(waitMs)})
    return
  }
  inFlight++
  stats.mostInFlight = Math.max(stats.mostInFlight, inFlight)
  if (options.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, options.latencyMs))
  inFlight--
  stats.answered++
  stats.tokens += usage.total_tokens
  const choices = [{index: 0, finish_reason: 'stop', message: {role: 'assistant', content: text}}]
  sendJson(response, 200, {id: `chatcmpl-${stats.answered}`, object: 'chat.completion', model, choices, usage}, headers)
  stats.lastAnswerMs = performance.now()
}

const server = createServer((request, response) => {
  if (request.url === '/stats') sendJson(response, 200, stats)
  else if (request.url === '/reset') {
    reset()
    sendJson(response, 200, {})
  } else if (request.url === '/v1/chat/completions') {
    complete(request, response).catch((error: unknown) => response.destroy(error as Error))
  } else sendJson(response, 404, {error: {message: `Unexpected path \`${request.url}\``}})
})
// Clients pause under a limit; a connection closed just as it is used again would count as their fault.
server.keepAliveTimeout = 120_000
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`))

process.stdin.resume()
process.stdin.on('close', () => process.exit(0))
// Ctrl-C reaches the whole group of processes; the bench ends this one by closing its input.
process.on('SIGINT', () => {})
