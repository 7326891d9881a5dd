import {resolve} from 'node:path'
import {contentAddress} from '../model/content-address.ts'

/** A `build` whose outcome a stamp may stand for, as read from the command line. */
export interface WarmCommand {
  readonly outlines: readonly string[]
  readonly cwd: string
  readonly configPath?: string
  readonly json: boolean
  readonly quiet: boolean
  readonly verbose: boolean
  readonly color: boolean
  /** The other flags as they were given, without their dashes; `true` for those without a value. */
  readonly flags: Readonly<Record<string, string | true>>
}

const plainFlags: ReadonlySet<string> = new Set(['yes', 'offline', 'wait', 'fail-fast', 'allow-missing'])
const valuedFlags: ReadonlySet<string> = new Set([
  'out',
  'provider',
  'model',
  'base-url',
  'concurrency',
  'rpm',
  'tpm',
  'timeout',
  'max-cost',
  'repairs',
])
const plainGlobals: ReadonlySet<string> = new Set(['json', 'quiet', 'verbose', 'no-color'])
const valuedGlobals: ReadonlySet<string> = new Set(['cwd', 'config'])

/**
 * Reads a command line without the parser of commands, whose import takes time. Only the plainest form of `build` is
 * read; undefined for every other, and for flags that ask for more than to bring the books up to date.
 */
export function readWarmCommand(argv: readonly string[], env: NodeJS.ProcessEnv): WarmCommand | undefined {
  const outlines: string[] = []
  const given = new Map<string, string | true>()
  let isBuild = false
  for (let at = 0; at < argv.length; at++) {
    const argument = argv[at] as string
    if (!argument.startsWith('-')) {
      if (argument.trim() === '') return undefined
      if (isBuild) outlines.push(argument)
      else if (argument === 'build') isBuild = true
      else return undefined
      continue
    }
    const name = argument.replace(/^--/, '')
    const isGlobal = plainGlobals.has(name) || valuedGlobals.has(name)
    if (given.has(name) || (!isBuild && !isGlobal)) return undefined
    if (plainGlobals.has(name) || plainFlags.has(name)) given.set(name, true)
    else if (valuedGlobals.has(name) || valuedFlags.has(name)) {
      const value = argv[++at]
      if (value === undefined || value.trim() === '' || value.startsWith('-')) return undefined
      given.set(name, value)
    } else return undefined
  }
  // Those two are refused together.
  const isPlain = isBuild && !(given.has('quiet') && given.has('verbose'))
  return isPlain ? commandOf(outlines, given, env) : undefined
}

function commandOf(
  outlines: readonly string[],
  given: ReadonlyMap<string, string | true>,
  env: NodeJS.ProcessEnv,
): WarmCommand {
  const configPath = given.get('config')
  const isGlobal = (name: string): boolean => plainGlobals.has(name) || valuedGlobals.has(name)
  return {
    outlines,
    cwd: resolve(String(given.get('cwd') ?? '.')),
    ...(typeof configPath === 'string' ? {configPath} : {}),
    json: given.has('json'),
    quiet: given.has('quiet'),
    verbose: given.has('verbose'),
    color: !given.has('no-color') && (env.NO_COLOR === undefined || env.NO_COLOR === ''),
    flags: Object.fromEntries([...given].filter(([name]) => !isGlobal(name))),
  }
}

/**
 * Name of the stamp of a command: covers all that decides what such a build says beside the files. Undefined where the
 * environment holds what must not be written, not even as an address. `hasColor` is whether stderr takes colours.
 */
export function stampName(command: WarmCommand, env: NodeJS.ProcessEnv, hasColor: boolean): string | undefined {
  const {outlines, cwd, configPath, verbose, flags} = command
  const baseUrl = env.OPENAI_BASE_URL?.trim() ?? ''
  if (baseUrl.includes('@') || flags['base-url']?.toString().includes('@')) return undefined
  const key = env.OPENAI_API_KEY?.trim() ?? ''
  // Of the key nothing but whether there is one that can be used.
  const keyState = key === '' ? 'none' : /^[\x21-\x7e]+$/.test(key) ? 'usable' : 'unusable'
  return contentAddress(['stamp', outlines, cwd, configPath ?? null, verbose, hasColor, flags, baseUrl, keyState])
}
