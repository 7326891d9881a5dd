import {once} from 'node:events'
import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {answerTo, findPrompt} from './known-answer.ts'

/** What became of a request: still open, its right answer sent to the last byte, answered otherwise, or left by the client. */
export type ExchangeState = 'open' | 'delivered' | 'faulted' | 'abandoned'

/** A request and what the server did about it. */
export interface Exchange {
  readonly number: number
  readonly id: string
  readonly edition: string
  /** Which request for this prompt and edition it is, from 1. */
  readonly attempt: number
  readonly atMs: number
  readonly headers: IncomingMessage['headers']
  readonly body: {readonly model: string; readonly [name: string]: unknown}
  readonly request: IncomingMessage
  readonly response: ServerResponse
  state: ExchangeState
}

/** Answers one request, well or badly. */
export type Behaviour = (exchange: Exchange) => void | Promise<void>

/** An OpenAI-compatible server on loopback that misbehaves as it is told and records each request's fate. */
export class FaultServer {
  readonly exchanges: Exchange[] = []
  /** Chooses what is done about a request. */
  script: (exchange: Exchange) => Behaviour = () => wellAnswered()
  latencyMs: (exchange: Exchange) => number = () => 0
  private readonly server: Server
  private port = 0

  private constructor() {
    this.server = createServer((request, response) => {
      this.handle(request, response).catch((error: unknown) => {
        if (response.socket === null || response.socket.destroyed) return
        response.statusCode = 400
        response.end(JSON.stringify({error: {message: `test server: ${String(error)}`}}))
      })
    })
    // A client that resets or sends half a request is what these tests are about.
    this.server.on('clientError', (_, socket) => socket.destroy())
  }

  static async start(settings: {readonly keepAliveTimeout?: number; readonly maxConnections?: number} = {}) {
    const server = new FaultServer()
    Object.assign(server.server, settings)
    await server.listen()
    return server
  }

  /** Listens, on the same port as before when it did before. */
  async listen(): Promise<void> {
    this.server.listen(this.port, '127.0.0.1')
    await once(this.server, 'listening')
    this.port = (this.server.address() as AddressInfo).port
  }

  /** Stops to listen and drops every connection. */
  async stop(): Promise<void> {
    if (!this.server.listening) return
    const closed = once(this.server, 'close')
    this.server.close()
    this.server.closeAllConnections()
    await closed
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${this.port}/v1`
  }

  get openCount(): number {
    return this.exchanges.filter(({state}) => state === 'open').length
  }

  /** Requests for a prompt, oldest first. */
  of(id: string): Exchange[] {
    return this.exchanges.filter((exchange) => exchange.id === id)
  }

  /** Resolves when so many requests have come, or rejects after `limitMs`. */
  async seen(count: number, limitMs = 100_000): Promise<void> {
    const endMs = performance.now() + limitMs
    while (this.exchanges.length < count) {
      if (performance.now() > endMs) throw new Error(`Only ${this.exchanges.length} of ${count} requests came`)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Exchange['body'] & {
      messages: {role: string; content: string}[]
    }
    const prompt = findPrompt(body.messages.findLast(({role}) => role === 'user')?.content ?? '')
    const earlier = this.exchanges.filter(({id, edition}) => id === prompt.id && edition === prompt.edition)
    const exchange: Exchange = {
      number: this.exchanges.length + 1,
      ...prompt,
      attempt: earlier.length + 1,
      atMs: performance.now(),
      headers: request.headers,
      body,
      request,
      response,
      state: 'open',
    }
    this.exchanges.push(exchange)
    response.on('close', () => {
      if (exchange.state === 'open') exchange.state = 'abandoned'
    })
    const latencyMs = this.latencyMs(exchange)
    if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs))
    if (exchange.state === 'open') await this.script(exchange)(exchange)
  }
}

/** The right answer of a prompt, whole; `change` alters the document on its way. */
export function wellAnswered(change: (answer: AnswerDocument) => unknown = (answer) => answer): Behaviour {
  return (exchange) => {
    const {response, id, edition, body} = exchange
    response.on('finish', () => {
      exchange.state = 'delivered'
    })
    response.writeHead(200, {'content-type': 'application/json'})
    response.end(JSON.stringify(change(answerDocument({id, edition}, body.model))))
  }
}

/** The body of a chat completion. */
export interface AnswerDocument {
  readonly id: string
  readonly object: string
  readonly created: number
  readonly model: string
  readonly choices: readonly {readonly index: number; readonly finish_reason: string; readonly message: object}[]
  readonly usage: object
}

/** The document that answers a prompt rightly. */
export function answerDocument(prompt: {readonly id: string; readonly edition: string}, model: string): AnswerDocument {
  return {
    id: `chatcmpl-${prompt.id}`,
    object: 'chat.completion',
    created: 0,
    model,
    choices: [{index: 0, finish_reason: 'stop', message: {role: 'assistant', content: answerTo(prompt)}}],
    usage: {prompt_tokens: 120, completion_tokens: 40, total_tokens: 160},
  }
}
