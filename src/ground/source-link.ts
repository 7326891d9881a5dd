/** Link that a note defines; `title` is inline Markdown without brackets of its own, `url` fits between parentheses. */
export interface SourceLink {
  readonly title: string
  readonly url: string
}

/**
 * A web address with the characters escaped that end a Markdown link; undefined for other schemes and relative
 * paths.
 */
export function safeUrl(url: string): string | undefined {
  if (!/^(?:https?:\/\/[^\s/]|mailto:[^\s])\S*$/i.test(url)) return undefined
  return url.replace(/[()<>"\\`[\]]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
}

/**
 * Makes a link of a definition's parts; without a title, the address without its scheme names it. Undefined as
 * `safeUrl`.
 */
export function makeSourceLink(url: string, title: string): SourceLink | undefined {
  const address = safeUrl(url)
  if (address === undefined) return undefined
  const name = title.replace(/\s+/g, ' ').trim() || address.replace(/^(?:https?:\/\/|mailto:)/i, '').replace(/\/$/, '')
  return {
    title: name.replace(/[\\[\]`*<]/g, '\\$&').replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_'),
    url: address,
  }
}

/** Markdown link to a source. */
export function formatLink(link: SourceLink): string {
  return `[${link.title}](${link.url})`
}
