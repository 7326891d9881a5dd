import {createHash} from 'node:crypto'

declare const addressBrand: unique symbol

/** SHA-256 of a value's canonical JSON: 64 lower-case hexadecimal digits. */
export type ContentAddress = string & {readonly [addressBrand]: true}

/** Address of any JSON value; equal values have equal addresses whatever the order of their keys. */
export function contentAddress(value: unknown): ContentAddress {
  return createHash('sha256').update(canonicalJson(value), 'utf8').digest('hex') as ContentAddress
}

/** Address of a text's UTF-8 bytes, after CRLF and CR were made LF. */
export function textAddress(text: string): ContentAddress {
  return createHash('sha256').update(normaliseLineEnds(text), 'utf8').digest('hex') as ContentAddress
}

/** Whether `value` has the form of a content address. */
export function isContentAddress(value: unknown): value is ContentAddress {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
}

/** `text` with every CRLF and lone CR made LF. */
export function normaliseLineEnds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
}

/** JSON with sorted keys, without white space; `undefined` members are left out. Throws on values that JSON cannot hold. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new TypeError('Cannot address a string with a lone surrogate')
    return JSON.stringify(value)
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`Cannot address the number \`${value}\``)
    return JSON.stringify(value)
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`)
    return `{${members.join(',')}}`
  }
  throw new TypeError(`Cannot address a ${typeof value}`)
}
