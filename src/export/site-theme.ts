import type {CalloutKind} from './book-nodes.ts'
import {contrast} from './contrast.ts'
import type {FontFace} from './font-face.ts'

/** Colours of one scheme as `#rrggbb`; those that are not given stay as they are. */
export interface SiteColours {
  /** Of headings. */
  readonly accent?: string | undefined
  readonly link?: string | undefined
  /** Behind code, call-outs and heads of tables. */
  readonly shade?: string | undefined
  readonly text?: string | undefined
  readonly background?: string | undefined
  readonly callouts?: Readonly<Partial<Record<CalloutKind, string | undefined>>> | undefined
}

/** How a site looks otherwise than by itself. Every value is of the schema of themes: nothing else may reach the style. */
export interface SiteTheme {
  /** Families of `faces`. */
  readonly fonts: {readonly body?: string; readonly headings?: string; readonly code?: string}
  /** Of all sizes; 1 leaves them as they are. */
  readonly scale: number
  readonly light: SiteColours
  readonly dark: SiteColours
  /** Fonts of the site, by their paths from the style. */
  readonly faces: readonly (FontFace & {readonly url: string})[]
}

/** Colours of `site.css` in both schemes, for what a theme's colours stand beside. */
export const siteColours = {
  light: {text: '#1c2129', background: '#ffffff', shade: '#f4f5f7', link: '#1a56b8'},
  dark: {text: '#e3e7ed', background: '#14171c', shade: '#1e232b', link: '#8ab4ff'},
} as const satisfies Record<'light' | 'dark', SiteColours>

/** Colours of `site.css` that no theme changes: of what is said by the way, and of code. */
export const fixedColours: Readonly<Record<'light' | 'dark', readonly string[]>> = {
  light: ['#566070', '#5c6673', '#a11a68', '#116329', '#0550ae', '#6639ba', '#8a4500'],
  dark: ['#a3adbb', '#9aa5b4', '#ff8fc7', '#8fd694', '#8ab4ff', '#cdb0ff', '#f0b65f'],
}

/** Least contrast of text that everybody can read, as WCAG 2 has it for level AA. */
const leastContrast = 4.5

/** A style sheet that goes behind `site.css`. */
export function themeCss({fonts, scale, light, dark, faces}: SiteTheme): string {
  const files = faces.map(
    ({family, weight, isItalic, url}) =>
      `@font-face { font-family: ${cssString(family)}; font-weight: ${weight}; font-style: ${isItalic ? 'italic' : 'normal'}; font-display: swap; src: url(${cssString(url)}); }\n`,
  )
  const family = (name: string, value: string | undefined, otherwise: string): string[] =>
    value === undefined ? [] : [`--${name}: ${cssString(value)}, ${otherwise};`]
  const whole = [
    ...family('font-body', fonts.body, 'system-ui, sans-serif'),
    ...family('font-headings', fonts.headings, 'system-ui, sans-serif'),
    ...family('font-code', fonts.code, 'ui-monospace, monospace'),
    ...(scale === 1 ? [] : [`--scale: ${scale};`]),
  ]
  const darkRow = colourRows(dark, light)
  return [
    '/* The theme of this site. */\n',
    ...files,
    rule('', ':root', whole),
    rule('@media screen', ':root', colourRows(light, {})),
    rule('@media screen and (prefers-color-scheme: dark)', ':root:not([data-theme="light"])', darkRow),
    rule('@media screen', ':root[data-theme="dark"]', darkRow),
  ].join('')
}

function rule(media: string, selector: string, rows: readonly string[]): string {
  if (rows.length === 0) return ''
  const body = `${selector} { ${rows.join(' ')} }`
  return media === '' ? `${body}\n` : `${media} { ${body} }\n`
}

const kinds: readonly CalloutKind[] = ['note', 'tip', 'important', 'warning', 'caution']

/** Variables of a scheme; what `other` sets and this one does not is unset, for it was chosen for other colours. */
function colourRows(own: SiteColours, other: SiteColours): string[] {
  const row = (name: string, value: string | undefined, others?: string): string[] =>
    value === undefined ? (others === undefined ? [] : [`--${name}: initial;`]) : [`--${name}: ${value};`]
  return [
    ...row('text', own.text),
    ...row('bg', own.background),
    ...row('soft', own.shade),
    ...row('accent', own.link),
    ...row('heading', own.accent, other.accent),
    ...kinds.flatMap((kind) => row(`callout-${kind}`, own.callouts?.[kind], other.callouts?.[kind])),
  ]
}

/** A string of a style sheet; whatever is no letter, digit or space is written as its number. */
function cssString(text: string): string {
  return `"${text.replace(/[^\w ./-]/gu, (sign) => `\\${sign.codePointAt(0)?.toString(16)} `)}"`
}

/** Pairs of a theme's colours that are too alike to be read, as sentences. */
export function contrastFaults({light, dark}: Pick<SiteTheme, 'light' | 'dark'>): string[] {
  return [
    ...schemeFaults(light, siteColours.light, 'colours'),
    ...fixedFaults(light, fixedColours.light, 'colours'),
    ...schemeFaults(dark, siteColours.dark, 'dark'),
    ...fixedFaults(dark, fixedColours.dark, 'dark'),
  ]
}

function fixedFaults(given: SiteColours, fixed: readonly string[], key: string): string[] {
  return (['background', 'shade'] as const).flatMap((behind) => {
    const colour = given[behind]
    if (colour === undefined) return []
    const ratio = Math.min(...fixed.map((other) => contrast(other, colour)))
    if (ratio >= leastContrast) return []
    return [
      `Unexpected contrast ${shownRatio(ratio)} of code and notes on \`${key}.${behind}\` ${colour}, expected at least ${leastContrast}`,
    ]
  })
}

function shownRatio(ratio: number): string {
  return (Math.floor(ratio * 10) / 10).toFixed(1)
}

function schemeFaults(
  given: SiteColours,
  own: Required<Omit<SiteColours, 'accent' | 'callouts'>>,
  key: string,
): string[] {
  const colourOf = (name: keyof typeof own): string => given[name] ?? own[name] ?? ''
  const texts: [name: string, colour: string | undefined, isGiven: boolean][] = [
    ['text', colourOf('text'), given.text !== undefined],
    ['link', colourOf('link'), given.link !== undefined],
    ['accent', given.accent, true],
    ...kinds.map((kind): [string, string | undefined, boolean] => [`callouts.${kind}`, given.callouts?.[kind], true]),
  ]
  return texts.flatMap(([name, colour, isGiven]) =>
    (['background', 'shade'] as const).flatMap((behind) => {
      if (colour === undefined || (!isGiven && given[behind] === undefined)) return []
      // Headings never stand on the shade, nor titles of call-outs elsewhere.
      if ((name === 'accent' && behind === 'shade') || (name.startsWith('callouts') && behind === 'background'))
        return []
      const ratio = contrast(colour, colourOf(behind))
      if (ratio >= leastContrast) return []
      const named = key === 'colours' && name.startsWith('callouts') ? name : `${key}.${name}`
      return [
        `Unexpected contrast ${shownRatio(ratio)} of \`${named}\` ${colour} on the ${behind} ${colourOf(behind)}, expected at least ${leastContrast}`,
      ]
    }),
  )
}
