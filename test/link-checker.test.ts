import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http'
import {type AddressInfo, createServer as createRawServer} from 'node:net'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {LinkChecker, type LinkCheckerOptions, type LinkOutcome} from '../src/cli/link-checker.ts'
import {isPrivateAddress} from '../src/cli/private-address.ts'

let server: Server
let origin: string
let answer: (request: IncomingMessage, response: ServerResponse) => void
let asked: string[]

beforeEach(async () => {
  asked = []
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterEach(() => {
  server.closeAllConnections()
  server.close()
})

function checker(options: Partial<LinkCheckerOptions> = {}): LinkChecker {
  return new LinkChecker({allowPrivate: true, timeoutMs: 2000, hostDelayMs: 0, longestPauseMs: 20, ...options})
}

function check(path: string, options?: Partial<LinkCheckerOptions>): Promise<LinkOutcome> {
  return checker(options).check(origin + path)
}

function status(code: number, headers: Record<string, string> = {}): typeof answer {
  return (_, response) => {
    response.writeHead(code, headers)
    response.end()
  }
}

describe('a link', () => {
  it.each([200, 204, 206])('of status %d is sound', async (code) => {
    answer = status(code)
    expect(await check('/')).toEqual({state: 'ok', detail: ''})
    expect(asked).toEqual(['HEAD /'])
  })

  it.each([404, 410])('of status %d is dead, after HEAD and GET', async (code) => {
    answer = status(code)
    expect(await check('/a?b#c')).toEqual({state: 'dead', detail: `the server answers ${code}`})
    expect(asked).toEqual(['HEAD /a?b', 'GET /a?b'])
  })

  it.each([401, 403, 405, 500, 999])('of status %d says nothing', async (code) => {
    answer = status(code)
    expect(await check('/')).toEqual({state: 'unknown', detail: `the server answers ${code}`})
  })

  it('is asked for with GET where a server knows no HEAD', async () => {
    answer = (request, response) => status(request.method === 'HEAD' ? 405 : 200)(request, response)
    expect(await check('/')).toEqual({state: 'ok', detail: ''})
  })

  it('that is never answered says nothing', async () => {
    answer = () => undefined
    const outcome = await check('/', {timeoutMs: 60})
    expect(outcome).toEqual({state: 'unknown', detail: 'no answer within 0.06 s'})
  })

  it('whose page has no end is sound, and its end is not waited for', async () => {
    answer = (request, response) => {
      if (request.method === 'HEAD') return status(501)(request, response)
      response.writeHead(200)
      response.write('x')
    }
    expect(await check('/')).toEqual({state: 'ok', detail: ''})
  })

  it('whose server changes the protocol unasked, or hangs up, says nothing', async () => {
    for (const bytes of ['HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n', '']) {
      const raw = createRawServer((socket) => {
        socket.on('error', () => undefined)
        socket.once('data', () => (bytes === '' ? socket.destroy() : socket.write(bytes)))
      })
      await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve))
      const {port} = raw.address() as AddressInfo
      expect((await checker().check(`http://127.0.0.1:${port}/`)).state).toBe('unknown')
      raw.close()
    }
  })

  it('that moved for good is told with its new address, and one that moved for now is sound', async () => {
    answer = (request, response) => {
      const next = {'/a': [301, '/b'], '/b': [308, '/c'], '/x': [302, '/a'], '/y': [301, '/x']}[request.url ?? '']
      status(next === undefined ? 200 : Number(next[0]), next === undefined ? {} : {location: String(next[1])})(
        request,
        response,
      )
    }
    expect(await check('/a')).toEqual({state: 'moved', detail: `${origin}/c`})
    expect(await check('/x')).toEqual({state: 'ok', detail: ''})
    expect(await check('/y')).toEqual({state: 'ok', detail: ''})
  })

  it('whose redirects go in a circle, or on and on, says nothing', async () => {
    answer = (request, response) => {
      const number = /\d+$/.exec(request.url ?? '')?.[0]
      status(302, {location: number === undefined ? '/a' : `/n${Number(number) + 1}`})(request, response)
    }
    expect((await check('/a')).state).toBe('unknown')
    expect(asked).toEqual(['HEAD /a'])
    asked = []
    expect((await check('/n0')).state).toBe('unknown')
    expect(asked.length).toBeLessThan(13)
  })

  it('is not followed to what is no web address', async () => {
    answer = status(302, {location: 'file:///etc/passwd'})
    expect(await check('/a')).toEqual({state: 'dead', detail: 'it is no web address'})
  })

  it('is asked for once more after the pause that the server asks for', async () => {
    answer = (request, response) => status(asked.length < 2 ? 429 : 200, {'retry-after': '3600'})(request, response)
    expect(await check('/')).toEqual({state: 'ok', detail: ''})
    expect(asked).toEqual(['HEAD /', 'GET /'])
  })

  it('leaves a server alone that keeps asking for pauses', async () => {
    answer = status(429)
    const one = checker()
    const outcomes = await Promise.all(Array.from({length: 40}, (_, at) => one.check(`${origin}/${at}`)))
    expect(new Set(outcomes.map(({state}) => state))).toEqual(new Set(['unknown']))
    expect(asked.length).toBeLessThan(60)
    const late = asked.length
    expect((await one.check(`${origin}/late`)).detail).toBe('the host asks for fewer requests')
    expect(asked.length).toBe(late)
  })

  it('is dead where nobody listens or no host is', async () => {
    const closed = createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const {port} = closed.address() as AddressInfo
    await new Promise((resolve) => closed.close(resolve))
    expect((await checker().check(`http://127.0.0.1:${port}/`)).detail).toBe('the host takes no connection')
    expect((await checker().check('http://')).detail).toBe('it is no web address')
  })

  it('sends no name and password of its address', async () => {
    const seen: (string | undefined)[] = []
    answer = (request, response) => {
      seen.push(request.headers.authorization)
      status(200)(request, response)
    }
    await checker().check(origin.replace('//', '//user:secret@'))
    expect(seen).toEqual([undefined])
  })

  it('to a private address is not followed from elsewhere', async () => {
    answer = status(200)
    const outcome = await check('/', {allowPrivate: false})
    expect(outcome.state).toBe('unknown')
    expect(asked).toEqual([])
  })
})

