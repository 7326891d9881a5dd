import type {Command} from 'commander'
import type {ListFlags} from '../run-list.ts'

/** Adds `list`; `run` gets the parsed flags. */
export function registerList(program: Command, run: (outlines: string[], flags: ListFlags) => Promise<void>): void {
  program
    .command('list')
    .description('list every directive with its state')
    .argument('[outline...]', 'outlines to list (default: outline/**.md, or what the config lists)')
    .option('--section <selector>', 'only these directives, such as state:stale or security/**')
    .option('--cost', 'show tokens and cost of each text, sums, and what missing and stale ones would cost', false)
    .option('--contracts', 'show what the text of each directive must hold', false)
    .option('--out <dir>', "the book's own folder; for one outline")
    .action(run)
}
