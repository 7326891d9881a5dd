import type {AnnouncedLimit, AnnouncedLimits} from '../model/provider.ts'

const unitMs: Readonly<Record<string, number>> = {ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000}

/** What the `x-ratelimit-*` headers of an answer say; undefined when they say nothing. */
export function announcedLimits(headers: Pick<Headers, 'get'>): AnnouncedLimits | undefined {
  const requests = readLimit(headers, 'requests')
  const tokens = readLimit(headers, 'tokens')
  if (requests === undefined && tokens === undefined) return undefined
  return {...(requests === undefined ? {} : {requests}), ...(tokens === undefined ? {} : {tokens})}
}

function readLimit(headers: Pick<Headers, 'get'>, of: 'requests' | 'tokens'): AnnouncedLimit | undefined {
  const limit = readCount(headers.get(`x-ratelimit-limit-${of}`))
  const remaining = readCount(headers.get(`x-ratelimit-remaining-${of}`))
  const resetMs = readDurationMs(headers.get(`x-ratelimit-reset-${of}`))
  // A limit of nothing would stop everything for good: some gateways send 0 for "none".
  if (limit === 0 || (limit === undefined && remaining === undefined)) return undefined
  return {
    ...(limit === undefined ? {} : {limit}),
    ...(remaining === undefined ? {} : {remaining}),
    ...(resetMs === undefined ? {} : {resetMs}),
  }
}

function readCount(value: string | null): number | undefined {
  return value !== null && /^\s*\d{1,15}(?:\.\d+)?\s*$/.test(value) ? Number(value) : undefined
}

/** A duration such as `6m0s`, `1.5s` or `12ms`, or a plain number of seconds, in milliseconds; anything else is unknown. */
export function readDurationMs(value: string | null): number | undefined {
  const text = value?.trim() ?? ''
  if (/^\d{1,8}(?:\.\d+)?$/.test(text)) return Number(text) * 1_000
  if (!/^(?:\d{1,9}(?:\.\d+)?(?:ms|[smhd]))+$/.test(text)) return undefined
  let sum = 0
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g)) {
    sum += Number(number) * (unitMs[unit as string] as number)
  }
  return sum
}
