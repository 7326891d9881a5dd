import type {LookupAddress} from 'node:dns'
import {lookup as lookupHost} from 'node:dns/promises'
import {request as requestPlain} from 'node:http'
import {request as requestSecure} from 'node:https'
import type {LookupFunction} from 'node:net'
import {isPrivateAddress} from './private-address.ts'
import {programVersion} from './program-version.ts'

/** What is known of a link after it was asked for. */
export interface LinkOutcome {
  readonly state: 'ok' | 'moved' | 'dead' | 'unknown'
  /** Why, in words; for `moved` the address that it moved to. */
  readonly detail: string
  /** Whether no host of that name was found, which is so for all where there is no network. */
  readonly isHostMissing?: boolean
}

export interface LinkCheckerOptions {
  /** Whether loopback and private addresses may be asked too. */
  readonly allowPrivate: boolean
  /** Milliseconds that one request may take; default 15,000. */
  readonly timeoutMs?: number
  /** Milliseconds between the beginnings of two requests to one host; default 250. */
  readonly hostDelayMs?: number
  /** Milliseconds that a server's `Retry-After` is waited for at most; default 10,000. */
  readonly longestPauseMs?: number
}

/** Requests under way at once. */
const atOnce = 16
const mostRedirects = 10
/** A host that asks for a pause more often is left alone. */
const mostRefusals = 3

interface Answer {
  readonly status: number
  readonly location: string | undefined
  readonly retryAfter: string | undefined
}

/** Raised where an address may not be asked. */
class PrivateAddressError extends Error {}

/** Raised where a host asked for a pause too often. */
class RefusedError extends Error {}

/**
 * Asks servers whether links lead anywhere: many hosts at once, one host in turn and with a pause, without cookies, names
 * or keys. Private addresses are refused after the name was looked up, so that no name leads around it.
 */
export class LinkChecker {
  private readonly timeoutMs: number
  private readonly hostDelayMs: number
  private readonly longestPauseMs: number
  /** What is to be over before each host is asked again. */
  private readonly hosts = new Map<string, Promise<unknown>>()
  /** How often each host asked for a pause. */
  private readonly refusals = new Map<string, number>()
  private free = atOnce
  private readonly waiting: (() => void)[] = []

  constructor(private readonly options: LinkCheckerOptions) {
    this.timeoutMs = options.timeoutMs ?? 15_000
    this.hostDelayMs = options.hostDelayMs ?? 250
    this.longestPauseMs = options.longestPauseMs ?? 10_000
  }

  /** Follows a link to its end. Never throws. */
  async check(link: string): Promise<LinkOutcome> {
    const visited = new Set<string>()
    let isPermanent = true
    let url = parseWebUrl(link)
    while (url !== undefined) {
      if (visited.has(url.href) || visited.size > mostRedirects)
        // Some servers do so to all who bring no cookie.
        return {state: 'unknown', detail: 'its redirects lead round in a circle'}
      visited.add(url.href)
      let answer: Answer
      try {
        answer = await this.ask(url)
      } catch (error) {
        return outcomeOfFault(error)
      }
      const {status, location} = answer
      if (status < 300 || status >= 400 || location === undefined) {
        if (status >= 300) return outcomeOfStatus(status)
        const hasMoved = visited.size > 1 && isPermanent
        return hasMoved ? {state: 'moved', detail: url.href} : {state: 'ok', detail: ''}
      }
      isPermanent &&= status === 301 || status === 308
      url = parseWebUrl(location, url)
    }
    return {state: 'dead', detail: 'it is no web address'}
  }

  /** HEAD, then GET where a server does not answer that well; one more time after a pause that it asks for. */
  private async ask(url: URL): Promise<Answer> {
    const head = await this.send(url, 'HEAD')
    if (head.status < 400) return head
    if (isBusy(head)) this.pause(url, head)
    const get = await this.send(url, 'GET')
    if (!isBusy(get) || isBusy(head)) return get
    this.pause(url, get)
    return this.send(url, 'GET')
  }

  /** Keeps everybody from a host for as long as it asks. */
  private pause({host}: URL, {retryAfter = ''}: Answer): void {
    const seconds = /^\d{1,6}$/.test(retryAfter.trim()) ? Number(retryAfter) : 1
    const ms = Math.min(seconds * 1000, this.longestPauseMs)
    this.hosts.set(
      host,
      (this.hosts.get(host) ?? Promise.resolve()).then(() => sleep(ms)),
    )
    this.refusals.set(host, (this.refusals.get(host) ?? 0) + 1)
  }

