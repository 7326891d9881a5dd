import {declaredDepth} from '../syntax/declared-depth.ts'
import {type KindTitles, recogniseKind} from '../syntax/recognise-kind.ts'
import type {DirectiveUnit, OutlinePlan} from './outline-unit.ts'

export interface WriteOutlineOptions {
  /** Wording of a directive. */
  prompt(unit: DirectiveUnit): string
  /** Titles that the config adds for a kind. */
  readonly kindTitles?: KindTitles
}

/** White space before the further lines of a directive in a list item. */
const itemIndent = '    '

/** The text of a planned outline, with a line end at its end. */
export function writeOutline({frontMatter, units}: OutlinePlan, options: WriteOutlineOptions): string {
  const lines: string[] = frontMatter.length === 0 ? [] : ['---', ...frontMatter, '---']
  for (const unit of units) {
    if (unit.type === 'directive') {
      lines.push(...directiveLines(unit, options))
      continue
    }
    if (lines.length > 0) lines.push('')
    lines.push(`${'#'.repeat(unit.depth)} ${unit.title}`)
  }
  return `${lines.join('\n')}\n`
}

function directiveLines(unit: DirectiveUnit, options: WriteOutlineOptions): string[] {
  const value = safeEnd(options.prompt(unit))
  const written = `<prompt${attributesOf(unit, value, options.kindTitles)}>${value}</prompt>`
  // In a quoted directive with `\"` in it backslashes would be escapes.
  const quote = value.includes('\\"') ? '' : '"'
  const [first = '', ...rest] = `${quote}${written}${quote}`.split('\n')
  if (!unit.isItem) return [first, ...rest]
  return [`*   ${first}`, ...rest.map((line) => (line === '' ? '' : itemIndent + line))]
}

/** The attributes, those among them that the wording does not say itself. */
function attributesOf(unit: DirectiveUnit, value: string, kindTitles: KindTitles | undefined): string {
  const {id, kind, tags, sources, title, isItem, values} = unit
  const read = recogniseKind({title, prompt: value, isBlock: !isItem}, kindTitles)
  const attributes: readonly (readonly [string, string])[] = [
    ['id', id],
    ['kind', read === kind ? '' : kind],
    ['level', declaredDepth(value) === values.level ? '' : String(values.level)],
    ['tags', tags.join(' ')],
    ['sources', sources.join(' ')],
  ]
  return attributes
    .filter(([, written]) => written !== '')
    .map(([name, written]) => ` ${name}="${written}"`)
    .join('')
}

/** A quote at the end of a prompt would be read as the directive's own, standing on the wrong side of the tag. */
function safeEnd(text: string): string {
  const trimmed = text.trim()
  if (/^ *(?:`{3,}|~{3,})$/m.test(trimmed.slice(trimmed.lastIndexOf('\n') + 1))) return `${trimmed}\n`
  return /["'”“’`]$/.test(trimmed) ? `${trimmed}.` : trimmed
}