describe('one host', () => {
  it('is asked in turn, several at once', async () => {
    let open = 0
    let most = 0
    answer = (_, response) => {
      most = Math.max(most, ++open)
      setTimeout(() => {
        open--
        response.end()
      }, 5)
    }
    const one = checker()
    await Promise.all(Array.from({length: 6}, (_, at) => one.check(`${origin}/${at}`)))
    expect(most).toBe(1)
    const times: number[] = []
    answer = (_, response) => {
      times.push(performance.now())
      response.end()
    }
    const paced = checker({hostDelayMs: 40})
    await Promise.all(Array.from({length: 3}, (_, at) => paced.check(`${origin}/${at}`)))
    expect((times[2] as number) - (times[0] as number)).toBeGreaterThan(70)
  })
})

describe('many hosts', () => {
  it('are asked at once, and never more requests than there are places', async () => {
    let open = 0
    let most = 0
    answer = (_, response) => {
      most = Math.max(most, ++open)
      setTimeout(() => {
        open--
        response.statusCode = 404
        response.end()
      }, 5)
    }
    const servers = Array.from({length: 48}, () => createServer((request, response) => answer(request, response)))
    for (const each of servers) await new Promise<void>((resolve) => each.listen(0, '127.0.0.1', resolve))
    // Each port is a host of its own, and each is asked twice.
    const one = checker()
    const hosts = servers.map((each) => `http://127.0.0.1:${(each.address() as AddressInfo).port}/`)
    const outcomes = await Promise.all(hosts.map((host) => one.check(host)))
    for (const each of servers) each.close()
    expect(outcomes.filter(({state}) => state === 'dead')).toHaveLength(hosts.length)
    expect(most).toBe(16)
  })
})

describe('private addresses', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '192.168.0.1',
    '172.31.0.1',
    '169.254.169.254',
    '0.0.0.0',
    '::1',
    'fe80::1',
    'fd00::1',
    '::ffff:10.0.0.1',
    '100.64.0.1',
    '::127.0.0.1',
    '64:ff9b::10.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'fec0::1',
  ])('hold %s', (address) => expect(isPrivateAddress(address)).toBe(true))

  it.each(['1.1.1.1', '172.32.0.1', '2606:4700::1', '::ffff:1.1.1.1', '64:ff9b::1.1.1.1', 'localhost', 'example.org'])(
    'do not hold %s',
    (address) => expect(isPrivateAddress(address)).toBe(false),
  )
})
