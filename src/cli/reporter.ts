import {styleText} from 'node:util'
import {escapeTerminal, terminalSafeJson} from './escape-terminal.ts'
import type {GlobalOptions} from './global-options.ts'

type Style = 'red' | 'green' | 'yellow' | 'cyan' | 'bold' | 'dim'

/** The only writer to the terminal: human text to stderr, results to stdout. */
export class Reporter {
  constructor(private readonly options: Pick<GlobalOptions, 'json' | 'quiet' | 'verbose' | 'color'>) {}

  get isVerbose(): boolean {
    return this.options.verbose
  }

  get isJson(): boolean {
    return this.options.json
  }

  /** Whether colours may be used on stderr. */
  get hasColor(): boolean {
    return this.options.color && process.stderr.isTTY === true
  }

  /** Whether colours may be used in the result. */
  get hasResultColor(): boolean {
    return this.options.color && process.stdout.isTTY === true
  }

  /** A line for the reader; not with `--quiet`. */
  info(text: string): void {
    if (!this.options.quiet) this.writeError(`${escapeTerminal(text)}\n`)
  }

  /** A line that is shown with `--verbose` alone. */
  detail(text: string): void {
    if (this.options.verbose) this.writeError(`${escapeTerminal(text)}\n`)
  }

  /** A line that is always shown. */
  error(text: string): void {
    this.writeError(`${this.style('red', 'error')}: ${escapeTerminal(text)}\n`)
  }

  warn(text: string): void {
    this.writeError(`${this.style('yellow', 'warning')}: ${escapeTerminal(text)}\n`)
  }

  /** The result, as text. */
  result(text: string): void {
    const safe = escapeTerminal(text)
    this.writeOut(safe.endsWith('\n') ? safe : `${safe}\n`)
  }

  /** The result as it is: a patch, whose bytes count; escaped where a terminal would act on them. */
  resultBytes(text: string): void {
    this.writeOut(process.stdout.isTTY === true ? escapeTerminal(text) : text)
  }

  /** The result in a format whose strings were made safe. */
  resultSafe(text: string): void {
    this.writeOut(text)
  }

  /** The result, as the one JSON document of the run. */
  json(value: unknown): void {
    this.writeOut(`${terminalSafeJson(value)}\n`)
  }

  /** Text on stderr that was made safe already. */
  raw(text: string): void {
    this.writeError(text)
  }

  style(style: Style, text: string): string {
    return this.hasColor ? styleText(style, text, {validateStream: false}) : text
  }

  private writeError(text: string): void {
    process.stderr.write(text)
  }

  private writeOut(text: string): void {
    process.stdout.write(text)
  }
}
