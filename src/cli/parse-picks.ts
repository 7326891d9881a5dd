import {UsageError} from './exit-codes.ts'

/** Which candidate of which directives is to be taken. */
export interface Pick {
  readonly selector: string
  /** From 1. */
  readonly number: number
}

/** Reads values of `--pick`: `K` for what the command's selectors name, or `SELECTOR=K`. */
export function parsePicks(selectors: readonly string[], values: readonly string[]): Pick[] {
  return values.flatMap((value) => {
    const [, selector, digits] = /^(?:(.+)=)?([1-9]\d{0,5})$/.exec(value) ?? []
    if (digits === undefined || (selector === undefined && selectors.length === 0)) {
      throw new UsageError(
        'bad-flag',
        `Unexpected --pick \`${value}\`, expected the number of a candidate, or SELECTOR=NUMBER such as \`security/encryption=2\``,
      )
    }
    const number = Number(digits)
    return (selector === undefined ? selectors : [selector]).map((own) => ({selector: own, number}))
  })
}
