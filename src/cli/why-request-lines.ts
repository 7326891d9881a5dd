import {formatCount} from './format-amounts.ts'
import {requestDiffLines} from './request-diff-lines.ts'
import type {BasisFact} from './why-basis.ts'
import type {WhyFacts, WhyRequest} from './why-facts.ts'
import type {RequestDifference, WhySent} from './why-sent.ts'

/** The request as a build would send it now, and how it stands to the one that made the text. */
export function requestLines({request, text, basis, differences}: WhyFacts): string[] {
  const {endpoint, model, messages, sampling, limits, roughInputTokens, address, stored, waitsFor} = request
  const sizes = messages.map(({role, characters}) => `${role} ${characters}`).join(', ')
  const settings = [
    ...Object.entries(sampling).map(([name, value]) => `${name} ${value}`),
    ...(limits.maxTokens === undefined ? [] : [`at most ${limits.maxTokens} tokens out`]),
  ]
  const isDraft = endpoint === 'draft'
  return [
    isDraft
      ? 'for a draft from the sources, which costs nothing'
      : `to \`${model}\` ${endpoint === null ? serverUnknown : `at ${endpoint}`}`,
    `${sizes} characters, about ${formatCount(roughInputTokens)} tokens${settings.length === 0 ? '' : `, ${settings.join(', ')}`}`,
    `address ${address.slice(0, 16)}…${endpoint === null ? ' at the default server' : ''}; the store has ${countOf(stored, 'completion')} of it`,
    ...(text === null || text.made === null ? [] : [againstMade(request, basis, differences)]),
    ...(waitsFor.length === 0 ? [] : [`waits for ${waitsFor.join(', ')}, without a text yet and left out here`]),
  ]
}

/** How the request stands to the one that made the text. */
function againstMade(
  {endpoint, madeText, differsOnlyIn}: WhyRequest,
  basis: readonly BasisFact[],
  differences: WhyFacts['differences'],
): string {
  const isGuess = differences !== null && endpoint === null
  if (madeText === true) return `it is the one that made the text${isGuess ? ', at the same server' : ''}`
  if (differences !== null && differences.length > 0) {
    const parts = differences.map(differenceWords).join(', ')
    return `it differs from the one that made the text in: ${parts}; \`--diff\` shows how`
  }
  // Of a text of an older version only the address of its request is kept.
  if (differsOnlyIn !== null) return `it differs from the one that made the text in the ${differsOnlyIn} alone`
  const parts = basis.filter(({differs}) => differs).map(({part}) => part)
  if (parts.length > 0) return `it differs from the one that made the text by: ${parts.join(', ')}`
  const around = 'headings above, titles beside it or the server, which make no text stale'
  return madeText === null
    ? `whether it is the one that made the text depends on the server; else they differ by ${around}`
    : `it differs from the one that made the text by ${around}`
}

function differenceWords(difference: RequestDifference): string {
  if (difference.part === 'message') return `the ${difference.role} message`
  const {part, was, now} = difference
  return typeof was === 'string' && typeof now === 'string' ? `the ${part} (\`${was}\` to \`${now}\`)` : `the ${part}`
}

/** The request that made the text, whole. */
export function sentLines({sent, text}: WhyFacts): string[] {
  if (sent !== null) return ['The request that made the text:', ...wholeRequestLines(sent)]
  if (text === null) return ['There is no text yet, so nothing was sent for it.']
  if (text.made === null || text.made.provider === 'draft') return ['No request made the text.']
  return ['The request that made the text was not kept: it is of an older version, or its store is elsewhere.']
}

/** In what the request of now differs from the one that made the text, word by word. */
export function differenceLines({differences, ...facts}: WhyFacts): string[] {
  if (differences === null) return sentLines({...facts, differences, sent: null})
  if (differences.length === 0) return ['The request is the one that made the text.']
  return ['From the request that made the text to that of now:', ...requestDiffLines(differences), '--- end ---']
}

/** A number of things in words. */
export function countOf(number: number, noun: string): string {
  return number === 0 ? `no ${noun}` : `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** A request as it would be sent, whole. */
export function wholeRequestLines({
  endpoint,
  model,
  messages,
  sampling,
  limits,
  address,
}: WhyRequest | WhySent): string[] {
  return [
    `endpoint ${endpoint ?? serverUnknown}`,
    `model ${model}`,
    `sampling ${JSON.stringify(sampling)}`,
    `limits ${JSON.stringify(limits)}`,
    `address ${address}`,
    ...messages.flatMap(({role, content = ''}) => ['', `--- ${role} ---`, content]),
    '--- end ---',
  ]
}

const serverUnknown = 'as --base-url or the environment names it'
