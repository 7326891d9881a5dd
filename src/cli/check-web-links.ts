import {systemFaultCode} from '../model/system-fault.ts'
import {type KnownLink, readKnownLinks, writeKnownLinks} from '../store/link-cache.ts'
import {ignoreState} from './book-guard.ts'
import {LinkChecker, type LinkOutcome} from './link-checker.ts'
import type {VerifiedBook, WebLink} from './verify-book.ts'

/** A link that led somewhere is not asked for again for a week. */
const knownMs = 7 * 86_400_000

export interface WebLinkOptions {
  /** Whether loopback and private addresses may be asked too. */
  readonly allowPrivate: boolean
  onProgress(line: string): void
}

/** Asks the web whether the links of books lead anywhere, each address once, and reports those that do not. */
export async function checkWebLinks(books: readonly VerifiedBook[], options: WebLinkOptions): Promise<void> {
  const checker = new LinkChecker(options)
  const byRoot = new Map<string, WebLink[]>()
  for (const {root, webLinks} of books) byRoot.set(root, [...(byRoot.get(root) ?? []), ...webLinks])
  for (const [root, links] of byRoot) await checkLinksOf(root, links, checker, options)
}

async function checkLinksOf(
  root: string,
  links: readonly WebLink[],
  checker: LinkChecker,
  {onProgress}: WebLinkOptions,
): Promise<void> {
  const nowMs = Date.now()
  const known = await readKnownLinks(root, knownMs, nowMs)
  const byAddress = new Map<string, WebLink[]>()
  for (const link of links) {
    const address = link.url.replace(/#.*$/s, '')
    const same = byAddress.get(address)
    if (same === undefined) byAddress.set(address, [link])
    else same.push(link)
  }
  const unknown = [...byAddress.keys()].filter((address) => !known.has(address))
  const hosts = new Set(unknown.map((address) => /^[^/]*\/\/([^/?]*)/.exec(address)?.[1]))
  if (unknown.length > 0) onProgress(`asking for ${unknown.length} links at ${hosts.size} hosts`)
  const asked = new Map<string, LinkOutcome>()
  await Promise.all(
    unknown.map(async (address) => {
      asked.set(address, await checker.check(address))
    }),
  )
  const hasNetwork = [...asked.values()].some(({isHostMissing}) => isHostMissing !== true)
  for (const [address, same] of byAddress) {
    const outcome = asked.get(address) ?? (known.get(address) as LinkOutcome)
    const isOffline = !hasNetwork && asked.has(address)
    for (const link of same) reportOutcome(link, isOffline ? offline : outcome)
  }
  for (const [address, {state, detail}] of asked) {
    if (state !== 'ok' && state !== 'moved') continue
    const fact: KnownLink = {state, detail, asked: new Date(nowMs).toISOString()}
    known.set(address, fact)
  }
  if (asked.size === 0) return
  try {
    await ignoreState(root)
    await writeKnownLinks(root, known)
  } catch (error) {
    const code = systemFaultCode(error)
    if (code === undefined) throw error
    onProgress(`what the web answered could not be kept (${code}); the next check asks again`)
  }
}

/** Where not one host was found, that says nothing of the links. */
const offline: LinkOutcome = {state: 'unknown', detail: 'no host at all was found, expected a network'}

function reportOutcome(link: WebLink, {state, detail}: LinkOutcome): void {
  const {url} = link
  if (state === 'dead') link.report('dead-link', `Cannot reach \`${url}\`, expected a page: ${detail}`)
  else if (state === 'moved')
    link.report('moved-link', `Unexpected address \`${url}\`, expected \`${detail}\`, to which it moved`)
  else if (state === 'unknown')
    link.report('unchecked-link', `Cannot say whether \`${url}\` leads to a page: ${detail}`)
}
