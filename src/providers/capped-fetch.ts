import {ProviderError} from '../model/provider.ts'

/** Largest body that is read, after decompression. */
export const maxBodyBytes = 4 * 1024 * 1024

/**
 * A `fetch` that reads the whole body before it returns, so that the caller's time limit covers it, stops at
 * `maxBodyBytes`, and refuses redirects, which would carry the prompt to another origin.
 */
export async function cappedFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, {...init, redirect: 'manual'})
  if (response.status >= 300 && response.status < 400 && response.headers.has('location')) {
    await response.body?.cancel()
    throw new ProviderError(`Unexpected redirect (${response.status}), expected an answer from the base URL itself`, {
      code: 'redirect',
      isRetryable: false,
      isFatal: true,
    })
  }
  const body = await readCapped(response)
  const headers = new Headers(response.headers)
  headers.delete('content-encoding')
  headers.delete('content-length')
  const isBodiless = response.status === 204 || response.status === 304
  return new Response(isBodiless ? null : body, {status: response.status, statusText: response.statusText, headers})
}

async function readCapped(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = response.body?.getReader()
  if (reader === undefined) return new Uint8Array()
  for (;;) {
    const {done, value} = await reader.read()
    if (done) break
    size += value.byteLength
    if (size > maxBodyBytes) {
      await reader.cancel()
      throw new ProviderError(
        `Unexpected answer of more than ${maxBodyBytes / 1024 / 1024} MB, expected a completion`,
        {
          code: 'too-large',
          isRetryable: false,
        },
      )
    }
    chunks.push(value)
  }
  const body = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    body.set(chunk, at)
    at += chunk.byteLength
  }
  return body
}
