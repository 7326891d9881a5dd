/** Where the signs go that Pandoc must not read: to private-use characters that stay when Markdown is serialised. */
const base = 0x10f800
const hidden = /[\u{10f800}-\u{10f87f}]/gu

/**
 * Hides what Pandoc reads in a text and other Markdown does not: formulas, TeX, citations, attributes, shortcodes,
 * divisions, definitions, lists by letters, runs of hyphens. `showPandocText` brings it back, escaped.
 */
export function hidePandocText(text: string): string {
  return text
    .replace(hidden, '\ufffd')
    .replace(/[\\$@^~{}|<]|-{2,}|\.{3,}/g, hide)
    .replace(/^[ \t]*:+/gm, hide)
    .replace(/^([ \t]*\(?(?:#|[A-Za-z]+|\d+))([.)])(?=\s|$)/gm, (_, mark: string, end: string) => mark + hide(end))
}

/** The same for code, in which nothing can be escaped: shortcodes get the braces with which Quarto shows them. */
export function hidePandocCode(code: string): string {
  return code
    .replace(hidden, '\ufffd')
    .replace(/\{\{(?=<)/g, '{{{')
    .replace(/(?<=>)\}\}/g, '}}}')
}

/** Serialised Markdown with what was hidden, each sign behind a backslash. */
export function showPandocText(markdown: string): string {
  return markdown.replace(hidden, (sign) => `\\${String.fromCharCode((sign.codePointAt(0) as number) - base)}`)
}

function hide(signs: string): string {
  return signs.replace(/[!-~]/g, (sign) => String.fromCodePoint(base + sign.charCodeAt(0)))
}
