/** An address of http, https or mailto as the standards write it; undefined for what is none. */
export function strictUrl(url: string): string | undefined {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed === undefined || !/^(?:https?|mailto):$/.test(parsed.protocol)) return undefined
  const encode = (part: string): string =>
    part
      .replace(/[^\w\-.~:/?#@!$&'()*+,;=%]/gu, (character) => encodeURIComponent(character.toWellFormed()))
      .replace(/%(?![\da-f]{2})/gi, '%25')
  if (parsed.protocol === 'mailto:') return `mailto:${encode(parsed.pathname)}${encode(parsed.search)}`
  // A name and a password in an address lead people astray.
  if (parsed.username !== '' || parsed.password !== '') return undefined
  // Hosts may hold signs that no address may.
  if (!/^[\w.:/[\]-]+$/.test(parsed.origin)) return undefined
  const hash = parsed.hash === '' ? '' : `#${encode(parsed.hash.slice(1)).replaceAll('#', '%23')}`
  return `${parsed.origin}${encode(parsed.pathname)}${encode(parsed.search)}${hash}`
}
