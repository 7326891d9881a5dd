import type {Command} from 'commander'
import type {RevertFlags} from '../run-revert.ts'
import {addPlaceOptions} from './options.ts'

/** Adds `revert`; `run` gets the selectors and the parsed flags. */
export function registerRevert(
  program: Command,
  run: (selectors: string[], flags: RevertFlags) => Promise<void>,
): void {
  const command = program
    .command('revert')
    .description('return edited texts to what was generated; sends nothing, and `regenerate --undo` brings them back')
    .argument('<selector...>', 'directives, such as security/encryption, line:120 or state:edited; BOOK: before it')
    .option('--wait', 'wait while another command works on the book', false)
  addPlaceOptions(command).action(run)
}
