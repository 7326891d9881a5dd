import type {SaidLine} from '../store/build-stamp.ts'
import type {GlobalOptions} from './global-options.ts'
import {Reporter} from './reporter.ts'

/** A reporter that keeps what it is told and shows nothing. */
export class SaidLines extends Reporter {
  readonly lines: SaidLine[] = []

  constructor(options: GlobalOptions) {
    super({...options, json: false, quiet: false})
  }

  override info(text: string): void {
    this.lines.push(['info', text])
  }

  override detail(text: string): void {
    if (this.isVerbose) this.lines.push(['info', text])
  }

  override warn(text: string): void {
    this.lines.push(['warn', text])
  }

  override error(text: string): void {
    this.lines.push(['error', text])
  }

  override result(text: string): void {
    this.lines.push(['result', text])
  }

  override raw(text: string): void {
    this.lines.push(['raw', text])
  }
}
