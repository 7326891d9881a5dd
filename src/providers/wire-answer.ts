import {PlainHeaders} from './plain-headers.ts'

/** They tell of the bytes on the wire, which are no longer those of the body. */
const ofTheWire = new Set(['content-encoding', 'content-length'])

/** Headers of an answer; values of a name that came several times are joined. `raw`: names and values by turns, as Node gives them. */
export function answerHeaders(raw: readonly string[]): PlainHeaders {
  const headers = new PlainHeaders()
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] as string
    if (!ofTheWire.has(name.toLowerCase())) headers.append(name, raw[at + 1] as string)
  }
  return headers
}

/** An answer whose whole body is there, with the members of a `Response` that the `openai` client reads. */
export class WireAnswer {
  readonly url = ''
  readonly body = null
  readonly ok: boolean

  constructor(
    readonly status: number,
    readonly headers: PlainHeaders,
    private readonly bytes: Uint8Array,
  ) {
    this.ok = status >= 200 && status < 300
  }

  async text(): Promise<string> {
    return new TextDecoder().decode(this.bytes)
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text())
  }
}
