import {type Command, InvalidArgumentError, Option} from 'commander'
import type {LimitCeiling} from '../../schedule/paced-limit.ts'
import {readRate} from '../read-rate.ts'

/** Reads a whole number within bounds; anything else is a usage error. */
export function wholeNumber(min: number, max: number): (value: string) => number {
  return (value) => {
    const number = Number(value)
    if (!/^\d+$/.test(value) || number < min || number > max) {
      throw new InvalidArgumentError(`expected a whole number from ${min} to ${max}`)
    }
    return number
  }
}

/** Reads a number above zero. */
export function positiveNumber(max: number): (value: string) => number {
  return (value) => {
    const number = Number(value)
    if (!/^\d+(?:\.\d+)?$/.test(value) || number <= 0 || number > max) {
      throw new InvalidArgumentError(`expected a number above 0, at most ${max}`)
    }
    return number
  }
}

/** Reads an amount of money, from 0. */
export function amount(value: string): number {
  if (!/^\d+(?:\.\d+)?$/.test(value)) throw new InvalidArgumentError('expected an amount in USD such as 2.50')
  return Number(value)
}

/** Reads a limit per minute with an optional burst. */
function rate(value: string): LimitCeiling {
  const limit = readRate(value)
  if (limit === undefined)
    throw new InvalidArgumentError('expected N or N:BURST, whole numbers above 0, such as 500:60')
  return limit
}

/** Reads a value that may not be empty, as it is when a shell variable is not set. */
export function nonEmpty(value: string): string {
  if (value.trim() === '') throw new InvalidArgumentError('expected a value')
  return value
}

/** Reads a value of a flag that may be given several times. */
export function oneOfSeveral(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, nonEmpty(value)]
}

/** The flags of commands that take selectors: where the books are. */
export function addPlaceOptions(command: Command): Command {
  return command
    .option('--outline <file>', 'outline to look in; may be repeated (default: all of the project)', oneOfSeveral)
    .option('--out <dir>', "the book's own folder; for one outline", nonEmpty)
}

/**
 * The flags that say who writes and at what cost; the same for every command that sends requests. With `takesModels`
 * several models may be named, and `model` is a list.
 */
export function addSpendingOptions(command: Command, {takesModels = false} = {}): Command {
  command.addOption(
    new Option('--provider <name>', 'who writes: openai, draft or auto').choices(['auto', 'openai', 'draft']),
  )
  if (takesModels) command.option('--model <name>', 'model to ask; may be given several times', oneOfSeveral, [])
  else command.option('--model <name>', 'model to ask', nonEmpty)
  return command
    .option('--base-url <url>', 'base URL of an OpenAI-compatible server', nonEmpty)
    .option('--key-file <file>', 'file that holds the key, - for standard input (default: OPENAI_API_KEY)')
    .option('--concurrency <n>', 'requests in flight at once (default: 16)', wholeNumber(1, 512))
    .option(
      '--rpm <n[:burst]>',
      'requests per minute at most, and how many at once (default: what the server announces)',
      rate,
    )
    .option(
      '--tpm <n[:burst]>',
      'input and output tokens per minute at most (default: what the server announces)',
      rate,
    )
    .option('--timeout <seconds>', 'time limit of one attempt (default: 600)', positiveNumber(3600))
    .option('--max-cost <usd>', 'stop before this much is spent', amount)
    .option(
      '--repairs <n>',
      'ask again so often for a text that misses what was asked for (default: 1)',
      wholeNumber(0, 5),
    )
    .option('--dry-run', 'show what would be sent, send nothing', false)
    .option('--yes', 'spend without asking', false)
    .option('--offline', 'send nothing over the network', false)
    .option('--wait', 'wait while another command works on the book', false)
    .option('--fail-fast', 'stop at the first directive that fails', false)
}
