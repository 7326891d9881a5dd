import {resolve} from 'node:path'
import {escapeHtml} from '../export/escape-html.ts'
import {readIfThere} from '../store/completion-store.ts'
import {writeWhole} from '../store/write-whole.ts'
import {type BuildOutcome, buildReport} from './build-report.ts'
import type {Candidate, CandidateList} from './candidates.ts'
import {UsageError} from './exit-codes.ts'
import {formatUsd} from './format-amounts.ts'
import type {GlobalOptions} from './global-options.ts'
import {displayPath, readable} from './project.ts'
import type {BuildSession} from './run-session.ts'
import {summariseSpending} from './summarise.ts'

const pageStart = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Candidates</title>
`

/** Refuses a file for the page that is there and is no earlier one: no outline and no book is lost to a slip. */
export async function refuseOtherFile(html: string, {cwd}: Pick<GlobalOptions, 'cwd'>): Promise<void> {
  const present = await readable(html, () => readIfThere(resolve(cwd, html)))
  if (present === undefined || present === '' || present.startsWith(pageStart)) return
  throw new UsageError(
    'not-a-report',
    `Unexpected file \`${html}\`, expected a new one or an earlier page of candidates; name another one`,
  )
}

/** Shows candidates side by side: as text or JSON, and in an HTML file that opens offline where one is named. */
export async function showCandidates(
  lists: readonly CandidateList[],
  outcome: BuildOutcome,
  {options, reporter}: Pick<BuildSession, 'options' | 'reporter'>,
  html: string | undefined,
): Promise<void> {
  if (html !== undefined) {
    await writeWhole(resolve(options.cwd, html), candidatesHtml(lists))
    reporter.info(`${displayPath(resolve(options.cwd, html), options.cwd)} shows them side by side`)
  }
  if (options.json) {
    reporter.json({...buildReport(outcome, 'regenerate'), candidates: lists.map(listJson)})
    return
  }
  for (const {name, outlinePath, findings} of outcome.books) {
    for (const {id, line, state, message} of findings)
      if (state === 'failed') reporter.error(`${outlinePath}:${line} ${name}: ${id}: ${message}`)
  }
  for (const {id, candidates} of lists) {
    for (const candidate of candidates)
      reporter.result(`${id}  ${heading(candidate)}\n\n${candidate.text.replace(/^(?=.)/gm, '    ')}\n`)
  }
  if (outcome.spending.sent > 0) summariseSpending(outcome.spending, reporter)
  const [first] = lists
  if (first !== undefined)
    reporter.info(`the book is as it was; \`msk-course regenerate ${first.id} --pick 2\` takes the second one`)
}

function heading({number, model, generated, words, costUsd, isPresent, lacks}: Candidate): string {
  const facts = [model, generated.slice(0, 16).replace('T', ' '), `${words} words`]
  const cost = costUsd === null ? [] : [formatUsd(costUsd)]
  const lacking = lacks.length === 0 ? [] : [`lacks: ${lacks.join('; ')}`]
  return `candidate ${number}${isPresent ? ' (stands now)' : ''}: ${[...facts, ...cost, ...lacking].join(', ')}`
}

function listJson({candidates, ...list}: CandidateList): object {
  return {...list, candidates: candidates.map(({isPresent, ...own}) => ({...own, present: isPresent}))}
}

/** One file without links, scripts or fonts from elsewhere; texts stand as Markdown. */
function candidatesHtml(lists: readonly CandidateList[]): string {
  const sections = lists.map(
    ({id, candidates}) =>
      `<h2>${escapeHtml(id)}</h2>\n<div class="row">\n${candidates.map((own) => `<article><h3>${escapeHtml(heading(own))}</h3><pre>${escapeHtml(own.text)}</pre></article>`).join('\n')}\n</div>`,
  )
  return `${pageStart}<style>
body { font-family: system-ui, sans-serif; margin: 1rem }
.row { display: flex; gap: 1rem; overflow-x: auto }
article { flex: 1 0 22rem; border: 1px solid #8886; border-radius: 6px; padding: 0 1rem }
h3 { font-size: 0.9rem }
pre { white-space: pre-wrap; font: 0.95rem/1.5 ui-monospace, monospace }
@media (prefers-color-scheme: dark) { body { background: #16181c; color: #e6e6e6 } }
</style>
</head>
<body>
<h1>Candidates</h1>
${sections.join('\n')}
</body>
</html>
`
}
