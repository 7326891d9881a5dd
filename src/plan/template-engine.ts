import {Liquid, type Template} from 'liquidjs'
import type {VFile} from 'vfile'
import {nearestNames} from '../model/nearest.ts'
import type {PromptTemplate, TemplateForm} from '../model/prompt-template.ts'
import {report} from '../model/report.ts'

const listMembers = new Set(['size', 'first', 'last'])

/** Renders and checks Liquid templates; they cannot read files, and a variable that does not exist is an error. */
export class TemplateEngine {
  private readonly liquid = new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    relativeReference: false,
    templates: {},
    // Characters and entries that one text may take up: a range that is too long is a fault of the template.
    memoryLimit: 20_000_000,
    // Left out, it would be the machine's, and a request another one on each; asking for it takes 20 ms too.
    locale: 'en-US',
  })
  constructor() {
    // What stands in a heading or in running text is text, whatever marks it holds.
    this.liquid.registerFilter('escape_markdown', (text: unknown) =>
      String(text).replace(/[\\*_`[\]<]|&(?=#?\w+;)|(?<=^|\s)#(?=#*(?:\s|$))/g, '\\$&'),
    )
  }

  private readonly parsed = new Map<string, Template[]>()
  /** By template, the variables that it names. */
  private readonly variables = new Map<string, readonly string[]>()
  /** By template, its last text and the values that this was made of: the system is told the same in request after request. */
  private readonly last = new Map<string, {readonly values: readonly unknown[]; readonly text: string}>()

  /**
   * Text of a template with its variables filled in. Throws on a template that `check` finds fault with. Values that are
   * the same objects as the last time must not have changed.
   */
  render(template: PromptTemplate, values: Readonly<Record<string, unknown>>): string {
    const own = this.variablesOf(template).map((name) => values[name])
    const last = this.last.get(template.body)
    if (last?.values.every((value, at) => value === own[at]) === true) return last.text
    const text = String(this.liquid.renderSync(this.parse(template), values) as unknown).trim()
    this.last.set(template.body, {values: own, text})
    return text
  }

  private variablesOf(template: PromptTemplate): readonly string[] {
    const known = this.variables.get(template.body) ?? this.liquid.globalVariablesSync(this.parse(template))
    this.variables.set(template.body, known)
    return known
  }

  private parse({body}: PromptTemplate): Template[] {
    const parsed = this.parsed.get(body) ?? this.liquid.parse(body)
    this.parsed.set(body, parsed)
    return parsed
  }

  /** Whether a template has a place of its own for a variable. */
  names(template: PromptTemplate, variable: string): boolean {
    return this.variablesOf(template).includes(variable)
  }

  /** Reports syntax errors, unknown variables and what is left out of a template; by default one of a directive's request. */
  check(template: PromptTemplate, file: VFile, form: TemplateForm = requestTemplates): void {
    const {variables} = form
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
    if (
      form === requestTemplates &&
      template.name !== 'system' &&
      !this.liquid.globalVariablesSync(parsed).includes('prompt')
    ) {
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
      report(
        file,
        'unknown-variable',
        `Unexpected variable \`${written}\`, expected ${describe(nearest.length > 0 ? nearest : Object.keys(variables))}`,
        {
          place: placeOf(template, written),
          actual: written,
          expected: nearest,
        },
      )
    }
    if (file.messages.length === before) this.checkByRendering(template, file, form)
  }

  /** Renders a template with made-up values; what no list of names shows is found so. */
  private checkByRendering(template: PromptTemplate, file: VFile, form: TemplateForm): void {
    const place = {line: template.bodyLine, column: 1}
    for (const {values, about, keeps} of form.samples(template.name)) {
      try {
        const text = this.render(template, values)
        const lost = keeps.find((kept) => !text.includes(kept.text))
        if (lost === undefined) continue
        report(
          file,
          'invalid-template',
          `Unexpected template that leaves the ${lost.variable} out for ${about}, expected \`{{ ${lost.variable} }}\` as it is`,
          {place},
        )
      } catch (error) {
        const reason = (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]
        report(file, 'invalid-template', `Cannot render the template: ${reason}`, {place})
      }
      return
    }
  }
}

const samplePrompt = 'Explain {{ the }} <prompt> & "so on".'

/** What the templates of requests may use. */
const requestTemplates: TemplateForm = {
  variables: {
    prompt: undefined,
    kind: undefined,
    container: undefined,
    label: undefined,
    title: undefined,
    path: undefined,
    siblings: undefined,
    upstream: undefined,
    sources: undefined,
    style: undefined,
    words: ['min', 'max'],
    course: ['title', 'subtitle', 'description', 'language', 'chapters', 'headings'],
  },
  samples: (name) =>
    (['block', 'list-item', 'labelled'] as const).flatMap((container) =>
      [null, {min: 0, max: 9}, {min: 1, max: 9}].map((words) => ({
        values: {
          prompt: samplePrompt,
          kind: 'section',
          container,
          label: container === 'labelled' ? 'Label' : null,
          title: 'Title',
          path: words === null ? [] : ['Chapter', 'Title'],
          siblings: words === null ? [] : ['Beside'],
          upstream: words === null ? [] : [{title: 'Above', text: 'Text'}],
          sources: words === null ? '' : '<source number="1" title="Title">Passage</source>',
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
        },
        about: `a ${container}`,
        keeps: name === 'system' ? [] : [{variable: 'prompt', text: samplePrompt}],
      })),
    ),
}

function describe(names: readonly string[]): string {
  return `one of \`${names.join('`, `')}\``
}

function placeOf(template: PromptTemplate, name: string): {line: number; column: number} {
  const lines = template.body.split('\n')
  const at = lines.findIndex((line) => line.includes(name))
  return {line: template.bodyLine + Math.max(at, 0), column: Math.max((lines[at] ?? '').indexOf(name), 0) + 1}
}
