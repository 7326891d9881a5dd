import type {ContractFailure} from '../check/contract.ts'
import {findNearCopies, type RunSamples} from '../check/near-copies.ts'
import type {JobId} from '../model/job.ts'
import {contractRules, type RuleId, type RuleSetting, rules, type Severity} from '../model/rules.ts'
import type {Manifest} from '../store/manifest.ts'
import type {BookText} from './book-texts.ts'

type RuleSettings = Readonly<Partial<Record<RuleId, RuleSetting>>>
export type FailuresById = Map<JobId, readonly ContractFailure[]>

/** The severity of a rule's failures as they are noted: those of a rule that is off are kept unsaid, for when it is on again. */
function notedSeverity(ruleId: RuleId, settings: RuleSettings): Severity {
  const setting = settings[ruleId] ?? rules[ruleId]
  return setting === 'off' ? 'info' : setting
}

/** Settings by which texts are judged when they are made: no rule is left out, and what is only noted is info. */
export function notingSettings(settings: RuleSettings): RuleSettings {
  return Object.fromEntries(contractRules.map((ruleId) => [ruleId, notedSeverity(ruleId, settings)]))
}

/** What earlier builds noted of the texts that still stand as they were written, by the severities of now. */
export function notedFailures(
  manifest: Manifest | undefined,
  texts: ReadonlyMap<JobId, BookText>,
  settings: RuleSettings,
): FailuresById {
  const noted: FailuresById = new Map()
  for (const {id, completion, failures} of manifest?.directives ?? []) {
    const text = texts.get(id as JobId)
    if (failures === undefined || text === undefined || text.isEdited) continue
    if (text.file.record?.completion !== completion) continue
    const own = failures.flatMap(({ruleId, message}): ContractFailure[] => {
      if (!Object.hasOwn(rules, ruleId)) return []
      return [{ruleId: ruleId as RuleId, severity: notedSeverity(ruleId as RuleId, settings), message, count: 1}]
    })
    if (own.length > 0) noted.set(id as JobId, own)
  }
  return noted
}

/** Judges anew which texts of a book are nearly copies of one before them; drafts and edited texts are left out. */
export function noteNearCopies(
  failures: FailuresById,
  texts: ReadonlyMap<JobId, BookText>,
  order: Iterable<JobId>,
  settings: RuleSettings,
  samples: RunSamples,
): void {
  for (const [id, own] of failures)
    noteFailures(
      failures,
      id,
      own.filter(({ruleId}) => ruleId !== 'near-copy'),
    )
  const severity = notedSeverity('near-copy', settings)
  const bodies = [...order].flatMap((id): [JobId, string][] => {
    const text = texts.get(id)
    return text === undefined || text.isDraft || text.isEdited ? [] : [[id, text.file.body]]
  })
  for (const {id, copyOf, likeness} of findNearCopies(bodies, samples)) {
    const message = nearCopyReason(copyOf, likeness)
    const failure: ContractFailure = {ruleId: 'near-copy', severity, message, count: 1}
    failures.set(id as JobId, [...(failures.get(id as JobId) ?? []), failure])
  }
}

/** What is said of a text that is nearly a copy of another. */
export function nearCopyReason(copyOf: string, likeness: number): string {
  return `Unexpected copy of \`${copyOf}\` (${Math.round(likeness * 100)} % of its runs of words), expected a text of its own`
}

/** Notes what a text does not hold, in the place of what was noted of it before. */
export function noteFailures(failures: FailuresById, id: JobId, own: readonly ContractFailure[]): void {
  if (own.length === 0) failures.delete(id)
  else failures.set(id, own)
}
