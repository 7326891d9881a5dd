import {VFile} from 'vfile'
import {checkOutline} from '../check/check-outline.ts'
import type {Config} from '../config/config-schema.ts'
import {loadOutlineTemplates} from '../config/load-outline-templates.ts'
import {contentAddress} from '../model/content-address.ts'
import type {Job} from '../model/job.ts'
import type {PromptTemplate} from '../model/prompt-template.ts'
import {messageSeverity} from '../model/report.ts'
import {planJobs} from '../plan/plan-jobs.ts'
import {TemplateEngine} from '../plan/template-engine.ts'
import {parseOutline} from '../syntax/parse-outline.ts'
import type {ParsedOutline} from '../syntax/parsed-outline.ts'
import {outlineTemplateForm} from '../topics/outline-template-form.ts'
import {type DirectiveUnit, outlineTemplates, refineTemplates} from '../topics/outline-unit.ts'
import {type PlannedOutline, type PlanOutlineOptions, planOutline} from '../topics/plan-outline.ts'
import {type ReadTopics, readTopics} from '../topics/read-topics.ts'
import {writeOutline} from '../topics/write-outline.ts'
import {UsageError} from './exit-codes.ts'
import {readOptions} from './load-course.ts'

/** Digits of an address in the record: a line of it stays short, and it is no key of anything that is paid for. */
const addressLength = 16

/** An outline as a topic list and templates give it. */
export interface OutlineDraft {
  readonly list: ReadTopics
  readonly plan: PlannedOutline
  readonly units: readonly DirectiveUnit[]
  readonly templates: OutlineTemplates
  /** The wording of each directive by its template, by id. */
  readonly prompts: ReadonlyMap<string, string>
  /** What the wording of each directive is made from, by id: the same for a better template that ships with the program. */
  readonly worded: ReadonlyMap<string, string>
  /** The outline's text, with other wordings for some directives. */
  write(wordings?: ReadonlyMap<string, string>): string
}

/** Templates of outlines, ready to be rendered. */
class OutlineTemplates {
  private readonly engine = new TemplateEngine()

  private constructor(private readonly templates: ReadonlyMap<string, PromptTemplate>) {}

  /** Reads and checks those of a project. Throws a usage error where one cannot be used; warnings are given to `warn`. */
  static async load(root: string, warn: (text: string) => void): Promise<OutlineTemplates> {
    const {templates, files} = await loadOutlineTemplates(root, [...outlineTemplates, ...refineTemplates])
    const own = new OutlineTemplates(templates)
    for (const file of files) {
      const template = [...templates.values()].find(({path}) => path === file.path)
      if (template !== undefined) own.engine.check(template, file, outlineTemplateForm)
      for (const message of file.messages) {
        const place = `${file.path}:${message.line ?? 1}:${message.column ?? 1} ${message.reason}`
        if (messageSeverity(message) === 'error')
          throw new UsageError('invalid-template', `Cannot use the template at ${place}; nothing was written`)
        warn(place)
      }
    }
    return own
  }

  /** What stands for a template where wordings are compared: its content, or its name where it ships with the program. */
  identity(name: string): unknown {
    const template = this.templates.get(name)
    return template?.isShipped === false ? [template.body] : name
  }

  render(name: string, values: Readonly<Record<string, unknown>>): string {
    const template = this.templates.get(name)
    if (template === undefined) throw new Error(`Cannot find the template \`${name}\`, expected one that is loaded`)
    return this.engine.render(template, values)
  }
}

/** Plans and words the outline of a topic list. Messages go to `file`; undefined where the list cannot be used. */
export async function draftOutline(
  file: VFile,
  root: string,
  config: Config,
  options: PlanOutlineOptions,
  warn: (text: string) => void,
): Promise<OutlineDraft | undefined> {
  const list = readTopics(file, {tagNames: config.tags ?? []})
  if (file.messages.some((message) => messageSeverity(message) === 'error')) return undefined
  const templates = await OutlineTemplates.load(root, warn)
  const plan = planOutline(list, options)
  const units = plan.units.filter((unit): unit is DirectiveUnit => unit.type === 'directive')
  const prompts = new Map(units.map((unit) => [unit.id, templates.render(unit.template, {...unit.values})]))
  const worded = units.map(({id, template, values}) => {
    const address = contentAddress([templates.identity(template), {...values}])
    return [id, address.slice(0, addressLength)] as const
  })
  const {kindTitles} = readOptions(config).plan
  return {
    list,
    plan,
    units,
    templates,
    prompts,
    worded: new Map(worded),
    write: (wordings = new Map()) =>
      writeOutline(plan, {
        prompt: ({id}) => wordings.get(id) ?? (prompts.get(id) as string),
        ...(kindTitles === undefined ? {} : {kindTitles}),
      }),
  }
}

/** An outline, its jobs in the order of the text, and the messages about it. */
interface ReadDraft {
  readonly outline: ParsedOutline
  readonly jobs: readonly Job[]
  readonly file: VFile
}

/** An outline's text as `check` reads it, with its messages. */
export function readDraft(path: string, text: string, config: Config): ReadDraft {
  const file = new VFile({path, value: text})
  const how = readOptions(config)
  const outline = parseOutline(file, how.parse)
  const {jobs} = planJobs(outline, file, how.plan)
  checkOutline(outline, file)
  return {outline, jobs: [...jobs.values()], file}
}
