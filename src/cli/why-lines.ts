import type {BookLineFacts} from './book-line.ts'
import {formatAmount, formatCount} from './format-amounts.ts'
import type {BasisFact} from './why-basis.ts'
import type {WhyFacts, WhyText} from './why-facts.ts'
import type {Neighbour} from './why-neighbours.ts'
import {countOf, requestLines} from './why-request-lines.ts'
import {sourceLines} from './why-sources.ts'

/** Columns before what a line says. */
const labelWidth = 11

/** What is known of a directive, for the reader: one paragraph of labelled lines. */
export function whyLines(facts: WhyFacts, hasBooks: boolean): string[] {
  const {id, kind, container, depth, place, headings, prompt, text, contracts, basis, upstream, downstream} = facts
  const path = headings.length === 0 ? '' : `, in ${headings.map((title) => `“${title}”`).join(' > ')}`
  return [
    `${hasBooks ? `${facts.book}:` : ''}${id}  (${kind}, ${container}, depth ${depth})`,
    ...labelled('outline', [`${place.file}:${place.line}${path}`]),
    ...labelled('prompt', [shorten(prompt)]),
    ...labelled('state', [...stateLines(facts), facts.next]),
    ...labelled('text', text === null ? ['none'] : textLines(text)),
    ...labelled('reviewed', reviewLines(facts)),
    ...labelled('must hold', contracts.flatMap(contractLines)),
    ...labelled('rests on', basisLines(basis, text)),
    ...labelled('reads', upstream.length === 0 ? ['no other text'] : upstream.map(neighbourLine)),
    ...labelled('read by', downstream.length === 0 ? ['no other text'] : downstream.map(neighbourLine)),
    ...(facts.sources === null ? [] : labelled('sources', sourceLines(facts.sources))),
    ...labelled('request', requestLines(facts)),
  ]
}

/** Where a line of the book comes from, for the reader. */
export function bookLineLines({file, line, text, origin, from, directive, repairs, standing}: BookLineFacts): string[] {
  const place = from === null ? '' : `, ${from.file}:${from.line}`
  const said = {
    outline: `the outline's own text${place}`,
    directive: `the text of ${directive}${place === '' ? ', which stands in for one that is missing' : place}`,
    bibliography: `the bibliography${place}`,
    between: 'put in to keep two texts apart; what follows is explained',
    unknown:
      directive === null
        ? 'changed or written by hand, in no one text; what follows is explained'
        : `changed or written by hand, within the text of ${directive}`,
  }[origin]
  const why = {
    same: [],
    older: ['book.md is older than outline or section files; its lines were held against theirs'],
    edited: ['book.md was changed by hand; its lines were held against those of outline and section files'],
  }[standing]
  return [
    `${file}:${line}  ${shorten(text)}`,
    ...labelled('line', [said, ...why]),
    ...(repairs.length === 0 ? [] : labelled('repairs', repairs.map(repairLine))),
  ]
}

function stateLines({state, edited, draft, reasons}: WhyFacts): string[] {
  const flags = [state, ...(edited ? ['edited'] : []), ...(draft ? ['draft'] : [])].join(', ')
  return reasons.length === 0 ? [flags] : [`${flags}: ${reasons.join('; ')}`]
}

function reviewLines({text, reviewed, reviewedBy}: WhyFacts): string[] {
  if (text === null) return []
  return [
    {
      read: `by ${reviewedBy}`,
      changed: `changed since ${reviewedBy} read it`,
      unread: 'by nobody; `msk-course accept` notes who did',
    }[reviewed],
  ]
}

function textLines({file, words, bookLines, made, repairs}: WhyText): string[] {
  const place = bookLines === null ? 'not in book.md' : `${bookLines.file}:${bookLines.start}-${bookLines.end}`
  return [
    `${file}, ${formatCount(words)} words; ${place}`,
    ...(made === null ? ["the author's own file, without a record"] : madeLines(made)),
    ...repairs.map((repair) => `mended: ${repairLine(repair)}`),
  ]
}

function madeLines({
  provider,
  model,
  finish,
  generated,
  usage,
  costUsd,
  stored,
  mends,
}: NonNullable<WhyText['made']>): string[] {
  const {inputTokens, cachedInputTokens = 0, outputTokens} = usage
  const tokens = `${formatCount(inputTokens)} tokens in, ${formatCount(cachedInputTokens)} cached, ${formatCount(outputTokens)} out`
  const cost = costUsd === null ? 'cost unknown' : `${usage.estimated === true ? '~' : ''}$${formatAmount(costUsd)}`
  const end = finish === 'length' ? 'cut off at its limit' : finish === 'stop' ? 'whole' : `ended by \`${finish}\``
  const who = provider === 'draft' ? 'a draft from the sources' : `by ${model}, ${tokens}, ${cost}, ${end}`
  const again = mends ? '; this one was asked for because an earlier one missed something' : ''
  return [
    `made ${generated} ${who}`,
    `the store has ${countOf(stored, 'completion')} of the request that made it${again}`,
  ]
}

function basisLines(basis: readonly BasisFact[], text: WhyText | null): string[] {
  if (text === null) return ['nothing yet']
  if (text.made === null) return ['nothing that is on record']
  const isDraft = text.made.provider === 'draft'
  const same = basis.filter(({part, was, differs}) => !differs && was !== null && !(isDraft && part === 'model'))
  return [
    ...basis
      .filter(({differs}) => differs)
      .map(({part, was, wanted, makes}) => `${part}: changed, which makes it ${makes}${names(was, wanted)}`),
    ...(same.length === 0 ? [] : [`as before: ${same.map(({part}) => part).join(', ')}`]),
  ]
}

/** Names of models; addresses say nothing to a reader. */
function names(was: BasisFact['was'], wanted: BasisFact['wanted']): string {
  const isName = (value: BasisFact['was']): boolean => typeof value === 'string' && !/^[0-9a-f]{64}$/.test(value)
  return isName(was) && isName(wanted) ? ` (\`${was}\` to \`${wanted}\`)` : ''
}

function contractLines({ruleId, severity, expected, failures}: WhyFacts['contracts'][number]): string[] {
  return [`${ruleId} (${severity}): ${expected}`, ...failures.map((message) => `  not held: ${message}`)]
}

function neighbourLine({id, state, edited, draft, changed}: Neighbour): string {
  const flags = [state, ...(edited ? ['edited'] : []), ...(draft ? ['draft'] : [])].join(', ')
  return `${id}  ${flags}${changed === true ? '; changed since it was read' : ''}`
}

function repairLine({ruleId, detail}: {readonly ruleId: string; readonly detail: string}): string {
  return detail === '' ? ruleId : `${ruleId}: ${detail}`
}

function labelled(label: string, lines: readonly string[]): string[] {
  return lines.map((line, at) => `  ${(at === 0 ? label : '').padEnd(labelWidth)}${line}`)
}

/** The beginning of a text, on one line. */
function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return [...line].length <= 100 ? line : `${[...line].slice(0, 99).join('')}…`
}
