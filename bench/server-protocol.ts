import type {BucketLimit} from './server-bucket.ts'

/** How the loopback server answers. */
export interface ServerOptions {
  /** Milliseconds from a request's arrival to its answer. */
  readonly latencyMs: number
  /** Left out for no limit. */
  readonly requests?: BucketLimit
  /** Input and output together, known at arrival; left out for no limit. */
  readonly tokens?: BucketLimit
  /** Whether answers are about 250 words with all that a book holds, instead of 2 KB of plain Markdown. */
  readonly isWhole?: boolean
}

/** What the loopback server saw since it was last reset; times are milliseconds on its own clock. */
export interface ServerStats {
  readonly requests: number
  readonly answered: number
  readonly limited: number
  readonly mostInFlight: number
  /** Input and output of what was answered. */
  readonly tokens: number
  readonly firstArrivalMs: number | null
  readonly lastArrivalMs: number | null
  readonly lastAnswerMs: number | null
}
