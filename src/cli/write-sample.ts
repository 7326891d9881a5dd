import {existsSync, readdirSync} from 'node:fs'
import {join, relative, resolve} from 'node:path'
import {type SampleEntry, type SampleText, samplePage} from '../export/sample-page.ts'
import type {Job, JobId} from '../model/job.ts'
import {totalCostUsd} from '../model/model-usage.ts'
import {readIfThere} from '../store/completion-store.ts'
import {writeWhole} from '../store/write-whole.ts'
import {ignoreState} from './book-guard.ts'
import {UsageError} from './exit-codes.ts'
import {formatUsdRange} from './format-amounts.ts'
import type {GlobalOptions} from './global-options.ts'
import type {LoadedOutline} from './load-course.ts'
import {type BookTarget, displayPath} from './project.ts'
import {countWords, pagesOf} from './text-size.ts'
import {costWords, lackingLines, sampleLine} from './try-lines.ts'
import type {TryOutcome} from './try-outcome.ts'
import type {TryPlan} from './try-variants.ts'

const markName = 'sample.json'

/** The folder of a sample; refuses one that is a book's, or that holds what no sample left there. */
export function sampleFolder(
  {target}: LoadedOutline,
  to: string | undefined,
  books: readonly BookTarget[],
  options: GlobalOptions,
): string {
  const own = join(target.root, '.msk-course', 'try', target.name)
  if (to === undefined) return own
  const folder = resolve(options.cwd, to)
  if (folder === own) return own
  const shown = displayPath(folder, options.cwd)
  const isIn = (outer: string, inner: string): boolean => {
    const below = relative(outer, inner)
    return below === '' || (below !== '..' && !below.startsWith('../') && !below.startsWith('..\\'))
  }
  const book = books.find(({outputFolder}) => isIn(outputFolder, folder) || isIn(folder, outputFolder))
  if (book !== undefined) {
    throw new UsageError(
      'shared-output',
      `Unexpected folder \`${shown}\` for a sample, which is, holds or is in that of the book \`${book.name}\`, expected one of its own`,
    )
  }
  const isOthers = existsSync(folder) && readdirSync(folder).length > 0 && !existsSync(join(folder, markName))
  if (isOthers) {
    throw new UsageError(
      'foreign-folder',
      `Unexpected files in \`${shown}\`, expected a new or empty folder, or that of an earlier sample`,
    )
  }
  return folder
}

/** Makes the folder known as that of a sample, before anything else is written into it. */
export async function markSample(base: string, target: BookTarget): Promise<void> {
  await ignoreState(target.root)
  if (!existsSync(join(base, markName))) await writeWhole(join(base, markName), '{"version":1,"command":"try"}\n')
}

/** Writes the page, the list of what is there and the JSON document. */
export async function writeSample(
  base: string,
  plan: TryPlan,
  outcomes: readonly TryOutcome[],
  report: object,
): Promise<void> {
  const files = [
    ['index.html', pageOf(plan, outcomes)],
    ['README.md', indexOf(plan, outcomes)],
    [markName, `${JSON.stringify(report, undefined, 2)}\n`],
  ] as const
  for (const [name, content] of files) {
    const path = join(base, name)
    if ((await readIfThere(path)) !== content) await writeWhole(path, content)
  }
}

function pageOf(plan: TryPlan, outcomes: readonly TryOutcome[]): string {
  const {outline, target} = plan.loaded
  const {language, title = target.name} = outline.metadata
  const isDraft = outcomes.every(({plan: {texts}, variant}) => variant.sample.ids.every((id) => texts.get(id)?.isDraft))
  return samplePage({
    title: `${title}: a sample`,
    ...(language === undefined ? {} : {language}),
    intro: [
      `${sampleLine(plan)}.`,
      ...(isDraft
        ? ['These are drafts, put together from the sources and the outline; no model wrote them.']
        : ['What stands there of the book is an estimate.']),
    ],
    columns: outcomes.map((outcome) => ({title: outcome.variant.title, facts: factsOf(outcome)})),
    entries: entriesOf(plan, outcomes),
  })
}

