import type {ContractFailure} from '../check/contract.ts'
import {findNearCopies} from '../check/near-copies.ts'
import type {JobId} from '../model/job.ts'
import {type RuleId, type RuleSetting, rules} from '../model/rules.ts'
import type {Manifest} from '../store/manifest.ts'
import type {BookText} from './book-texts.ts'

type RuleSettings = Readonly<Partial<Record<RuleId, RuleSetting>>>
export type FailuresById = Map<JobId, readonly ContractFailure[]>

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
      const severity = settings[ruleId as RuleId] ?? rules[ruleId as RuleId]
      return severity === 'off' ? [] : [{ruleId: ruleId as RuleId, severity, message, count: 1}]
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
): void {
  for (const [id, own] of failures)
    setOrDelete(
      failures,
      id,
      own.filter(({ruleId}) => ruleId !== 'near-copy'),
    )
  const severity = settings['near-copy'] ?? rules['near-copy']
  if (severity === 'off') return
  const bodies = [...order].flatMap((id): [JobId, string][] => {
    const text = texts.get(id)
    return text === undefined || text.isDraft || text.isEdited ? [] : [[id, text.file.body]]
  })
  for (const {id, copyOf, likeness} of findNearCopies(bodies)) {
    const message = `Unexpected copy of \`${copyOf}\` (${Math.round(likeness * 100)} % of its runs of words), expected a text of its own`
    const failure: ContractFailure = {ruleId: 'near-copy', severity, message, count: 1}
    failures.set(id as JobId, [...(failures.get(id as JobId) ?? []), failure])
  }
}

function setOrDelete(failures: FailuresById, id: JobId, own: readonly ContractFailure[]): void {
  if (own.length === 0) failures.delete(id)
  else failures.set(id, own)
}
