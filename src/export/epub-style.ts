/** The style sheet of an EPUB. It leaves type and colours of running text to the reader's own settings. */
export const epubStyle = `body{margin:0 3%;line-height:1.5;overflow-wrap:break-word}
h1,h2,h3,h4,h5,h6{line-height:1.25;text-align:start;break-after:avoid;page-break-after:avoid;hyphens:none}
h1{font-size:1.7em;margin:1em 0 .8em}h2{font-size:1.35em;margin:1.6em 0 .6em}h3{font-size:1.15em;margin:1.4em 0 .5em}
h4,h5,h6{font-size:1em;margin:1.2em 0 .4em}
p{margin:.6em 0}li{margin:.2em 0}
code,kbd{font-family:monospace,monospace;font-size:.9em}
kbd{border:1px solid #8888;border-radius:.25em;padding:0 .3em}
pre{font-family:monospace,monospace;font-size:.85em;line-height:1.4;white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid #8888;border-radius:.3em;padding:.6em .8em;margin:.8em 0}
pre code{font-size:1em}
table{border-collapse:collapse;width:100%;margin:1em 0;font-size:.9em}
caption{font-weight:bold;text-align:start;padding:.3em 0;break-after:avoid;page-break-after:avoid}
th,td{border:1px solid #8888;padding:.3em .5em;text-align:start;vertical-align:top}
th.right,td.right{text-align:right}th.center,td.center{text-align:center}
tr{break-inside:avoid;page-break-inside:avoid}
.formula{margin:1em 0;text-align:center;overflow-x:auto}
blockquote{margin:1em 0;padding-inline-start:1em;border-inline-start:.2em solid #8888}
figure{margin:1em 0;text-align:center;break-inside:avoid;page-break-inside:avoid}figcaption{font-size:.9em}
img{max-width:100%}
.callout{margin:1em 0;padding:.2em 1em;border:1px solid #8888;border-inline-start:.3em solid #2b6cb0}
.callout.tip{border-inline-start-color:#2f855a}.callout.important{border-inline-start-color:#6b46c1}
.callout.warning{border-inline-start-color:#b7791f}.callout.caution{border-inline-start-color:#c53030}
.label{font-weight:bold;break-after:avoid;page-break-after:avoid}
.details{margin:1em 0;padding:.2em 1em;border:1px solid #8888}
.question,.answer{margin:1em 0}.options{list-style:none;padding-inline-start:1.5em}
.letter{font-weight:bold}.to-answer{font-size:.85em;text-align:end}
.footnotes{margin-top:2em;font-size:.9em}.footnote{margin:.5em 0}
sup{line-height:0;font-size:.75em}
.image{font-style:italic}
dt{font-weight:bold;margin-top:.8em}dd{margin-inline-start:1.5em}
.places{font-size:.85em}.index{list-style:none;padding:0}
.title-page{text-align:center;margin-top:15%}.title-page h1{text-align:center;font-size:2em}
.subtitle{font-size:1.2em}.authors{margin:2em 0}.facts{font-size:.9em}
.cover{margin:0;padding:0;text-align:center}.cover img{max-width:100%;height:100vh;object-fit:contain}
nav ol{list-style:none;padding-inline-start:1.2em}nav>ol{padding:0}
`