  /** Waits for the host's turn and for a free place, then sends. */
  private send(url: URL, method: 'HEAD' | 'GET'): Promise<Answer> {
    const before = this.hosts.get(url.host) ?? Promise.resolve()
    const sent = before.then(async () => {
      if ((this.refusals.get(url.host) ?? 0) > mostRefusals) throw new RefusedError()
      await this.takePlace()
      try {
        return await this.request(url, method)
      } finally {
        this.givePlace()
      }
    })
    const turn = sent.then(
      () => sleep(this.hostDelayMs),
      () => sleep(this.hostDelayMs),
    )
    this.hosts.set(url.host, turn)
    return sent
  }

  private async takePlace(): Promise<void> {
    if (this.free > 0) this.free--
    else await new Promise<void>((resolve) => this.waiting.push(resolve))
  }

  private givePlace(): void {
    const next = this.waiting.shift()
    if (next === undefined) this.free++
    else next()
  }

  private request(url: URL, method: 'HEAD' | 'GET'): Promise<Answer> {
    const {hostname, port, pathname, search, protocol} = url
    const host = hostname.replace(/^\[|\]$/g, '')
    if (!this.options.allowPrivate && isPrivateAddress(host)) return Promise.reject(new PrivateAddressError(host))
    const send = protocol === 'https:' ? requestSecure : requestPlain
    return new Promise((resolve, reject) => {
      // Name and password of an address, if it has any, stay here.
      const request = send({
        method,
        host,
        ...(port === '' ? {} : {port}),
        path: pathname + search,
        agent: false,
        headers: {accept: '*/*', 'user-agent': `msk-course/${programVersion} (link check)`},
        lookup: this.lookup,
        timeout: this.timeoutMs,
      })
      // A server that sends a byte now and then keeps a connection busy without end.
      const limit = setTimeout(() => request.destroy(timedOut(this.timeoutMs)), this.timeoutMs)
      request.once('response', (message) => {
        const {statusCode: status = 0, headers} = message
        message.destroy()
        resolve({status, location: headers.location, retryAfter: headers['retry-after']})
      })
      request.once('timeout', () => request.destroy(timedOut(this.timeoutMs)))
      request.once('error', reject)
      request.once('close', () => {
        clearTimeout(limit)
        // One that is over without an answer or a fault, as after a change of protocol; later than both, it has no effect.
        reject(new Error('the connection ended without an answer'))
      })
      request.end()
    })
  }

  private readonly lookup: LookupFunction = (hostname, options, callback) => {
    const found = lookupHost(hostname, {...options, all: true}) as Promise<LookupAddress[]>
    found.then(
      (addresses) => {
        const refused = addresses.find(({address}) => !this.options.allowPrivate && isPrivateAddress(address))
        const [first] = addresses
        if (refused !== undefined || first === undefined) callback(new PrivateAddressError(hostname), '', 4)
        else if (options.all === true) callback(null, addresses)
        else callback(null, first.address, first.family)
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 4),
    )
  }
}

function parseWebUrl(link: string, base?: URL): URL | undefined {
  if (!URL.canParse(link, base?.href)) return undefined
  const url = new URL(link, base)
  url.hash = ''
  return /^https?:$/.test(url.protocol) ? url : undefined
}

function isBusy({status}: Answer): boolean {
  return status === 429 || status === 503
}

function outcomeOfStatus(status: number): LinkOutcome {
  const isGone = status === 404 || status === 410
  return isGone
    ? {state: 'dead', detail: `the server answers ${status}`}
    : {state: 'unknown', detail: `the server answers ${status}`}
}

function outcomeOfFault(error: unknown): LinkOutcome {
  if (error instanceof PrivateAddressError)
    return {state: 'unknown', detail: 'its address is a private one; --allow-private asks those too'}
  if (error instanceof RefusedError) return {state: 'unknown', detail: 'the host asks for fewer requests'}
  const {code = '', message} = error as NodeJS.ErrnoException
  if (code === 'ENOTFOUND') return {state: 'dead', detail: 'there is no such host', isHostMissing: true}
  if (code === 'ECONNREFUSED') return {state: 'dead', detail: 'the host takes no connection'}
  return {state: 'unknown', detail: code === '' ? message : code}
}

function timedOut(timeoutMs: number): Error {
  return Object.assign(new Error(`no answer within ${timeoutMs / 1000} s`), {code: ''})
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
