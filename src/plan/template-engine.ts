import {Liquid, type Template} from 'liquidjs'
import type {VFile} from 'vfile'
import {nearestNames} from '../model/nearest.ts'
import type {PromptTemplate} from '../model/prompt-template.ts'
import {report} from '../model/report.ts'

/** Names that a template may use, with their members. */
const variables: Readonly<Record<string, readonly string[] | undefined>> = {
  prompt: undefined,
  kind: undefined,
  container: undefined,
  label: undefined,
  title: undefined,
  path: undefined,
  siblings: undefined,
  upstream: undefined,
  style: undefined,
  words: ['min', 'max'],
  course: ['title', 'subtitle', 'description', 'language', 'chapters', 'headings'],
}

const listMembers = new Set(['size', 'first', 'last'])

/** Renders and checks Liquid templates; they cannot read files, and a variable that does not exist is an error. */
export class TemplateEngine {
  private readonly liquid = new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    relativeReference: false,
    templates: {},
  })
  constructor() {
    // What stands in a heading or in running text is text, whatever marks it holds.
    this.liquid.registerFilter('escape_markdown', (text: unknown) =>
      String(text).replace(/[\\*_`[\]<]|&(?=#?\w+;)|(?<=^|\s)#(?=#*(?:\s|$))/g, '\\$&'),
    )
  }

  private readonly parsed = new Map<string, Template[]>()

  /** Text of a template with its variables filled in. Throws on a template that `check` finds fault with. */
  render(template: PromptTemplate, values: Readonly<Record<string, unknown>>): string {
    let parsed = this.parsed.get(template.body)
    if (parsed === undefined) {
      parsed = this.liquid.parse(template.body)
      this.parsed.set(template.body, parsed)
    }
    const text: unknown = this.liquid.renderSync(parsed, values)
    return String(text).trim()
  }

  /** Reports syntax errors and unknown variables of a template. */
  check(template: PromptTemplate, file: VFile): void {
    const before = file.messages.length
    let parsed: Template[]
    try {
      parsed = this.liquid.parse(template.body)
    } catch (error) {
      const reason = (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]
      const line = /line:(\d+)/.exec(reason ?? '')?.[1]
      report(file, 'invalid-template', `Cannot read the template: ${reason}`, {
        place: {line: template.bodyLine + Number(line ?? 1) - 1, column: 1},
      })
      return
    }
    if (template.name !== 'system' && !this.liquid.globalVariablesSync(parsed).includes('prompt')) {
      report(
        file,
        'invalid-template',
        'Unexpected template without `{{ prompt }}`, expected it, so that the directive reaches the model',
        {
          place: {line: template.bodyLine, column: 1},
        },
      )
    }
    for (const segments of this.liquid.globalVariableSegmentsSync(parsed)) {
      const [name, member] = segments.map(String)
      if (name === undefined) continue
      const members = variables[name]
      const isOwn = Object.hasOwn(variables, name)
      const isKnown =
        isOwn && (member === undefined || listMembers.has(member) || members === undefined || members.includes(member))
      if (isKnown) continue
      const written = [name, member].filter((part) => part !== undefined).join('.')
      const nearest =
        name in variables ? (members ?? []).map((own) => `${name}.${own}`) : nearestNames(name, Object.keys(variables))
      report(file, 'unknown-variable', `Unexpected variable \`${written}\`, expected ${describe(nearest)}`, {
        place: placeOf(template, written),
        actual: written,
        expected: nearest,
      })
    }
    if (file.messages.length === before) this.checkByRendering(template, file)
  }

  /** Renders a template with made-up values; what no list of names shows is found so. */
  private checkByRendering(template: PromptTemplate, file: VFile): void {
    for (const sample of sampleValues) {
      try {
        const text = this.render(template, sample)
        if (template.name === 'system' || text.includes(samplePrompt)) continue
        report(
          file,
          'invalid-template',
          `Unexpected template that leaves the prompt out for a ${sample.container}, expected \`{{ prompt }}\` as it is`,
          {
            place: {line: template.bodyLine, column: 1},
          },
        )
      } catch (error) {
        const reason = (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]
        report(file, 'invalid-template', `Cannot render the template: ${reason}`, {
          place: {line: template.bodyLine, column: 1},
        })
      }
      return
    }
  }
}

const samplePrompt = 'Explain {{ the }} <prompt> & "so on".'

const sampleValues = (['block', 'list-item', 'labelled'] as const).flatMap((container) =>
  [null, {min: 0, max: 9}, {min: 1, max: 9}].map((words) => ({
    prompt: samplePrompt,
    kind: 'section',
    container,
    label: container === 'labelled' ? 'Label' : null,
    title: 'Title',
    path: words === null ? [] : ['Chapter', 'Title'],
    siblings: words === null ? [] : ['Beside'],
    upstream: words === null ? [] : [{title: 'Above', text: 'Text'}],
    style: words === null ? '' : 'Style',
    words,
    course: {
      title: words === null ? '' : 'Course',
      subtitle: '',
      description: '',
      language: words === null ? '' : 'en',
      chapters: ['Chapter'],
      headings: '- Chapter',
    },
  })),
)

function describe(nearest: readonly string[]): string {
  const names = nearest.length > 0 ? nearest : Object.keys(variables)
  return `one of \`${names.join('`, `')}\``
}

function placeOf(template: PromptTemplate, name: string): {line: number; column: number} {
  const lines = template.body.split('\n')
  const at = lines.findIndex((line) => line.includes(name))
  return {line: template.bodyLine + Math.max(at, 0), column: Math.max((lines[at] ?? '').indexOf(name), 0) + 1}
}
