import {isUtf8} from 'node:buffer'
import {type IncomingMessage, Agent as PlainAgent, request as requestPlain} from 'node:http'
import {request as requestSecure, Agent as SecureAgent} from 'node:https'
import {finished, type Readable} from 'node:stream'
import {createBrotliDecompress, createGunzip, createInflate} from 'node:zlib'
import {ProviderError} from '../model/provider.ts'
import type {PlainHeaders} from './plain-headers.ts'
import {answerHeaders, WireAnswer} from './wire-answer.ts'

/** Largest body that is read, after decompression. */
export const maxBodyBytes = 4 * 1024 * 1024

/** Time limit for reaching a server at all. */
const connectTimeoutMs = 20_000

/** Idle connections are dropped before servers usually do, so that no request meets a closing one. */
const idleMs = 4_000

/** What is known of an attempt on the wire, also when it fails. */
export interface WireAttempt {
  /** Whether a connection stood, so that the server may have the request. */
  hasLeft: boolean
  /** Headers of the answer, once they came. */
  headers: PlainHeaders | undefined
  /** Whether the answer's bytes are UTF-8; where they are not, reading them as text replaces some without a word. */
  isUtf8: boolean
  /** Called when a connection stands and all of the request was handed over to it. */
  onLeft?(): void
}

/** Options that the client hands through to `fetch`. */
export interface WireInit extends RequestInit {
  readonly attempt?: WireAttempt
}

/**
 * A `fetch` over Node's own HTTP client: it returns when the whole body is there, so that the caller's time limit covers
 * it, reads at most `maxBodyBytes`, and refuses redirects, which would carry the prompt to another origin.
 */
export class Wire {
  private readonly plain = new PlainAgent({keepAlive: true, timeout: idleMs})
  private readonly secure = new SecureAgent({keepAlive: true, timeout: idleMs})

  readonly fetch = async (input: string | URL | Request, init: WireInit = {}): Promise<Response> => {
    const url = new URL(typeof input === 'object' && 'url' in input ? input.url : input)
    const {attempt = {hasLeft: false, headers: undefined, isUtf8: true}} = init
    const message = await this.send(url, init, attempt)
    const {rawHeaders, statusCode: status = 0} = message
    const headers = answerHeaders(rawHeaders)
    attempt.headers = headers
    if (status >= 300 && status < 400 && headers.has('location')) {
      message.destroy()
      throw new ProviderError(`Unexpected redirect (${status}), expected an answer from the base URL itself`, {
        code: 'redirect',
        isRetryable: false,
        isFatal: true,
      })
    }
    const body = await readCapped(message)
    attempt.isUtf8 = isUtf8(body)
    // All that the client asks of an answer; a `Response` with its `Headers` takes longer than reading the body.
    return new WireAnswer(status < 200 ? 502 : status, headers, body) as unknown as Response
  }

  private send(url: URL, init: WireInit, attempt: WireAttempt): Promise<IncomingMessage> {
    const isSecure = url.protocol === 'https:'
    const {signal, method = 'GET', body} = init
    return new Promise((resolve, reject) => {
      const headers = Object.fromEntries(init.headers instanceof Headers ? init.headers : new Headers(init.headers))
      const payload = typeof body === 'string' ? Buffer.from(body, 'utf8') : undefined
      const request = (isSecure ? requestSecure : requestPlain)(url, {
        method,
        agent: isSecure ? this.secure : this.plain,
        headers: {
          ...headers,
          'accept-encoding': 'identity',
          ...(payload === undefined ? {} : {'content-length': payload.length}),
        },
        ...(signal === null || signal === undefined ? {} : {signal}),
      })
      request.on('socket', (socket) => {
        if (!socket.connecting) {
          // An idle connection takes the request; one that failed at once, without a route or a descriptor, never stood.
          attempt.hasLeft = !socket.destroyed
          return
        }
        const timer = setTimeout(() => {
          request.destroy(
            Object.assign(new Error(`no connection within ${connectTimeoutMs / 1000} s`), {code: 'ETIMEDOUT'}),
          )
        }, connectTimeoutMs)
        const ready = isSecure ? 'secureConnect' : 'connect'
        socket.once(ready, () => {
          attempt.hasLeft = true
        })
        for (const event of [ready, 'close', 'error']) socket.once(event, () => clearTimeout(timer))
      })
      // The idle limit is for connections without a request; the attempt has a limit of its own.
      request.setTimeout(0)
      request.once('finish', () => attempt.onLeft?.())
      request.once('response', resolve)
      request.once('error', reject)
      request.end(payload)
    })
  }
}

function readCapped(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  const stream = decoded(message)
  return new Promise((resolve, reject) => {
    stream.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= maxBodyBytes) {
        chunks.push(chunk)
        return
      }
      message.destroy()
      // A decoder would go on with what it has, which may be a thousand times as much.
      stream.destroy()
      reject(
        new ProviderError(`Unexpected answer of more than ${maxBodyBytes / 1024 / 1024} MB, expected a completion`, {
          code: 'too-large',
          isRetryable: false,
          billing: 'in-doubt',
        }),
      )
    })
    finished(stream, {writable: false}, (error) => {
      if (error != null) reject(error)
      // A connection that closes before all was sent ends the stream without a fault where no length was announced.
      else if (!message.complete)
        reject(Object.assign(new Error('the connection closed in the middle of the answer'), {code: 'ECONNRESET'}))
      else resolve(Buffer.concat(chunks))
    })
  })
}

/** The body without its encoding; nothing was asked for but `identity`, some servers compress all the same. */
function decoded(message: IncomingMessage): Readable {
  const decoders = {gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate, br: createBrotliDecompress}
  const encoding = message.headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  if (encoding === 'identity' || encoding === '') return message
  const make = decoders[encoding as keyof typeof decoders] as (() => ReturnType<typeof createGunzip>) | undefined
  if (make === undefined) return message
  const decoder = make()
  message.on('error', (error) => decoder.destroy(error))
  return message.pipe(decoder)
}
