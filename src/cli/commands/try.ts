import type {Command} from 'commander'
import type {TryFlags} from '../try-flags.ts'
import {addSpendingOptions, nonEmpty, oneOfSeveral} from './options.ts'

/** Adds `try`; `run` gets the parsed flags. */
export function registerTry(program: Command, run: (outlines: string[], flags: TryFlags) => Promise<void>): void {
  const command = program
    .command('try')
    .description('a sample first: one chapter and one directive of each kind, and the price of the whole book')
    .argument('[outline]', 'outline to try (default: the one of the project)')
    .option('--style <file>', 'style to compare; may be given several times', oneOfSeveral, [])
    .option('--section <selector>', 'try the chapter of this directive (default: the first one)', nonEmpty)
    .option('-o, --to <dir>', 'folder for the sample (default: .msk-course/try/BOOK)', nonEmpty)
    .option('--out <dir>', "the book's own folder, as for build", nonEmpty)
  addSpendingOptions(command, {takesModels: true}).action((outline: string | undefined, flags: TryFlags) =>
    run(outline === undefined ? [] : [outline], flags),
  )
}
