import type {Command} from 'commander'
import type {AgainFlags} from '../again-flags.ts'
import {addPlaceOptions, addSpendingOptions, nonEmpty} from './options.ts'

/** Adds `revise`; `run` gets the selector, the note and the parsed flags. */
export function registerRevise(
  program: Command,
  run: (selector: string, note: string, flags: AgainFlags) => Promise<void>,
): void {
  const command = program
    .command('revise')
    .description(
      'have a text revised by a note, see the changed words, keep it or not; the note stays with the section',
    )
    .argument('<selector>', 'a directive, such as security/encryption or line:120; BOOK: before it')
    .argument('<note>', 'what is to change, such as "shorter; add an example"', nonEmpty)
  addSpendingOptions(addPlaceOptions(command)).action(run)
}
