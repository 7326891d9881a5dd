import type {DirectiveAttributes, WordBounds} from '../model/directive.ts'
import {directiveKinds} from '../model/job.ts'
import {nearestNames} from '../model/nearest.ts'
import type {RuleId} from '../model/rules.ts'
import type {RawAttribute} from './tag-scanner.ts'

export interface AttributeProblem {
  readonly ruleId: RuleId
  readonly reason: string
  readonly actual: string
  readonly expected?: readonly string[]
}

const idPattern = /^[a-z0-9][a-z0-9-]*(?:\/[a-z0-9][a-z0-9-]*)*$/
const maxIdLength = 200
const known = ['id', 'level', 'kind', 'model', 'words', 'max-tokens', 'depends', 'sources', 'tags']

/** Whether a text may be an `id` in a tag (outline language, D9). */
export function isExplicitId(text: string): boolean {
  return idPattern.test(text) && text.length <= maxIdLength
}

/** Checks the attributes of an opening tag (outline language, D6); what cannot be read is left out and reported. */
export function readAttributes(raw: readonly RawAttribute[]): {
  attributes: DirectiveAttributes
  problems: AttributeProblem[]
} {
  const attributes: {-readonly [Key in keyof DirectiveAttributes]: DirectiveAttributes[Key]} = {}
  const problems: AttributeProblem[] = []
  const seen = new Set<string>()
  const reject = (name: string, actual: string, expected: string, ruleId: RuleId = 'invalid-attribute'): void => {
    problems.push({ruleId, actual, reason: `Unexpected ${name} \`${actual}\`, expected ${expected}`})
  }
  for (const {name: writtenName, value} of raw) {
    const name = writtenName.toLowerCase()
    if (seen.has(name)) {
      reject('second attribute', writtenName, 'each attribute once')
      continue
    }
    seen.add(name)
    switch (name) {
      case 'id':
        if (isExplicitId(value)) attributes.id = value
        else
          reject(
            'id',
            value,
            'lower-case letters, digits and `-`, parts joined by `/`, at most 200 characters',
            'invalid-id',
          )
        break
      case 'level':
        if (/^[1-6]$/.test(value)) attributes.level = Number(value)
        else reject('level', value, 'a whole number from 1 to 6', 'invalid-level')
        break
      case 'kind':
        if ((directiveKinds as readonly string[]).includes(value)) attributes.kind = value
        else reject('kind', value, `one of ${directiveKinds.join(', ')}`)
        break
      case 'model':
        if (value === '') reject('model', value, 'the name of a model')
        else attributes.model = value
        break
      case 'words': {
        const words = parseWordBounds(value)
        if (words === undefined) reject('words', value, 'bounds such as `300-400`')
        else attributes.words = words
        break
      }
      case 'max-tokens':
        if (/^[1-9]\d{0,6}$/.test(value)) attributes.maxTokens = Number(value)
        else reject('max-tokens', value, 'a whole number from 1')
        break
      case 'depends':
        attributes.depends = splitSelectors(value)
        break
      case 'sources':
        attributes.sources = splitList(value)
        break
      case 'tags':
        attributes.tags = splitList(value).map((tag) => tag.replace(/^#/, ''))
        break
      default: {
        const nearest = nearestNames(name, known, 1)
        const hint = nearest[0] === undefined ? `one of ${known.join(', ')}` : `\`${nearest[0]}\``
        problems.push({
          ruleId: 'unknown-attribute',
          actual: writtenName,
          expected: nearest,
          reason: `Unexpected attribute \`${writtenName}\`, expected ${hint}`,
        })
      }
    }
  }
  return {attributes, problems}
}

/** Reads `300-400`, `300–400` or `300` (an upper bound); undefined for anything else or when the bounds are reversed. */
export function parseWordBounds(value: string): WordBounds | undefined {
  const match = /^\s*(\d{1,6})\s*(?:(?:-|–|\.\.)\s*(\d{1,6}))?\s*$/.exec(value)
  if (match === null) return undefined
  const first = Number(match[1])
  const bounds = match[2] === undefined ? {min: 0, max: first} : {min: first, max: Number(match[2])}
  return bounds.max >= 1 && bounds.min <= bounds.max ? bounds : undefined
}

function splitList(value: string): string[] {
  return value.split(/[\s,]+/).filter((part) => part !== '')
}

/** As `splitList`, but a quoted part such as `text:"two words"` stays whole. */
function splitSelectors(value: string): string[] {
  return (value.match(/(?:"[^"]*"|[^\s,])+/g) ?? []).filter((part) => part !== '')
}
