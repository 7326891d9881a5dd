import type {Command} from 'commander'
import type {RegenerateFlags} from '../run-regenerate.ts'
import {addPlaceOptions, addSpendingOptions, nonEmpty, wholeNumber} from './options.ts'

/** Adds `regenerate`; `run` gets the selectors and the parsed flags. */
export function registerRegenerate(
  program: Command,
  run: (selectors: string[], flags: RegenerateFlags) => Promise<void>,
): void {
  const command = program
    .command('regenerate')
    .description('get new texts for these directives, past the store; edited ones are merged')
    .argument('[selector...]', 'directives, such as security/encryption, line:120 or kind:quiz; BOOK: before it')
    .option('--with-downstream', 'also make what reads them again', false)
    .option('--overwrite', 'replace edited texts that an id or a line names', false)
    .option('--candidates <n>', 'have so many completions to choose from; the book stays as it is', wholeNumber(2, 20))
    .option('--html <file>', 'with --candidates: write them side by side into one HTML file', nonEmpty)
    .option(
      '--pick <[selector=]k>',
      'take candidate K, by the number that --candidates showed; may be repeated',
      add,
      [],
    )
    .option('--undo', 'bring back the text before; again for the other', false)
  addSpendingOptions(addPlaceOptions(command)).action(run)
}

function add(value: string, before: readonly string[]): readonly string[] {
  return [...before, nonEmpty(value)]
}
