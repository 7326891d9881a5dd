import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'

/** A request as the server saw it. */
export interface SeenRequest {
  readonly number: number
  readonly body: {
    readonly model: string
    readonly messages: readonly {readonly role: string; readonly content: string}[]
  }
  /** Content of the user's message. */
  readonly user: string
  readonly headers: IncomingMessage['headers']
  readonly atMs: number
}

/** What the server answers: a completion's text, a raw answer, or `hang` for none. */
export type Answer =
  | string
  | {readonly status?: number; readonly headers?: Record<string, string>; readonly body: string; readonly type?: string}
  | {readonly message: object; readonly finish?: string; readonly usage?: object | null}
  | 'hang'
  | 'reset'

export interface ServerOptions {
  answer(request: SeenRequest): Answer | Promise<Answer>
  readonly latencyMs?: number
}

/** An OpenAI-compatible server on loopback that records what it is asked. */
export class OpenAiServer {
  readonly seen: SeenRequest[] = []
  inFlight = 0
  mostInFlight = 0
  options: ServerOptions
  private readonly server: Server

  private constructor(options: ServerOptions) {
    this.options = options
    this.server = createServer((request, response) => {
      this.handle(request, response).catch((error: unknown) => {
        response.statusCode = 500
        response.end(String(error))
      })
    })
  }

  static async start(options: Partial<ServerOptions> = {}): Promise<OpenAiServer> {
    const server = new OpenAiServer({answer: ({user}) => `Text about ${user.length} characters.`, ...options})
    await new Promise<void>((resolve) => server.server.listen(0, '127.0.0.1', resolve))
    return server
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as SeenRequest['body']
    const seen: SeenRequest = {
      number: this.seen.length + 1,
      body,
      user: body.messages.findLast(({role}) => role === 'user')?.content ?? '',
      headers: request.headers,
      atMs: performance.now(),
    }
    this.seen.push(seen)
    this.inFlight++
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight)
    try {
      const {latencyMs = 0} = this.options
      if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs))
      this.send(await this.options.answer(seen), seen, request, response)
    } finally {
      this.inFlight--
    }
  }

  private send(answer: Answer, seen: SeenRequest, request: IncomingMessage, response: ServerResponse): void {
    if (answer === 'hang') return
    if (answer === 'reset') {
      request.socket.destroy()
      return
    }
    if (typeof answer === 'object' && 'body' in answer) {
      response.writeHead(answer.status ?? 200, {'content-type': answer.type ?? 'application/json', ...answer.headers})
      response.end(answer.body)
      return
    }
    const {message, finish, usage} =
      typeof answer === 'string'
        ? {message: {role: 'assistant', content: answer}, finish: 'stop', usage: undefined}
        : {finish: 'stop', usage: undefined, ...answer}
    response.writeHead(200, {'content-type': 'application/json'})
    response.end(
      JSON.stringify({
        id: `chatcmpl-${seen.number}`,
        object: 'chat.completion',
        created: 0,
        model: seen.body.model,
        choices: [{index: 0, finish_reason: finish, message}],
        ...(usage === null
          ? {}
          : {usage: usage ?? {prompt_tokens: Math.ceil(seen.user.length / 4), completion_tokens: 50, total_tokens: 0}}),
      }),
    )
  }
}
