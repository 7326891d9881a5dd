import {readFileSync} from 'node:fs'
import {resolve} from 'node:path'
import type {Config} from '../config/config-schema.ts'
import type {ProviderName} from '../model/completion.ts'
import {UsageError} from './exit-codes.ts'

/** Flags that say who writes, and at what cost. */
export interface SpendingFlags {
  readonly provider?: string
  readonly model?: string
  readonly baseUrl?: string
  readonly concurrency?: number
  readonly timeout?: number
  readonly maxCost?: number
  /** Further requests that a text may take which misses what was asked for. */
  readonly repairs?: number
  readonly yes: boolean
  readonly offline: boolean
  readonly keyFile?: string
}

/** Who writes the texts of this run. */
export interface ProviderChoice {
  readonly name: ProviderName
  /** One line that says why, where the reader may wonder. */
  readonly reason?: string
  readonly model: string
  readonly baseUrl?: string
  readonly apiKey?: string
  /** Stands for the server in addresses of requests. */
  readonly endpoint: string
  readonly isLoopback: boolean
  /** Only what is stored may be used. */
  readonly isOffline?: boolean
}

/** Server that is asked where nothing names one; also its endpoint in addresses of requests. */
export const defaultBaseUrl = 'https://api.openai.com/v1'

/** Model that is asked where neither flag, config nor record names one. */
export const defaultModel = 'gpt-5-mini'

/**
 * Chooses the provider (contract, C1, C2, C8): flag, config, environment for key and base URL, the record of the last
 * build. `auto` is `openai` only where there is consent to spend, else `draft`.
 */
export function chooseProvider(
  flags: SpendingFlags,
  config: Config,
  record: {readonly model: string | null} | undefined,
  env: NodeJS.ProcessEnv,
  cwd: string,
  needsKey = true,
): ProviderChoice {
  const wanted = flags.provider ?? config.provider ?? 'auto'
  if (!['auto', 'openai', 'draft'].includes(wanted)) {
    throw new UsageError('unknown-provider', `Unexpected provider \`${wanted}\`, expected auto, openai or draft`)
  }
  const model = flags.model ?? config.model ?? record?.model ?? defaultModel
  const hasConsent =
    flags.baseUrl !== undefined || flags.model !== undefined || flags.maxCost !== undefined || flags.yes
  if (wanted === 'draft' || (wanted === 'auto' && !hasConsent)) {
    const reason =
      wanted === 'draft'
        ? undefined
        : `writing drafts from the sources, without a model; a model is used with --provider openai, --model or --base-url${env.OPENAI_API_KEY === undefined ? '' : ' (a key in the environment alone is no consent)'}`
    return {
      name: 'draft',
      model: flags.model ?? config.model ?? record?.model ?? '',
      endpoint: 'draft',
      isLoopback: true,
      ...(reason === undefined ? {} : {reason}),
    }
  }
  const baseUrl = flags.baseUrl ?? config.baseUrl ?? nonEmpty(env.OPENAI_BASE_URL) ?? defaultBaseUrl
  const url = parseBaseUrl(baseUrl)
  const isLoopback = isLoopbackHost(url.hostname)
  const key = readKeyOnce(flags.keyFile, env, cwd)
  const isFromConfig =
    flags.baseUrl === undefined && config.baseUrl !== undefined && config.baseUrl !== nonEmpty(env.OPENAI_BASE_URL)
  if (isFromConfig && key !== undefined && !isLoopback) {
    throw new UsageError(
      'untrusted-base-url',
      `Cannot send the key to \`${url.origin}\`, which only this project's config names; give it as --base-url ${baseUrl} if you trust it`,
    )
  }
  // Plain http to another machine would show the key to everybody on the way.
  const mayUseKey = key !== undefined && (url.protocol === 'https:' || isLoopback) && !isFromConfig
  if (key === undefined && url.hostname === 'api.openai.com' && !flags.offline && needsKey) {
    throw new UsageError(
      'missing-key',
      'Cannot use the provider `openai` without a key, expected it in OPENAI_API_KEY or --key-file; or use --base-url for a server of your own, or --provider draft',
    )
  }
  return {
    name: 'openai',
    model,
    baseUrl,
    endpoint: config.identity ?? `${url.origin}${url.pathname.replace(/\/+$/, '')}`,
    isLoopback,
    isOffline: flags.offline,
    ...(mayUseKey ? {apiKey: key} : {}),
    ...(key !== undefined && !mayUseKey ? {reason: withheldReason(url, isFromConfig)} : {}),
  }
}

function withheldReason(url: URL, isFromConfig: boolean): string {
  const why = isFromConfig
    ? "which only this project's config names; give it as --base-url to send it"
    : 'which is reached without encryption'
  return `the key is not sent to \`${url.origin}\`, ${why}`
}

function parseBaseUrl(baseUrl: string): URL {
  const expected = 'expected an address such as `http://127.0.0.1:11434/v1`'
  if (!URL.canParse(baseUrl)) throw new UsageError('bad-base-url', `Unexpected base URL \`${baseUrl}\`, ${expected}`)
  const url = new URL(baseUrl)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new UsageError(
      'bad-base-url',
      `Unexpected base URL \`${baseUrl}\`, expected one that begins with http:// or https://`,
    )
  }
  if (url.username !== '' || url.password !== '' || url.hash !== '') {
    throw new UsageError(
      'bad-base-url',
      `Unexpected name, password or fragment in the base URL of \`${url.host}\`, ${expected}; a key comes from OPENAI_API_KEY`,
    )
  }
  return url
}

function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}

let keyRead: {readonly source: string | undefined; readonly key: string | undefined} | undefined

/** The key of this run; standard input can be read but once. */
function readKeyOnce(keyFile: string | undefined, env: NodeJS.ProcessEnv, cwd: string): string | undefined {
  if (keyRead === undefined || keyRead.source !== keyFile) keyRead = {source: keyFile, key: readKey(keyFile, env, cwd)}
  return keyRead.key
}

function readKey(keyFile: string | undefined, env: NodeJS.ProcessEnv, cwd: string): string | undefined {
  if (keyFile === undefined) return checkKey(nonEmpty(env.OPENAI_API_KEY), 'OPENAI_API_KEY')
  try {
    const text = readFileSync(keyFile === '-' ? 0 : resolve(cwd, keyFile), 'utf8')
    const key = checkKey(
      nonEmpty(
        text
          .replace(/^\ufeff/, '')
          .trim()
          .replace(/^Bearer\s+/i, ''),
      ),
      '--key-file',
    )
    if (key === undefined) throw new UsageError('missing-key', 'Unexpected empty key file, expected the key in it')
    return key
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (error instanceof UsageError || typeof code !== 'string') throw error
    throw new UsageError('missing-key', `Cannot read the key file \`${keyFile}\`: ${code}`)
  }
}

/** A key goes into a header: anything but visible ASCII in it is a mistake. The key itself is never shown. */
function checkKey(key: string | undefined, source: string): string | undefined {
  if (key !== undefined && !/^[\x21-\x7e]+$/.test(key)) {
    throw new UsageError(
      'bad-key',
      `Unexpected character in the key from ${source}, expected visible ASCII without spaces`,
    )
  }
  return key
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text.trim()
}
