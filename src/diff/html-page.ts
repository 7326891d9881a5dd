import {createHash} from 'node:crypto'

const style = `
:root { color-scheme: light dark; --ground: #fff; --text: #1f2328; --quiet: #59636e; --line: #d1d9e0; --added: #dafbe1; --removed: #ffebe9; --ins: #aceebb; --del: #ffc9c4; }
@media (prefers-color-scheme: dark) { :root { --ground: #0d1117; --text: #f0f6fc; --quiet: #9198a1; --line: #3d444d; --added: #12261e; --removed: #25171c; --ins: #1c6433; --del: #84312c; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 100rem; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; }
h2 { font-size: 1.1rem; margin: 0; display: inline; overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
a { color: inherit; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid var(--line); padding: .3rem .6rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
.columns { table-layout: fixed; }
.columns td { white-space: pre-wrap; }
.columns .code, .columns .row { font-family: ui-monospace, monospace; font-size: .85rem; }
.columns .heading { font-weight: 600; }
.columns .added { background: var(--added); }
.columns .removed { background: var(--removed); }
ins { background: var(--ins); text-decoration: none; }
del { background: var(--del); text-decoration: none; }
.whole { background: none; }
details { border: 1px solid var(--line); border-radius: .4rem; margin: 1rem 0; padding: .5rem 1rem; }
summary { cursor: pointer; }
:focus-visible { outline: .2rem solid currentColor; outline-offset: .1rem; }
.quiet { color: var(--quiet); }
.skip { position: absolute; left: -100rem; }
.skip:focus { position: static; }
@media print { details { break-inside: avoid-page; } }
`

/**
 * A page in one file that opens offline, in light and dark: it holds its style and no script, and its policy lets it load
 * and run nothing else. `body` is HTML whose texts were escaped.
 */
export function htmlPage({title, body}: {readonly title: string; readonly body: string}): string {
  const hash = createHash('sha256').update(style, 'utf8').digest('base64')
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
${body}
</body>
</html>
`
}

/** Text as HTML shows it, in elements and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`)
}
