import {createHash} from 'node:crypto'
import {escapeHtml} from './escape-html.ts'
import {markdownToHtml} from './markdown-html.ts'

/** One of the ways in which a sample was written: a model, or a model and a style. */
export interface SampleColumn {
  readonly title: string
  /** What it takes and gives, as pairs of a label and a value. */
  readonly facts: readonly (readonly [label: string, value: string])[]
}

/** A directive of a sample with its texts, one for each column. */
export interface SampleEntry {
  readonly id: string
  /** Headings above it, the chapter's first. */
  readonly headings: readonly string[]
  readonly kind: string
  readonly prompt: string
  /** What is to be known of all of its texts. */
  readonly note?: string
  readonly texts: readonly SampleText[]
}

export interface SampleText {
  /** Undefined where there is none. */
  readonly markdown: string | undefined
  /** Words under the text, such as its size; instead of it where there is none. */
  readonly note: string
}

export interface SamplePage {
  readonly title: string
  readonly language?: string
  readonly intro: readonly string[]
  readonly columns: readonly SampleColumn[]
  readonly entries: readonly SampleEntry[]
}

const style = `:root{color-scheme:light dark;--line:#8886;--soft:#8881;--accent:#2563eb}
@media (prefers-color-scheme:dark){:root{--accent:#8ab4ff}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:110rem;padding:1rem clamp(.75rem,2vw,2rem) 4rem;font:1rem/1.55 system-ui,sans-serif;overflow-wrap:break-word}
h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.2rem;margin:2.5rem 0 .25rem;line-height:1.3}
h3,h4,h5,h6{font-size:1.05rem;margin:1.2em 0 .4em;line-height:1.3}
a{color:var(--accent)}
.path,.kind,.note,.about{color:GrayText;font-size:.875rem}.path{margin:2.5rem 0 0}.path+h2{margin-top:0}
.columns{display:grid;gap:1rem;grid-template-columns:minmax(0,1fr)}
.column{border:1px solid var(--line);border-radius:.5rem;padding:.25rem 1rem 1rem;min-width:0;background:var(--soft)}
.column>.name{font-weight:600;border-bottom:1px solid var(--line);padding:.4rem 0;margin:0 0 .5rem}
@media (min-width:48rem){.columns{grid-auto-flow:column;grid-template-columns:none;grid-auto-columns:minmax(22rem,1fr);overflow-x:auto;align-items:start}}
.prompt{white-space:pre-wrap;border-left:.2rem solid var(--line);padding-left:.75rem;margin:.5rem 0}
pre{overflow-x:auto;padding:.75rem;border:1px solid var(--line);border-radius:.35rem;font-size:.875rem;line-height:1.45}
pre.raw{white-space:pre-wrap}code{font-family:ui-monospace,monospace;font-size:.92em}
.table{overflow-x:auto}table{border-collapse:collapse}th,td{border:1px solid var(--line);padding:.3rem .6rem;text-align:start;vertical-align:top}
.right,.facts td{text-align:end}.center{text-align:center}.facts th{font-weight:600}.facts tbody th{text-align:start}
blockquote{margin:1rem 0;padding-left:1rem;border-left:.2rem solid var(--line)}
.image::before{content:"🖼 "}.image{color:GrayText}.none{font-style:italic}summary{cursor:pointer}
@media print{.columns{grid-auto-flow:column;grid-auto-columns:1fr}body{max-width:none}}`

/**
 * A page that shows the texts of a sample side by side. It is whole in one file, loads nothing, runs no script and, by
 * its own policy, may not: what a model wrote is shown and cannot act.
 */
export function samplePage(page: SamplePage): string {
  const hash = createHash('sha256').update(style, 'utf8').digest('base64')
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`
  const language = /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/.test(page.language ?? '') ? page.language : 'en'
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(page.title)}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${escapeHtml(page.title)}</h1>
${page.intro.map((text) => `<p>${escapeHtml(text)}</p>\n`).join('')}${writeFacts(page.columns)}</header>
<main>
${page.entries.map((entry, at) => writeEntry(entry, at, page.columns)).join('')}</main>
</body>
</html>
`
}

function writeFacts(columns: readonly SampleColumn[]): string {
  const labels = columns[0]?.facts.map(([label]) => label) ?? []
  const head = labels.map((label) => `<th scope="col">${escapeHtml(label)}</th>`).join('')
  const rows = columns.map(({title, facts}) => {
    const cells = facts.map(([, value]) => `<td>${escapeHtml(value)}</td>`).join('')
    return `<tr><th scope="row">${escapeHtml(title)}</th>${cells}</tr>\n`
  })
  return `<div class="table facts" tabindex="0"><table>\n<thead><tr><td></td>${head}</tr></thead>\n<tbody>\n${rows.join('')}</tbody>\n</table></div>\n`
}

function writeEntry(entry: SampleEntry, at: number, columns: readonly SampleColumn[]): string {
  const {id, headings, kind, prompt, note, texts} = entry
  const above = headings.slice(0, -1)
  const path = above.length === 0 ? '' : `<p class="path">${escapeHtml(above.join(' › '))}</p>\n`
  const about = note === undefined ? '' : `<p class="about">${escapeHtml(note)}</p>\n`
  const cells = texts.map((text, place) => {
    const body =
      text.markdown === undefined
        ? ''
        : markdownToHtml(text.markdown, {topDepth: 3, idPrefix: `text-${at + 1}-${place + 1}-`})
    const title = escapeHtml(columns[place]?.title ?? '')
    const mark = text.markdown === undefined ? 'note none' : 'note'
    return `<article class="column">\n<p class="name">${title}</p>\n${body}<p class="${mark}">${escapeHtml(text.note)}</p>\n</article>\n`
  })
  return `<section>
${path}<h2>${escapeHtml(headings.at(-1) ?? id)}</h2>
<p class="kind">${escapeHtml(kind)} · <code>${escapeHtml(id)}</code></p>
${about}<details><summary>The prompt</summary><div class="prompt">${escapeHtml(prompt)}</div></details>
<div class="columns">
${cells.join('')}</div>
</section>
`
}
