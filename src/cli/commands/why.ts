import {type Command, Option} from 'commander'
import type {WhyFlags} from '../run-why.ts'
import {addPlaceOptions, nonEmpty} from './options.ts'

/** Adds `why`; `run` gets the selectors and the parsed flags. */
export function registerWhy(program: Command, run: (selectors: string[], flags: WhyFlags) => Promise<void>): void {
  const command = program
    .command('why')
    .description('explain directives: state and reasons, what they read, cost, repairs, the request; sends nothing')
    .argument('<selector...>', 'directives, such as security/encryption, line:120 or kind:quiz; BOOK: before it')
    .addOption(
      new Option('--in <what>', 'what line: counts the lines of').choices(['outline', 'book']).default('outline'),
    )
    .option('--request', 'print the request whole', false)
    .option('--sent', 'print the request that made the text whole, as it was sent', false)
    .option('--diff', 'print in what words the request differs from the one that made the text', false)
    .addOption(
      new Option('--provider <name>', 'explain as for this provider: openai or draft').choices(['openai', 'draft']),
    )
    .option('--model <name>', 'explain as for this model', nonEmpty)
  addPlaceOptions(command).action(run)
}
