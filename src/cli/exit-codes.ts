/** Exit codes of every command (contract, C6). */
export const exitCode = {clean: 0, findings: 1, usage: 2, interrupted: 130, terminated: 143} as const

/** A fault of usage, config or environment: one clear line, exit 2, nothing changed. */
export class UsageError extends Error {
  /** Machine-readable name of the fault, such as `not-found`. */
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.name = 'UsageError'
    this.code = code
  }
}
