import {Reporter} from './reporter.ts'

/** A reporter for builds that follow one another: what one of them says as the one before did is not said again. */
export class WatchReporter extends Reporter {
  private before = new Set<string>()
  private said = new Set<string>()

  /** Another build begins. */
  startRound(): void {
    this.before = this.said
    this.said = new Set()
  }

  override info(text: string): void {
    if (this.isNew(text)) super.info(text)
  }

  override warn(text: string): void {
    if (this.isNew(text)) super.warn(text)
  }

  override raw(text: string): void {
    if (this.isNew(text)) super.raw(text)
  }

  /** A line that is said each time. */
  line(text: string): void {
    super.info(text)
  }

  private isNew(text: string): boolean {
    this.said.add(text)
    return !this.before.has(text)
  }
}
