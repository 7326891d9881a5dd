import {type Command, InvalidArgumentError, Option} from 'commander'
import type {StoreGcFlags} from '../run-store-gc.ts'
import type {StoreVerifyFlags} from '../run-store-verify.ts'
import {nonEmpty} from './options.ts'

/** What runs the commands of `store`. */
export interface StoreRuns {
  verify(outlines: string[], flags: StoreVerifyFlags): Promise<void>
  gc(outlines: string[], flags: StoreGcFlags): Promise<void>
}

/** Adds `store verify` and `store gc`; `runs` get the parsed flags. */
export function registerStore(program: Command, runs: StoreRuns): void {
  const store = program
    .command('store')
    .description('care for the store of completions; sends no request')
    .helpCommand(false)
  addBooks(store.command('verify'))
    .description('check every stored text and list; exit 1 when something is damaged')
    .option('--repair', 'put damaged texts aside, in quarantine/', false)
    .action(runs.verify)
  addBooks(store.command('gc'))
    .description('remove stored completions that no book uses; shows them and asks first')
    .addOption(new Option('--older <days>', 'keep what is younger than this').argParser(days).default(30, '30d'))
    .option('--quarantine', 'also remove damaged texts that were put aside', false)
    .option('--dry-run', 'show what would be removed, remove nothing', false)
    .option('--yes', 'remove without asking', false)
    .action(runs.gc)
}

function addBooks(command: Command): Command {
  return command
    .argument('[outline...]', 'outlines by which the project is found (default: from the working folder)')
    .option('--out <dir>', 'folder of a book that was built with --out; may be repeated', addFolder)
}

function addFolder(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, nonEmpty(value)]
}

/** Reads a number of days such as `30d`. */
function days(value: string): number {
  const number = Number(/^(\d{1,5})d$/.exec(value)?.[1] ?? Number.NaN)
  if (Number.isNaN(number)) throw new InvalidArgumentError('expected days such as 30d')
  return number
}