function factsOf({variant, counts, estimate}: TryOutcome): [string, string][] {
  const {sample, whole} = estimate
  const isDraft = variant.choice.name === 'draft'
  const texts = counts.generated + counts.stored + counts.standing
  return [
    ['Texts', `${texts} of ${variant.sample.ids.length}`],
    ['Words', String(sample.words.expected)],
    ['Tokens in, out', isDraft ? '–' : `${sample.inputTokens.expected}, ${sample.outputTokens.expected}`],
    ['Cost of the sample', isDraft ? '–' : costWords(sample.costUsd?.expected)],
    ['Words of the book', `about ${Math.round(whole.words.expected)}`],
    ['Pages', `about ${pagesOf(whole.words.expected)}`],
    [
      'Cost of the book',
      isDraft ? 'nothing' : whole.costUsd === undefined ? 'price unknown' : formatUsdRange(whole.costUsd),
    ],
  ]
}

function entriesOf({loaded, variants}: TryPlan, outcomes: readonly TryOutcome[]): SampleEntry[] {
  const ids = new Set(variants.flatMap(({sample}) => sample.ids))
  return [...loaded.plan.jobs.values()]
    .filter(({id}) => ids.has(id))
    .map(({id, headingPath, kind, directive}) => {
      const lacking = variants.some(({sample}) => sample.lacking.has(id))
      const label = directive.label === undefined ? [] : [directive.label]
      return {
        id,
        kind,
        headings: [...headingPath, ...label],
        prompt: directive.value,
        ...(lacking ? {note: 'It reads texts that are no part of the sample: a build will ask for it again.'} : {}),
        texts: outcomes.map((outcome) => textOf(id, outcome)),
      }
    })
}

function textOf(id: JobId, {plan, findings}: TryOutcome): SampleText {
  const text = plan.texts.get(id)
  const own = findings.filter((finding) => finding.id === id).map(({message}) => message)
  if (text === undefined) return {markdown: undefined, note: own[0] ?? 'no text'}
  const {record, body} = text.file
  const isPaid = record !== undefined && record.provider !== 'draft'
  const cost = isPaid
    ? totalCostUsd([{model: record.basis.model, usage: record.usage}], plan.context.prices)
    : undefined
  const notes = [
    `${countWords(body)} words`,
    ...(text.isDraft ? ['a draft'] : []),
    ...(text.isEdited ? ['edited by hand'] : []),
    ...(isPaid ? [`${record.usage.inputTokens} tokens in, ${record.usage.outputTokens} out`, costWords(cost)] : []),
    ...own,
  ]
  return {markdown: body, note: notes.join(' · ')}
}

/** The list of what is in the folder: a page of Markdown for a viewer of files. */
function indexOf(plan: TryPlan, outcomes: readonly TryOutcome[]): string {
  const lines = [`# ${inLine(plan.loaded.outline.metadata.title ?? plan.loaded.target.name)}: a sample`, '']
  lines.push(`${inLine(sampleLine(plan))}.`, '', '- [All texts side by side](index.html)', '')
  for (const {variant, plan: own} of outcomes) {
    lines.push(`## ${inLine(variant.title)}`, '')
    for (const id of variant.sample.ids) {
      const text = own.texts.get(id)
      const {kind} = own.context.loaded.plan.jobs.get(id) as Job
      const path = text === undefined || own.context.standing?.has(id) === true ? undefined : text.location
      const name = path === undefined ? id : `[${id}](<${encodeURI(`${variant.folder}/${path}`)}>)`
      const note = text === undefined ? ', no text' : path === undefined ? ', as it stands in the book' : ''
      lines.push(`- ${name} (${kind}${note})`)
    }
    lines.push('', ...lackingLines(variant).flatMap((line) => [inLine(line), '']))
  }
  return `${lines.join('\n').trimEnd()}\n`
}

/** Words that Markdown would act on, as they are. */
function inLine(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[*_[\]<\\]/g, '\\$&')
}
