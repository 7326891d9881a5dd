import type {FinishReason} from '../model/completion.ts'
import type {WordBounds} from '../model/directive.ts'
import type {Job} from '../model/job.ts'
import type {RuleId, RuleSetting, Severity} from '../model/rules.ts'
import type {CheckedText} from './checked-text.ts'

/** What a directive's own words, its attributes or the course ask of its text. */
export interface Contract {
  readonly ruleId: RuleId
  /** As the config sets it, else the rule's own. */
  readonly severity: Severity
  /** What is expected, in words that continue "expected …". */
  readonly expected: string
  /** Says what of it a text does not hold; undefined when it holds all. */
  check(text: CheckedText): Shortfall | undefined
}

/** What a text lacks. */
export interface Shortfall {
  readonly message: string
  /** How much is lacking, so that of two texts the better can be told; default 1. */
  readonly count?: number
}

/** A contract that a text does not hold. */
export interface ContractFailure {
  readonly ruleId: RuleId
  readonly severity: Severity
  readonly message: string
  readonly count: number
}

/** What a rule derives from a directive before its severity is known. */
export type Asked = Pick<Contract, 'expected' | 'check'>

/** What a contract can be derived from beside the directive. */
export interface ContractSettings {
  /** Severities from the config; `off` derives no such contract. */
  readonly rules?: Readonly<Partial<Record<RuleId, RuleSetting>>>
  /** Language of the course, as a BCP 47 tag. */
  readonly language?: string
  /** What citations are held to; absent in a course without a bibliography. */
  readonly citations?: CitationFacts
  /** Bounds that the request states, where the kind's setting or its template gives some. */
  wordsOf?(job: ContractJob): WordBounds | undefined
}

/** What is known of the sources that texts may cite. */
export interface CitationFacts {
  readonly numbers: ReadonlySet<number>
  /** Sentences of a paragraph that cite a source of which no passage supports them. */
  unsupported(paragraph: string): readonly {readonly sentence: string; readonly number: number}[]
}

/** What a contract is derived from. */
export type ContractJob = Pick<Job, 'kind' | 'directive'>

/** What is known of a text beside its words. */
export interface TextFacts {
  readonly finish?: FinishReason
  /** Whether the raw completion ends within a fence. */
  readonly hasOpenFence?: boolean
  /** Whether the raw completion ends within a row of a table. */
  readonly hasOpenRow?: boolean
}
