import {join} from 'node:path'
import {deriveContracts} from '../check/derive-contracts.ts'
import type {Completion} from '../model/completion.ts'
import type {JobId} from '../model/job.ts'
import {priceOf} from '../model/price-of.ts'
import {type Request, requestAddress} from '../model/request.ts'
import {type RunnableJob, runPlan} from '../schedule/run-plan.ts'
import {ownThread} from '../store/file-writer.ts'
import type {DirectiveUnit} from '../topics/outline-unit.ts'
import {formatWordings, readWordings, wordingFault} from '../topics/refined-wording.ts'
import {asBuildFlags} from './again-flags.ts'
import {askYes, canAsk} from './ask.ts'
import {chooseProvider, type ProviderChoice} from './build-settings.ts'
import {exitCode, UsageError} from './exit-codes.ts'
import type {GlobalOptions} from './global-options.ts'
import {loadProject} from './load-course.ts'
import {type OutlineDraft, readDraft} from './outline-draft.ts'
import {PaidStore} from './paid-store.ts'
import {type Project, refuseTrackedState} from './project.ts'
import type {Reporter} from './reporter.ts'
import type {OutlineFlags} from './run-outline.ts'
import {openSending} from './sending.ts'
import {listenForStop} from './signals.ts'

/** What a model made of the wording. */
export interface Refinement {
  /** Accepted wordings, by id. */
  readonly wordings: ReadonlyMap<string, string>
  /** Directives whose template wording stands, and why. */
  readonly refused: readonly {readonly id: string; readonly reason: string}[]
  readonly sent: number
  readonly costUsd: number | undefined
  /** Whether a request brought no answer. */
  readonly hasFailed: boolean
}

export interface RefineInput {
  readonly draft: OutlineDraft
  /** Wordings of the time before that stand. */
  readonly before: ReadonlyMap<string, string>
  /** Ids of those among them that were refined, which are not asked for again. */
  readonly refined: ReadonlySet<string>
  readonly root: string
  readonly project: Project
  readonly flags: OutlineFlags
  readonly options: GlobalOptions
  readonly reporter: Reporter
}

/** The directives of a chapter whose wording is to be refined. */
interface ChapterTask {
  readonly id: JobId
  readonly units: readonly DirectiveUnit[]
  readonly request: Request
}

/** More requests than this to another machine are asked for first, on a terminal. */
const fewRequests = 5

/**
 * Has a model better the wording of prompts, a request for each chapter. Only what keeps depth, kind, points and terms is
 * taken. Gives an exit code where the run was stopped.
 */
export async function refineOutline(input: RefineInput): Promise<Refinement | number> {
  const {root, flags, options, reporter, project} = input
  const choice = chooseProvider(flags, project.config ?? {}, undefined, process.env, options.cwd, !flags.dryRun)
  if (choice.name === 'draft')
    throw new UsageError(
      'no-provider',
      'Unexpected --refine without a model, expected --provider openai, --model or --base-url, or a provider in the config',
    )
  const tasks = chapterTasks(input, choice)
  refuseUnpriced(input, choice)
  if (flags.dryRun || flags.diff) {
    reporter.info(
      `would send up to ${tasks.length} requests to ${choice.endpoint} (${choice.model}) to refine the wording`,
    )
    return {wordings: new Map(), refused: [], sent: 0, costUsd: 0, hasFailed: false}
  }
  if (!flags.yes && !choice.isLoopback && tasks.length > fewRequests && canAsk()) {
    const answer = await askYes(`Send ${tasks.length} requests to ${choice.endpoint}?`)
    if (answer !== 'yes') {
      reporter.info('stopped; nothing was sent or written')
      return answer === 'interrupted' ? exitCode.interrupted : exitCode.findings
    }
  }
  refuseTrackedState(root, options.cwd)
  if (choice.reason !== undefined) reporter.info(choice.reason)
  return send(tasks, input, choice)
}

/** A request for each chapter that has wordings to refine. */
function chapterTasks({draft, before, refined, project}: RefineInput, choice: ProviderChoice): ChapterTask[] {
  const chapters = new Map<DirectiveUnit['values']['chapter'], DirectiveUnit[]>()
  for (const unit of draft.units) {
    if (refined.has(unit.id)) continue
    const {chapter} = unit.values
    const units = chapters.get(chapter)
    if (units === undefined) chapters.set(chapter, [unit])
    else units.push(unit)
  }
  const {temperature, topP, seed, maxTokens} = project.config ?? {}
  return [...chapters].map(([chapter, units], at) => {
    const directives = formatWordings(units.map(({id}) => [id, before.get(id) ?? (draft.prompts.get(id) as string)]))
    const course = units[0]?.values.course
    const request: Request = {
      endpoint: choice.endpoint,
      model: choice.model,
      messages: [
        {role: 'system', content: draft.templates.render('refine-system', {})},
        {role: 'user', content: draft.templates.render('refine', {course, chapter, directives})},
      ],
      sampling: {
        ...(temperature === undefined ? {} : {temperature}),
        ...(topP === undefined ? {} : {topP}),
        ...(seed === undefined ? {} : {seed}),
      },
      limits: maxTokens === undefined ? {} : {maxTokens},
    }
    return {id: `${at + 1}` as JobId, units, request}
  })
}

