import type {Command} from 'commander'
import type {AdoptFlags} from '../run-adopt.ts'
import {nonEmpty} from './options.ts'

/** Adds `adopt`; `run` gets the file and the parsed flags. */
export function registerAdopt(program: Command, run: (file: string, flags: AdoptFlags) => Promise<void>): void {
  program
    .command('adopt')
    .description('take over a chapter or a book that was rewritten elsewhere; sends nothing')
    .argument('<file>', 'Markdown file with the new texts below headings')
    .option('--at <selector>', 'chapter or section that the file is of (default: the whole book)', nonEmpty)
    .option('--book <name>', 'book that the file is of, where the project has several', nonEmpty)
    .option('--dry-run', 'show what would be changed, and change nothing', false)
    .option('--yes', 'put new headings into the outline without asking', false)
    .action(run)
}
