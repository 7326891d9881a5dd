import {constants, createBrotliCompress, createDeflate, createGzip, gzipSync} from 'node:zlib'
import {answerDocument, type Behaviour, type Exchange, wellAnswered} from './fault-server.ts'

/** A text that stands in every spoiled body; found in a book or a store it proves that a fault was taken for an answer. */
export const spoiledMark = 'SPOILED-BODY'

/** Misbehaves at the first requests for one prompt, and answers everything else. */
export function once(behaviour: Behaviour, id = 'p02', times = 1): (exchange: Exchange) => Behaviour {
  return (exchange) => (exchange.id === id && exchange.attempt <= times ? behaviour : wellAnswered())
}

/** Misbehaves at every request for one prompt. */
export function always(behaviour: Behaviour, id = 'p02'): (exchange: Exchange) => Behaviour {
  return once(behaviour, id, Number.POSITIVE_INFINITY)
}

/** Answers with a status and an error object. */
export function status(code: number, headers: Record<string, string> = {}, error: object = {}): Behaviour {
  return raw(JSON.stringify({error: {message: `${spoiledMark} with status ${code}`, ...error}}), {code, headers})
}

/** Answers with any body. */
export function raw(
  body: string | Uint8Array,
  options: {readonly code?: number; readonly headers?: Record<string, string>; readonly type?: string} = {},
): Behaviour {
  return (exchange) => {
    const {response} = exchange
    exchange.state = 'faulted'
    response.writeHead(options.code ?? 200, {'content-type': options.type ?? 'application/json', ...options.headers})
    response.end(body)
  }
}

/** Answers with a chat completion whose document is not the right one. */
export function completion(change: (content: string) => object): Behaviour {
  return (exchange) => {
    const answer = answerDocument(exchange, exchange.body.model)
    return raw(JSON.stringify({...answer, ...change(spoiledText(exchange))}))(exchange)
  }
}

/** Reads the request and never answers. */
export function hang(): Behaviour {
  return () => undefined
}

/** Sends the head of an answer and a first part of its body, and then nothing. */
export function silentAfterHead(): Behaviour {
  return ({response}) => {
    response.writeHead(200, {'content-type': 'application/json'})
    response.write('{"choices":')
  }
}

/** Sends white space, which JSON allows, for ever. */
export function drip(everyMs = 50): Behaviour {
  return ({response}) => {
    response.writeHead(200, {'content-type': 'application/json'})
    const timer = setInterval(() => response.write(' '), everyMs)
    response.on('close', () => clearInterval(timer))
  }
}

/** Answers rightly, but only after `ms`. */
export function late(ms: number, then: Behaviour): Behaviour {
  return async (exchange) => {
    await new Promise((resolve) => setTimeout(resolve, ms))
    if (exchange.state === 'open') await then(exchange)
  }
}

/** Drops the connection when the request has been read. */
export function reset(): Behaviour {
  return (exchange) => {
    exchange.state = 'faulted'
    exchange.request.socket.resetAndDestroy()
  }
}

/** Writes bytes of its own to the connection and then ends, resets or keeps it. */
export function bytes(make: (body: string) => string, end: 'end' | 'reset' | 'keep'): Behaviour {
  return (exchange) => {
    exchange.state = 'faulted'
    const {socket} = exchange.request
    const body = JSON.stringify({...answerDocument(exchange, exchange.body.model), note: spoiledMark})
    socket.write(make(body), () => {
      if (end === 'end') socket.end()
      // A moment later, so that the bytes arrive before the reset drops them.
      if (end === 'reset') setTimeout(() => socket.resetAndDestroy(), 30)
    })
  }
}

/** Head of an answer in bytes. */
export function head(...fields: readonly string[]): string {
  return ['HTTP/1.1 200 OK', 'content-type: application/json', ...fields, '', ''].join('\r\n')
}

/** A body without end, `onStop` being told how many bytes the client took before it left. */
export function endless(onStop: (sentBytes: number) => void): Behaviour {
  return (exchange) => {
    const {response} = exchange
    exchange.state = 'faulted'
    response.writeHead(200, {'content-type': 'application/json'})
    const part = Buffer.alloc(64 * 1024, 'x')
    let sent = 0
    const more = (): void => {
      while (!response.destroyed) {
        sent += part.length
        if (!response.write(part)) break
      }
    }
    response.on('drain', more)
    response.on('close', () => onStop(sent))
    response.write(`{"choices":[{"message":{"content":"${spoiledMark} `)
    more()
  }
}

const packers = {
  gzip: createGzip,
  deflate: createDeflate,
  br: () => createBrotliCompress({params: {[constants.BROTLI_PARAM_QUALITY]: 1}}),
}

/** A small body that unpacks to `megabytes`. */
export async function bomb(megabytes: number, encoding: keyof typeof packers): Promise<Uint8Array> {
  const packer = packers[encoding]()
  const chunks: Buffer[] = []
  packer.on('data', (chunk: Buffer) => chunks.push(chunk))
  const done = new Promise((resolve) => packer.on('end', resolve))
  packer.write(`{"choices":[{"message":{"content":"${spoiledMark} `)
  const part = Buffer.alloc(1024 * 1024, 'x')
  for (let at = 0; at < megabytes; at++) {
    if (!packer.write(part)) await new Promise((resolve) => packer.once('drain', resolve))
  }
  packer.end('"}}]}')
  await done
  return Buffer.concat(chunks)
}

/** A right answer, packed, of which the last bytes are missing. */
export function cutGzip(): Behaviour {
  return (exchange) => {
    const packed = gzipSync(JSON.stringify(answerDocument(exchange, exchange.body.model)))
    return raw(packed.subarray(0, packed.length - 12), {headers: {'content-encoding': 'gzip'}})(exchange)
  }
}

function spoiledText({id}: Exchange): string {
  return `${spoiledMark} for ${id}, which is no answer.`
}
