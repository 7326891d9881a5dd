import type {Command} from 'commander'
import type {BuildFlags} from '../build-flags.ts'
import {addSpendingOptions, nonEmpty} from './options.ts'

/** Adds `build`; `run` gets the parsed flags. */
export function registerBuild(program: Command, run: (outlines: string[], flags: BuildFlags) => Promise<void>): void {
  const command = program
    .command('build')
    .description('make the books: write what is missing or stale, then put each book together')
    .argument('[outline...]', 'outlines to build (default: outline/**.md, or what the config lists)')
    .option('--out <dir>', "the book's own folder; for one outline", nonEmpty)
    .option('--section <selector>', 'make only these directives', nonEmpty)
    .option('--refresh <what>', 'also make what drifted by: upstream, sources, model (joined by commas)')
    .option('--frozen', 'send and write nothing; fail when anything is missing or stale', false)
    .option('--strict', 'with --frozen: fail for drift too', false)
    .option('--no-drafts', 'with --frozen: fail for drafts too')
    .option('--allow-missing', 'write the book with placeholders where texts are missing', false)
    .option('--discard-book-edits', 'write book.md anew although it was changed by hand', false)
    .option('--watch', 'build again whenever something is edited; sends nothing without --yes', false)
    .option('--poll', 'with --watch: look for edits twice a second, on drives that do not report them', false)
  addSpendingOptions(command).action(run)
}
