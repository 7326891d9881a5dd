import type {Command} from 'commander'
import type {AcceptFlags} from '../run-accept.ts'
import {nonEmpty} from './options.ts'

/** Adds `accept`; `run` gets the selectors and the parsed flags. */
export function registerAccept(
  program: Command,
  run: (selectors: string[], flags: AcceptFlags) => Promise<void>,
): void {
  program
    .command('accept')
    .description('mark texts as read, and as good for what is asked now; changes no text, sends nothing')
    .argument('[selector...]', 'directives, such as security/encryption, state:unread or state:stale; BOOK: before it')
    .option('--all', 'every text there is', false)
    .option('--by <name>', "who read them (default: git's user.name, else USER)", nonEmpty)
    .option('--outline <file>', 'outline to look in; may be repeated (default: all of the project)', addFile)
    .option('--out <dir>', "the book's own folder; for one outline", nonEmpty)
    .option('--wait', 'wait while another command works on the book', false)
    .action(run)
}

function addFile(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, nonEmpty(value)]
}