function refuseUnpriced({flags, project}: RefineInput, {model}: ProviderChoice): void {
  if (flags.maxCost === undefined || priceOf(model, project.config?.prices) !== undefined) return
  throw new UsageError(
    'unknown-price',
    `Cannot hold --max-cost ${flags.maxCost}: the price of \`${model}\` is not known; give it with \`prices:\` in the config, or leave --max-cost out`,
  )
}

async function send(
  tasks: readonly ChapterTask[],
  input: RefineInput,
  choice: ProviderChoice,
): Promise<Refinement | number> {
  const {root, project, flags, options, reporter} = input
  const config = project.config ?? {}
  const shared = await loadProject(root, config, options.cwd)
  const signals = listenForStop()
  const sending = await openSending({
    choice,
    open: {project, config, shared, books: [], files: [], isOnlyBook: true},
    flags: asBuildFlags(flags),
    signals,
    stateFolder: join(root, '.msk-course'),
    cwd: options.cwd,
    reporter,
    history: {},
    priceOf: (model) => priceOf(model, config.prices),
  })
  const answers = new Map<JobId, Completion>()
  const store = await sending.openStore(root, ownThread)
  const paid = new PaidStore(store, {buysAgain: flags.yes, prices: config.prices, cwd: options.cwd, reserve: undefined})
  if (tasks.length > 0)
    reporter.info(`refining the wording of ${tasks.length} ${tasks.length === 1 ? 'chapter' : 'chapters'}`)
  const jobs: RunnableJob[] = tasks.map(({id, request}) => ({id, after: [], prepare: async () => request}))
  try {
    const results = await runPlan(jobs, {
      ...sending.options,
      store: paid,
      width: sending.concurrency,
      failFast: flags.failFast,
      onCompleted: async (id, completion) => {
        answers.set(id, completion)
        return undefined
      },
      onEvent: () => undefined,
    })
    for (const result of results.values())
      if (result.type === 'failed') reporter.error(`a request to refine failed: ${result.cause.message}`)
    if (signals.exitCode !== undefined) return signals.exitCode
  } finally {
    signals.dispose()
    await sending.close(signals.abort.aborted)
  }
  const {sent, spentUsd} = sending.ledger
  const accepted = readsAlike(accept(tasks, answers, input), input)
  return {...accepted, sent, costUsd: spentUsd, hasFailed: answers.size < tasks.length}
}

type Accepted = Pick<Refinement, 'wordings' | 'refused'>

/** Takes none of the wordings where the outline would be read otherwise with them: a quote or fence may reach beyond its directive. */
function readsAlike(accepted: Accepted, {draft, before, project}: RefineInput): Accepted {
  const reading = (wordings: ReadonlyMap<string, string>): string => {
    const {outline, file} = readDraft('outline', draft.write(wordings), project.config ?? {})
    const rows = outline.directives.map(({attributes, container, containerDepth, declaredDepth}) => [
      attributes,
      container,
      containerDepth,
      declaredDepth,
    ])
    return JSON.stringify([rows, file.messages.map(({ruleId}) => ruleId)])
  }
  const {wordings, refused} = accepted
  if (reading(before) === reading(new Map([...before, ...wordings]))) return accepted
  const reason = 'the outline would be read otherwise with it'
  return {wordings: new Map(), refused: [...refused, ...[...wordings.keys()].map((id) => ({id, reason}))]}
}

function accept(
  tasks: readonly ChapterTask[],
  answers: ReadonlyMap<JobId, Completion>,
  {draft, before}: Pick<RefineInput, 'draft' | 'before'>,
): Accepted {
  const wordings = new Map<string, string>()
  const refused: {id: string; reason: string}[] = []
  for (const {id, units, request} of tasks) {
    const completion = answers.get(id)
    const read = completion === undefined ? undefined : readWordings(completion.text)
    for (const unit of units) {
      const prompt = before.get(unit.id) ?? (draft.prompts.get(unit.id) as string)
      const wording = read?.get(unit.id)
      const reason =
        read === undefined
          ? `no answer to the request ${requestAddress(request).slice(0, 12)}`
          : wording === undefined
            ? 'the answer leaves it out'
            : (wordingFault(unit, prompt, wording) ?? contractFault(unit, prompt, wording))
      if (reason !== undefined) refused.push({id: unit.id, reason})
      else if (wording !== undefined && wording !== prompt) wordings.set(unit.id, wording)
    }
  }
  return {wordings, refused}
}

/** Why a wording asks for another form of text; undefined where it asks for the same. */
function contractFault(unit: DirectiveUnit, prompt: string, wording: string): string | undefined {
  const asked = (value: string): string[] =>
    deriveContracts({
      kind: unit.kind,
      directive: {
        type: 'promptDirective',
        attributes: {},
        value,
        container: unit.isItem ? 'list-item' : 'block',
        containerDepth: unit.values.level - 1,
        position: {start: {line: 1, column: 1}, end: {line: 1, column: 1}},
      },
    }).map(({expected}) => expected)
  const now = new Set(asked(wording))
  const lost = asked(prompt).find((expected) => !now.has(expected))
  return lost === undefined ? undefined : `it no longer asks for ${lost}`
}
