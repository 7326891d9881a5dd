import type {Point, Position} from 'unist'
import type {VFile} from 'vfile'
import type {VFileMessage} from 'vfile-message'
import {isLowerable, type RuleId, type RuleSetting, rulePage, rules, type Severity} from './rules.ts'

/** A place in another file that a message is about too, such as the directive whose text has a fault. */
export interface RelatedPlace {
  readonly file: string
  /** From 1. */
  readonly line: number
  /** What is there, as a sentence. */
  readonly note: string
}

export interface ReportOptions {
  readonly place?: Point | Position
  /** What was found there, for `actual` of the message. */
  readonly actual?: string
  readonly expected?: readonly string[]
  /** Severity in place of the rule's own. */
  readonly severity?: Severity
  readonly related?: RelatedPlace
}

/** A message with what `report` adds to it. */
type Reported = VFileMessage & {related?: RelatedPlace}

/** Adds a message to `file`; its severity is the rule's. Never throws. */
export function report(file: VFile, ruleId: RuleId, reason: string, options: ReportOptions = {}): VFileMessage {
  const message: Reported = file.message(reason, {
    ruleId,
    source: 'msk-course',
    ...(options.place === undefined ? {} : {place: options.place}),
  })
  const severity = options.severity ?? rules[ruleId]
  message.fatal = severityToFatal(severity)
  message.url = rulePage(ruleId)
  if (options.actual !== undefined) message.actual = options.actual
  if (options.expected !== undefined) message.expected = [...options.expected]
  if (options.related !== undefined) {
    message.related = options.related
    message.note = options.related.note
  }
  return message
}

/** The other place that a message is about; undefined where there is none. */
export function relatedPlace(message: VFileMessage): RelatedPlace | undefined {
  return (message as Reported).related
}

/** Severity of a message: vfile's `fatal` is true for errors, false for warnings, undefined for info. */
export function messageSeverity(message: VFileMessage): Severity {
  return message.fatal === true ? 'error' : message.fatal === false ? 'warning' : 'info'
}

/** Changes severities as the config asks and drops what it turned off; errors that keep a book from being built stay. */
export function applyRuleSettings(file: VFile, settings: Readonly<Partial<Record<RuleId, RuleSetting>>>): void {
  file.messages = file.messages.filter((message) => {
    const setting = settings[message.ruleId as RuleId]
    if (setting === undefined || (message.fatal === true && !isLowerable(message.ruleId))) return true
    if (setting === 'off') return false
    message.fatal = severityToFatal(setting)
    return true
  })
}

function severityToFatal(severity: Severity): boolean | undefined {
  return severity === 'error' ? true : severity === 'warning' ? false : undefined
}
